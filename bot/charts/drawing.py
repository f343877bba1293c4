"""Draws a chart as a PNG with matplotlib. Only the worker imports this module, so the service never loads matplotlib.

Everything is laid out by hand in one coordinate system: a unit is a CSS pixel of a card about 430 wide, y grows
downwards, and the picture has about two device pixels a unit. No state outlives a drawing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch, Rectangle

from bot.charts.chart import Chart, ChartBar
from bot.charts.palette import Palette

WIDTH = 430.0
MOST_PIXELS = 1000
"""Teams shows pictures of at most 1024 by 1024 pixels and 1 MB."""
PAD = 16.0
GAP = 10.0
BAR = 18.0
LABELS, LONG_WORDS = 0.44, 0.6
"""The most that labels take of the width; the second where a word of theirs would have to be broken otherwise."""
LINES = 3
"""Lines of a label; what is longer is cut, and stands whole beside the picture."""

_FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: size and line height in units."""

    size: float
    line: float
    bold: bool = False

    @property
    def font(self) -> FontProperties:
        """The font that comes with matplotlib, so that pictures look alike on every machine."""
        return FontProperties(fname=_FONTS / ("DejaVuSans-Bold.ttf" if self.bold else "DejaVuSans.ttf"), size=self.size)


HEADLINE = Style(16, 21, bold=True)
UNIT = Style(13, 18)
LABEL = Style(13.5, 17)
SHARE = Style(13.5, 17, bold=True)
UNSTATED = Style(12.5, 17)
FOOT = Style(11.5, 16)


@dataclass(frozen=True, slots=True)
class _Row:
    bar: ChartBar
    label: Sequence[str]
    top: float
    height: float


def draw(chart: Chart, palette: Palette) -> bytes:
    """The picture as PNG, smaller than Teams' limits."""
    ruler = _Ruler()
    inner = WIDTH - 2 * PAD
    headline = ruler.wrapped(chart.headline, HEADLINE, inner, LINES)
    unit = ruler.wrapped(chart.unit, UNIT, inner, LINES)
    notes = [line for note in chart.notes for line in ruler.wrapped(note, FOOT, inner, LINES)]
    source = ruler.wrapped(chart.source, FOOT, inner, LINES)
    column = _column(chart.bars, ruler, inner)
    body = PAD + len(headline) * HEADLINE.line + 2 + len(unit) * UNIT.line + GAP
    rows = list(_rows(chart.bars, ruler, column, body))
    foot = rows[-1].top + rows[-1].height + GAP
    height = foot + (len(notes) + len(source)) * FOOT.line + PAD - 2
    canvas, axes = _page(height, palette)
    _lines(axes, headline, HEADLINE, PAD, PAD, palette.text)
    _lines(axes, unit, UNIT, PAD, PAD + len(headline) * HEADLINE.line + 2, palette.subtle)
    _bars(axes, rows, PAD + column + GAP, ruler, palette)
    _lines(axes, notes, FOOT, PAD, foot, palette.text)
    _lines(axes, source, FOOT, PAD, foot + len(notes) * FOOT.line, palette.subtle)
    png = io.BytesIO()
    canvas.figure.savefig(png, format="png", metadata={"Software": None})  # alike, whichever version drew it
    return png.getvalue()


def _column(bars: Sequence[ChartBar], ruler: _Ruler, inner: float) -> float:
    """How wide the labels are; what stands instead of a bar still fits beside them."""
    labels = [bar.label for bar in bars]
    beside = max((ruler.width(bar.share, UNSTATED) for bar in bars if bar.percent is None), default=0.0)
    longest = max(ruler.width(label, LABEL) for label in labels)
    word = max(ruler.width(word, LABEL) for label in labels for word in label.split() or [""])
    return min(longest, max(inner * LABELS, min(word, inner * LONG_WORDS, inner - GAP - 8 - beside))) + 1


def _rows(bars: Sequence[ChartBar], ruler: _Ruler, column: float, top: float) -> Iterator[_Row]:
    for bar in bars:
        label = ruler.wrapped(bar.label, LABEL, column, LINES)
        height = max(len(label) * LABEL.line, BAR) + GAP
        yield _Row(bar, label, top, height)
        top += height


def _page(height: float, palette: Palette) -> tuple[FigureCanvasAgg, Axes]:
    scale = MOST_PIXELS / max(WIDTH, height)
    figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72 * scale, facecolor="none")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    frame = FancyBboxPatch(
        (1, 1),
        WIDTH - 2,
        height - 2,
        boxstyle="round,pad=0,rounding_size=6",
        facecolor=palette.panel,
        edgecolor=palette.edge,
        linewidth=1,
    )
    axes.add_patch(frame)
    return canvas, axes


def _bars(axes: Axes, rows: Sequence[_Row], left: float, ruler: _Ruler, palette: Palette) -> None:
    known = [row.bar for row in rows if row.bar.percent is not None]
    ends = [max(bar.percent or 0.0, bar.corrected or 0.0) for bar in known]
    # The width stands for the next whole ten percent, and a bar of that length leaves room for its share.
    whole = max(10.0, ceil(max(ends, default=0.0) / 10) * 10.0)
    room = WIDTH - PAD - left - max((ruler.width(bar.share, SHARE) for bar in known), default=0.0) - 8
    for row in rows:
        _lines(axes, row.label, LABEL, PAD, _centred(row, len(row.label) * LABEL.line), palette.text)
        _bar(axes, row, left, room / whole, palette)
    top, bottom = rows[0].top, rows[-1].top + rows[-1].height
    axes.add_patch(Rectangle((left - 0.5, top), 1, bottom - top, facecolor=palette.subtle, edgecolor="none"))


def _bar(axes: Axes, row: _Row, left: float, units_a_percent: float, palette: Palette) -> None:
    bar = row.bar
    middle = _centred(row, SHARE.line)
    if bar.percent is None:
        _lines(axes, [bar.share], UNSTATED, left + 8, middle, palette.subtle)
        return
    length = bar.percent * units_a_percent
    top = _centred(row, BAR)
    axes.add_patch(Rectangle((left, top), length, BAR, facecolor=palette.bar, edgecolor="none"))
    if bar.corrected is not None:
        corrected = bar.corrected * units_a_percent
        outline = Rectangle(
            (left, top), corrected, BAR, fill=False, edgecolor=palette.bar, linewidth=1.4, linestyle=(0, (3, 2))
        )
        axes.add_patch(outline)
        length = max(length, corrected)
    _lines(axes, [bar.share], SHARE, left + length + 7, middle, palette.text)


def _centred(row: _Row, height: float) -> float:
    return row.top + (row.height - height) / 2


def _lines(axes: Axes, lines: Sequence[str], style: Style, left: float, top: float, colour: str) -> None:
    for number, line in enumerate(lines):
        baseline = top + number * style.line + (style.line + style.size * 0.72) / 2
        # Labels are a source's own words: a dollar sign in them starts no formula.
        axes.text(left, baseline, line, color=colour, fontproperties=style.font, va="baseline", parse_math=False)


class _Ruler:
    """Measures texts, and breaks them into lines."""

    SHARPNESS = 2.0

    def __init__(self) -> None:
        canvas = FigureCanvasAgg(Figure(figsize=(1, 1), dpi=72 * self.SHARPNESS))
        self._renderer: RendererAgg = canvas.get_renderer()  # type: ignore[no-untyped-call]  # matplotlib's gap

    def width(self, text: str, style: Style) -> float:
        """In units."""
        measure = self._renderer.get_text_width_height_descent
        wide, _, _ = measure(text, style.font, False)  # type: ignore[no-untyped-call]  # the same
        return float(wide) / self.SHARPNESS

    def wrapped(self, text: str, style: Style, width: float, most: int) -> list[str]:
        """At most `most` lines no wider than `width`, broken between words where that is possible."""
        lines: list[str] = []
        rest = " ".join(text.split())
        while rest:
            line = self._first_line(rest, style, width)
            rest = rest[len(line) :].lstrip()
            if rest and len(lines) == most - 1:
                return [*lines, self._cut(line, style, width)]
            lines.append(line)
        return lines

    def _first_line(self, text: str, style: Style, width: float) -> str:
        line, *words = text.split(" ")
        for word in words:
            if self.width(f"{line} {word}", style) > width:
                break
            line = f"{line} {word}"
        return self._beginning(line, style, width)

    def _beginning(self, line: str, style: Style, width: float) -> str:
        """The line, or as many letters of it as fit, and at least one."""
        if self.width(line, style) <= width:
            return line
        end = 1
        while end < len(line) and self.width(line[: end + 1], style) <= width:
            end += 1
        return line[:end]

    def _cut(self, line: str, style: Style, width: float) -> str:
        room = width - self.width("…", style)
        return f"{self._beginning(line, style, room).rstrip()}…"
