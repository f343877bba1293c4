"""The sheet that a chart is laid out on, and the Vega-Lite specification that comes of it.

Across, Vega's scales and axes are used. Down, everything has a place in CSS pixels, because labels take as many lines
as they need. Labels are in the data, never in an expression, so that nothing in them is ever carried out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.charts.vega.contents import Look, Width
from bot.charts.vega.ink import INKS, Ink
from bot.charts.vega.measure import width_of, wrapped

Spec = dict[str, Any]

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
FONT: Final = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"
SIZE: Final = 13
LINE: Final = 17
"""Letters and lines, in CSS pixels; the picture is never shown larger than it is drawn."""
WIDTHS: Final = {Width.WIDE: 600, Width.NARROW: 292}
LABELS: Final = {Width.WIDE: 170, Width.NARROW: 0}
"""How wide the column of labels is; without one they stand above their row."""
MARGIN: Final = 12
GAP: Final = 10
LEGEND: Final = 24


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend: what is drawn (a mark's properties) and what it means."""

    mark: Mapping[str, Any]
    text: str


@dataclass(slots=True)
class Sheet:
    """A sheet under construction. `words` is how much room the right side needs for values in words."""

    look: Look
    words: float
    keys: Sequence[Key] = ()
    height: float = 0
    layers: list[Spec] = field(default_factory=list)

    @property
    def ink(self) -> Ink:
        """The colours."""
        return INKS[self.look.theme]

    @property
    def left(self) -> float:
        """Where the plot begins."""
        return MARGIN + (LABELS[self.look.width] + GAP if LABELS[self.look.width] else 0)

    @property
    def plot(self) -> float:
        """How wide the plot is."""
        return WIDTHS[self.look.width] - self.left - self.words - MARGIN

    @property
    def top(self) -> float:
        """How much stands above the plot."""
        return MARGIN + (LEGEND * len(self._legend_lines()) + 6 if self.keys else 0)

    def row(self, label: str, body: float, *, gap: float = 14) -> float:
        """Room for a row whose marks are `body` high, with its label; where the body begins."""
        ink = self.ink
        wide = LABELS[self.look.width]
        lines = wrapped(label, SIZE, wide or self.plot + self.words)
        tall = len(lines) * LINE
        start = self.height
        if wide:
            height = max(body, tall)
            middle = start + (height - tall) / 2 + LINE / 2
            self.texts([{"t": lines, "y": middle}], colour=ink.text, x=-GAP, align="right")
            self.height += height + gap
            return start + (height - body) / 2
        self.texts([{"t": lines, "y": start + LINE / 2}], colour=ink.text, x=5)
        self.height += tall + 3 + body + gap
        return start + tall + 3

    def rects(self, rows: Sequence[Spec], **mark: Any) -> None:
        """Rectangles from x to x2 (on the scale), y to y2."""
        self._add(rows, {"type": "rect", "clip": False} | mark, _encoding("x", "x2", "y", "y2"))

    def rules(self, rows: Sequence[Spec], **mark: Any) -> None:
        """Lines from (x, y) to (x2, y2)."""
        self._add(rows, {"type": "rule"} | mark, _encoding("x", "x2", "y", "y2"))

    def points(self, rows: Sequence[Spec], **mark: Any) -> None:
        """Points at x, y."""
        self._add(rows, {"type": "point", "filled": True, "opacity": 1} | mark, _encoding("x", "y"))

    def texts(
        self,
        rows: Sequence[Spec],
        *,
        colour: str,
        x: float | None = None,
        dx: float = 0,
        align: str = "left",
        **mark: Any,
    ) -> None:
        """Texts `t` at y, and at x on the scale, or all at a place `x` in pixels from the left of the plot."""
        properties = {
            "type": "text",
            "align": align,
            "baseline": "middle",
            "dx": dx,
            "color": colour,
            "fontSize": SIZE,
            "lineHeight": LINE,
            "limit": 0,
        }
        encoding = _encoding("x", "y") if x is None else {"x": {"value": x}} | _encoding("y")
        self._add(rows, properties | mark, encoding | {"text": {"field": "t", "type": "nominal"}})

    def spec(self, description: str, *, domain: tuple[float, float], axis: Mapping[str, Any] | None) -> Spec:
        """The whole chart. `axis` are Vega-Lite's properties of the axis below, None for none."""
        ink = self.ink
        height = max(self.height, 1)
        x = {
            "type": "quantitative",
            "scale": {"domain": list(domain), "nice": False, "zero": False},
            "axis": None if axis is None else _axis(ink) | dict(axis),
        }
        y = {"type": "quantitative", "scale": {"domain": [0, height], "range": [0, height]}, "axis": None}
        return {
            "$schema": SCHEMA,
            "description": description,
            "width": self.plot,
            "height": height,
            "autosize": {"type": "none"},
            "padding": {
                "left": self.left,
                "right": self.words + MARGIN,
                "top": self.top,
                "bottom": MARGIN if axis is None else 46,
            },
            "background": ink.panel,
            "layer": [_placed(layer, x, y) for layer in [*self._legend(), *self.layers]],
            "config": {"font": FONT, "view": {"stroke": None}, "aria": False},
        }

    def _add(self, rows: Sequence[Spec], mark: Spec, encoding: Spec) -> None:
        if rows:
            self.layers.append({"data": {"values": list(rows)}, "mark": mark, "encoding": encoding})

    def _legend_lines(self) -> Sequence[Sequence[tuple[float, Key]]]:
        """The keys with their places from the left, in as many lines as they need."""
        room = WIDTHS[self.look.width] - 2 * MARGIN
        lines: list[list[tuple[float, Key]]] = [[]]
        place = 0.0
        for key in self.keys:
            wide = 24 + width_of(key.text, SIZE) + 18
            if lines[-1] and place + wide > room:
                lines.append([])
                place = 0.0
            lines[-1].append((place, key))
            place += wide
        return lines

    def _legend(self) -> list[Spec]:
        layers: list[Spec] = []
        for number, line in enumerate(self._legend_lines()):
            middle = MARGIN + LEGEND * number + LEGEND / 2 - self.top
            for place, key in line:
                x = MARGIN - self.left + place
                one: Spec = {"values": [{}]}
                mark = {"x": {"value": x + 8}, "y": {"value": middle}}
                if key.mark.get("type") == "rect":
                    mark = {"x": {"value": x}, "x2": {"value": x + 16}}
                    mark |= {"y": {"value": middle - 6}, "y2": {"value": middle + 6}}
                elif key.mark.get("type") == "rule":
                    mark = {"x": {"value": x}, "x2": {"value": x + 16}, "y": {"value": middle}}
                layers.append({"data": one, "mark": dict(key.mark), "encoding": mark})
                text = {"type": "text", "align": "left", "baseline": "middle", "fontSize": SIZE, "color": self.ink.text}
                where = {"x": {"value": x + 24}, "y": {"value": middle}, "text": {"value": key.text}}
                layers.append({"data": one, "mark": text, "encoding": where})
        return layers


def _encoding(*channels: str) -> Spec:
    return {channel: {"field": channel} for channel in channels}


def _placed(layer: Spec, x: Spec, y: Spec) -> Spec:
    """The layer with the scales of the chart on its x and y."""
    encoding = dict(layer["encoding"])
    for channel, scale in (("x", x), ("y", y)):
        if "field" in encoding.get(channel, {}):
            encoding[channel] = encoding[channel] | scale
    return layer | {"encoding": encoding}


def _axis(ink: Ink) -> Spec:
    return {
        "orient": "bottom",
        "domain": False,
        "ticks": False,
        "labelPadding": 8,
        "labelFontSize": 12,
        "labelColor": ink.subtle,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titleColor": ink.subtle,
        "titlePadding": 6,
        "titleAnchor": "start",
        "gridColor": ink.grid,
        "zindex": 0,
        "labelOverlap": "greedy",
    }
