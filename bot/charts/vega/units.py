"""Draws municipalities as squares: so many of so many, and never which."""

from __future__ import annotations

from typing import Final

from bot.charts.vega.contents import Look, UnitsChart
from bot.charts.vega.measure import width_of
from bot.charts.vega.sheet import SIZE, Key, Sheet, Spec

BODY: Final = 16.0
SPACE: Final = 0.2
"""Between two squares, as a share of one."""


def units_spec(chart: UnitsChart, look: Look) -> Spec:
    """The Vega-Lite specification."""
    sheet = Sheet(look, max((width_of(row.words, SIZE) for row in chart.rows), default=0) + 14)
    ink = sheet.ink
    hollow = {"color": ink.panel, "stroke": ink.outline, "strokeWidth": 1.25}
    sheet.keys = (Key({"type": "rect", "color": ink.bar}, chart.filled), Key({"type": "rect", **hollow}, chart.empty))
    side = min(BODY, sheet.plot / chart.of * (1 - SPACE)) if chart.of else BODY
    step = side * (1 + SPACE)
    filled: list[Spec] = []
    empty: list[Spec] = []
    words: list[Spec] = []
    for row in chart.rows:
        top = sheet.row(row.label, BODY, gap=9)
        middle = top + BODY / 2
        for place in range(chart.of if row.count is not None else 0):
            square = {"x": place * step, "x2": place * step + side, "y": middle - side / 2, "y2": middle + side / 2}
            (filled if place < (row.count or 0) else empty).append(square)
        words.append({"t": row.words, "y": middle})
    sheet.rects(empty, **hollow)
    sheet.rects(filled, color=ink.bar)
    sheet.texts(words, colour=ink.text, x=chart.of * step + 10)
    return sheet.spec(chart.description, domain=(0, sheet.plot), axis=None)
