"""Exact cosine search over normalised vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge.adapters.dense import DenseIndex
from knowledge.errors import EmbeddingFailed
from tests.fakes.knowledge import vector_of, vectors_of

TEXTS = ["enkät om digital mognad", "arkiv i Tanum", "incident och lag"]


def test_every_vector_is_nearest_to_itself() -> None:
    rows = vectors_of(TEXTS)
    index = DenseIndex.build(rows)
    for position, row in enumerate(rows):
        found = index.search(row, 3)
        assert found[0][0] == position
        np.testing.assert_allclose(found[0][1], 1.0, rtol=1e-5)
        assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_scores_are_the_cosines() -> None:
    rows, query = vectors_of(TEXTS), vector_of("arkiv och lag")
    found = dict(DenseIndex.build(rows).search(query, 3))
    for position, cosine in found.items():
        np.testing.assert_allclose(cosine, float(rows[position] @ query), rtol=1e-5)


def test_no_more_hits_than_vectors() -> None:
    index = DenseIndex.build(vectors_of(TEXTS))
    assert len(index.search(vector_of("lag"), 100)) == len(TEXTS)
    assert len(index.search(vector_of("lag"), 1)) == 1


def test_an_empty_index_finds_nothing() -> None:
    assert DenseIndex.build(np.zeros((0, 8), dtype=np.float32)).search(np.ones(8, dtype=np.float32), 5) == []


def test_a_written_index_is_read_back_to_the_bit(tmp_path: Path) -> None:
    rows = vectors_of(TEXTS)
    DenseIndex.build(rows).write(tmp_path / "vectors")
    again = DenseIndex.read(tmp_path / "vectors")
    assert again.size == len(TEXTS)
    np.testing.assert_array_equal(again.vectors(), rows)


def test_vectors_of_another_width_and_layout_are_taken_as_float32() -> None:
    rows = np.asfortranarray(vectors_of(TEXTS).astype(np.float64))
    assert DenseIndex.build(rows).vectors().dtype == np.float32  # type: ignore[arg-type]  # what a caller may do wrong


def test_a_vector_of_another_width_is_a_failure() -> None:
    index = DenseIndex.build(np.eye(3, dtype=np.float32))
    with pytest.raises(EmbeddingFailed, match="dimensions"):
        index.search(np.ones(2, dtype=np.float32), 1)
