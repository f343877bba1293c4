"""Every text is embedded once: vectors are kept by content between runs, and shared by all that is compared."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, Protocol, TypeVar

import numpy as np
from langchain_core.embeddings import Embeddings

from knowledge.adapters.embedding_cache import VectorCache
from knowledge.ports import Vectors

BATCH = 32
"""Texts embedded at a time, so that an interrupted first run loses no more."""

Kind = Literal["passage", "question"]
_Item = TypeVar("_Item")


class Engine(Protocol):
    """What makes vectors; `knowledge.adapters.embeddings.LocalE5Embeddings` is one."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a passage."""

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """One vector a question."""


class KeptEmbeddings(Embeddings):
    """A LangChain `Embeddings` over an engine that is started only where a text is new.

    Unlike the service's own cache it keeps questions, too: here they are nobody's. `told` hears how many texts were
    embedded since the start.
    """

    def __init__(
        self, start: Callable[[], Engine], cache: VectorCache, told: Callable[[int], None] = lambda done: None
    ) -> None:
        self._start = start
        self._cache = cache
        self._told = told
        self._engine: Engine | None = None
        self._rows: dict[bytes, Vectors] = {}
        self.embedded = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a passage."""
        return self._embed(texts, "passage")

    def embed_query(self, text: str) -> list[float]:
        """One vector for a question."""
        return self._embed([text], "question")[0]

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """One vector a question, in a batch."""
        return self._embed(texts, "question")

    async def aembed_queries(self, texts: list[str]) -> list[list[float]]:
        """The same, off the event loop."""
        return await asyncio.to_thread(self.embed_queries, texts)

    def _embed(self, texts: Sequence[str], kind: Kind) -> list[list[float]]:
        keys = {text: _key(kind, text) for text in texts}
        for sought in _batches([key for key in keys.values() if key not in self._rows]):
            self._rows |= self._cache.get(sought)
        for batch in _batches([text for text, key in keys.items() if key not in self._rows]):
            made = dict(zip((keys[text] for text in batch), self._made(batch, kind), strict=True))
            self._cache.put(made)
            self._rows |= made
            self.embedded += len(batch)
            self._told(self.embedded)
        return [self._rows[keys[text]].tolist() for text in texts]

    def _made(self, texts: list[str], kind: Kind) -> list[Vectors]:
        if self._engine is None:
            self._engine = self._start()
        rows = self._engine.embed_documents(texts) if kind == "passage" else self._engine.embed_queries(texts)
        return [np.asarray(row, dtype=np.float32) for row in rows]


def _key(kind: Kind, text: str) -> bytes:
    return hashlib.sha256(f"{kind}\n{text}".encode()).digest()


def _batches(items: Sequence[_Item]) -> Iterator[list[_Item]]:
    return (list(items[start : start + BATCH]) for start in range(0, len(items), BATCH))
