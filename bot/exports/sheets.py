"""What stands on the workbook's sheets, before it is written: titles, columns and values, all in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.conversation.texts import Texts
from bot.exports.codebook import CODED, Codebook, code_label, codebook
from bot.exports.material import Material
from bot.exports.method import about, method
from bot.exports.names import Names
from bot.exports.rows import ExportRow, Group, rows
from bot.results.areas import area_results
from bot.results.model import Count, Response
from bot.results.trend import ItemTrend, Trend

Value = str | int | float | None


class Look(StrEnum):
    """How a column's values are shown: COUNT whole, NUMBER with a decimal, SHARE in percent, LONG text wrapped."""

    TEXT = "text"
    LONG = "long"
    COUNT = "count"
    NUMBER = "number"
    SHARE = "share"
    PROBABILITY = "probability"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title, and how its values are shown."""

    title: str
    look: Look = Look.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `frozen` columns stay in sight when one scrolls to the right."""

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Value]]
    frozen: int = 0


_PLACE: Final = ("area_name", "item_name", "role_name", "group")
_NUMBERS: Final = ("answered", "unknown", "not_applicable", "median", "lowest", "highest", "band_low", "band_high")
_INDICES: Final = ("index", "index_if_unknown_absent", "spread", "gap", "census")
_RESULTS: Final = (
    *(*_PLACE, "operation_name", "official", "state", *_NUMBERS, *_INDICES),
    *("municipalities", "municipalities_of", "municipalities_left_out", "quartile_low", "quartile_high"),
    "first_edition",
)
_DISTRIBUTION: Final = (
    *(*_PLACE, "municipality_name", "operation_name", "unit", "option_name"),
    *("count", "count_low", "count_high", "share", "share_low", "share_high", "answered"),
)
_MUNICIPALITIES: Final = (
    *("area_name", "item_name", "role_name", "municipality_name", "group", "state", *_NUMBERS, *_INDICES),
    *("level", "codes", "no_answer", "visibility", "shared", "joint"),
)
_OF_ONE: Final = (Group.MUNICIPALITY, Group.STATEMENT, Group.PEERS)
_DECIMALS: Final = frozenset({"median", "quartile_low", "quartile_high", "index", "index_if_unknown_absent", "level"})
_SHARES: Final = frozenset({"share", "share_low", "share_high"})
_TEXTS: Final = frozenset(
    {*_PLACE, "municipality_name", "operation_name", "option_name", "unit", "state", "official", "codes", "no_answer"}
    | {"visibility", "shared", "joint", "spread", "gap", "census"}
)


def sheets(material: Material, texts: Texts, language: str) -> Iterator[Sheet]:
    """The sheets, in order."""
    table = list(rows(material.view, material.round, language))
    names = Names(material.round.instrument, language)
    say = _saying(texts, language)
    whole = [row for row in table if not row.option]

    def of_rows(title: str, columns: Sequence[str], chosen: Iterable[ExportRow]) -> Sheet:
        heads = tuple(Column(say(f"exports.column.{name}.title"), _look(name)) for name in columns)
        return Sheet(title, heads, [[_value(row, name, texts, language) for name in columns] for row in chosen], 2)

    yield of_rows(say("exports.sheet.results"), _RESULTS, (row for row in whole if row.group not in _OF_ONE))
    yield of_rows(say("exports.sheet.distribution"), _DISTRIBUTION, (row for row in table if row.option))
    yield of_rows(say("exports.sheet.municipalities"), _MUNICIPALITIES, (row for row in whole if row.group in _OF_ONE))
    yield _areas(material, names, say)
    yield _trend(material, names, say)
    yield _response(material, names, say)
    yield _codebook(codebook(material.round.instrument, texts, language), say)
    yield Sheet(
        say("exports.sheet.method"),
        (Column(say("exports.workbook.what")), Column(say("exports.workbook.meaning"), Look.LONG)),
        [(section.heading, line) for section in method(material, texts, language) for line in section.lines],
    )
    yield Sheet(
        say("exports.sheet.about"),
        (Column(say("exports.workbook.what")), Column(say("exports.workbook.meaning"), Look.LONG)),
        about(material, texts, language),
    )


def _areas(material: Material, names: Names, say: Callable[[str], str]) -> Sheet:
    columns = (
        Column(say("exports.column.area_name.title")),
        Column(say("exports.column.role_name.title")),
        Column(say("exports.column.municipality_name.title")),
        Column(say("exports.column.index.title"), Look.NUMBER),
        Column(say("exports.workbook.items_with_index"), Look.COUNT),
        Column(say("exports.workbook.items_asked"), Look.COUNT),
    )
    found = area_results(material.view.edition, material.round.instrument)
    told = [
        (
            *(names.area(each.area), names.role(each.role) or say("exports.everybody")),
            *(names.municipality(each.municipality), each.index, each.items, each.asked),
        )
        for each in found
    ]
    return Sheet(say("exports.sheet.areas"), columns, told)


def _trend(material: Material, names: Names, say: Callable[[str], str]) -> Sheet:
    title = say("exports.sheet.trend")
    trend = material.trend
    if trend is None:
        return Sheet(title, (Column(title, Look.LONG),), [(say("exports.workbook.no_trend"),)])
    return Sheet(title, _trend_columns(trend, material.view.edition.label, say), _trend_rows(trend, names, say), 1)


def _trend_columns(trend: Trend, label: str, say: Callable[..., str]) -> tuple[Column, ...]:
    return (
        Column(say("exports.column.item_name.title")),
        Column(say("exports.column.role_name.title")),
        Column(say("exports.workbook.matched"), Look.LONG),
        Column(say("exports.workbook.before", label=trend.before_label), Look.NUMBER),
        Column(say("exports.workbook.now", label=label), Look.NUMBER),
        Column(say("exports.workbook.direction")),
        Column(say("exports.workbook.certain")),
        Column(say("exports.workbook.p"), Look.PROBABILITY),
        Column(say("exports.workbook.all_before", label=trend.before_label), Look.NUMBER),
        Column(say("exports.workbook.all_now", label=label), Look.NUMBER),
        Column(say("exports.workbook.joined"), Look.LONG),
        Column(say("exports.workbook.left"), Look.LONG),
    )


def _trend_rows(trend: Trend, names: Names, say: Callable[..., str]) -> Iterator[Sequence[Value]]:
    def listed(municipalities: Iterable[str]) -> str:
        return ", ".join(map(names.municipality, municipalities))

    def row(each: ItemTrend) -> Sequence[Value]:
        return (
            *(names.item(each.item), names.role(each.role) or say("exports.everybody"), listed(each.matched)),
            *(each.index_before, each.index_now, say(f"exports.direction.{each.direction}")),
            *(say("exports.said_yes" if each.certain else "exports.said_no"), each.p),
            *(each.all_index_before, each.all_index_now, listed(each.joined), listed(each.left)),
        )

    return map(row, trend.items)


def _response(material: Material, names: Names, say: Callable[..., str]) -> Sheet:
    told = material.view.edition.participation

    def row(what: str, who: str, response: Response) -> Sequence[Value]:
        return what, who, count_told(response.answered, say), response.invited

    columns = (
        Column(say("exports.workbook.what")),
        Column(say("exports.workbook.label")),
        Column(say("exports.column.answered.title"), Look.COUNT),
        Column(say("exports.workbook.invited"), Look.COUNT),
    )
    municipality, role = say("exports.column.municipality_name.title"), say("exports.column.role_name.title")
    lines = [row(say("exports.workbook.total"), "", told.total)]
    lines += [row(municipality, names.municipality(key), one) for key, one in told.municipalities.items()]
    if told.shared is not None:
        lines.append(row(say("exports.workbook.shared"), "", told.shared))
    lines += [row(role, names.role(key), one) for key, one in told.roles.items()]
    return Sheet(say("exports.sheet.response"), columns, lines)


def _codebook(book: Codebook, say: Callable[..., str]) -> Sheet:
    columns = (
        Column(say("exports.workbook.what"), Look.LONG),
        Column(say("exports.workbook.code")),
        Column(say("exports.workbook.label"), Look.LONG),
        Column(say("exports.workbook.meaning"), Look.LONG),
    )
    lines: list[Sequence[Value]] = []
    for item in book.items:
        asked = ", ".join(item.role_names) or say("exports.workbook.everybody")
        what = say("exports.workbook.of_question", item=item.topic)
        lines.append((what, item.id, item.question, item.help))
        lines.append((what, item.kind, code_of(item.kind, book), f"{say('exports.workbook.asked')}: {asked}"))
        lines += [(what, option.code, option.label, option.meaning) for option in item.options]
    titles = {column.name: column.title for column in book.columns}
    lines += [
        (say("exports.workbook.of_column", column=titles[code.column]), code.code, code.label, code.meaning)
        for code in book.codes
    ]
    lines += [
        (say("exports.workbook.of_column", column=column.title), column.name, column.title, column.meaning)
        for column in book.columns
    ]
    return Sheet(say("exports.sheet.codebook"), columns, lines)


def code_of(kind: str, book: Codebook) -> str:
    """What a kind of item is called in a code book."""
    return next((each.label for each in book.codes if (each.column, each.code) == ("kind", kind)), kind)


def count_told(count: Count, say: Callable[..., str]) -> str | int:
    """A number of responses, or the range that it is in."""
    exact = count.exact
    return exact if exact is not None else say("exports.range", low=count.low, high=count.high)


def _value(row: ExportRow, name: str, texts: Texts, language: str) -> Value:
    value = getattr(row, name)
    if isinstance(value, bool):
        return texts.say("exports.said_yes" if value else "exports.said_no", language)
    if name == "role_name" and not value:
        return texts.say("exports.everybody", language)
    if name in CODED and value:
        return code_label(name, value, texts, language)
    found: Value = value
    return found


def _look(name: str) -> Look:
    if name in _TEXTS:
        return Look.TEXT
    if name in _SHARES:
        return Look.SHARE
    return Look.NUMBER if name in _DECIMALS else Look.COUNT


def _saying(texts: Texts, language: str) -> Callable[..., str]:
    def say(key: str, **values: object) -> str:
        return texts.say(key, language, **values)

    return say
