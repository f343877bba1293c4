"""Compounds are split by the words that the texts themselves hold, and nothing else is split."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.swedish.compounds import MIN_PART, CompoundSplitter
from knowledge.swedish.stems import stem

_TEXT = (
    "portfölj styrning strategi förbund kommunal medborgare information klassning projekt ledning människa rätt "
    "dataskydd data skydd förordning beställare kompetens verksamhet utveckling system arkiv gata nämnd samhälle"
)
WORDS = _TEXT.split()


@pytest.fixture
def splitter() -> CompoundSplitter:
    return CompoundSplitter([stem(word) for word in WORDS])


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("portföljstyrning", ("portfölj", "styrning")),
        ("portföljstyrningen", ("portfölj", "styrning")),
        ("kommunalförbund", ("kommunal", "förbund")),
        ("informationsklassning", ("information", "klassning")),
        ("verksamhetsutveckling", ("verksamhet", "utveckling")),
        ("beställarkompetens", ("beställare", "kompetens")),
        ("verksamhetssystemet", None),
    ],
)
def test_a_compound_of_known_words_gives_their_terms(
    splitter: CompoundSplitter, word: str, parts: tuple[str, ...] | None
) -> None:
    found = splitter.split(word)
    if parts is None:
        assert stem("verksamhet") in found
    else:
        assert found == tuple(stem(part) for part in parts)


def test_the_fewest_parts_win(splitter: CompoundSplitter) -> None:
    assert splitter.split("dataskyddsförordningen") == (stem("dataskydd"), stem("förordning"))


@pytest.mark.parametrize(
    "word",
    [
        "marknad",
        "kommunikation",
        "digitalisering",
        "stationen",
        "organisation",
        "möjligheter",
        "resultatet",
        "styrning",
    ],
)
def test_words_that_are_no_compounds_stay_whole(splitter: CompoundSplitter, word: str) -> None:
    assert splitter.split(word) == ()


@pytest.mark.parametrize("word", ["it", "data", "nis2projektet", "sml-it", "", "2024", "styrstyr"])
def test_short_words_and_words_with_other_signs_are_left_alone(splitter: CompoundSplitter, word: str) -> None:
    assert splitter.split(word) == ()


def test_without_a_vocabulary_nothing_is_split() -> None:
    assert CompoundSplitter(()).split("portföljstyrning") == ()


def test_a_word_is_split_only_where_every_part_is_known() -> None:
    assert CompoundSplitter(["portfölj"]).split("portföljstyrning") == ()
    assert CompoundSplitter(["styrning"]).split("portföljstyrning") == ()


def test_known_splits_are_not_worked_out_again() -> None:
    given_splits = {"portföljstyrning": ("något", "annat"), "kommunalförbund": ()}
    splitter = CompoundSplitter([stem(word) for word in WORDS], given_splits)
    assert splitter.split("portföljstyrning") == ("något", "annat")
    assert splitter.split("kommunalförbund") == ()


@given(st.lists(st.sampled_from([word for word in WORDS if len(word) >= MIN_PART]), min_size=2, max_size=4))
def test_any_chain_of_known_words_is_split_into_known_words(words: list[str]) -> None:
    known = {stem(word) for word in WORDS}
    found = CompoundSplitter(known).split("".join(words))
    assert len(found) != 1
    assert set(found) <= known


@given(st.text(alphabet="abdeiklmnoprstuvåäö", max_size=60))
def test_parts_are_always_known_words_whatever_the_text(word: str) -> None:
    known = {stem(each) for each in WORDS}
    assert set(CompoundSplitter(known).split(word)) <= known
