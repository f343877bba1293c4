"""Draws a reliability plot as a PNG with matplotlib; like the drawing of figures it is loaded by the worker alone.

Above, how often there was an answer against how sure the program was of one; below, how many questions each bin holds.
What the colours tell apart is told by shape too: the diagonal is dashed, the bins are dots on a line.
"""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import PercentFormatter

from bot.charts.palette import Palette
from bot.charts.reliability import ReliabilityChart

INCHES = (6.0, 6.6)
DPI = 150
SIZE = 9.5
NARROW = 0.04
"""Bins below this width hold no number; the table beside the plot has them all."""
_FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def draw_reliability(chart: ReliabilityChart, palette: Palette) -> bytes:
    """The plot as PNG."""
    figure = Figure(figsize=INCHES, dpi=DPI, facecolor=palette.panel)
    FigureCanvasAgg(figure)
    upper = figure.add_axes((0.14, 0.34, 0.81, 0.55))
    lower = figure.add_axes((0.14, 0.11, 0.81, 0.15), sharex=upper)
    # Words are a catalogue's own: a dollar sign in them starts no formula.
    figure.text(0.14, 0.955, chart.headline, color=palette.text, fontproperties=_font(13, bold=True), parse_math=False)
    figure.text(0.14, 0.92, chart.note, color=palette.subtle, fontproperties=_font(SIZE), parse_math=False)
    _calibration(upper, chart, palette)
    _counts(lower, chart, palette)
    png = io.BytesIO()
    figure.savefig(png, format="png", metadata={"Software": None})  # alike, whichever version drew it
    return png.getvalue()


def _calibration(axes: Axes, chart: ReliabilityChart, palette: Palette) -> None:
    axes.plot([0, 1], [0, 1], color=palette.subtle, linewidth=1, linestyle=(0, (4, 3)), label=chart.ideal)
    across = [point.confidence for point in chart.points]
    up = [point.answerable for point in chart.points]
    axes.plot(across, up, color=palette.bar, linewidth=1.6, marker="o", markersize=6, clip_on=False, zorder=3)
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol="\N{NO-BREAK SPACE}%"))
    axes.set_ylabel(chart.up, color=palette.text, fontproperties=_font(SIZE), labelpad=8, parse_math=False)
    legend = axes.legend(loc="upper left", frameon=False, prop=_font(SIZE), labelcolor=palette.text)
    legend.set_in_layout(False)
    _framed(axes, palette)
    axes.tick_params(axis="x", labelbottom=False)


def _counts(axes: Axes, chart: ReliabilityChart, palette: Palette) -> None:
    most = max(point.count for point in chart.points)
    for point in chart.points:
        # Bins of equal count may be narrow; what is there must show.
        width = max(point.high - point.low, 0.012)
        axes.bar(point.low, point.count, width=width * 0.92, align="edge", color=palette.bar)
        if width < NARROW:
            continue
        axes.text(
            point.low + width * 0.46,
            point.count + most * 0.04,
            str(point.count),
            ha="center",
            va="bottom",
            color=palette.text,
            fontproperties=_font(8),
        )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, most * 1.3)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, symbol="\N{NO-BREAK SPACE}%"))
    axes.set_xlabel(chart.across, color=palette.text, fontproperties=_font(SIZE), labelpad=6, parse_math=False)
    axes.set_ylabel(chart.many, color=palette.text, fontproperties=_font(SIZE), labelpad=8, parse_math=False)
    _framed(axes, palette)
    axes.set_yticks([])


def _framed(axes: Axes, palette: Palette) -> None:
    axes.set_facecolor(palette.panel)
    axes.grid(color=palette.edge, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(colors=palette.subtle, length=0, pad=6)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(palette.subtle)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(_font(SIZE))


def _font(size: float, *, bold: bool = False) -> FontProperties:
    """The font that comes with matplotlib, so that pictures look alike on every machine."""
    return FontProperties(fname=_FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"), size=size)
