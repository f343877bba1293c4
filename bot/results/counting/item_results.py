"""One item's results, a result for each role that it is asked of, and one for all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.maturity.instrument import Item
from bot.results.counting.fyrbodal import Fyrbodal
from bot.results.counting.judging import Judgement, judge, judged_before, may_follow
from bot.results.counting.operations import judge_operations
from bot.results.counting.persons import Persons
from bot.results.counting.respondents import Respondent
from bot.results.counting.standings import equal_weight
from bot.results.counting.statements import statements
from bot.results.counting.tallies import ItemTally
from bot.results.counting.trees import official
from bot.results.model import Cell, EqualWeight, ItemResult, MunicipalResult, State


def item_results(
    tally: ItemTally,
    people: Sequence[Respondent],
    setting: Fyrbodal,
    number: int,
    before: Mapping[str, ItemResult],
) -> Mapping[str, ItemResult]:
    """The results of an item in edition `number`, by role, the widest first; `before` are those of the edition before.

    What has been told once is told of the same groups again, and only once enough have come to each of them, or to
    none; until then the earlier figures stand, with the number of their edition.
    """
    if not any(map(_tells, before.values())):
        return _fresh(tally, people, setting, number, judge(tally, setting))
    since = min(each.edition for each in before.values())
    judgement = judged_before(before, tally)
    if not any(place.batch > since for place in tally.places()) or not may_follow(tally, setting, judgement, since):
        return before
    later = _fresh(tally, people, setting, number, judgement)
    return {role: _kept(each, before[role], people, setting, since) for role, each in later.items()}


def views_of(item: Item, setting: Fyrbodal) -> tuple[str, ...]:
    """The roles that an item has a result for; the empty one first, where several are asked."""
    roles = setting.roles_of(item)
    return roles if len(roles) == 1 else ("", *roles)


def _fresh(
    tally: ItemTally, people: Sequence[Respondent], setting: Fyrbodal, number: int, judgement: Judgement
) -> Mapping[str, ItemResult]:
    return {role: _result(tally, role, people, setting, number, judgement) for role in views_of(tally.item, setting)}


def _result(
    tally: ItemTally, role: str, people: Sequence[Respondent], setting: Fyrbodal, number: int, judgement: Judgement
) -> ItemResult:
    item = tally.item
    drawing = Persons(tally, setting, judgement)
    result = ItemResult(
        item=item.id,
        role=role,
        official=official(item, setting),
        security=item.security,
        pooled=drawing.pooled(role),
        equal=EqualWeight(State.EMPTY, of=len(setting.municipalities)),
        edition=number,
    )
    if not role and len(setting.roles_of(item)) > 1:
        # Roles are never mixed within a municipality: all roles together are told of as a whole only.
        return result
    municipalities = _municipal(drawing, role, people, setting, judgement)
    return replace(
        result,
        municipalities=municipalities,
        equal=equal_weight(item, role, people, municipalities, setting, result.pooled),
        peers={} if result.official else drawing.peers(role),
        operations={}
        if result.official
        else drawing.operations(role, judge_operations(tally, role, setting, judgement)),
    )


def _municipal(
    drawing: Persons, role: str, people: Sequence[Respondent], setting: Fyrbodal, judgement: Judgement
) -> Mapping[str, MunicipalResult]:
    item = drawing.item
    stated = statements(item, role, people, setting, judgement.sums)
    if official(item, setting):
        return {each: MunicipalResult(Cell(State.EMPTY), stated.get(each)) for each in setting.municipalities}
    return {
        each: MunicipalResult(drawing.municipality(role, each), stated.get(each)) for each in setting.municipalities
    }


def _kept(
    later: ItemResult, earlier: ItemResult, people: Sequence[Respondent], setting: Fyrbodal, since: int
) -> ItemResult:
    """What a later edition does not renew: areas of operation, and the municipalities' series where newcomers stand in
    municipalities that are not told of, in which one could be seen by subtraction."""
    hidden = {
        municipality
        for municipality, each in earlier.municipalities.items()
        if each.persons.state is not State.SHOWN and each.statement is None
    }
    came = {place for each in people if each.batch > since for place in each.municipalities}
    equal = earlier.equal if came & hidden or later.official else later.equal
    return replace(later, operations=earlier.operations, equal=equal)


def _tells(result: ItemResult) -> bool:
    cells = [result.pooled, *(each.persons for each in result.municipalities.values())]
    told = any(cell.state in (State.SHOWN, State.BANDED) for cell in cells)
    return told or result.equal.state is State.SHOWN
