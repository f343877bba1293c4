"""The new state of the index beside the old one, and how it becomes a generation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import chain

from ingest.difference import Difference, between
from ingest.merging import File, Key, files_of, merged
from ingest.model import Advance, Outcome, Phase, Progress
from ingest.reading import read_all
from ingest.sandbox import Limits
from ingest.sources import Source
from ingest.vectors import Held, embed
from knowledge.adapters import embedding_cache
from knowledge.adapters.embedding_cache import CachedEmbedder, VectorCache
from knowledge.adapters.generation import Contents, GenerationStore
from knowledge.adapters.manifest import DifferenceCounts
from knowledge.adapters.shipped_vectors import ShippedVectors
from knowledge.model import Origin
from knowledge.ports import Embedder


@dataclass(frozen=True, slots=True)
class Plan:
    """The files before and after, and what happened to each.

    `keep` says that there is no new text, so that the old vectors are enough and no embedder is needed.
    """

    old: Contents
    before: Mapping[Key, File]
    after: Mapping[Key, File]
    outcomes: tuple[Outcome, ...]
    keep: bool = False

    @property
    def passages(self) -> int:
        """How many there will be."""
        return sum(len(file.passages) for file in self.after.values())

    def differs(self, embedder: Embedder | None) -> bool:
        """Whether there is anything to write: other documents, or vectors of another model."""
        if self.before != self.after:
            return True
        return not self.keep and embedder is not None and bool(self.after) and embedder.model != self.old.model


@dataclass(frozen=True, slots=True)
class Built:
    """A generation that is written and not published; `embedded` is how many texts the engine was given."""

    generation: str
    difference: Difference
    embedded: int


async def planned(
    files: Sequence[Source],
    old: Contents,
    *,
    origin: Origin,
    prune: bool,
    limits: Limits,
    tell: Progress,
    owner: str = "",
) -> Plan:
    """Read the files and work out what becomes of the index. Nothing is written."""
    before = await asyncio.to_thread(files_of, old.files())
    reads = await read_all(files, before, origin, limits, tell)
    after, outcomes = await asyncio.to_thread(merged, before, reads, origin, prune, owner)
    return Plan(old, before, after, outcomes)


async def build(
    store: GenerationStore,
    plan: Plan,
    embedder: Embedder | None,
    tell: Progress,
    *,
    author: str,
    note: str,
    draft: bool = False,
) -> Built:
    """Embed what is new and write the generation. Raises EmbeddingFailed, IndexDamaged."""
    old = plan.old
    files = [plan.after[key] for key in sorted(plan.after)]
    difference = await asyncio.to_thread(between, plan.before, plan.after)
    model = old.model if plan.keep else (embedder.model if embedder is not None else None)
    vectors, embedded = None, 0
    if model is not None:
        held = Held(old.vectors, old.question_rows) if old.vectors is not None and model == old.model else None
        replaced = [file for key, file in plan.before.items() if plan.after.get(key) is not file]
        async with _remembering(store, None if plan.keep else embedder) as engine:
            vectors = await embed(files, held, replaced, engine, tell)
        embedded = engine.computed if engine is not None else 0
    tell(Advance(Phase.WRITE, 0, 1))
    generation = await asyncio.to_thread(
        store.write,
        documents=[file.document for file in files],
        passages=chain.from_iterable(file.passages for file in files),
        vectors=vectors,
        model=model if vectors is not None else None,
        note=note,
        author=author,
        base=old.generation,
        difference=counts_of(difference),
        draft=draft,
    )
    tell(Advance(Phase.WRITE, 1, 1))
    return Built(generation, difference, embedded)


def counts_of(difference: Difference) -> DifferenceCounts:
    """What a manifest and the history tell of a difference."""
    return DifferenceCounts(
        documents_added=len(difference.added),
        documents_changed=len(difference.changed),
        documents_removed=len(difference.removed),
        passages_added=difference.passages_added,
        passages_changed=difference.passages_changed,
        passages_removed=difference.passages_removed,
    )


@asynccontextmanager
async def _remembering(store: GenerationStore, embedder: Embedder | None) -> AsyncIterator[CachedEmbedder | None]:
    """The embedder, with the vectors that came with the program and those that earlier ingests on this store made."""
    if embedder is None:
        yield None
        return
    cache = await asyncio.to_thread(VectorCache, store.root / embedding_cache.FILE)
    try:
        yield CachedEmbedder(embedder, cache, ShippedVectors())
    finally:
        await asyncio.shield(asyncio.to_thread(cache.close))
