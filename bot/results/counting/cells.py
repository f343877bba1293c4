"""Counts -> cells. What comes in is allowed to be told; which counts those are is decided in `disclosure`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from bot.maturity.instrument import Item
from bot.results.counting.disclosure import unanimous
from bot.results.counting.tallies import Counts
from bot.results.model import Cell, OptionCount, State
from bot.results.statistics import share_interval

SPREAD = 2
"""Levels between the lowest and the highest view from which on they are worth a conversation."""
TICK_MARGIN = 10
"""One person in so many, and at least one, is told as a range together with none."""
GAP_SHARE = 0.25
GAP_PERSONS = 2
"""A gap in knowledge: the share, and the number, of those who did not know."""


def median_of(counts: Counts) -> float:
    """The median level of so many persons on each level; between two levels where they meet in the middle."""
    places = list(accumulate(counts))
    half = places[-1] / 2
    low = next(level for level, place in enumerate(places) if place >= half)
    high = next(level for level, place in enumerate(places) if place > half)
    return (low + high) / 2


def band_of(level: int, levels: int) -> tuple[int, int]:
    """The lowest and the highest of two neighbouring levels of which one is everybody's answer; three at the upper end
    of a scale that cannot be divided into pairs. Each of them has the same band, so the band does not tell which."""
    if levels % 2 and level >= levels - 3:
        return levels - 3, levels - 1
    low = level - level % 2
    return low, low + 1


def tick_band(chosen: int, persons: int) -> tuple[int, int] | None:
    """The range that stands for so many who ticked an option: hardly anybody, or nearly all. None in between.

    "Nobody" alone would tell of each, so it must not be told apart from a few.
    """
    margin = max(1, persons // TICK_MARGIN)
    if chosen <= margin:
        return 0, margin
    return (persons - margin, persons) if persons - chosen <= margin else None


def level_cell(
    counts: Counts, unknown: int, not_applicable: int, *, item: Item, distribution: bool, invited: int | None = None
) -> Cell:
    """A cell of an item with levels. `distribution` says whether the group is large enough for one."""
    answered = sum(counts)
    total = sum(level * number for level, number in enumerate(counts))
    lowest = next(level for level, number in enumerate(counts) if number)
    highest = max(level for level, number in enumerate(counts) if number)
    return Cell(
        state=State.SHOWN,
        answered=answered,
        unknown=unknown,
        not_applicable=not_applicable,
        median=median_of(counts),
        lowest=lowest,
        highest=highest,
        index=_index(total, answered, len(counts)),
        index_if_unknown_absent=_index(total, answered + unknown, len(counts)),
        options=_distribution(item, counts, answered, invited) if distribution else (),
        spread=highest - lowest >= SPREAD,
        gap=has_gap(answered, unknown),
        census=invited is not None and answered + unknown + not_applicable >= invited,
    )


def banded_cell(counts: Counts) -> Cell:
    """A cell of a group in which everybody chose one level: two levels, one of which it is."""
    level = next(level for level, number in enumerate(counts) if number)
    return Cell(State.BANDED, answered=sum(counts), band=band_of(level, len(counts)))


def choice_cell(
    item: Item,
    answered: int,
    unknown: int,
    not_applicable: int,
    *,
    ticks: Mapping[str, Counts],
    bands: Mapping[str, tuple[int, int]],
    invited: int | None = None,
) -> Cell:
    """A cell of an item without levels. `ticks` are those options that may be told: persons without and with it; of
    those in `bands` a range may be. Other options are left open."""
    options: list[OptionCount] = []
    for option in item.options:
        without, chosen = ticks.get(option.code, (0, 0))
        if option.code in bands:
            options.append(OptionCount(option.code, band=bands[option.code]))
        elif option.code in ticks:
            interval = share_interval(chosen, without + chosen, invited)
            options.append(OptionCount(option.code, chosen, interval=interval))
        else:
            options.append(OptionCount(option.code))
    anything = any(each.count is not None or each.band is not None for each in options)
    return Cell(
        state=State.SHOWN,
        answered=answered,
        unknown=unknown,
        not_applicable=not_applicable,
        options=tuple(options) if anything else (),
        gap=has_gap(answered, unknown),
        census=invited is not None and answered + unknown + not_applicable >= invited,
    )


def has_gap(answered: int, unknown: int) -> bool:
    """Whether so many do not know that this is a finding of its own."""
    asked = answered + unknown
    return bool(asked) and unknown >= GAP_PERSONS and unknown / asked >= GAP_SHARE


def hidden(counts: Sequence[int]) -> Cell:
    """A cell of which nothing is told but whether anybody answered."""
    return Cell(State.SUPPRESSED if any(counts) else State.EMPTY)


def option_counts(item: Item, counts: Counts) -> dict[str, Counts]:
    """The persons without and with each option of an item of which everybody chose one."""
    answered = sum(counts)
    return {option.code: (answered - number, number) for option, number in zip(item.options, counts, strict=True)}


def _index(total: int, persons: int, levels: int) -> float:
    """`bot.maturity.scoring.index_of` of a mean; divided once, so that it is exact to the last digit."""
    return 100 * total / (persons * (levels - 1))


def _distribution(item: Item, counts: Counts, answered: int, invited: int | None) -> tuple[OptionCount, ...]:
    assert not unanimous(counts)  # noqa: S101 - such a group never gets here, and must not by a later mistake
    return tuple(
        OptionCount(option.code, number, interval=share_interval(number, answered, invited))
        for option, number in zip(item.options, counts, strict=True)
    )
