"""The reliability plot: a picture in both themes, whatever the bins are."""

from __future__ import annotations

import struct

import pytest

from bot.charts.palette import PALETTES, Theme
from bot.charts.reliability import ReliabilityChart, ReliabilityPoint
from bot.charts.reliability_drawing import draw_reliability
from bot.charts.store import intact

WORDS = ("Sannolikhet och utfall", "$450 frågor", "Sannolikhet", "Andel", "om den stämde", "Frågor")
TEN = tuple(ReliabilityPoint(n / 10, (n + 1) / 10, n, n / 10 + 0.05, n / 10) for n in range(1, 10))


@pytest.mark.parametrize(
    "points",
    [TEN, TEN[:1], (ReliabilityPoint(0.5, 0.5, 1, 0.5, 1.0),), (ReliabilityPoint(0.0, 1.0, 99999, 1.0, 0.0),)],
    ids=["ten bins", "one bin", "a bin without width", "everything wrong"],
)
def test_any_bins_can_be_drawn(points: tuple[ReliabilityPoint, ...]) -> None:
    png = draw_reliability(ReliabilityChart(*WORDS, points), PALETTES[Theme.LIGHT])
    assert intact(png)
    assert struct.unpack_from(">II", png, 16) == (900, 990)
    assert len(png) < 300_000


def test_the_same_plot_gives_the_same_picture_and_each_theme_its_own() -> None:
    chart = ReliabilityChart(*WORDS, TEN)
    light, dark = (draw_reliability(chart, PALETTES[theme]) for theme in (Theme.LIGHT, Theme.DARK))
    assert light == draw_reliability(chart, PALETTES[Theme.LIGHT])
    assert light != dark
