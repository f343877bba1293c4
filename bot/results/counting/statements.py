"""What municipalities have stated: by those who answer for their IT, or by a group that answered together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from bot.maturity.instrument import Item, Kind, Null
from bot.maturity.ports import Visibility
from bot.maturity.responses import ItemAnswer
from bot.results.counting.disclosure import Name
from bot.results.counting.fyrbodal import Fyrbodal
from bot.results.counting.respondents import Respondent
from bot.results.counting.tallies import value_of
from bot.results.counting.trees import official
from bot.results.model import Statement


def statements(
    item: Item, role: str, people: Iterable[Respondent], setting: Fyrbodal, told: frozenset[Name]
) -> Mapping[str, Statement]:
    """The statements on an item in a role, by municipality; a group's goes before those of persons.

    On an official item a statement is as visible as its municipalities allow, unless the group of persons behind it is
    not among those `told`: then others could be worked out from it, and it is the municipality's own.
    """
    is_official = official(item, setting)
    found: dict[str, list[Respondent]] = {}
    for person in people:
        if item.id in person.answers and person.role_for(item) == role and (person.joint or is_official):
            for municipality in person.municipalities:
                found.setdefault(municipality, []).append(person)
    return {
        municipality: _statement(item, role, _speakers(answering), setting, told)
        for municipality, answering in sorted(found.items())
    }


def levels_of(item: Item, people: Iterable[Respondent]) -> tuple[int, ...]:
    """The levels that these chose, in order."""
    values = (value_of(item, person.answers[item.id]) for person in people)
    return tuple(sorted(value for value in values if value is not None))


def _speakers(answering: Sequence[Respondent]) -> Sequence[Respondent]:
    joint = [each for each in answering if each.joint]
    return joint or answering


def _statement(
    item: Item, role: str, speakers: Sequence[Respondent], setting: Fyrbodal, told: frozenset[Name]
) -> Statement:
    answers = [each.answers[item.id] for each in speakers]
    units = tuple(dict.fromkeys(each.unit for each in speakers))
    joint = speakers[0].joint
    held_back = not joint and any((role, setting.home(unit)) not in told for unit in units)
    levels = levels_of(item, speakers) if item.kind is Kind.LEVEL else ()
    codes = () if item.kind is Kind.LEVEL else _majority(item, answers)
    return Statement(
        visibility=Visibility.OWN if held_back else setting.visibility(units),
        level=median(levels) if levels else None,
        codes=codes,
        null=_null(answers),
        shared=any(len(each.municipalities) > 1 for each in speakers),
        joint=joint,
    )


def _majority(item: Item, answers: Sequence[ItemAnswer]) -> tuple[str, ...]:
    """The options that more than half of those who answered chose."""
    given = [answer for answer in answers if answer.null is None]
    chosen = Counter(code for answer in given for code in answer.codes)
    return tuple(option.code for option in item.options if 2 * chosen[option.code] > len(given))


def _null(answers: Sequence[ItemAnswer]) -> Null | None:
    """Why there is no answer, where nobody gave one."""
    nulls = [answer.null for answer in answers]
    return None if None in nulls else nulls[0]
