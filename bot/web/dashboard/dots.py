"""Views beside each other as charts: areas by role, roles on one item, a municipality and the others, two rounds."""

from __future__ import annotations

from bot.charts.vega.contents import Dots, DotsChart
from bot.maturity.instrument import Item, Kind
from bot.results.areas import AreaIndex
from bot.results.model import Cell, State
from bot.results.trend import Trend
from bot.web.dashboard.scene import Scene
from bot.web.dashboard.voice import Voice

MOST_SERIES = 3


def index_ticks(voice: Voice) -> tuple[tuple[float, str], ...]:
    """The scale of indices."""
    return tuple((float(each), voice.whole(each)) for each in (0, 25, 50, 75, 100))


def area_dots(scene: Scene, areas: tuple[AreaIndex, ...]) -> DotsChart | None:
    """The areas' indices of all Fyrbodal by role; None where there are none to show, or more roles than can be told
    apart."""
    voice = scene.voice
    roles = [each.id for each in scene.instrument.roles if any(one.role == each.id for one in areas)]
    known = {(each.area, each.role): each.index for each in areas if not each.municipality}
    order = [each.id for each in scene.instrument.areas if any(one.area == each.id for one in areas)]
    rows = [Dots(scene.area(area), tuple(known.get((area, role)) for role in roles)) for area in order]
    if not roles or len(roles) > MOST_SERIES or not any(any(v is not None for v in each.values) for each in rows):
        return None
    said = []
    for area in order:
        told = [(role, known.get((area, role))) for role in roles]
        numbers = ", ".join(f"{scene.role(role)} {voice.whole(index)}" for role, index in told if index is not None)
        if numbers:
            said.append(voice.say("pages.alt.line", label=scene.area(area), now=numbers))
    return DotsChart(
        voice.say("pages.alt.areas", lines="; ".join(said)),
        tuple(rows),
        voice.say("pages.axis.index"),
        tuple(scene.role(role) for role in roles),
        index_ticks(voice),
    )


def role_dots(scene: Scene, item: Item) -> DotsChart | None:
    """How roles stand on an item that several are asked: medians, and how far their views reach."""
    voice = scene.voice
    if item.kind is not Kind.LEVEL:
        return None
    rows = []
    said = []
    for role in scene.roles_of(item):
        result = scene.result(item, role)
        if not role or result is None or result.pooled.median is None:
            continue
        cell = result.pooled
        median = voice.level(item, cell.median or 0.0)
        said.append(voice.say("pages.alt.line", label=scene.role(role), now=median))
        span = (
            (float(cell.lowest), float(cell.highest)) if cell.lowest is not None and cell.highest is not None else None
        )
        rows.append(Dots(scene.role(role), (cell.median,), "", span, result.equal.quartiles))
    if len(rows) < 2:
        return None
    steps = len(item.options)
    ticks = [(float(place), str(place + 1)) for place in range(steps)]
    core = any(each.core is not None for each in rows)
    return DotsChart(
        voice.say("pages.alt.roles", topic=voice.word(item.topic), lines="; ".join(said)),
        tuple(rows),
        voice.say("pages.axis.levels", low=voice.level(item, 0), high=voice.level(item, steps - 1), steps=steps),
        (voice.say("pages.series.median"),),
        tuple(ticks),
        voice.say("pages.series.quartiles") if core else "",
    )


def municipality_dots(scene: Scene, municipality: str) -> DotsChart | None:
    """A municipality's indices beside its peers' and everybody's, on items where its persons' index is told."""
    voice = scene.voice
    rows: list[Dots] = []
    peers = False
    higher = lower = 0
    told = [(item, result) for item, _ in scene.results() for result in scene.by_municipality(item, "", municipality)]
    for item, result in told:
        own = result.municipalities.get(municipality)
        mine = index_of(own.persons if own is not None else None)
        if mine is None:
            continue
        others = index_of(result.peers.get(municipality))
        whole = index_of(result.pooled)
        peers = peers or others is not None
        if whole is not None:
            higher += mine > whole
            lower += mine < whole
        rows.append(Dots(scene.topic(item, result.role), (mine, others, whole)))
    if not rows:
        return None
    names: tuple[str, ...] = (
        scene.place(municipality),
        voice.say("pages.series.peers"),
        voice.say("pages.series.everybody"),
    )
    if not peers:
        names = (names[0], names[2])
        rows = [Dots(each.label, (each.values[0], each.values[2])) for each in rows]
    alt = voice.say("pages.alt.municipality", place=names[0], items=len(rows), higher=higher, lower=lower)
    return DotsChart(alt, tuple(rows), voice.say("pages.axis.index"), names, index_ticks(voice))


def trend_dots(scene: Scene, told: Trend) -> DotsChart | None:
    """From the earlier round to this one, in the municipalities that are in both."""
    voice, rows = scene.voice, []
    counts = dict.fromkeys(("higher", "same", "lower"), 0)
    for each in told.items:
        item = scene.instrument.item(each.item)
        if item is None or each.index_before is None or each.index_now is None:
            continue
        if each.direction.value in counts:
            counts[each.direction.value] += 1
        words = f"{voice.whole(each.index_before)} → {voice.whole(each.index_now)}"
        rows.append(Dots(scene.topic(item, each.role), (each.index_before, each.index_now), words))
    if not rows:
        return None
    alt = voice.say("pages.alt.trend", before=told.before_label, now=scene.edition.label, items=len(rows), **counts)
    return DotsChart(
        alt,
        tuple(rows),
        voice.say("pages.axis.index"),
        (told.before_label, scene.edition.label),
        index_ticks(voice),
        arrows=True,
    )


def index_of(cell: Cell | None) -> float | None:
    """A cell's index, where it is told."""
    return cell.index if cell is not None and cell.state is State.SHOWN else None
