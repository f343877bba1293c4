"""An item's result beside 2024: like with like, and nothing said to be what it is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.maturity.baseline import Distribution, Share, index_range
from bot.maturity.instrument import Item, Kind, Wording
from bot.results.model import Cell, ItemResult, OptionCount, State
from bot.results.statistics import IN_PERCENT, mann_whitney
from bot.results.wording import Direction, direction
from knowledge.model import Unit
from knowledge.survey.model import DONT_KNOW, Baseline


@dataclass(frozen=True, slots=True)
class BesideRow:
    """One option, or several that 2024 prints together only. Without `labels` it is "vet ej".

    Of 2024: `then_count` respondents, as far as they can be worked out; `then_percent` as printed, where twenty or more
    answered (else the count is what may be said); `then_corrected` is what a misprinted percentage probably means, and
    the count goes by it. Of now: `now_count` persons, or a `now_band` of what it may be; `now_share` (0-1) where twenty
    or more answered, and its 95 % interval. None is what is not known or not told.
    """

    codes: tuple[str, ...]
    labels: tuple[Wording, ...]
    then_count: int | None = None
    then_percent: float | None = None
    then_corrected: float | None = None
    now_count: int | None = None
    now_share: float | None = None
    now_interval: tuple[float, float] | None = None
    now_band: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """An item for a role, now and in 2024. The people of 2024 are not matched, so no difference is ever certain.

    `unit` is what 100 % are on both sides: where it is ticks, shares are of ticks and never of people. `then_n` and
    `now_n` are how many of that unit the shares are of; with "vet ej" where 2024 counts those, too. `then_inferred`
    says that the number of 2024 is worked out from its percentages. The indices are 0-100, that of 2024 as the lowest
    and highest that its figures allow. `comparable` is false where the two may only be read beside each other: ticks,
    and what 2024 has in words only. `p` (two-sided) is there where 2024 has counts. `caveats`, `findings` and `group`
    (who was asked) are in Swedish.
    """

    rows: tuple[BesideRow, ...]
    unit: Unit
    then_n: int | None
    now_n: int | None
    index_then: tuple[float, float] | None
    index_now: float | None
    direction: Direction
    p: float | None
    caveats: tuple[str, ...]
    findings: tuple[str, ...]
    figure: str
    pages: tuple[int, ...]
    comparable: bool
    then_inferred: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class _Now:
    """What is told of the present: counts by code, and what their shares are of."""

    options: Mapping[str, OptionCount]
    unknown: int | None
    base: int | None
    intervals: bool


def beside_2024(result: ItemResult, item: Item, baseline: Mapping[str, Distribution]) -> Beside | None:
    """An item's pooled result beside 2024. None for an item in words, and where 2024 has no result for this group: one
    role's view of an item that several roles are asked cannot be held against everybody's of 2024.
    """
    then = baseline.get(item.baseline)
    if then is None or item.kind is Kind.TEXT or result.role != _asked(item):
        return None
    now = _now(result.pooled, item, then)
    comparable = then.unit is Unit.RESPONDENT and then.use in _MAY_COMPARE
    index_then = index_range(then) if comparable else None
    return Beside(
        rows=tuple(_rows(item, then, now)),
        unit=then.unit,
        then_n=then.respondents,
        now_n=now.base,
        index_then=index_then,
        index_now=result.pooled.index,
        direction=direction(index_then, result.pooled.index),
        p=_p(then, now) if comparable and item.kind is Kind.LEVEL else None,
        caveats=then.caveats,
        findings=then.findings,
        figure=then.figure,
        pages=then.pages,
        comparable=comparable,
        then_inferred=then.inferred,
        group=then.group,
    )


_MAY_COMPARE = (Baseline.OK, Baseline.CAVEAT, Baseline.BOUNDS_ONLY)


def _asked(item: Item) -> str:
    """The role whose result 2024 is held against; empty for everybody's."""
    return next(iter(item.roles)) if len(item.roles) == 1 else ""


def _now(cell: Cell, item: Item, then: Distribution) -> _Now:
    if cell.state is not State.SHOWN:
        return _Now({}, None, None, False)
    options = {each.code: each for each in cell.options}
    if then.unit is Unit.TICK:
        exclusive = {option.code for option in item.options if option.exclusive}
        ticks = [each.count for code, each in options.items() if code not in exclusive]
        known = [count for count in ticks if count is not None]
        return _Now(options, cell.unknown, sum(known) if known and len(known) == len(ticks) else None, False)
    counts_unknown = any(DONT_KNOW in share.codes and share.percent is not None for share in then.shares)
    if counts_unknown and cell.unknown != 0:
        base = cell.answered + cell.unknown if cell.answered is not None and cell.unknown is not None else None
        return _Now(options, cell.unknown, base, False)
    return _Now(options, cell.unknown, cell.answered, True)


def _rows(item: Item, then: Distribution, now: _Now) -> Iterator[BesideRow]:
    """In the order of the scale, then what 2024 did not offer, then "vet ej" where either has it."""
    if not then.shares:
        return
    labels = {option.code: option.label for option in item.options}
    exclusive = {option.code for option in item.options if option.exclusive}
    offered = {code for share in then.shares for code in share.codes}
    for share in then.shares:
        if DONT_KNOW not in share.codes:
            wordings = tuple(labels.get(code, Wording(share.label, share.label)) for code in share.codes)
            yield _row(share, wordings, then, now, of_base=True)
    for option in item.options:
        if option.code not in offered:
            # "None of these" is no tick, so it has no share of the ticks.
            of_base = then.unit is not Unit.TICK or option.code not in exclusive
            yield _row(Share((option.code,), option.label.sv, None), (option.label,), then, now, of_base=of_base)
    unknown = next((share for share in then.shares if DONT_KNOW in share.codes), Share((DONT_KNOW,), "", None))
    if unknown.percent is not None or now.unknown:
        of_base = unknown.percent is not None and then.unit is not Unit.TICK
        told = _Now({DONT_KNOW: OptionCount(DONT_KNOW, now.unknown)}, None, now.base, False)
        yield _row(unknown, (), then, told, of_base=of_base)


def _row(share: Share, labels: tuple[Wording, ...], then: Distribution, now: _Now, *, of_base: bool) -> BesideRow:
    """`of_base` is whether those who chose it are among those that the shares of now are of."""
    in_percent = then.unit is Unit.TICK or (then.respondents is not None and then.respondents >= IN_PERCENT)
    chosen = [now.options[code] for code in share.codes if code in now.options]
    count, band = _together(chosen) if len(chosen) == len(share.codes) else (None, None)
    told = of_base and count is not None and now.base is not None and now.base >= IN_PERCENT
    return BesideRow(
        codes=share.codes,
        labels=labels,
        then_count=share.count,
        then_percent=share.percent if in_percent else None,
        then_corrected=share.corrected,
        now_count=count,
        now_share=count / now.base if told and count is not None and now.base else None,
        now_interval=chosen[0].interval if told and now.intervals and len(chosen) == 1 else None,
        now_band=band,
    )


def _together(chosen: Sequence[OptionCount]) -> tuple[int | None, tuple[int, int] | None]:
    """The count of several options, or else the range that it lies in, or neither where one of them is not told."""
    counts = [each.count for each in chosen]
    known = [count for count in counts if count is not None]
    if len(known) == len(counts):
        return sum(known), None
    ranges = [each.band if each.count is None else (each.count, each.count) for each in chosen]
    told = [each for each in ranges if each is not None]
    if len(told) < len(ranges):
        return None, None
    return None, (sum(low for low, _ in told), sum(high for _, high in told))


def _p(then: Distribution, now: _Now) -> float | None:
    """Of the levels that 2024 has counts for; levels that it prints together only are one on both sides."""
    if then.use is Baseline.BOUNDS_ONLY:
        return None
    shares = [share for share in then.shares if DONT_KNOW not in share.codes]
    before = [share.count or 0 for share in shares]
    after: list[int] = []
    for share in shares:
        chosen = [now.options[code] for code in share.codes if code in now.options]
        count, _ = _together(chosen) if len(chosen) == len(share.codes) else (None, None)
        if count is None:
            return None
        after.append(count)
    return mann_whitney(before, after) if any(before) and any(after) else None
