"""Pictures that Teams takes, that can be read in both themes, and that hold any figure without breaking."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

import knowledge
from bot.charts.chart import MOST_BARS, Chart, ChartBar, chart_of
from bot.charts.drawing import draw
from bot.charts.palette import PALETTES, Palette, Theme
from bot.charts.store import intact
from bot.conversation.texts import LANGUAGES, Texts
from knowledge.survey.loading import load
from tests.fakes.figures import FIGURE

TEXTS = Texts.load()
SURVEY = Path(knowledge.__file__).parent / "library" / "enkat-2024.yaml"
MOST_PIXELS, MOST_BYTES = 1024, 1_000_000
ODD = {
    "one bar": Chart("F", "U", (ChartBar("Ja", "100 %", 100.0),)),
    "no number at all": Chart("F", "U", (ChartBar("Ja", "anges inte", None), ChartBar("Nej", "anges inte", None))),
    "nothing but zero": Chart("F", "U", (ChartBar("Ja", "0 %", 0.0), ChartBar("Nej", "0 %", 0.0))),
    "an empty label": Chart("F", "U", (ChartBar("", "5 %", 5.0),)),
    "long labels": Chart("F " * 200, "U " * 200, (ChartBar("mycket långa ord " * 40, "5 %", 5.0),) * 9),
    "one long word": Chart("F", "U", (ChartBar("informationssäkerhetssamordnare" * 9, "5 %", 5.0),)),
    "as many bars as there may be": Chart("F", "U", tuple(ChartBar(f"Val {n}", "4 %", 4.0) for n in range(MOST_BARS))),
    "signs that mean something elsewhere": Chart("$x^2$ \\frac", "%s {a}", (ChartBar("$5 & <b> 💡", "5 %", 5.0),)),
    "more than everything": Chart("F", "U", (ChartBar("Ja", "140 %", 140.0, 160.0),)),
}


def size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", png, 16)
    return width, height


def test_every_figure_of_the_survey_can_be_drawn_within_teams_limits() -> None:
    figures = [item.figure for item in load(SURVEY).items if item.figure is not None]
    assert len(figures) > 15
    for number, figure in enumerate(figures):
        language = LANGUAGES[number % 2]
        png = draw(chart_of(figure, TEXTS, language), PALETTES[list(Theme)[number % 3 % 2]])
        assert intact(png), figure.id
        assert max(size(png)) <= MOST_PIXELS, figure.id
        assert len(png) < MOST_BYTES, figure.id


@pytest.mark.filterwarnings("ignore:Glyph .* missing from font")
@pytest.mark.parametrize("chart", ODD.values(), ids=ODD)
def test_odd_figures_are_drawn_too(chart: Chart) -> None:
    png = draw(chart, PALETTES[Theme.LIGHT])
    assert intact(png)
    assert max(size(png)) <= MOST_PIXELS


def test_the_same_chart_gives_the_same_picture_and_each_theme_its_own() -> None:
    chart = chart_of(FIGURE, TEXTS, "sv")
    light, dark = (draw(chart, PALETTES[theme]) for theme in (Theme.LIGHT, Theme.DARK))
    assert light == draw(chart, PALETTES[Theme.LIGHT])
    assert light != dark


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_text_and_bars_have_the_contrast_that_wcag_asks_for(palette: Palette) -> None:
    assert contrast(palette.text, palette.panel) >= 4.5
    assert contrast(palette.subtle, palette.panel) >= 4.5
    assert contrast(palette.bar, palette.panel) >= 3.0


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
