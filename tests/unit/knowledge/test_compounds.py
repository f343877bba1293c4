"""Compounds are split by the words that the texts themselves hold, and nothing else is split."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge.swedish.compounds import MIN_PART, CompoundSplitter
from knowledge.swedish.lexicon import load_lexicon
from knowledge.swedish.stems import stem
from knowledge.swedish.steps import ALL, Step

GOLD: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "compounds.yaml").read_text(encoding="utf-8")
)

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


@pytest.fixture(scope="module")
def informed() -> CompoundSplitter:
    """A splitter that knows the dictionary, and few words of texts."""
    return CompoundSplitter(sorted({stem(word) for word in WORDS}), lexicon=load_lexicon())


def cuts(word: str, parts: Iterable[str]) -> set[int]:
    """Where the parts after the first one begin; raises AssertionError where they do not make up the word."""
    found: set[int] = set()
    end = 0
    for part in parts:
        start = end if word.startswith(part, end) else end - 1
        assert word.startswith(part, start)
        found.add(start)
        end = start + len(part)
    assert end == len(word)
    return found - {0}


@pytest.mark.parametrize(("half", "least"), [("development", 0.93), ("held_back", 0.92)])
def test_compounds_of_administration_are_split_as_a_reader_splits_them(
    informed: CompoundSplitter, half: str, least: float
) -> None:
    right = split = compounds = 0
    proposed = 0
    for entry in GOLD[half]:
        word = entry.replace("|", "")
        gold = cuts(word, entry.split("|"))
        pieces = [piece.text for piece in informed.pieces(word)]
        found = cuts(word, pieces) if pieces else set()
        correct = found <= gold and bool(found) == bool(gold)
        right += correct
        compounds += bool(gold)
        proposed += bool(found)
        split += bool(found) and correct
    assert right / len(GOLD[half]) >= least
    assert split / proposed >= 0.97
    assert split / compounds >= 0.88


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("cybersäkerhetslagen", ("cyber", "säkerhet", "lag")),
        ("säkerhetsklassning", ("säkerhet", "klassning")),
        ("topprestation", ("topp", "prestation")),
        ("kommunfullmäktige", ("kommun", "fullmäktige")),
    ],
)
def test_the_dictionary_knows_parts_that_no_text_holds(
    informed: CompoundSplitter, word: str, parts: tuple[str, ...]
) -> None:
    assert [piece.term for piece in informed.pieces(word)] == [stem(part) for part in parts]


def test_a_letter_is_written_less_where_three_equal_ones_meet(informed: CompoundSplitter) -> None:
    assert [piece.text for piece in informed.pieces("tullagstiftning")] == ["tull", "lagstiftning"]


def test_a_part_that_texts_hold_goes_before_smaller_ones() -> None:
    lexicon = load_lexicon()
    assert len(CompoundSplitter((), lexicon=lexicon).pieces("dataskyddsförordningen")) == 3
    held = CompoundSplitter([stem("dataskydd")], lexicon=lexicon).split("dataskyddsförordningen")
    assert held == (stem("dataskydd"), stem("förordning"))


@pytest.mark.parametrize(
    "word",
    ["personal", "kommunal", "digital", "ambassadens", "registrerades", "finansieringen", "kombination", "underhåll"],
)
def test_endings_and_prefixes_are_no_parts(informed: CompoundSplitter, word: str) -> None:
    assert informed.split(word) == ()


@pytest.mark.parametrize("name", ["strömstad", "landskrona", "bergström", "trollhättans"])
def test_names_have_no_parts(informed: CompoundSplitter, name: str) -> None:
    assert informed.split(name) == ()


def test_a_name_is_no_part_though_texts_hold_it() -> None:
    words = [stem("markaryd"), stem("avtal")]
    assert CompoundSplitter(words).split("markarydsavtalet") == (stem("markaryd"), stem("avtal"))
    assert CompoundSplitter(words, lexicon=load_lexicon()).split("markarydsavtalet") == ()


def test_a_short_part_that_no_text_holds_is_not_looked_for(informed: CompoundSplitter) -> None:
    assert [piece.term for piece in informed.pieces("vårdnadshavare")][-1] == stem("havare")
    assert informed.split("vårdnadshavare") == ()


def test_what_was_found_with_the_dictionary_helps_with_new_words() -> None:
    splits = {
        "kommunstyrelse": ("kommun", stem("styrelse")),
        "regionstyrelse": ("region", stem("styrelse")),
        "kommunhus": ("kommun", "hus"),
    }
    assert CompoundSplitter(()).split("kommunstyrelsen") == ()
    assert CompoundSplitter((), splits).split("kommunstyrelsen") == ("kommun", stem("styrelse"))
    assert CompoundSplitter((), splits).split("regionstyrelsen") == (), "a part of one word may be an accident"


def test_without_the_step_nothing_is_split() -> None:
    splits = {"kommunstyrelsen": ("kommun", "styrels")}
    assert CompoundSplitter(WORDS, splits, steps=ALL - {Step.COMPOUNDS}).split("kommunstyrelsen") == ()


def test_without_the_dictionarys_step_only_the_texts_words_are_parts() -> None:
    plain = CompoundSplitter([stem(word) for word in WORDS], lexicon=load_lexicon(), steps=ALL - {Step.LEXICON})
    assert plain.split("cybersäkerhetslagen") == ()
    assert plain.split("portföljstyrning") == ("portfölj", "styrning")


def test_without_stems_parts_are_words_as_they_stand() -> None:
    plain = CompoundSplitter(["portfölj", "styrningen"], lexicon=load_lexicon(), steps=ALL - {Step.STEMS})
    assert plain.split("portföljstyrningen") == ("portfölj", "styrningen")
    assert plain.split("portföljstyrning") == ()


@given(
    st.lists(
        st.sampled_from(sorted({part for half in GOLD.values() for word in half for part in word.split("|")})),
        max_size=4,
    )
)
def test_parts_make_up_the_word_again(parts: list[str]) -> None:
    splitter = CompoundSplitter(sorted({stem(word) for word in WORDS}), lexicon=load_lexicon())
    word = "".join(parts)
    pieces = splitter.pieces(word)
    assert not pieces or cuts(word, [piece.text for piece in pieces])
    assert splitter.split(word) in ((), tuple(piece.term for piece in pieces))
