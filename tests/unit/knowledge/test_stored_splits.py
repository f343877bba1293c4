"""Words are split as the splitter splits them that the index was made with, known ones without it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.adapters import stored_splits
from knowledge.adapters.stored_splits import StoredSplits, lines_of
from knowledge.swedish.compounds import CompoundSplitter
from knowledge.swedish.stems import stem
from knowledge.swedish.steps import ALL, Step

WORDS = sorted(map(stem, ("portfölj", "styrning", "enkät", "svar", "säkerhet", "arbete", "digital", "lägesbild")))
KNOWN = ("portföljstyrning", "portföljstyrningen", "säkerhetsarbete", "säkerhet", "vattenskoter", "enkätsvar")
UNKNOWN = ("enkätarbete", "enkätsäkerhet", "vattenkanna", "portföljarbetet", "kort", "", "p" * 200, "nis2portfölj")
SPLITTER = CompoundSplitter(WORDS)
SPLITS = {word: SPLITTER.split(word) for word in KNOWN}


@pytest.fixture
def stored() -> StoredSplits:
    return StoredSplits(WORDS, lines_of(SPLITS), ALL)


def test_known_and_unknown_words_are_split_as_the_splitter_does(stored: StoredSplits) -> None:
    again = CompoundSplitter(WORDS, SPLITS)
    for word in (*KNOWN, *UNKNOWN):
        assert stored.split(word) == again.split(word), word
    assert stored.split("portföljstyrningen") == ("portfölj", "styrning")
    assert stored.split("vattenskoter") == ()


def test_the_index_s_own_words_need_no_splitter(stored: StoredSplits, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    class Counted(CompoundSplitter):
        def __init__(self, *args: object, **values: object) -> None:
            made.append(1)
            super().__init__(*args, **values)  # type: ignore[arg-type]  # handed on

    monkeypatch.setattr(stored_splits, "CompoundSplitter", Counted)
    for word in (*KNOWN, "kort"):
        stored.split(word)
    assert made == []
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(stored.split, UNKNOWN * 5))
    assert made == [1]


def test_without_compounds_nothing_is_split() -> None:
    stored = StoredSplits([], [], ALL - {Step.COMPOUNDS})
    assert all(stored.split(word) == () for word in (*KNOWN, *UNKNOWN))


@given(st.dictionaries(st.text("abcåäö-é", min_size=8, max_size=14), st.lists(st.sampled_from(WORDS), max_size=3)))
def test_every_line_is_found(splits: dict[str, list[str]]) -> None:
    stored = StoredSplits(WORDS, lines_of(splits), ALL)
    for word, parts in splits.items():
        assert stored.split(word) == tuple(parts)
