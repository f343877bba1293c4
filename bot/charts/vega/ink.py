"""The colours of the dashboard's charts, in light and in dark: those of the pictures in Teams, and a few more.

The panel is that of the pages' own cards.

Text has a contrast of at least 4.5:1 to its panel; bars, points, their outlines and lines that carry meaning have 3:1.
What two colours tell apart is told by shape, too: bars of 2024 are outlines, series of points have forms of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.charts.palette import PALETTES, Theme


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours as `#rrggbb`. `grid` carries no meaning; `faint` fills what is outlined; `series` are for points."""

    panel: str
    text: str
    subtle: str
    grid: str
    bar: str
    outline: str
    faint: str
    series: tuple[str, str, str]


def _ink(theme: Theme, *, panel: str, grid: str, outline: str, faint: str, series: tuple[str, str]) -> Ink:
    base = PALETTES[theme]
    return Ink(panel, base.text, base.subtle, grid, base.bar, outline, faint, (base.bar, *series))


INKS = {
    Theme.LIGHT: _ink(
        Theme.LIGHT,
        panel="#ffffff",
        grid="#e4e4e4",
        outline="#767676",
        faint="#f1f1f4",
        series=("#a34f00", "#0e7267"),
    ),
    Theme.DARK: _ink(
        Theme.DARK,
        panel="#1e2831",
        grid="#35414d",
        outline="#97a3ae",
        faint="#2a3540",
        series=("#f2b066", "#5cc7b7"),
    ),
}
