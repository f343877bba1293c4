"""The charts of a round by their names; `/rounds/<round>/charts/<name>.svg` draws what the pages show."""

from __future__ import annotations

from bot.charts.vega.contents import Look, VegaChart, Width
from bot.charts.vega.spec import size_of, spec_of
from bot.results.areas import area_results
from bot.results.model import Participation
from bot.results.trend import Trend
from bot.web.dashboard.addresses import at
from bot.web.dashboard.distribution import bars_of, description_of, spread_of
from bot.web.dashboard.dots import area_dots, municipality_dots, role_dots, trend_dots
from bot.web.dashboard.parts import Figure
from bot.web.dashboard.scene import Scene
from bot.web.dashboard.squares import municipality_squares, response_bars

ITEM_CHARTS = ("bars", "squares", "roles")
"""The charts of an item; their names end in the item's id."""


def chart_named(
    scene: Scene,
    name: str,
    *,
    role: str = "",
    area: str = "",
    municipality: str = "",
    participation: Participation | None = None,
    trend: Trend | None = None,
) -> VegaChart | None:
    """The chart of a name; None where there is no such chart, or nothing that it may show."""
    kind, _, about = name.partition(".")
    if name == "response":
        return response_bars(scene, participation) if participation is not None else None
    if scene.view is None:
        return None
    if kind in ITEM_CHARTS:
        return _item_chart(scene, kind, about, role)
    if name == "areas":
        told = area_results(scene.edition, scene.instrument)
        return area_dots(scene, tuple(each for each in told if (role in ("", each.role)) and (area in ("", each.area))))
    if name == "municipality" and municipality:
        return municipality_dots(scene, municipality)
    if name == "trend" and trend is not None:
        return trend_dots(scene, trend)
    return None


def figure_of(scene: Scene, name: str, chart: VegaChart | None, **query: str) -> Figure | None:
    """The picture of a chart on a page; `query` says what it depends on beside its name."""
    if chart is None:
        return None
    language = scene.voice.language
    sizes = [size_of(spec_of(chart, Look(width=width, language=language))) for width in Width]
    address = at(scene.held.id, "charts", f"{name}.svg", **query, language=language)
    return Figure(address, chart.description, sizes[0], sizes[1])


def _item_chart(scene: Scene, kind: str, about: str, role: str) -> VegaChart | None:
    item = scene.instrument.item(about)
    result = scene.result(item, role) if item is not None else None
    if item is None or result is None:
        return None
    if kind == "roles":
        return role_dots(scene, item)
    if kind == "squares":
        return municipality_squares(scene, item, result.equal)
    spread = spread_of(scene, item, result)
    return bars_of(spread, description_of(spread, item, scene.voice), scene.voice) if spread.drawable else None
