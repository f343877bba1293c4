"""Vectors that come with the program are used for the texts and the model they are of, and never stand in the way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.adapters.embedding_cache import CachedEmbedder, VectorCache, key_of
from knowledge.adapters.shipped_vectors import WIDTH, ShippedVectors, write
from knowledge.ports import Vectors
from tests.fakes.knowledge import RecordingEmbedder

MODEL = "a"


class WideEmbedder(RecordingEmbedder):
    """One whose vectors are as long as those of the local model."""

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        rows = await super().embed_passages(texts)
        return np.pad(rows, ((0, 0), (0, WIDTH - rows.shape[1])))


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[VectorCache]:
    cache = VectorCache(tmp_path / "embeddings.sqlite3")
    yield cache
    cache.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vectors.npy"
    write(path, {key_of(MODEL, "passage", "enkät"): row(1), key_of(MODEL, "question", "arkiv"): row(2)})
    return path


def row(number: int) -> Vectors:
    """Numbers that half precision holds as they are."""
    return np.full(WIDTH, number / 8, dtype=np.float32)


def test_what_is_shipped_is_not_embedded_and_the_rest_is(file: Path, cache: VectorCache) -> None:
    engine = WideEmbedder(MODEL)
    cached = CachedEmbedder(engine, cache, ShippedVectors(file, MODEL))
    rows = asyncio.run(cached.embed_passages(["arkiv", "enkät"]))
    np.testing.assert_array_equal(rows[1], row(1))
    assert engine.batches == [("arkiv",)], "as a passage that text is not known"
    assert cached.computed == 1
    assert rows.dtype == np.float32


def test_another_model_gets_none_of_them(file: Path, cache: VectorCache) -> None:
    engine = WideEmbedder("b")
    asyncio.run(CachedEmbedder(engine, cache, ShippedVectors(file, MODEL)).embed_passages(["enkät"]))
    assert engine.batches == [("enkät",)]


@pytest.mark.parametrize("content", [None, b"", b"no array", b"cut short", b"of another form"])
def test_a_file_that_cannot_be_read_costs_time_and_is_told_of(
    content: bytes | None, file: Path, cache: VectorCache, caplog: pytest.LogCaptureFixture
) -> None:
    if content is None:
        file.unlink()
    elif content == b"cut short":
        file.write_bytes(file.read_bytes()[:-100])
    elif content == b"of another form":
        np.save(file, np.zeros((2, WIDTH)))
    else:
        file.write_bytes(content)
    engine = WideEmbedder(MODEL)
    with caplog.at_level(logging.WARNING):
        rows = asyncio.run(CachedEmbedder(engine, cache, ShippedVectors(file, MODEL)).embed_passages(["enkät"]))
    assert (engine.batches, rows.shape) == ([("enkät",)], (1, WIDTH))
    assert "the vectors that come with the program" in caplog.text


def test_objects_in_the_file_are_not_brought_to_life(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "vectors.npy"
    np.save(path, np.array([{"an": "object"}], dtype=object), allow_pickle=True)
    assert ShippedVectors(path, MODEL).get(MODEL, [b"key"]) == {}
    assert "cannot be read" in caplog.text


def test_the_same_rows_are_the_same_bytes(tmp_path: Path, file: Path) -> None:
    write(
        again := tmp_path / "again.npy",
        {key_of(MODEL, "question", "arkiv"): row(2), key_of(MODEL, "passage", "enkät"): row(1)},
    )
    assert again.read_bytes() == file.read_bytes()
