"""The growth of the index as a picture: four figures over the number of passages, each with its bar."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.charts.palette import PALETTES, Theme

Row = Mapping[str, Any]


def draw(rows: Sequence[Row]) -> bytes:
    """A PNG. Axes are linear, so that linear growth is a straight line."""
    figure = Figure(figsize=(9, 6.4), dpi=110, facecolor=PALETTES[Theme.LIGHT].panel, layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(2, 2)
    _panel(panels[0][0], "Index on disk, MB", rows, [("", [row["size_mb"] for row in rows])])
    _panel(panels[0][1], "Building, seconds", rows, [("", [row["build_seconds"] for row in rows])])
    _panel(panels[1][0], "Opening, seconds", rows, [("", [row["open_seconds"] for row in rows])], limit=1)
    searches = [
        ("with the question's vector", [row["with_embedding_ms"]["p95"] for row in rows]),
        ("without", [row["search_ms"]["p95"] for row in rows]),
    ]
    _panel(panels[1][1], "Hybrid search, 95th percentile, ms", rows, searches, limit=60)
    png = io.BytesIO()
    figure.savefig(png, format="png", metadata={"Software": None})
    return png.getvalue()


def _panel(
    axes: Axes,
    title: str,
    rows: Sequence[Row],
    lines: Sequence[tuple[str, Sequence[float]]],
    limit: float | None = None,
) -> None:
    colours = PALETTES[Theme.LIGHT]
    passages = [row["passages"] for row in rows]
    for number, (label, values) in enumerate(lines):
        colour = colours.bar if number == len(lines) - 1 else colours.subtle
        axes.plot(passages, values, marker="o", markersize=4, color=colour, label=label)
    if limit is not None:
        axes.axhline(limit, color=colours.text, linewidth=1, linestyle=(0, (3, 2)))
        axes.annotate(f"bar {limit:g}", (0, limit), xytext=(2, 3), textcoords="offset points", color=colours.text)
    if len(lines) > 1:
        axes.legend(frameon=False)
    axes.set_title(title, loc="left", color=colours.text)
    axes.set_xlabel("passages", color=colours.subtle)
    axes.set_ylim(bottom=0)
    axes.set_xlim(left=0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}".replace(",", " "))
    axes.spines[["top", "right"]].set_visible(False)
