"""A misspelt word finds its neighbour; short words, other words and correct words are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.swedish.spelling import LONG, MIN_LENGTH, corrections

VOCABULARY = ["data", "digitaliser", "handlingsplan", "koll", "kommun", "portfölj", "roll", "styrning", "säkerhet"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("porfölj", "portfölj"),  # a letter lost
        ("portffölj", "portfölj"),  # a letter doubled
        ("protfölj", "portfölj"),  # two swapped
        ("portfolj", "portfölj"),  # a keyboard without ö
        ("komun", "kommun"),
        ("stynring", "styrning"),
        ("handlnigspaln", "handlingsplan"),  # two slips in a long word
    ],
)
def test_one_slip_is_forgiven_and_two_in_a_long_word(typed: str, meant: str) -> None:
    assert corrections(typed, VOCABULARY) == (meant,)


@pytest.mark.parametrize("word", ["dato", "kol", "rol", "nis", "it", "x", ""])
def test_short_words_are_never_corrected(word: str) -> None:
    assert len(word) < MIN_LENGTH
    assert corrections(word, VOCABULARY) == ()


@pytest.mark.parametrize("word", ["nis22", "17000", "sml-itt", "2024/1688"])
def test_names_with_digits_or_signs_are_never_corrected(word: str) -> None:
    assert corrections(word, ["nis2", "nis23", "sml-it", "17001", "2024/1689"]) == ()


def test_two_errors_in_a_short_word_are_too_many() -> None:
    assert len("konmnu") < LONG
    assert corrections("konmnu", VOCABULARY) == ()


def test_another_first_letter_needs_the_rest_to_agree() -> None:
    assert corrections("jommun", VOCABULARY) == ("kommun",)
    assert corrections("jandlnigsplan", VOCABULARY) == ()


def test_the_nearest_words_come_first_and_farther_ones_are_left_out() -> None:
    assert corrections("handlingsplam", ["handlingsplan", "handlingsplats"]) == ("handlingsplan",)


def test_no_more_than_asked_for() -> None:
    assert len(corrections("testa", ["testb", "testc", "testd", "teste", "testf"], limit=2)) == 2


@given(st.text(max_size=20), st.lists(st.text(min_size=1, max_size=12), max_size=10))
def test_a_correction_is_always_a_word_of_the_vocabulary(word: str, vocabulary: list[str]) -> None:
    assert set(corrections(word, vocabulary)) <= set(vocabulary)
