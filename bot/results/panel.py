"""The municipalities that can be followed from one edition to another, and what they answered together.

A municipality can be followed where its persons' cell is shown in both editions. Those whose cell is hidden can be
followed all together, where they are the same ones both times: then everybody, less the municipalities that are shown
and were there only once, is what the matched answered. Items that a municipality answers by a statement are followed by
the statements that the federation sees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.maturity.instrument import Item, Kind
from bot.maturity.ports import Visibility
from bot.results.model import Cell, Edition, ItemResult, State, Statement

_SHARED = "@"
"""Stands for the persons of organisations that serve several municipalities, among those that are hidden."""


@dataclass(frozen=True, slots=True)
class Pool:
    """What a group answered: how many, the sum of their indices (None for an item without levels), and how many chose
    each option by its place (None where that is not told; between two places where a statement lies there)."""

    answered: int
    points: float | None = None
    counts: Mapping[float, int] | None = None

    @property
    def index(self) -> float | None:
        """The index (0-100) of the group."""
        return self.points / self.answered if self.points is not None and self.answered else None

    @classmethod
    def of_cell(cls, cell: Cell, item: Item) -> Pool | None:
        """What a cell shows; None where it shows nothing."""
        if cell.state is not State.SHOWN or not cell.answered:
            return None
        told = {each.code: each.count for each in cell.options if each.count is not None}
        counts: dict[float, int] | None = None
        if cell.options and len(told) == len(cell.options):
            counts = {float(place): told.get(option.code, 0) for place, option in enumerate(item.options)}
        return cls(cell.answered, None if cell.index is None else cell.index * cell.answered, counts)

    @classmethod
    def of_statement(cls, statement: Statement | None, item: Item) -> Pool | None:
        """A municipality's own answer as that of one; None where there is none that the federation sees."""
        if statement is None or statement.visibility is Visibility.OWN or statement.null is not None:
            return None
        if item.kind is not Kind.LEVEL:
            chosen = {float(place): int(option.code in statement.codes) for place, option in enumerate(item.options)}
            return cls(1, None, chosen) if statement.codes else None
        if statement.level is None:
            return None
        return cls(1, 100 * statement.level / (len(item.options) - 1), {statement.level: 1})

    @classmethod
    def together(cls, pools: Iterable[Pool]) -> Pool:
        """Several groups as one."""
        given = list(pools)
        points = [each.points for each in given if each.points is not None]
        counts = [each.counts for each in given if each.counts is not None]
        summed: Counter[float] = Counter()
        for each in counts:
            summed.update(each)
        return cls(
            sum(each.answered for each in given),
            sum(points) if len(points) == len(given) else None,
            summed if len(counts) == len(given) else None,
        )

    def without(self, part: Pool) -> Pool | None:
        """The group less a part of it; None where the figures say that it is no part."""
        rest = self.answered - part.answered
        if rest <= 0:
            return None
        points = None if self.points is None or part.points is None else self.points - part.points
        if self.counts is None or part.counts is None:
            return Pool(rest, points)
        counts = {place: count - part.counts.get(place, 0) for place, count in self.counts.items()}
        return Pool(rest, points, counts) if min(counts.values()) >= 0 else None


@dataclass(frozen=True, slots=True)
class Panel:
    """The matched municipalities, and what they answered before and now."""

    places: tuple[str, ...]
    before: Pool
    now: Pool


def panel_of(
    item: Item, now: tuple[ItemResult, Edition], before: tuple[ItemResult, Edition], places: Sequence[str]
) -> Panel | None:
    """The municipalities that can be followed, out of all `places`; None where there are none."""
    if now[0].official or before[0].official:
        return _direct(_stated(now[0], item), _stated(before[0], item), places)
    shown_now, shown_before = _shown(now[0], item), _shown(before[0], item)
    whole = _whole(item, now, before, places)
    direct = _direct(shown_now, shown_before, places)
    if whole is None or (direct is not None and direct.places == whole.places and whole.now.counts is None):
        return direct
    return whole


def _stated(result: ItemResult, item: Item) -> Mapping[str, Pool]:
    pools = ((place, Pool.of_statement(each.statement, item)) for place, each in result.municipalities.items())
    return {place: pool for place, pool in pools if pool is not None}


def _shown(result: ItemResult, item: Item) -> Mapping[str, Pool]:
    pools = ((place, Pool.of_cell(each.persons, item)) for place, each in result.municipalities.items())
    return {place: pool for place, pool in pools if pool is not None}


def _direct(now: Mapping[str, Pool], before: Mapping[str, Pool], places: Sequence[str]) -> Panel | None:
    both = tuple(place for place in places if place in now and place in before)
    if not both:
        return None
    return Panel(both, Pool.together(before[place] for place in both), Pool.together(now[place] for place in both))


def _whole(
    item: Item, now: tuple[ItemResult, Edition], before: tuple[ItemResult, Edition], places: Sequence[str]
) -> Panel | None:
    """Everybody less those who are shown and were there only once, where the hidden are the same both times."""
    shown_now, shown_before = _shown(now[0], item), _shown(before[0], item)
    hidden = _hidden(*now, shown_now, places)
    if hidden is None or hidden != _hidden(*before, shown_before, places):
        return None
    all_now, all_before = Pool.of_cell(now[0].pooled, item), Pool.of_cell(before[0].pooled, item)
    if all_now is None or all_before is None:
        return None
    once_now = [pool for place, pool in shown_now.items() if place not in shown_before]
    once_before = [pool for place, pool in shown_before.items() if place not in shown_now]
    rest_now = all_now.without(Pool.together(once_now)) if once_now else all_now
    rest_before = all_before.without(Pool.together(once_before)) if once_before else all_before
    matched = tuple(place for place in places if place in hidden or (place in shown_now and place in shown_before))
    if not matched or rest_now is None or rest_before is None:
        return None
    return Panel(matched, rest_before, rest_now)


def _hidden(
    result: ItemResult, edition: Edition, shown: Collection[str], places: Sequence[str]
) -> frozenset[str] | None:
    """Those who have answered and are not shown; None where that is not known of everybody, as in a view that shows one
    municipality only."""
    hidden = set()
    for place in places:
        one = result.municipalities.get(place)
        part = edition.participation.municipalities.get(place)
        if one is not None:
            if place not in shown and one.persons.state is not State.EMPTY:
                hidden.add(place)
        elif part is None or part.answered.high:
            return None
    shared = edition.participation.shared
    if shared is not None and shared.answered.high:
        hidden.add(_SHARED)
    return frozenset(hidden)
