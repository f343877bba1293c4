"""How a round's results lie to an earlier round's: first among the municipalities that are in both, then among all.

Only published cells are read, so that a trend tells nothing that the two editions do not tell side by side. That also
decides who can be matched, see `panel`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.maturity.instrument import Instrument, Item, Kind
from bot.maturity.ports import Visibility
from bot.results.model import Edition, ItemResult
from bot.results.panel import Panel, Pool, panel_of
from bot.results.statistics import SIGNIFICANT, fisher, mann_whitney
from bot.results.wording import Direction, direction


@dataclass(frozen=True, slots=True)
class OptionTrend:
    """How many chose an option of an item without levels, of how many. `p` (two-sided) is Fisher's; `certain` is only
    what is matched and has a p below 0.05."""

    code: str
    before: int
    before_of: int
    now: int
    now_of: int
    p: float
    certain: bool


@dataclass(frozen=True, slots=True)
class ItemTrend:
    """One item for one role. The indices (0-100) are of the `matched` municipalities' persons together, or of their
    statements where the item is answered by statements; `all_index_*` are of all persons, whoever took part.

    `joined` took part this time only, `left` last time only. `direction` is that of the matched, or of all where nobody
    is matched; then it may come from who took part. `p` (two-sided, Mann-Whitney) is of the matched. `certain` is only
    what is matched, is no longer the same, and has a p below 0.05. `options` are of an item without levels: of the
    matched, or of all where the options of the matched are not told.
    """

    item: str
    role: str
    matched: tuple[str, ...]
    joined: tuple[str, ...]
    left: tuple[str, ...]
    index_before: float | None
    index_now: float | None
    all_index_before: float | None
    all_index_now: float | None
    direction: Direction
    p: float | None
    certain: bool
    options: tuple[OptionTrend, ...] = ()


@dataclass(frozen=True, slots=True)
class Trend:
    """All items that both rounds have, in the instrument's order. `before_label` names the earlier round."""

    before_label: str
    items: tuple[ItemTrend, ...]


def trend(now: Edition, before: Edition, instrument: Instrument, earlier: Instrument | None = None) -> Trend:
    """The trend from one edition to another, or from a view to the same audience's view.

    `instrument` is that of `now`. `earlier` is that of `before`, where it is another: an item whose question or options
    have been changed since is left out. Blocks for a second or two where `statistics.prepare` has not been called.
    """
    took_part_now, took_part_before = _took_part(now), _took_part(before)
    order = [place for each in instrument.organisations for place in each.municipalities]
    places = list(dict.fromkeys([*order, *sorted(took_part_now | took_part_before)]))
    joined = tuple(place for place in places if place in took_part_now - took_part_before)
    left = tuple(place for place in places if place in took_part_before - took_part_now)
    return Trend(
        before.label,
        tuple(
            _item(item, one, other, panel_of(item, (one, now), (other, before), places), joined, left)
            for item in instrument.items
            if item.kind is not Kind.TEXT and _is_unchanged(item, earlier)
            for one, other in _pairs(item, now, before, instrument)
        ),
    )


def _took_part(edition: Edition) -> frozenset[str]:
    """The municipalities that persons have answered for, or that have stated something."""
    persons = {place for place, each in edition.participation.municipalities.items() if each.answered.high}
    stated = {
        place
        for result in edition.results
        for place, each in result.municipalities.items()
        if each.statement is not None and each.statement.visibility is not Visibility.OWN
    }
    return frozenset(persons | stated)


def _is_unchanged(item: Item, earlier: Instrument | None) -> bool:
    if earlier is None:
        return True
    old = earlier.item(item.id)
    return old is not None and old.fingerprint == item.fingerprint


def _pairs(
    item: Item, now: Edition, before: Edition, instrument: Instrument
) -> Iterator[tuple[ItemResult, ItemResult]]:
    """The item's results for everybody, and then for every role, where both editions have one."""
    for role in ("", *(each.id for each in instrument.roles)):
        one, other = now.result(item.id, role), before.result(item.id, role)
        if one is not None and other is not None:
            yield one, other


def _item(
    item: Item,
    now: ItemResult,
    before: ItemResult,
    panel: Panel | None,
    joined: tuple[str, ...],
    left: tuple[str, ...],
) -> ItemTrend:
    index_before, index_now = (panel.before.index, panel.now.index) if panel else (None, None)
    old, new = (index_before, index_now) if panel else (before.pooled.index, now.pooled.index)
    turned = direction((old, old) if old is not None else None, new)
    p = _p(panel) if panel and item.kind is Kind.LEVEL else None
    return ItemTrend(
        item=item.id,
        role=now.role,
        matched=panel.places if panel else (),
        joined=joined,
        left=left,
        index_before=index_before,
        index_now=index_now,
        all_index_before=before.pooled.index,
        all_index_now=now.pooled.index,
        direction=turned,
        p=p,
        certain=p is not None and p < SIGNIFICANT and turned in (Direction.HIGHER, Direction.LOWER),
        options=() if item.kind is Kind.LEVEL else tuple(_options(item, now, before, panel)),
    )


def _p(panel: Panel) -> float | None:
    old, new = panel.before.counts, panel.now.counts
    if old is None or new is None or not any(old.values()) or not any(new.values()):
        return None
    levels: Sequence[float] = sorted({*old, *new})
    return mann_whitney([old.get(level, 0) for level in levels], [new.get(level, 0) for level in levels])


def _options(item: Item, now: ItemResult, before: ItemResult, panel: Panel | None) -> Iterator[OptionTrend]:
    matched = panel is not None and panel.before.counts is not None and panel.now.counts is not None
    old = panel.before if panel and matched else Pool.of_cell(before.pooled, item)
    new = panel.now if panel and matched else Pool.of_cell(now.pooled, item)
    if old is None or new is None or old.counts is None or new.counts is None:
        return
    for place, option in enumerate(item.options):
        then, today = old.counts.get(place, 0), new.counts.get(place, 0)
        p = fisher(then, old.answered - then, today, new.answered - today)
        yield OptionTrend(option.code, then, old.answered, today, new.answered, p, matched and p < SIGNIFICANT)
