"""BM25: what a passage's words, headings, title and other names contribute."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.adapters.lexical import LexicalArrays, LexicalIndex, best, check
from knowledge.adapters.term_counts import counted
from knowledge.swedish.analysis import no_split
from tests.fakes.knowledge import passage


def index_of(*texts: str) -> LexicalIndex:
    return LexicalIndex(counted(passage(text) for text in texts).arrays(no_split))


def order(index: LexicalIndex, *terms: str) -> list[int]:
    return [position for position, _ in index.search(dict.fromkeys(terms, 1.0), 10)]


def test_only_passages_with_a_term_are_found() -> None:
    index = index_of("enkät", "arkiv", "enkät arkiv")
    assert set(order(index, "enkät")) == {0, 2}
    assert order(index, "finnsinte") == []
    assert index.search({}, 10) == []


def test_more_of_a_term_and_shorter_text_rank_higher() -> None:
    assert order(index_of("enkät råd", "enkät enkät"), "enkät") == [1, 0]
    assert order(index_of("enkät råd arkiv nätverk bredband", "enkät"), "enkät") == [1, 0]


def test_a_rare_term_counts_more_than_a_common_one() -> None:
    index = index_of("enkät", "enkät", "enkät", "bredband")
    assert index.idf("bredband") > index.idf("enkät") > 0
    assert order(index, "enkät", "bredband")[0] == 3


def test_weights_of_the_query_count() -> None:
    index = index_of("enkät", "arkiv")
    assert [position for position, _ in index.search({"enkät": 0.1, "arkiv": 1.0}, 10)] == [1, 0]


def test_ties_keep_reading_order() -> None:
    assert order(index_of("enkät", "enkät", "enkät"), "enkät") == [0, 1, 2]


def test_document_frequency_counts_passages() -> None:
    index = index_of("enkät enkät", "enkät", "arkiv")
    assert index.document_frequency("enkät") == 2
    assert index.document_frequency("finnsinte") == 0


def test_an_empty_index_is_searched_without_a_hit() -> None:
    index = index_of()
    assert index.search({"enkät": 1.0}, 5) == []
    assert index.document_frequency("enkät") == 0


@given(st.lists(st.floats(-5, 5, width=32), max_size=40), st.integers(0, 50))
def test_the_best_are_the_highest_positive_scores_in_order(scores: list[float], k: int) -> None:
    found = best(np.array(scores, dtype=np.float32), k)
    expected = sorted((-score, position) for position, score in enumerate(scores) if score > 0)
    assert [score for _, score in found] == [-score for score, _ in expected[:k]]
    assert all(scores[position] == score for position, score in found)
    if k >= len(expected):
        assert found == [(position, -score) for score, position in expected]


@given(st.lists(st.lists(st.sampled_from(["enkät", "arkiv", "råd", "bredband"]), max_size=8), max_size=12))
def test_the_arrays_of_any_texts_fit_together_and_count_right(texts: list[list[str]]) -> None:
    index = index_of(*(" ".join(words) for words in texts))
    check(index.arrays)
    for term in ("enkät", "arkiv"):
        assert index.document_frequency(term) == sum(term in words for words in texts)


@pytest.mark.parametrize("fault", ["terms", "positions", "order"])
def test_arrays_that_do_not_fit_together_are_refused(fault: str) -> None:
    good = index_of("enkät arkiv", "enkät").arrays
    starts = good.starts[::-1].copy() if fault == "order" else good.starts
    broken = LexicalArrays(
        terms=good.terms[:-1] if fault == "terms" else good.terms,
        starts=starts,
        positions=good.positions[:-1] if fault == "positions" else good.positions,
        impacts=good.impacts,
        passages=good.passages,
    )
    with pytest.raises(ValueError, match="posting"):
        check(broken)


@pytest.mark.parametrize("k", [1, 3, 100])
def test_the_best_of_many_equal_scores_are_the_first(k: int) -> None:
    scores = np.zeros(1000, dtype=np.float32)
    scores[::2] = 0.5
    scores[901] = 0.75
    assert best(scores, k) == [(901, 0.75), *((2 * at, 0.5) for at in range(k - 1))]


def test_ties_at_the_cut_keep_reading_order() -> None:
    assert best(np.array([0.0, 0.0, 1.0, 1.0, 2.0], dtype=np.float32), 2) == [(4, 2.0), (2, 1.0)]
