"""Exact cosine search over normalised vectors."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest

from knowledge.adapters.dense import DenseIndex, PassageVectors, first_questions
from knowledge.errors import EmbeddingFailed
from tests.fakes.knowledge import vector_of, vectors_of

TEXTS = ["enkät om digital mognad", "arkiv i Tanum", "incident och lag"]


def test_every_vector_is_nearest_to_itself() -> None:
    rows = vectors_of(TEXTS)
    index = DenseIndex(rows)
    for position, row in enumerate(rows):
        found = index.search(row, 3)
        assert found[0][0] == position
        np.testing.assert_allclose(found[0][1], 1.0, rtol=1e-5)
        assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_scores_are_the_cosines() -> None:
    rows, query = vectors_of(TEXTS), vector_of("arkiv och lag")
    found = dict(DenseIndex(rows).search(query, 3))
    for position, cosine in found.items():
        np.testing.assert_allclose(cosine, float(rows[position] @ query), rtol=1e-5)


def test_no_more_hits_than_vectors() -> None:
    index = DenseIndex(vectors_of(TEXTS))
    assert len(index.search(vector_of("lag"), 100)) == len(TEXTS)
    assert len(index.search(vector_of("lag"), 1)) == 1


def test_an_empty_index_finds_nothing() -> None:
    assert DenseIndex(np.zeros((0, 8), dtype=np.float32)).search(np.ones(8, dtype=np.float32), 5) == []


def test_rows_in_a_file_are_searched_where_they_lie(tmp_path: Path) -> None:
    rows = vectors_of(TEXTS)
    np.save(tmp_path / "rows.npy", rows)
    mapped = np.load(tmp_path / "rows.npy", mmap_mode="r")
    index = DenseIndex(mapped[1:])
    assert np.shares_memory(index.rows, mapped)
    assert index.search(rows[2], 1)[0][0] == 1


def test_vectors_of_another_width_and_layout_are_taken_as_float32() -> None:
    rows = np.asfortranarray(vectors_of(TEXTS).astype(np.float64))
    index = DenseIndex(rows)  # type: ignore[arg-type]  # what a caller may do wrong
    assert index.rows.dtype == np.float32
    assert index.search(np.asarray(rows[1]), 1)[0][0] == 1


def test_a_vector_of_another_width_is_a_failure() -> None:
    index = DenseIndex(np.eye(3, dtype=np.float32))
    with pytest.raises(EmbeddingFailed, match="dimensions"):
        index.search(np.ones(2, dtype=np.float32), 1)


@pytest.mark.parametrize("counts", [[2, 0, 1], [0, 0, 3], [3, 0, 0], [1, 1, 1]])
def test_questions_lead_to_their_passages_and_places(counts: list[int]) -> None:
    rows = np.eye(6, dtype=np.float32)
    vectors = PassageVectors(rows, first_questions(counts))
    expected = [(passage, which) for passage, count in enumerate(counts) for which in range(count)]
    for row, (passage, which) in enumerate(expected):
        assert vectors.asked(rows[3 + row], 1) == [(passage, which, 1.0)]
        assert len(vectors.asked(rows[0], 10)) == 3
        assert len(vectors.dense(rows[0], 10)) == 3


def test_rows_must_fit_the_passages_and_their_questions() -> None:
    with pytest.raises(ValueError, match="5 vectors"):
        PassageVectors(np.eye(5, dtype=np.float32), first_questions([2, 0, 1]))


def test_a_search_uses_one_thread() -> None:
    faiss.omp_set_num_threads(4)
    DenseIndex(vectors_of(TEXTS)).search(vector_of("lag"), 1)
    assert faiss.omp_get_max_threads() == 1
