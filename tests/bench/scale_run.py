"""One size of the scale benchmark, in a process of its own so that its memory is its own: prints one JSON object."""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.conversation.texts import Texts
from bot.knowledge_base import LIBRARY, embedding_config, synonym_table
from bot.settings import Settings
from ingest.vectors import embed
from knowledge import relations
from knowledge.adapters.embeddings import build_embedder
from knowledge.adapters.generation import GenerationStore
from knowledge.advisor import Advisor
from knowledge.errors import EmbeddingFailed
from knowledge.ports import Embedder, Vectors
from tests.bench.multiplied import Base, multiplied

WARM_UP = 10
"""Questions asked before those that count: the first ones bring files into memory that stay there."""


class ReadyVectors:
    """Implements `knowledge.ports.Embedder` with rows that are there already, handed out in order."""

    def __init__(self, model: str, rows: Vectors) -> None:
        self.model = model
        self._rows = rows
        self._next = 0

    async def embed_query(self, text: str) -> Vectors:
        raise EmbeddingFailed("there are rows for passages only")

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self._next += len(texts)
        return self._rows[self._next - len(texts) : self._next].copy()

    async def embed_questions(self, texts: Sequence[str]) -> Vectors:
        return await self.embed_passages(texts)


class KnownQuestions:
    """Implements `knowledge.ports.Embedder` for questions that were embedded before the clock started."""

    def __init__(self, embedder: Embedder, vectors: dict[str, Vectors]) -> None:
        self._embedder = embedder
        self.model = embedder.model
        self._vectors = vectors

    async def embed_query(self, text: str) -> Vectors:
        return self._vectors[text]

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return await self._embedder.embed_passages(texts)

    async def embed_questions(self, texts: Sequence[str]) -> Vectors:
        return await self._embedder.embed_questions(texts)


def build(base: Path, target: Path, size: int) -> dict[str, Any]:
    """Write and publish an index of `size` passages, held in memory meanwhile as an ingest holds them."""
    contents = GenerationStore(base).contents()
    if contents.vectors is None or contents.model is None:
        raise SystemExit("the index has no vectors; the benchmark needs those of the built-in library")
    files, rows = multiplied(Base(contents.documents, list(contents.passages), contents.vectors), size)
    engine = ReadyVectors(contents.model, rows)
    before = _peak()
    started = time.perf_counter()
    vectors = asyncio.run(embed(files, None, (), engine, lambda _: None))
    embedded = time.perf_counter()
    store = GenerationStore(target)
    generation = store.write(
        documents=[file.document for file in files],
        passages=(passage for file in files for passage in file.passages),
        vectors=vectors,
        model=contents.model,
    )
    store.publish(generation)
    return {
        "build_seconds": time.perf_counter() - started,
        "vectors_seconds": embedded - started,
        "build_mb": _peak(),
        "given_mb": before,
        "size_mb": sum(path.stat().st_size for path in (target / "generations" / generation).iterdir()) / 1e6,
    }


def measure(target: Path, questions: Sequence[str]) -> dict[str, Any]:
    """Open the index, and search it for every question with and without the time that its vector takes."""
    settings = Settings.read()
    embedder = build_embedder(embedding_config(settings))
    if embedder is None:
        raise SystemExit("the embedding engine cannot run here")
    store = GenerationStore(target)
    started = time.perf_counter()
    index = store.open(embedder.model)
    opened = time.perf_counter() - started
    advisor = Advisor(
        index, embedder, synonym_table(), Texts.load(), relations=relations.load(LIBRARY / "samband.yaml")
    )
    advised = time.perf_counter() - started
    asyncio.run(_timed(advisor, questions[:WARM_UP]))
    embedding = asyncio.run(_timed(advisor, questions[WARM_UP:]))
    known = {question: asyncio.run(embedder.embed_query(question)) for question in questions}
    # Opened anew, so that no passage is in memory as an object only because the same question was asked a moment ago.
    fresh = Advisor(store.open(embedder.model), KnownQuestions(embedder, known), synonym_table(), Texts.load())
    asyncio.run(_timed(fresh, questions[:WARM_UP]))
    searching = asyncio.run(_timed(fresh, questions[WARM_UP:]))
    return {
        "open_seconds": opened,
        "advisor_seconds": advised,
        "terms": len(index.vocabulary),
        "search_ms": _spread(searching),
        "with_embedding_ms": _spread(embedding),
        "questions": len(searching),
        "serving_mb": _peak(),
    }


async def _timed(advisor: Advisor, questions: Sequence[str]) -> list[tuple[float, float]]:
    """Milliseconds of each search, and those of them that a processor worked on it."""
    found: list[tuple[float, float]] = []
    gc.collect()
    for question in questions:
        started, worked = time.perf_counter(), time.process_time()
        await advisor.search(question, 10)
        found.append(((time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000))
    return found


def _spread(times: Sequence[tuple[float, float]]) -> dict[str, float]:
    waited, worked = zip(*times, strict=True)
    return {
        "p50": float(np.percentile(waited, 50)),
        "p95": float(np.percentile(waited, 95)),
        "processor_p95": float(np.percentile(worked, 95)),
    }


def _peak() -> float:
    """Resident megabytes, the most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """`build BASE TARGET SIZE`, or `measure TARGET` with the questions as a JSON list on standard input."""
    match sys.argv[1:]:
        case ["build", base, target, size]:
            result = build(Path(base), Path(target), int(size))
        case ["measure", target]:
            result = measure(Path(target), json.load(sys.stdin))
        case _:
            raise SystemExit(main.__doc__)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
