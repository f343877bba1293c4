"""Draws views beside each other as points on a line, each series in a form of its own."""

from __future__ import annotations

from typing import Final

from bot.charts.vega.contents import DotsChart, Look, Width
from bot.charts.vega.ink import Ink
from bot.charts.vega.measure import width_of
from bot.charts.vega.sheet import SIZE, Key, Sheet, Spec

BODY: Final = 20.0
SHAPES: Final = (("circle", 130), ("diamond", 150), ("triangle-up", 130))
"""Forms and their areas, in square pixels."""


def dots_spec(chart: DotsChart, look: Look) -> Spec:
    """The Vega-Lite specification."""
    sheet = Sheet(look, max((width_of(row.words, SIZE) for row in chart.rows), default=0) + 14)
    ink = sheet.ink
    forms = [_form(number, ink, arrows=chart.arrows) for number in range(len(chart.series))]
    keys = [Key({"type": "point", **form}, name) for form, name in zip(forms, chart.series, strict=True)]
    if chart.lines:
        keys.append(Key({"type": "rule", "color": ink.outline, "strokeWidth": 5}, chart.lines))
    sheet.keys = tuple(keys) if len(keys) > 1 else ()
    spans: list[Spec] = []
    cores: list[Spec] = []
    arrows: list[Spec] = []
    words: list[Spec] = []
    places: list[list[Spec]] = [[] for _ in chart.series]
    for row in chart.rows:
        start = sheet.row(row.label, BODY, gap=8 if look.width is Width.WIDE else 12)
        middle = start + BODY / 2
        for span, lines in ((row.span, spans), (row.core, cores)):
            if span is not None:
                lines.append({"x": span[0], "x2": span[1], "y": middle, "y2": middle})
        known = [each for each in row.values if each is not None]
        if chart.arrows and len(known) > 1:
            arrows.append({"x": known[0], "x2": known[1], "y": middle, "y2": middle})
        for value, points in zip(row.values, places, strict=True):
            if value is not None:
                points.append({"x": value, "y": middle})
        words.append({"t": row.words, "y": middle})
    sheet.rules(spans, color=ink.outline, strokeWidth=1.5)
    sheet.rules(cores, color=ink.outline, strokeWidth=5)
    sheet.rules(arrows, color=ink.bar, strokeWidth=2)
    drawn = list(zip(forms, places, strict=True))
    # What matters most lies on top: the first series, and of two rounds the later one.
    for form, points in drawn if chart.arrows else reversed(drawn):
        sheet.points(points, **form)
    sheet.texts(words, colour=ink.text, x=sheet.plot + 14)
    low, high = chart.ticks[0][0], chart.ticks[-1][0]
    margin = (high - low) * 0.02
    _scale(chart, sheet)
    return sheet.spec(chart.description, domain=(low - margin, high + margin), axis=None)


def _form(number: int, ink: Ink, *, arrows: bool) -> Spec:
    """A series' point. Where arrows lead from one to the other, both are circles: hollow before, filled now."""
    shape, size = SHAPES[0] if arrows else SHAPES[number]
    colour = ink.series[0] if arrows else ink.series[number]
    hollow = arrows and number == 0
    stroke = ink.outline if hollow else colour
    fill = ink.panel if hollow else colour
    return {
        "shape": shape,
        "size": size,
        "filled": True,
        "fill": fill,
        "stroke": stroke,
        "strokeWidth": 2,
        "opacity": 1,
    }


def _scale(chart: DotsChart, sheet: Sheet) -> None:
    """The scale's own words below the rows, those at its ends turned inwards, and lines up to the rows."""
    ink = sheet.ink
    end = sheet.height
    layers, sheet.layers = sheet.layers, []
    sheet.rules(
        [{"x": value, "x2": value, "y": 0, "y2": end} for value, _ in chart.ticks], color=ink.grid, strokeWidth=1
    )
    sheet.layers += layers
    for place, (value, label) in enumerate(chart.ticks):
        align = "left" if place == 0 else "right" if place == len(chart.ticks) - 1 else "center"
        sheet.texts([{"t": label, "x": value, "y": end + 12}], colour=ink.subtle, align=align, fontSize=12)
    sheet.texts([{"t": chart.axis, "y": end + 32}], colour=ink.subtle, x=0, fontSize=12)
    sheet.height = end + 44
