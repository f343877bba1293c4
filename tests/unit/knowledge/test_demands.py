"""What an answer must hold besides being about the right thing."""

from __future__ import annotations

import pytest

from knowledge import demands
from knowledge.concepts import concepts
from knowledge.question import understand
from tests.fakes.knowledge import WordList, small_library


def focus(text: str, *context: str) -> set[str]:
    question = understand(text, context)
    return {concept.surface for concept in demands.focus(question, concepts(question, small_library(), WordList()))}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Hur många invånare har Tanum?", "invånare"),
        ("Vilket märke har låsen i Orust?", "märke"),
        ("vilka utmaningar finns", "utmaningar"),
    ],
)
def test_what_follows_the_question_word_is_asked_for(text: str, asked: str) -> None:
    found = focus(text)
    assert asked in found
    assert not {"tanum", "låsen", "orust"} & found


@pytest.mark.parametrize("text", ["portföljstyrning", "Varför är det så?", "När gäller lagen?", ""])
def test_other_questions_ask_for_nothing_in_particular(text: str) -> None:
    assert focus(text) == set()


def test_a_follow_up_asks_for_nothing_in_particular() -> None:
    assert focus("och projektstyrning då?", "hur många har väl fungerande portföljstyrning") == set()


@pytest.mark.parametrize(
    ("text", "place", "lacks"),
    [
        ("Hur går det i Tanum?", "Det går bra i Tanum.", set()),
        ("Hur går det i Tanum?", "Det går bra i Orust.", {"tanum"}),
        ("Hur gick det i Tanum 2020?", "Det gick bra 2021.", {"tanum", "2020"}),
        ("Vad gör Skatteverket?", "Det gör Skatteverkets personal.", set()),
        ("Vad säger 2024/1689?", "Ingenting.", set()),
        ("Vilken kommun är bäst?", "Det går bra.", {"kommun"}),
        ("Vilken kommun är bäst?", "Det går bra i Åmål.", set()),
    ],
)
def test_names_places_and_years_that_a_place_does_not_hold_are_missing(text: str, place: str, lacks: set[str]) -> None:
    assert set(demands.demands_of(understand(text)).missing(place, place)) == lacks
