"""Every municipality once: how many of the fourteen stand where, and what that may tell of those who are few.

A municipality's value is public where its persons' cell or its statement is shown. Those of others are counted in only
where nobody can tell which value is whose: at least four of them, so that each one still stands among three others,
with enough persons, of different values; and for each there must be another way to deal the same answers out among
them that gives it another value and changes nothing that is told. Where no such way is found, they are left out, and
the number that is left out is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, combinations_with_replacement
from math import floor
from statistics import median, quantiles

from bot.maturity.instrument import Item, Kind
from bot.results.model import EqualWeight, OptionCount, State

FEWEST_HIDDEN = 4
FEWEST_WITH_QUARTILES = 8
"""Municipalities."""


MOST_DEALS = 20_000
"""Ways of dealing answers out anew that are looked at; a few hundred are enough nearly always."""

Levels = tuple[int, ...]
Deal = tuple[Levels, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """One municipality on one variable: the levels (or 0 and 1) of its persons in order, or of its statement.

    `shown` says that its value is told already; `stated` that it is a statement, whose level stands for all.
    """

    municipality: str
    levels: tuple[int, ...]
    shown: bool
    stated: bool = False

    @property
    def value(self) -> float:
        """The median."""
        return median(self.levels)


def of_levels(item: Item, standings: Sequence[Standing], of: int, k: int) -> EqualWeight:
    """The municipalities on an item with levels, of so many that there are."""
    counted = _counted(standings, k)
    if not counted:
        return EqualWeight(State.SUPPRESSED if standings else State.EMPTY, of=of, left_out=len(standings))
    values = sorted(each.value for each in counted)
    levels = Counter(floor(value) for value in values)
    few = len(values) < FEWEST_WITH_QUARTILES
    quarters = None if few else quantiles(values, n=4, method="inclusive")
    return EqualWeight(
        State.SHOWN,
        municipalities=len(counted),
        of=of,
        left_out=len(standings) - len(counted),
        options=tuple(OptionCount(option.code, levels[place]) for place, option in enumerate(item.options)),
        median=median(values),
        quartiles=None if quarters is None else (quarters[0], quarters[2]),
    )


def of_options(item: Item, standings: Mapping[str, Sequence[Standing]], of: int, k: int) -> EqualWeight:
    """The municipalities on an item without levels: by option, those where more than half of the persons have it.

    An option about which those who are few could be told apart is left open; the others are not.
    """
    assert item.kind is not Kind.LEVEL  # noqa: S101 - levels have medians
    everybody = max(map(len, standings.values()), default=0)
    if not everybody:
        return EqualWeight(State.EMPTY, of=of)
    options: list[OptionCount] = []
    for option in item.options:
        held = standings.get(option.code, ())
        counted = _counted(held, k)
        whole = len(counted) == len(held)
        yes = sum(each.value > 1 / 2 for each in counted)
        options.append(OptionCount(option.code, yes) if whole and held else OptionCount(option.code))
    if all(each.count is None for each in options):
        return EqualWeight(State.SUPPRESSED, of=of, left_out=everybody)
    return EqualWeight(State.SHOWN, municipalities=everybody, of=of, options=tuple(options))


def _counted(standings: Sequence[Standing], k: int) -> Sequence[Standing]:
    hidden = [each for each in standings if not each.shown]
    return standings if indistinct(hidden, k) else [each for each in standings if each.shown]


def indistinct(hidden: Sequence[Standing], k: int) -> bool:
    """Whether the values of these may be told together without telling whose is whose.

    Answers are dealt out anew between two municipalities at a time, and again from there, until each of those who are
    few has had two values. All deals that can be reached from each other get the same verdict, so that the verdict
    tells nothing either.
    """
    if not hidden:
        return True
    persons = sum(1 if each.stated else len(each.levels) for each in hidden)
    if len(hidden) < FEWEST_HIDDEN or persons < k or _could_be_alike(hidden):
        return False
    settled = {place for place, each in enumerate(hidden) if each.stated or len(each.levels) < k}
    first = tuple(each.levels for each in hidden)
    seen, waiting = {first}, [first]
    looked_at = 0
    while settled and waiting and looked_at < MOST_DEALS:
        deal = waiting.pop()
        for one, other, mine, theirs in _dealt_anew(deal, hidden):
            dealt = {one: mine, other: theirs}
            settled -= {place for place, levels in dealt.items() if median(levels) != hidden[place].value}
            anew = tuple(dealt.get(place, levels) for place, levels in enumerate(deal))
            looked_at += 1
            if anew not in seen:
                seen.add(anew)
                waiting.append(anew)
    return not settled


def _could_be_alike(hidden: Sequence[Standing]) -> bool:
    """Whether these answers might be dealt out so that all have one value: then even silence would tell that value.

    For a value to be everybody's median, each with an odd number of answers needs one of that value, and nobody has
    room for more answers below it, or above it, than half of its own. That excludes most values where views differ.
    """
    answers = Counter(level for each in hidden for level in each.levels)
    odd = sum(len(each.levels) % 2 for each in hidden)
    room = sum(len(each.levels) // 2 for each in hidden)
    if not odd:
        return True  # All might stand between two levels.
    for value, number in answers.items():
        below = sum(count for level, count in answers.items() if level < value)
        above = answers.total() - number - below
        if number >= odd and below <= room and above <= room:
            return True
    return False


def _dealt_anew(deal: Deal, hidden: Sequence[Standing]) -> Iterator[tuple[int, int, Levels, Levels]]:
    """Every way to deal the answers of two out between them so that both values are there as before.

    A statement is no person's answer, so it changes place with another statement only.
    """
    for one, other in combinations(range(len(deal)), 2):
        if hidden[one].stated == hidden[other].stated:
            for mine, theirs in _deals_of(deal[one], deal[other]):
                yield one, other, mine, theirs


@lru_cache(maxsize=50_000)
def _deals_of(one: Levels, other: Levels) -> tuple[tuple[Levels, Levels], ...]:
    """The other ways to deal out the answers of two; the same few answers come up again and again."""
    if len(one) > len(other):
        return tuple((mine, theirs) for theirs, mine in _deals_of(other, one))
    values = sorted((median(one), median(other)))
    pool = Counter(one + other)
    found: list[tuple[Levels, Levels]] = []
    for mine in combinations_with_replacement(sorted(pool), len(one)):
        if mine != one and Counter(mine) <= pool:
            theirs = tuple(sorted((pool - Counter(mine)).elements()))
            if sorted((median(mine), median(theirs))) == values:
                found.append((mine, theirs))
    return tuple(found)
