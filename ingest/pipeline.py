"""Documents into a new generation of the index: read, cut, embed, write beside the old one, publish by a rename.

Until the rename, readers see the old generation; an ingest that fails or is killed at any point changes nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import DocumentRejected, IngestInterrupted, Reason
from ingest.loaders.base import MAX_BYTES
from ingest.loaders.registry import TEXT_LOADERS, load_file
from ingest.merging import File, Key, Reading, files_of, merged, outcome_of, summary
from ingest.model import Advance, FileStatus, IngestReport, Outcome, Phase, Progress
from ingest.sandbox import Limits, Sandbox
from ingest.sources import Source, checksum, collect
from ingest.vectors import Held, embed
from knowledge.adapters import embedding_cache
from knowledge.adapters.embedding_cache import CachedEmbedder, VectorCache
from knowledge.adapters.generation import Contents, GenerationStore
from knowledge.model import Origin
from knowledge.ports import Embedder

KEEP = 3
"""Generations left on disk after a publication, for rolling back."""
LOCK_WAIT = 10.0
"""Seconds to wait for another ingest to finish."""


async def ingest(
    sources: Sequence[Path],
    *,
    store: GenerationStore,
    embedder: Embedder | None,
    origin: Origin = Origin.INGESTED,
    prune: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
    lock_wait: float = LOCK_WAIT,
) -> IngestReport:
    """Take in files and folders, and publish the result.

    Documents with the same origin, path and checksum keep their passages and vectors, and no text is embedded that the
    same model has embedded before; a rejected file leaves its earlier version in place; `prune` removes documents of
    this origin that are not among the files; documents of the other origin always stay. Without an embedder the
    generation has no vectors. When nothing changed, none is written.

    Raises IngestInterrupted (another ingest holds the lock), EmbeddingFailed, IndexDamaged.
    """
    started = time.monotonic()
    tell = progress or _silent
    files = await asyncio.to_thread(collect, sources)
    async with _only_one(store, lock_wait, needed=not dry_run):
        old = await asyncio.to_thread(_opened, store, dry_run)
        before = files_of(old.files())
        reads = await _read_all(files, before, origin, limits, tell)
        after, outcomes = await asyncio.to_thread(merged, before, reads, origin, prune)
        if dry_run or not _differs(before, after, old, embedder):
            return _report(old.generation, outcomes, after, 0, started)
        generation, embedded = await _publish(store, old, before, after, embedder, tell, note=summary(outcomes))
        return _report(generation, outcomes, after, embedded, started)


async def remove(
    paths: Collection[str],
    *,
    store: GenerationStore,
    origin: Origin = Origin.INGESTED,
    progress: Progress | None = None,
    lock_wait: float = LOCK_WAIT,
) -> IngestReport:
    """Take documents out, by their paths, and publish the result; vectors of the others are kept.

    Raises IngestInterrupted, IndexDamaged.
    """
    started = time.monotonic()
    async with _only_one(store, lock_wait, needed=True):
        old = await asyncio.to_thread(_opened, store, False)
        before = files_of(old.files())
        gone = {key for key in before if key[0] is origin and key[1] in paths}
        outcomes = tuple(outcome_of(before[key], FileStatus.REMOVED) for key in sorted(gone))
        after = {key: file for key, file in before.items() if key not in gone}
        if not gone:
            return _report(old.generation, outcomes, after, 0, started)
        tell = progress or _silent
        generation, _ = await _publish(store, old, before, after, None, tell, note=summary(outcomes), keep=True)
        return _report(generation, outcomes, after, 0, started)


def _silent(_: Advance) -> None:
    """For callers that do not want to know."""


@asynccontextmanager
async def _only_one(store: GenerationStore, wait: float, *, needed: bool) -> AsyncIterator[None]:
    """Hold the ingest lock of the data directory; the system lets go of it when the process dies."""
    if not needed:
        yield
        return
    await asyncio.to_thread(store.root.mkdir, parents=True, exist_ok=True)
    lock = FileLock(store.root / "ingest.lock", thread_local=False)
    try:
        await asyncio.to_thread(lock.acquire, timeout=wait)
    except Timeout as error:
        raise IngestInterrupted(f"another ingest is running on {store.root}; waited {wait:g} s for it") from error
    try:
        yield
    finally:
        await asyncio.shield(asyncio.to_thread(lock.release))


def _opened(store: GenerationStore, dry_run: bool) -> Contents:
    if not dry_run:
        store.prune(KEEP)  # also clears what a killed ingest left half written
    return store.contents()


async def _read_all(
    files: Sequence[Source], before: dict[Key, File], origin: Origin, limits: Limits, tell: Progress
) -> list[Reading]:
    """Read what is new or changed: the library in threads, everything else in the sandbox."""
    done = 0

    async def one(source: Source, sandbox: Sandbox) -> Reading:
        nonlocal done
        begun = time.monotonic()
        known = before.get((origin, source.relative))
        try:
            result = await _read(source, known.document.checksum if known else "", origin, sandbox, limits)
        except DocumentRejected as rejection:
            result = Reading(source, rejection=rejection)
        done += 1
        tell(Advance(Phase.LOAD, done, len(files), source.relative))
        return replace(result, seconds=time.monotonic() - begun)

    async with Sandbox(limits) as sandbox:
        reads = await asyncio.gather(*(one(source, sandbox) for source in files))
    return [read for read in reads if not (origin is Origin.LIBRARY and _is_no_document(read))]


def _is_no_document(read: Reading) -> bool:
    """The library's folder also holds data that is not for reading, such as word lists."""
    return read.rejection is not None and read.rejection.reason is Reason.WRONG_TYPE


async def _read(source: Source, known: str, origin: Origin, sandbox: Sandbox, limits: Limits) -> Reading:
    try:
        size = (await asyncio.to_thread(source.path.stat)).st_size
        if size > limits.max_bytes:
            raise DocumentRejected(Reason.TOO_LARGE, f"{size / 1e6:.0f} MB, limit {limits.max_bytes / 1e6:.0f} MB")
        digest = await asyncio.to_thread(checksum, source.path)
    except OSError as error:
        raise DocumentRejected(Reason.UNREADABLE, error.strerror or "cannot be opened") from error
    if digest == known:
        return Reading(source, digest)
    if origin is Origin.LIBRARY:
        loaded = await asyncio.to_thread(load_file, source.path, source.relative, TEXT_LOADERS, MAX_BYTES)
    else:
        loaded = await sandbox.load(source.path, source.relative)
    return Reading(source, digest, loaded)


def _differs(before: dict[Key, File], after: dict[Key, File], old: Contents, embedder: Embedder | None) -> bool:
    """Whether there is anything to publish: other documents, or vectors of another model."""
    if before != after:
        return True
    return embedder is not None and bool(after) and embedder.model != old.model


async def _publish(
    store: GenerationStore,
    old: Contents,
    before: dict[Key, File],
    after: dict[Key, File],
    embedder: Embedder | None,
    tell: Progress,
    *,
    note: str,
    keep: bool = False,
) -> tuple[str, int]:
    """Embed, write and publish. `keep`: no new text, so the old vectors are enough and no embedder is needed."""
    files = [after[key] for key in sorted(after)]
    model = old.model if keep else (embedder.model if embedder is not None else None)
    vectors, embedded = None, 0
    if model is not None:
        held = Held(old.vectors, old.question_rows) if old.vectors is not None and model == old.model else None
        replaced = [file for key, file in before.items() if after.get(key) is not file]
        async with _remembering(store, embedder) as engine:
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
    )
    tell(Advance(Phase.WRITE, 1, 1))
    await asyncio.to_thread(store.publish, generation)
    tell(Advance(Phase.PUBLISH, 1, 1))
    await asyncio.to_thread(store.prune, KEEP)
    return generation, embedded


@asynccontextmanager
async def _remembering(store: GenerationStore, embedder: Embedder | None) -> AsyncIterator[CachedEmbedder | None]:
    """The embedder with the vectors that earlier ingests on this store have made, however they ended."""
    if embedder is None:
        yield None
        return
    cache = await asyncio.to_thread(VectorCache, store.root / embedding_cache.FILE)
    try:
        yield CachedEmbedder(embedder, cache)
    finally:
        await asyncio.shield(asyncio.to_thread(cache.close))


def _report(
    generation: str | None, outcomes: tuple[Outcome, ...], after: dict[Key, File], embedded: int, started: float
) -> IngestReport:
    return IngestReport(
        generation=generation,
        outcomes=outcomes,
        passages=sum(len(file.passages) for file in after.values()),
        embedded=embedded,
        seconds=time.monotonic() - started,
    )
