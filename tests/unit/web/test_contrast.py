"""The colours of the pages can be told apart, by day and by night: WCAG 2.1, 1.4.3 and 1.4.11."""

from __future__ import annotations

import re

import pytest

from bot.web.assets import STATIC

SHEET = (STATIC / "fyren.css").read_text(encoding="utf-8")
TEXT, BOUND = 4.5, 3.0
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "quiet", "sea", "beam", "alarm") for ground in ("paper", "panel")),
    ("on-sea", "sea", TEXT),
    ("edge", "paper", BOUND),
    ("edge", "panel", BOUND),
    ("sea", "paper", BOUND),
]


def palettes() -> dict[str, dict[str, str]]:
    blocks = re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL)
    found = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks]
    return dict(zip(("light", "dark", "print"), found, strict=True))


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, after WCAG 2.1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", palettes())
def test_every_pair_of_colours_has_its_contrast(theme: str) -> None:
    colours = palettes()[theme]
    for one, other, least in PAIRS:
        dark, light = sorted((luminance(colours[one]), luminance(colours[other])))
        assert (light + 0.05) / (dark + 0.05) >= least, f"{one} on {other}"
