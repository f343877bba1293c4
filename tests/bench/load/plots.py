"""The pictures of the benchmark report: SVG, alike from run to run where the figures are."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from bot.charts.palette import PALETTES, Theme

Json = Mapping[str, Any]
COLOURS = PALETTES[Theme.LIGHT]
SECOND = "#b35900"
"""A colour that is told from the first by its lightness, too."""


def waits(runs: Sequence[Json], stream: str) -> bytes:
    """Percentiles over time, a panel for each run; a kill is a line."""
    with _drawn(len(runs)) as (panels, svg):
        for axes, run in zip(panels, runs, strict=True):
            windows = run["over_time"].get(stream, [])
            at = [each["at"] for each in windows]
            for share, style in (("p99_ms", ":"), ("p95_ms", "-"), ("p50_ms", "--")):
                colour = COLOURS.bar if share == "p95_ms" else COLOURS.subtle
                axes.plot(at, [each[share] for each in windows], style, color=colour, label=share.removesuffix("_ms"))
            for each in run["events"]:
                axes.axvline(each["at"], color=SECOND, linewidth=1)
                axes.annotate(each["what"], (each["at"], 0), xytext=(2, 3), textcoords="offset points", rotation=90)
            _finish(axes, f"{run['name']}: milliseconds until the reply", "seconds")
        return svg()


def ramp(run: Json) -> bytes:
    """What was offered beside what was answered and put off, and how long the answered waited."""
    streams = list(run["streams"].values())
    offered = [each["offered"] for each in streams]
    with _drawn(2) as (panels, svg):
        left, right = panels
        left.plot(offered, offered, color=COLOURS.subtle, linewidth=1, linestyle="--", label="offered")
        left.plot(offered, [each["throughput"] for each in streams], "o-", color=COLOURS.bar, label="answered")
        refused = [each["offered"] * each["refused"] / max(1, each["due"]) for each in streams]
        left.plot(offered, refused, "s:", color=SECOND, label="asked to try again")
        _finish(left, "L03: turns a second", "offered, turns a second")
        for share, style in (("p95_ms", "o-"), ("p50_ms", "s--")):
            values = [each[share] if each[share] is not None else float("nan") for each in streams]
            colour = COLOURS.bar if share == "p95_ms" else COLOURS.subtle
            right.plot(offered, values, style, color=colour, label=share.removesuffix("_ms"))
        _finish(right, "L03: milliseconds until the reply", "offered, turns a second")
        return svg()


def soak(run: Json) -> bytes:
    """Memory, and open files and threads, over the whole run."""
    samples = [each for each in run["samples"] if each["at"] >= 0]
    minutes = [each["at"] / 60 for each in samples]
    with _drawn(2) as (panels, svg):
        left, right = panels
        left.plot(minutes, [sum(each["rss_mb"]) for each in samples], color=COLOURS.bar, label="memory")
        left.plot(minutes, [each["wal_mb"] for each in samples], ":", color=SECOND, label="write-ahead log")
        _finish(left, "L04: megabytes", "minutes")
        right.plot(minutes, [sum(each["files"]) for each in samples], color=COLOURS.bar, label="open files")
        right.plot(minutes, [sum(each["threads"]) for each in samples], "--", color=SECOND, label="threads")
        _finish(right, "L04: open files and threads", "minutes")
        return svg()


@contextmanager
def _drawn(panels: int) -> Iterator[tuple[Sequence[Axes], Callable[[], bytes]]]:
    # Without these, two runs of the same figures would differ by ids and by a date.
    with mpl.rc_context({"svg.hashsalt": "fyren", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(4.8 * panels, 3.2), facecolor=COLOURS.panel, layout="constrained")
        FigureCanvasSVG(figure)
        axes: Iterable[Axes] = figure.subplots(1, panels, squeeze=False)[0]

        def svg() -> bytes:
            made = io.BytesIO()
            figure.savefig(made, format="svg", metadata={"Date": None, "Creator": None})
            # Its lines end in spaces.
            return b"\n".join(line.rstrip() for line in made.getvalue().splitlines()) + b"\n"

        yield list(axes), svg


def _finish(axes: Axes, title: str, across: str) -> None:
    axes.set_title(title, loc="left", color=COLOURS.text)
    axes.set_xlabel(across, color=COLOURS.subtle)
    axes.set_ylim(bottom=0)
    axes.set_xlim(left=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
