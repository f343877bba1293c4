"""Reads a survey file and holds its items against their scales and numbers of respondents."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from knowledge.datafile import Fields, read
from knowledge.model import Unit
from knowledge.survey.model import DONT_KNOW, Baseline, Combined, Form, Item, Level, Option, Survey

_Scales = Mapping[str, tuple[Level, ...]]


def load(path: Path) -> Survey:
    """Read a survey file. Raises LibraryInvalid naming file and field."""
    top = read(path)
    top.only("survey", "scales", "items")
    head = top.inner("survey")
    head.only("document", "title", "source", "as_of", "aliases")
    title = head.text("title")
    scales = _scales(top)
    items = tuple(_item(fields, title, scales) for fields in top.distinct("items", "id"))
    return Survey(
        document=head.text("document"),
        title=title,
        source=head.optional_text("source"),
        as_of=head.date("as_of"),
        aliases=head.texts("aliases"),
        scales=scales,
        items=items,
    )


def _scales(top: Fields) -> dict[str, tuple[Level, ...]]:
    if top.values.get("scales") is None:
        return {}
    fields = top.inner("scales")
    scales: dict[str, tuple[Level, ...]] = {}
    for name in fields.values:
        levels: list[Level] = []
        for level in fields.each(name):
            level.only("code", "label", "forms")
            levels.append(Level(level.text("code"), level.text("label"), level.texts("forms")))
            if levels[-1].code in [before.code for before in levels[:-1]]:
                raise level.fail("code", f"{levels[-1].code!r} occurs twice")
        scales[name] = tuple(levels)
    return scales


def _item(fields: Fields, source: str, scales: _Scales) -> Item:
    fields.only(
        *("id", "figure", "section", "topic", "pages", "area", "form", "question", "unit", "baseline", "claim", "link"),
        *("subject", "group", "municipalities", "respondents", "respondents_inferred", "scale", "options", "combined"),
        *("level_pages", "extra", "findings", "errors", "answers"),
    )
    item = Item(
        id=fields.text("id"),
        number=fields.optional_text("figure") or None,
        section=fields.text("section"),
        topic=fields.text("topic"),
        pages=fields.wholes("pages"),
        area=fields.text("area"),
        form=fields.one_of("form", Form),
        question=fields.text("question"),
        unit=fields.one_of("unit", Unit),
        baseline=fields.one_of("baseline", Baseline),
        claim=fields.optional_text("claim"),
        link=fields.optional_text("link"),
        subject=fields.optional_text("subject"),
        group=fields.optional_text("group"),
        municipalities=fields.whole("municipalities"),
        respondents=fields.whole("respondents"),
        respondents_inferred=fields.flag("respondents_inferred"),
        scale=fields.optional_text("scale"),
        options=tuple(_option(option) for option in fields.each("options")),
        combined=tuple(_combined(group) for group in fields.each("combined")),
        level_pages=fields.wholes("level_pages"),
        extra=fields.texts("extra"),
        findings=fields.texts("findings"),
        errors=fields.texts("errors"),
        source=source,
        answers=fields.texts("answers"),
    )
    if not item.findings and not item.options:
        raise fields.fail("options", "an item needs options or findings")
    if item.options and not item.findings and not (item.subject if item.unit is Unit.TICK else item.claim):
        raise fields.fail("subject" if item.unit is Unit.TICK else "claim", "needed to word the distribution")
    _check_codes(fields, item)
    _check_counts(fields, item)
    _check_scale(fields, item, scales)
    return item


def _option(fields: Fields) -> Option:
    fields.only("code", "label", "says", "percent", "corrected", "count", "level", "differs")
    if "percent" not in fields.values:
        raise fields.fail("percent", "missing; write null where the report prints no number")
    return Option(
        code=fields.text("code"),
        label=fields.text("label"),
        says=fields.text("says"),
        percent=fields.percent("percent"),
        corrected=fields.percent("corrected"),
        count=fields.count("count"),
        level=fields.optional_text("level"),
        differs=fields.optional_text("differs"),
    )


def _combined(fields: Fields) -> Combined:
    fields.only("codes", "percent", "count", "text")
    percent = fields.percent("percent")
    if percent is None:
        raise fields.fail("percent", "missing")
    return Combined(fields.texts("codes"), percent, fields.text("text"), fields.count("count"))


def _check_codes(fields: Fields, item: Item) -> None:
    """Every option has a code of its own, and what is combined are options."""
    codes = [option.code for option in item.options]
    for place, option in zip(fields.each("options"), codes, strict=True):
        if codes.count(option) > 1:
            raise place.fail("code", f"{option!r} occurs twice")
    for place, group in zip(fields.each("combined"), item.combined, strict=True):
        unknown = [code for code in group.codes if code not in codes]
        if unknown:
            raise place.fail("codes", f"{unknown[0]!r} is no option")


def _check_counts(fields: Fields, item: Item) -> None:
    """Counts are respondents: ticks have none, and there are no more of them than people who answered."""
    places = (*fields.each("options"), *fields.each("combined"))
    counts = (*(option.count for option in item.options), *(group.count for group in item.combined))
    counted = [(place, count) for place, count in zip(places, counts, strict=True) if count is not None]
    if counted and item.unit is not Unit.RESPONDENT:
        raise counted[0][0].fail("count", f"counts are of respondents, and the item's unit is {item.unit}")
    total = sum(count for _, count in counted)
    if total and item.respondents is None:
        raise fields.fail("respondents", "missing, though options have counts")
    if item.respondents is not None and total > item.respondents:
        raise fields.fail("respondents", f"the counts sum to {total}, more than the {item.respondents} respondents")


def _check_scale(fields: Fields, item: Item, scales: _Scales) -> None:
    """The options are the scale's levels in their order, under its labels; "vet ej" need not have been offered."""
    if not item.scale:
        return
    levels = scales.get(item.scale)
    if levels is None:
        raise fields.fail("scale", f"{item.scale!r} is not among the scales")
    offered = {option.code for option in item.options}
    expected = [level for level in levels if level.code != DONT_KNOW or DONT_KNOW in offered]
    if [level.code for level in expected] != [option.code for option in item.options]:
        raise fields.fail("options", f"the codes are not those of the scale {item.scale!r} in their order")
    for place, option, level in zip(fields.each("options"), item.options, expected, strict=True):
        same = option.label in (level.label, *level.forms)
        if same and option.differs:
            raise place.fail("differs", f"the label {option.label!r} is the scale's own")
        if not same and not option.differs:
            raise place.fail(
                "label", f"{option.label!r} is not the scale's {level.label!r}; if so meant, `differs` says why"
            )
