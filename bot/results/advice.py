"""What to go on with, for all of Fyrbodal or for a municipality: the same advice, by the same rule, as persons get.

A group answers as its middle person does: the median level, and of several options those that half of it or more chose.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.maturity.instrument import Instrument, Item, Kind, Null
from bot.maturity.recommendations import COUNT, Advice, AdviceFile, choose
from bot.maturity.scoring import index_of
from bot.maturity.session import Given
from bot.results.model import Cell, ItemResult, OptionCount, Statement
from bot.results.views import View

_NOTHING = 101
"""More than any answer weighs."""


@dataclass(frozen=True, slots=True)
class GroupAdvice:
    """Advice for a group, with what it comes from: the item, its area, and the role that answered (empty: everybody).

    `index` (0-100) is what the answers weighed. `unknown` marks a gap in knowledge: many did not know, and the text is
    one for that. `advice` has the text and its citations.
    """

    item: str
    area: str
    role: str
    index: float
    advice: Advice
    unknown: bool = False


def recommend(
    view: View, instrument: Instrument, advice: AdviceFile | None, limit: int = COUNT, municipality: str = ""
) -> tuple[GroupAdvice, ...]:
    """At most `limit` pieces of advice from what the view shows, most needed first; see `recommendations.choose`.

    For a municipality (that of the view where none is named) they come from its own persons, and where those are too
    few from what it has stated; else from all persons together. A median between two levels counts as the lower. A gap
    in knowledge counts as "vet ej" does for a person, unless what the others answered is worse. What is not shown gives
    nothing.
    """
    if advice is None:
        return ()
    answers: dict[str, Given] = {}
    roles: dict[str, str] = {}
    for item in instrument.items:
        role = next(iter(item.roles)) if len(item.roles) == 1 else ""
        result = view.edition.result(item.id, role)
        given = _answer(item, result, municipality or view.municipality, advice) if result is not None else None
        if given is not None:
            answers[item.id], roles[item.id] = given, role
    chosen = choose(advice, instrument, instrument.items, answers, limit)
    return tuple(
        GroupAdvice(
            item=one.item,
            area=one.area,
            role=roles[one.item],
            index=one.index,
            advice=one.advice,
            unknown=answers[one.item].null is Null.DONT_KNOW,
        )
        for one in chosen
    )


def _answer(item: Item, result: ItemResult, municipality: str, advice: AdviceFile) -> Given | None:
    if not municipality:
        return _of_cell(item, result.pooled, advice)
    own = result.municipalities.get(municipality)
    if own is None:
        return None
    return _of_cell(item, own.persons, advice) or _of_statement(item, own.statement)


def _of_cell(item: Item, cell: Cell, advice: AdviceFile) -> Given | None:
    """What the middle person of a group answers; None where that is not shown."""
    given = None
    if item.kind is Kind.LEVEL and cell.median is not None:
        given = _level(item, cell.median)
    elif item.kind is not Kind.LEVEL and cell.answered:
        given = _chosen(item, cell.options, cell.answered, advice)
    if cell.gap and (given is None or _weight(item, given, advice) > advice.unknown.weighs):
        return Given(null=Null.DONT_KNOW)
    return given


def _level(item: Item, median: float) -> Given:
    return Given(codes=(item.options[int(median)].code,))


def _weight(item: Item, given: Given, advice: AdviceFile) -> float:
    """What an answer weighs (0-100) before others, as `recommendations.choose` reckons; more where it gives nothing."""
    if item.kind is Kind.LEVEL:
        level = next(place for place, option in enumerate(item.options) if option.code == given.codes[0])
        return index_of(level, len(item.options))
    gaps = advice.items[item.id].gaps if item.id in advice.items else ()
    return min((gap.weighs for gap in gaps if gap.missing is gap.codes.isdisjoint(given.codes)), default=_NOTHING)


def _chosen(item: Item, options: tuple[OptionCount, ...], answered: int, advice: AdviceFile) -> Given | None:
    """The options that half or more chose; of what is not told exactly, whatever leads to no advice."""
    own = advice.items.get(item.id)
    if own is None or not own.gaps or not options:
        return None
    missing = own.gaps[0].missing
    codes = [each.code for each in options if _is_chosen(each, answered, otherwise=missing)]
    if not codes and missing:
        codes = [option.code for option in item.options if option.exclusive]
    return Given(codes=tuple(codes)) if codes else None


def _is_chosen(option: OptionCount, answered: int, *, otherwise: bool) -> bool:
    low, high = option.band or (option.count, option.count)
    if low is not None and 2 * low >= answered:
        return True
    return otherwise if high is None or 2 * high >= answered else False


def _of_statement(item: Item, statement: Statement | None) -> Given | None:
    if statement is None:
        return None
    if statement.null is not None:
        return Given(null=Null(statement.null))
    if item.kind is not Kind.LEVEL:
        return Given(codes=statement.codes) if statement.codes else None
    return None if statement.level is None else _level(item, statement.level)
