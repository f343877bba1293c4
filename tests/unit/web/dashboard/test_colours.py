"""The numbers in the map of municipalities can be read on every shade, by day and by night, and shades told apart."""

from __future__ import annotations

import re

import pytest

from bot.charts.palette import Theme
from bot.charts.vega.ink import INKS
from bot.web.assets import STATIC
from bot.web.dashboard.heat_map import SHADES
from tests.unit.charts.test_vega_specs import contrast
from tests.unit.web.test_contrast import luminance

SHEET = (STATIC / "results.css").read_text(encoding="utf-8")
THEMES = dict(zip(Theme, re.findall(r":root \{(.*?)\}", SHEET, re.DOTALL), strict=False))


def colours(theme: Theme) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", THEMES[theme]))


@pytest.mark.parametrize("theme", Theme)
def test_numbers_on_shades_have_the_contrast_of_text_and_shades_go_one_way(theme: Theme) -> None:
    known = colours(theme)
    inks = dict(re.findall(r"\.heat-(\d) \{ background: var\(--heat-\d\); color: var\(--([\w-]+)\)", SHEET))
    assert len(inks) == SHADES
    for shade, ink in inks.items():
        assert contrast(known[f"heat-{shade}"], known[ink]) >= 4.5, f"{ink} on shade {shade}"
    steps = [luminance(known[f"heat-{shade}"]) for shade in range(SHADES)]
    assert steps == sorted(steps, reverse=theme is Theme.LIGHT)


@pytest.mark.parametrize("theme", Theme)
def test_charts_stand_on_the_colour_of_the_pages_cards(theme: Theme) -> None:
    assert colours(theme)["card"] == INKS[theme].panel
