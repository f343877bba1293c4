"""The dashboard's charts as specifications: what is drawn where, and that nothing is told by colour alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.charts.palette import Theme
from bot.charts.vega.contents import (
    Bar,
    BarRow,
    BarsChart,
    Dots,
    DotsChart,
    Look,
    ResponseChart,
    Taken,
    Units,
    UnitsChart,
    VegaChart,
    Width,
)
from bot.charts.vega.ink import INKS
from bot.charts.vega.measure import width_of, wrapped
from bot.charts.vega.pictures import picture_of
from bot.charts.vega.spec import key_of, size_of, spec_of
from tests.unit.web.test_contrast import luminance

BARS = BarsChart(
    "Fördelning",
    (
        BarRow("Delvis etablerad", Bar("30 %", 0.3, interval=(0.2, 0.4)), Bar("6 %", 0.06)),
        BarRow("Väl fungerande", Bar("0–2 av 36", band=(0, 0.05)), Bar("ingen uppgift")),
    ),
    "Andel",
    "2026:1",
    "2024",
)
TICKS = ((0.0, "0"), (100.0, "100"))
DOTS = DotsChart(
    "Bild", (Dots("Teknik", (40.0, 55.0), "40 och 55", (10, 90), (30, 60)),), "Index", ("IT", "Övr"), TICKS
)
RESPONSE = ResponseChart("Svar", (Taken("Åmål", 1, 4, 12, "1–4 av 12"),), "Personer", "Svarat", "Inbjudna", "Mellan")
UNITS = UnitsChart("Kommuner", (Units("Låg", 3, "3 av 14"), Units("Hög", None, "visas inte")), 14, "Här", "Övriga")
CHARTS = (BARS, DOTS, RESPONSE, UNITS)


def layers(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each for each in spec["layer"] if each["mark"]["type"] == kind]


def values(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [row for layer in layers(spec, kind) for row in layer["data"]["values"] if row]


@pytest.mark.parametrize("chart", CHARTS)
def test_a_picture_fits_a_telephone_or_a_page_and_has_a_name_of_its_own(chart: VegaChart) -> None:
    keys = set()
    for theme in Theme:
        for width in Width:
            for language in ("sv", "en"):
                spec = spec_of(chart, Look(theme, width, language))
                across, down = size_of(spec)
                assert across == (600 if width is Width.WIDE else 292)
                assert 40 < down < 700
                assert spec["width"] > 100
                assert json.loads(json.dumps(spec)) == spec
                keys.add(key_of(spec, language))
    assert len(keys) == 8
    assert picture_of(chart, Look()).key == picture_of(chart, Look()).key


def test_bars_of_2024_are_outlines_and_those_of_now_are_filled() -> None:
    spec = spec_of(BARS, Look())
    marks = [layer["mark"] for layer in layers(spec, "rect") if layer["data"]["values"] != [{}]]
    dashed = [mark for mark in marks if "strokeDash" in mark]
    assert len(dashed) == 1
    assert any("stroke" not in mark for mark in marks)
    words = [row["t"] for row in values(spec, "text") if isinstance(row.get("t"), str)]
    assert {"30 %", "6 %", "0–2 av 36", "ingen uppgift"} <= set(words)


def test_a_band_is_drawn_from_its_lowest_to_its_highest_and_never_as_a_number() -> None:
    rects = values(spec_of(BARS, Look()), "rect")
    assert {(0, 0.05)} <= {(row["x"], row["x2"]) for row in rects}
    ends = {row["x2"] for row in rects}
    assert ends == {0.3, 0.06, 0.05}


def test_no_percent_stands_along_bars_that_are_told_as_numbers() -> None:
    few = BarsChart("d", (BarRow("a", Bar("3 av 10", 0.3)),), "Längden", "2026:1", shares=False)
    [axis] = {json.dumps(each["encoding"]["x"]["axis"]) for each in layers(spec_of(few, Look()), "rect")}
    assert json.loads(axis)["labels"] is False
    [axis] = {json.dumps(each["encoding"]["x"].get("axis")) for each in layers(spec_of(BARS, Look()), "rect")[2:]}
    assert "labels" not in json.loads(axis)


def test_what_lines_over_bars_mean_is_said_where_there_are_any() -> None:
    told = replace(BARS, sure="Osäkerhet")
    assert "Osäkerhet" in json.dumps(spec_of(told, Look()), ensure_ascii=False)
    without = replace(told, rows=(BarRow("a", Bar("3 %", 0.03)),))
    assert "Osäkerhet" not in json.dumps(spec_of(without, Look()), ensure_ascii=False)


def test_every_series_of_points_has_a_form_of_its_own() -> None:
    shapes = [layer["mark"]["shape"] for layer in layers(spec_of(DOTS, Look()), "point") if layer["data"]["values"][0]]
    assert sorted(shapes) == ["circle", "diamond"]
    arrows = spec_of(DotsChart("d", DOTS.rows, "Index", ("förr", "nu"), TICKS, arrows=True), Look())
    fills = {layer["mark"]["fill"] for layer in layers(arrows, "point")}
    assert len(fills) == 2


def test_what_has_no_value_has_no_point() -> None:
    chart = DotsChart("d", (Dots("Teknik", (None, 55.0)),), "Index", ("IT", "Övr"), TICKS)
    points = values(spec_of(chart, Look()), "point")
    assert [point["x"] for point in points] == [55.0]


def test_squares_are_as_many_as_there_are_municipalities_and_none_where_that_is_hidden() -> None:
    squares = values(spec_of(UNITS, Look()), "rect")
    assert len(squares) == 14
    assert len({square["y"] for square in squares}) == 1


def test_a_range_of_answers_is_told_apart_from_a_number() -> None:
    marks = [layer["mark"] for layer in layers(spec_of(RESPONSE, Look()), "rect") if layer["data"]["values"] != [{}]]
    assert ["strokeDash" in mark for mark in marks] == [False, True, False]


def test_labels_stay_whole_in_a_column_and_hostile_ones_stay_words() -> None:
    assert wrapped("Informationssäkerhetsråd", 13, 100)[0].endswith("-")
    assert wrapped("ett två tre fyra fem", 13, 40, 2)[-1].endswith("…")
    assert all(width_of(line, 13) <= 120 for line in wrapped("Bristande samarbete mellan verksamheter", 13, 120))
    assert list(wrapped("", 13, 50)) == [""]
    hostile = "datum.x'];alert(1)//\n</text><script>"
    spec = spec_of(BarsChart("d", (BarRow(hostile, Bar("1", 0.1)),), "a", "b"), Look())
    assert "expr" not in json.dumps(spec)


@pytest.mark.parametrize("theme", Theme)
def test_colours_have_the_contrast_that_their_meaning_needs(theme: Theme) -> None:
    ink = INKS[theme]
    for colour in (ink.text, ink.subtle):
        assert contrast(colour, ink.panel) >= 4.5
    for colour in (ink.bar, ink.outline, *ink.series):
        assert contrast(colour, ink.panel) >= 3


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 computes it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
