"""The process in which pictures are drawn: `python -m bot.charts.worker`.

One chart comes as JSON on standard input; its pictures go, one a theme, to the original standard output. What
matplotlib costs in memory, and the time in which it lets nothing else run, is spent here and not in the service.
"""

from __future__ import annotations

import os
import sys

from bot.charts.drawing import draw
from bot.charts.palette import PALETTES
from bot.charts.process import CHART, PICTURES
from bot.charts.reliability import ReliabilityChart
from bot.charts.reliability_drawing import draw_reliability


def main() -> int:
    """Draw one chart in every theme."""
    answer = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not get into the answer
    chart = CHART.validate_json(sys.stdin.buffer.read())
    if isinstance(chart, ReliabilityChart):
        drawn = {theme: draw_reliability(chart, palette) for theme, palette in PALETTES.items()}
    else:
        drawn = {theme: draw(chart, palette) for theme, palette in PALETTES.items()}
    with os.fdopen(answer, "wb") as out:
        out.write(PICTURES.dump_json(drawn))
    return 0


if __name__ == "__main__":
    sys.exit(main())
