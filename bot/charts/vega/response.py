"""Draws how many have answered of those who were invited."""

from __future__ import annotations

from typing import Final

from bot.charts.vega.contents import Look, ResponseChart, Width
from bot.charts.vega.measure import width_of
from bot.charts.vega.sheet import SIZE, Key, Sheet, Spec

BODY: Final = 16.0


def response_spec(chart: ResponseChart, look: Look) -> Spec:
    """The Vega-Lite specification."""
    sheet = Sheet(look, max((width_of(row.words, SIZE) for row in chart.rows), default=0) + 14)
    ink = sheet.ink
    hollow = {"color": ink.panel, "stroke": ink.outline, "strokeWidth": 1.5}
    partly = {"color": ink.faint, "stroke": ink.bar, "strokeWidth": 1.5, "strokeDash": [3, 2]}
    keys = [Key({"type": "rect", "color": ink.bar}, chart.answered)]
    if chart.between:
        keys.append(Key({"type": "rect", **partly}, chart.between))
    if chart.invited:
        keys.append(Key({"type": "rect", **hollow}, chart.invited))
    sheet.keys = tuple(keys)
    invited: list[Spec] = []
    answered: list[Spec] = []
    between: list[Spec] = []
    words: list[Spec] = []
    for row in chart.rows:
        top = sheet.row(row.label, BODY, gap=9 if look.width is Width.WIDE else 12)
        if row.invited:
            invited.append({"x": 0, "x2": row.invited, "y": top, "y2": top + BODY})
        if row.low:
            answered.append({"x": 0, "x2": row.low, "y": top, "y2": top + BODY})
        if row.high > row.low:
            between.append({"x": row.low, "x2": row.high, "y": top, "y2": top + BODY})
        words.append({"t": row.words, "y": top + BODY / 2})
    sheet.rects(invited, **hollow)
    sheet.rects(between, **partly)
    sheet.rects(answered, color=ink.bar)
    sheet.rules([{"x": 0, "x2": 0, "y": 0, "y2": sheet.height - 6}], color=ink.outline, strokeWidth=1)
    sheet.texts(words, colour=ink.text, x=sheet.plot + 12)
    most = max((max(row.high, row.invited or 0) for row in chart.rows), default=1)
    axis: Spec = {
        "title": chart.axis,
        "tickCount": 5 if look.width is Width.WIDE else 3,
        "tickMinStep": 1,
        "format": ",d",
    }
    return sheet.spec(chart.description, domain=(0, max(most, 1)), axis=axis)
