"""Numbers, names and cells as people read them."""

from __future__ import annotations

import random
from datetime import date

import pytest

from bot.results.model import Cell, Count, Response, State
from bot.web.dashboard import numbers
from bot.web.dashboard.order import municipalities_of, swedish
from bot.web.dashboard.voice import Voice
from tests.fakes.editions import level_cell, main_instrument
from tests.unit.web.dashboard.scenes import TEXTS

SV, EN = Voice(TEXTS, "sv"), Voice(TEXTS, "en")
THIN, FIXED, MINUS = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("value", "places", "swedish_form", "english_form"),
    [
        (1234.5, 1, f"1{THIN}234,5", "1,234.5"),
        (0.5, 0, "1", "1"),
        (2.5, 0, "3", "3"),
        (-0.2, 0, "0", "0"),
        (-3.0, 0, f"{MINUS}3", f"{MINUS}3"),
        (62.5, 0, "63", "63"),
    ],
)
def test_numbers_are_written_as_the_language_does(
    value: float, places: int, swedish_form: str, english_form: str
) -> None:
    assert numbers.number(value, "sv", places) == swedish_form
    assert numbers.number(value, "en", places) == english_form


def test_percent_and_ranges() -> None:
    assert numbers.percent(0.384, "sv") == f"38{FIXED}%"
    assert numbers.percent(0.384, "en") == "38%"
    assert numbers.printed_percent(5.5, "sv") == f"5,5{FIXED}%"
    assert numbers.span(1, 4, "sv") == "1–4"
    assert numbers.span(7, 7.2, "sv") == "7"
    assert numbers.percent_span(0.2, 0.38, "sv") == f"20–38{FIXED}%"
    assert numbers.short(2.0, "sv") == "2"
    assert numbers.short(2.5, "sv") == "2,5"


def test_names_stand_in_the_order_of_the_swedish_alphabet() -> None:
    names = ["Öckerö", "Åmål", "Ärla", "Zinkgruvan", "Alingsås", "Orust", "Ed", "Édda", "Vänersborg", "Vara"]
    random.Random(7).shuffle(names)
    wanted = ["Alingsås", "Ed", "Édda", "Orust", "Vara", "Vänersborg", "Zinkgruvan", "Åmål", "Ärla", "Öckerö"]
    assert sorted(names, key=swedish) == wanted
    titles = [each.title for each in municipalities_of(main_instrument())]
    assert titles[0] == "Bengtsfors"
    assert titles[-3:] == ["Uddevalla", "Vänersborg", "Åmål"]
    assert "SML-IT" not in titles


def test_days_and_responses() -> None:
    assert SV.day(date(2026, 3, 5)) == "5 mars 2026"
    assert EN.day(date(2026, 3, 5)) == "5 March 2026"
    assert SV.response(Response(Count(1, 4), 24)) == "1–4 av 24"
    assert SV.response(Response(Count(8, 8))) == "8"
    assert SV.municipalities(1) == "1 kommun"
    assert EN.municipalities(13) == "13 municipalities"


def test_every_number_says_what_it_rests_on() -> None:
    cell = level_cell([1, 2, 3, 2, 2, None], 6)
    assert SV.basis(cell, 3).replace(FIXED, " ") == "5 svar från 3 kommuner, vet ej 1"
    assert EN.basis(cell).replace(FIXED, " ") == "5 answers, don't know 1"
    assert SV.basis(Cell(State.SUPPRESSED)) == ""


def test_what_is_hidden_says_why_and_nothing_more() -> None:
    item = main_instrument().item("portfoljstyrning")
    assert item is not None
    assert SV.hidden(item, Cell(State.SUPPRESSED)) == "Visas inte, för få svar"
    assert SV.hidden(item, Cell(State.EMPTY)) == "Inga svar"
    alike = SV.hidden(item, Cell(State.BANDED, answered=6, band=(2, 3)))
    assert alike == "Alla svarade lika: Utvecklingsfas eller Delvis etablerad"
    assert SV.hidden(item, level_cell([1, 2, 3, 2, 2], 6)) == ""


def test_levels_have_names_and_not_numbers() -> None:
    item = main_instrument().item("portfoljstyrning")
    assert item is not None
    assert SV.level(item, 2) == "Utvecklingsfas"
    assert SV.level(item, 2.5) == "Utvecklingsfas / Delvis etablerad"
    assert SV.levels(item, 0, 3) == "Icke-existerande till Delvis etablerad"
    assert EN.level(item, 5) == "Fully established"
