"""The municipalities' values of one item, for the series in which each counts once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.maturity.instrument import Item, Kind
from bot.maturity.ports import Visibility
from bot.results.counting.equal_weight import Standing, of_levels, of_options
from bot.results.counting.fyrbodal import SHARED, Fyrbodal
from bot.results.counting.respondents import Respondent
from bot.results.counting.statements import levels_of
from bot.results.counting.trees import official
from bot.results.model import Cell, EqualWeight, MunicipalResult, State


def equal_weight(
    item: Item,
    role: str,
    people: Iterable[Respondent],
    municipalities: Mapping[str, MunicipalResult],
    setting: Fyrbodal,
    pooled: Cell,
) -> EqualWeight:
    """The series of an item in a role; `municipalities` and `pooled` are the results as they will be told.

    An option that is told as a range there is left open here, or the range could be resolved.
    """
    is_official = official(item, setting)
    behind: dict[str, list[Respondent]] = {}
    for person in people:
        if item.id not in person.answers or person.role_for(item) != role:
            continue
        home = setting.home(person.unit)
        statement = person.joint or is_official
        places = person.municipalities if statement else () if home.startswith(SHARED) else (home,)
        for place in places:
            behind.setdefault(place, []).append(person)
    if is_official:
        behind = {place: [each for each in found if each.joint] or found for place, found in behind.items()}
    of, k = len(setting.municipalities), setting.round.threshold
    if item.kind is Kind.LEVEL:
        found = (_on_levels(item, place, behind[place], municipalities.get(place)) for place in sorted(behind))
        return of_levels(item, [each for each in found if each is not None], of, k)
    exact = {each.code for each in pooled.options if each.band is None}
    by_option = {
        option.code: [
            each
            for place in sorted(behind)
            if (each := _on_option(item, option.code, place, behind[place], municipalities.get(place))) is not None
        ]
        for option in item.options
        if option.code in exact or pooled.state is not State.SHOWN
    }
    if behind and not any(by_option.values()):
        return EqualWeight(State.SUPPRESSED, of=of, left_out=len(behind))
    return of_options(item, by_option, of, k)


def _on_levels(item: Item, place: str, people: Sequence[Respondent], told: MunicipalResult | None) -> Standing | None:
    joint, persons = (levels_of(item, group) for group in _sides(people))
    if joint:
        return Standing(place, joint, _is_open(told), stated=True)
    if not persons:
        return None
    return Standing(place, persons, _is_open(told) or (told is not None and told.persons.state is State.SHOWN))


def _on_option(
    item: Item, code: str, place: str, people: Sequence[Respondent], told: MunicipalResult | None
) -> Standing | None:
    joint, persons = (_ticks(item, code, group) for group in _sides(people))
    if joint:
        return Standing(place, joint, _is_open(told), stated=True)
    if not persons:
        return None
    counted = told is not None and any(each.code == code and each.count is not None for each in told.persons.options)
    return Standing(place, persons, _is_open(told) or counted)


def _sides(people: Sequence[Respondent]) -> tuple[Sequence[Respondent], Sequence[Respondent]]:
    """Those who answered as a group, and persons."""
    return [each for each in people if each.joint], [each for each in people if not each.joint]


def _ticks(item: Item, code: str, people: Sequence[Respondent]) -> tuple[int, ...]:
    answers = (each.answers[item.id] for each in people)
    return tuple(sorted(int(code in each.codes) for each in answers if each.null is None and each.codes))


def _is_open(told: MunicipalResult | None) -> bool:
    """Whether the municipality's statement is told, with an answer in it."""
    statement = told.statement if told is not None else None
    return statement is not None and statement.null is None and statement.visibility is not Visibility.OWN
