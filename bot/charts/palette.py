"""The colours of a picture, for light and for dark surroundings.

Text has a contrast of at least 4.5:1 to its panel and bars of at least 3:1, as WCAG 2.2 AA asks. The panel is opaque,
so that this holds wherever the picture is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Theme(StrEnum):
    """The surroundings that a picture is drawn for."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as `#rrggbb`. `edge` frames the panel, and nothing is told by it alone."""

    panel: str
    edge: str
    text: str
    subtle: str
    bar: str


PALETTES = {
    Theme.LIGHT: Palette(panel="#ffffff", edge="#d1d1d1", text="#242424", subtle="#5c5c5c", bar="#4f52b2"),
    Theme.DARK: Palette(panel="#292929", edge="#4d4d4d", text="#ffffff", subtle="#c4c4c4", bar="#9299f7"),
}
