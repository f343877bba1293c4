"""Draws a distribution: filled bars for now, outlined ones for before, a line for how sure a number is."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from bot.charts.vega.contents import Bar, BarsChart, Look, Width
from bot.charts.vega.measure import width_of
from bot.charts.vega.sheet import SIZE, Key, Sheet, Spec

NOW, BEFORE = 16.0, 12.0
"""How high bars are, in CSS pixels."""


def bars_spec(chart: BarsChart, look: Look) -> Spec:
    """The Vega-Lite specification."""
    told = [each for row in chart.rows for each in (row.now, row.before) if each is not None]
    sheet = Sheet(look, max(width_of(each.words, SIZE) for each in told) + 14)
    ink = sheet.ink
    solid = {"type": "rect", "color": ink.bar}
    outlined = {"type": "rect", "color": ink.faint, "stroke": ink.outline, "strokeWidth": 1.5, "strokeDash": [3, 2]}
    if chart.before:
        sheet.keys = (Key(solid, chart.now), Key(outlined, chart.before))
    if chart.sure and any(each.interval for each in told):
        line = {"type": "rule", "color": ink.text, "strokeWidth": 1.5}
        sheet.keys = (*(sheet.keys or (Key(solid, chart.now),)), Key(line, chart.sure))
    top = _top(told)
    filled: list[Spec] = []
    ranges: list[Spec] = []
    dashed: list[Spec] = []
    sure: list[Spec] = []
    words: dict[str, list[Spec]] = {ink.text: [], ink.subtle: []}
    for row in chart.rows:
        both = row.before is not None
        start = sheet.row(row.label, NOW + BEFORE + 3 if both else NOW)
        _bar(row.now, start, NOW, filled, ranges)
        sure += _interval(row.now, start + NOW / 2)
        words[ink.text].append({"t": row.now.words, "x": _end(row.now), "y": start + NOW / 2})
        if row.before is not None:
            below = start + NOW + 3
            _bar(row.before, below, BEFORE, dashed, dashed)
            words[ink.subtle].append({"t": row.before.words, "x": _end(row.before), "y": below + BEFORE / 2})
    sheet.rects(dashed, **{key: value for key, value in outlined.items() if key != "type"})
    sheet.rects(filled, color=ink.bar)
    sheet.rects(ranges, color=ink.faint, stroke=ink.bar, strokeWidth=1.5)
    sheet.rules(sure, color=ink.panel, strokeWidth=4)
    sheet.rules(sure, color=ink.text, strokeWidth=1.5)
    for colour, rows in words.items():
        sheet.texts(rows, colour=colour, dx=7)
    sheet.rules([{"x": 0, "x2": 0, "y": 0, "y2": sheet.height - 8}], color=ink.outline, strokeWidth=1)
    axis: Spec = {"title": chart.axis, "tickCount": 5 if look.width is Width.WIDE else 3, "format": ".0%"}
    if not chart.shares:
        axis |= {"labels": False, "grid": False}
    return sheet.spec(chart.description, domain=(0, top), axis=axis)


def _top(bars: list[Bar]) -> float:
    """The end of the scale: the next tenth."""
    most = max(map(_end, bars), default=0.0)
    return max(0.1, min(1.0, ceil(most * 10 - 1e-9) / 10))


def _end(bar: Bar) -> float:
    ends = [bar.value or 0.0]
    ends += [each[1] for each in (bar.band, bar.interval) if each is not None]
    return max(ends)


def _bar(bar: Bar, top: float, height: float, filled: list[Spec], ranges: list[Spec]) -> None:
    if bar.value:
        filled.append({"x": 0, "x2": bar.value, "y": top, "y2": top + height})
    elif bar.value is None and bar.band is not None:
        low, high = bar.band
        ranges.append({"x": low, "x2": high, "y": top, "y2": top + height})


def _interval(bar: Bar, middle: float) -> Iterator[Spec]:
    if bar.interval is not None:
        low, high = bar.interval
        yield {"x": low, "x2": high, "y": middle, "y2": middle}
