"""Who takes part, in numbers, from the first response on. No answer is read for it, and small numbers are ranges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.maturity.instrument import Instrument
from bot.maturity.ports import Group
from bot.maturity.rounds import LEAST_THRESHOLD, Invited
from bot.maturity.session import Source
from bot.results.model import Count, Participation, Response

SHARED = "@"
"""All organisations of several municipalities, together."""


def participation_of(groups: Mapping[Group, int], instrument: Instrument, invited: Invited) -> Participation:
    """The numbers of persons who have answered, of those `invited` by municipality and role where that is known.

    A municipality with one to four is a range, and so are the total and the roles where they would tell the number of
    such a one.
    """
    places = [each.id for each in instrument.organisations if not each.shared]
    ids = [role.id for role in instrument.roles]
    persons: Counter[str] = Counter()
    acting: Counter[tuple[str, str]] = Counter()
    joint: set[str] = set()
    for group, number in groups.items():
        if group.source is Source.CONSENSUS:
            joint.update(group.municipalities)
            continue
        unit = group.organisation if group.organisation in places else SHARED
        persons[unit] += number
        for role in group.roles:
            acting[role, unit] += number
    few = {unit: number for unit, number in persons.items() if 0 < number < LEAST_THRESHOLD}
    whole = _total(persons.total(), list(few.values()))

    def in_role(role: str) -> Count:
        if whole.exact is not None:
            return _banded(sum(acting[role, unit] for unit in persons))
        told = sum(acting[role, unit] for unit in persons if unit not in few)
        return Count(told, told + (LEAST_THRESHOLD - 1) * len(few))

    return Participation(
        total=Response(whole, _known(invited, places, ids)),
        municipalities={each: Response(_banded(persons[each]), _known(invited, [each], ids)) for each in places},
        roles={each: Response(in_role(each), _known(invited, places, [each])) for each in ids},
        shared=Response(_banded(persons[SHARED])) if len(places) < len(instrument.organisations) else None,
        joint=len(joint),
    )


def _known(invited: Invited, places: Sequence[str], roles: Sequence[str]) -> int | None:
    """How many were invited there, where that is known of every part: of some it would make a rate that is none."""
    numbers = [invited.get((place, role)) for place in places for role in roles]
    known = [number for number in numbers if number is not None]
    return sum(known) if known and len(known) == len(numbers) else None


def _banded(number: int) -> Count:
    return Count(1, LEAST_THRESHOLD - 1) if 0 < number < LEAST_THRESHOLD else Count(number, number)


def _total(total: int, few: Sequence[int]) -> Count:
    """Exact, unless taking the exact numbers away from it would leave the number of a unit that is a range."""
    if not few or (len(few) > 1 and len(few) < sum(few) < (LEAST_THRESHOLD - 1) * len(few)):
        return Count(total, total)
    exact = total - sum(few)
    return Count(exact + len(few), exact + (LEAST_THRESHOLD - 1) * len(few))
