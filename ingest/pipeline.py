"""Documents into a new generation of the index: read, cut, embed, write beside the old one, publish by a rename.

Until the rename, readers see the old generation; an ingest that fails or is killed at any point changes nothing.
Whoever wants to look before publishing makes a draft (see `ingest.drafts`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.building import Plan, build, planned
from ingest.lock import LOCK_WAIT, only_one, to_the_end
from ingest.merging import Key, files_of, outcome_of
from ingest.model import Advance, FileStatus, IngestReport, Phase, Progress
from ingest.sandbox import Limits
from ingest.sources import Source, sources_of
from knowledge.adapters.generation import Contents, GenerationStore
from knowledge.model import Document, Origin
from knowledge.ports import Embedder


async def ingest(
    sources: Sequence[Path | Source],
    *,
    store: GenerationStore,
    embedder: Embedder | None,
    origin: Origin = Origin.INGESTED,
    owner: str = "",
    author: str = "",
    note: str = "",
    prune: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
    lock_wait: float = LOCK_WAIT,
) -> IngestReport:
    """Take in files and folders, and publish the result.

    Documents with the same origin, path and checksum keep their passages and vectors, and no text is embedded that the
    same model has embedded before; a rejected file leaves its earlier version in place; `prune` removes documents of
    this origin and owner that are not among the files; other documents always stay. Without an embedder the
    generation has no vectors. When nothing changed, none is written. Without a `note`, the counts are one.

    Raises IngestInterrupted (another ingest holds the lock), EmbeddingFailed, IndexDamaged.
    """
    started = time.monotonic()
    tell = progress or silent
    files = await asyncio.to_thread(sources_of, sources, owner)
    if dry_run:
        old = await asyncio.to_thread(store.contents)
        plan = await planned(files, old, origin=origin, prune=prune, limits=limits, tell=tell, owner=owner)
        return _report(plan, old.generation, 0, started)
    async with only_one(store, lock_wait):
        old = await asyncio.to_thread(opened, store)
        plan = await planned(files, old, origin=origin, prune=prune, limits=limits, tell=tell, owner=owner)
        return await _published(store, plan, embedder, tell, started, author=author, note=note)


async def remove(
    paths: Collection[str],
    *,
    store: GenerationStore,
    origin: Origin = Origin.INGESTED,
    author: str = "",
    note: str = "",
    at_once: bool = False,
    progress: Progress | None = None,
    lock_wait: float = LOCK_WAIT,
) -> IngestReport:
    """Take documents out, by their paths, and publish the result; vectors of the others are kept.

    Earlier generations hold them until the store's retention drops these. `at_once` drops all earlier ones, all drafts,
    and the vectors that are kept for other ingests: nothing of the documents is left, and there is no going back.

    Raises IngestInterrupted, IndexDamaged.
    """
    started = time.monotonic()
    async with only_one(store, lock_wait):
        old = await asyncio.to_thread(opened, store)
        plan = await asyncio.to_thread(without, old, {(origin, path) for path in paths})
        report = await _published(store, plan, None, progress or silent, started, author=author, note=note)
        if at_once:
            await to_the_end(store.erase)
        return report


async def revise(
    paths: Collection[str],
    change: Callable[[Document], Document],
    *,
    store: GenerationStore,
    origin: Origin = Origin.INGESTED,
    author: str = "",
    note: str = "",
    lock_wait: float = LOCK_WAIT,
) -> IngestReport:
    """Publish other facts about documents, such as until when they are valid; texts and vectors stay.

    `change` must leave what names a document, and its title, as they are: passages and vectors have them too. Raises
    IngestInterrupted, IndexDamaged.
    """
    started = time.monotonic()
    async with only_one(store, lock_wait):
        old = await asyncio.to_thread(opened, store)
        plan = await asyncio.to_thread(revised, old, {(origin, path) for path in paths}, change)
        return await _published(store, plan, None, silent, started, author=author, note=note)


def silent(_: Advance) -> None:
    """For callers that do not want to know."""


def opened(store: GenerationStore) -> Contents:
    """The published state, after finishing and clearing what a killed writer left. For holders of the lock; blocks."""
    store.settle()
    store.prune()
    return store.contents()


def without(old: Contents, keys: Collection[Key]) -> Plan:
    """The state without some files. Blocks."""
    before = files_of(old.files())
    gone = sorted(key for key in before if key in keys)
    outcomes = tuple(outcome_of(before[key], FileStatus.REMOVED) for key in gone)
    return Plan(old, before, {key: file for key, file in before.items() if key not in gone}, outcomes, keep=True)


def revised(old: Contents, keys: Collection[Key], change: Callable[[Document], Document]) -> Plan:
    """The state with other facts about some files; what `change` raises comes through. Blocks."""
    before = files_of(old.files())
    after = {
        key: replace(file, document=other)
        if key in keys and (other := change(file.document)) != file.document
        else file
        for key, file in before.items()
    }
    outcomes = tuple(
        outcome_of(file, FileStatus.UPDATED) for key, file in sorted(after.items()) if file is not before[key]
    )
    return Plan(old, before, after, outcomes, keep=True)


async def _published(
    store: GenerationStore,
    plan: Plan,
    embedder: Embedder | None,
    tell: Progress,
    started: float,
    *,
    author: str,
    note: str,
) -> IngestReport:
    """Write and publish, where there is anything new."""
    if not plan.differs(embedder):
        return _report(plan, plan.old.generation, 0, started)
    built = await build(store, plan, embedder, tell, author=author, note=note)
    await to_the_end(lambda: store.publish(built.generation))
    tell(Advance(Phase.PUBLISH, 1, 1))
    await to_the_end(store.prune)
    return _report(plan, built.generation, built.embedded, started)


def _report(plan: Plan, generation: str | None, embedded: int, started: float) -> IngestReport:
    return IngestReport(
        generation=generation,
        outcomes=plan.outcomes,
        passages=plan.passages,
        embedded=embedded,
        seconds=time.monotonic() - started,
    )
