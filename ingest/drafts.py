"""Drafts: generations that are written and looked at before they are published, or discarded.

A draft holds the whole index as it would be, so it can be searched and asked like the published one (`store.open(model,
draft.generation)`). It is made from what was published then; where that is another by now, publishing it would undo
what others have done, so it is refused, and the draft has to be prepared again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ingest.building import Plan, build, planned
from ingest.difference import Difference, between
from ingest.errors import DraftOutdated, NoSuchGeneration
from ingest.lock import LOCK_WAIT, only_one, to_the_end
from ingest.merging import files_of
from ingest.model import Advance, Outcome, Phase, Progress
from ingest.pipeline import opened, silent, without
from ingest.sandbox import Limits
from ingest.sources import Source, sources_of
from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.history import Action
from knowledge.errors import IndexDamaged, IndexUnavailable
from knowledge.model import Origin
from knowledge.ports import Embedder

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a preparation gave. `generation` is None where nothing changed, and then there is nothing to publish.

    `base` is the generation that was published when it was made (None: none). `difference` shows some of each
    document's passages. `embedded` is how many texts an engine had to be asked about.
    """

    generation: str | None
    base: str | None
    outcomes: tuple[Outcome, ...]
    difference: Difference
    author: str = ""
    note: str = ""
    owner: str = ""
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    passages: int = 0
    embedded: int = 0


_DRAFT = TypeAdapter(Draft)


async def prepare(
    sources: Sequence[Path | Source],
    *,
    store: GenerationStore,
    embedder: Embedder | None,
    author: str,
    note: str = "",
    owner: str = "",
    origin: Origin = Origin.INGESTED,
    prune: bool = False,
    removed: Collection[str] = (),
    progress: Progress | None = None,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
    lock_wait: float = LOCK_WAIT,
) -> Draft:
    """Read files and folders as `ingest.pipeline.ingest` does, and leave the result as a draft.

    Nothing is published. Files of a municipality (`owner`) get their place below its own folder, see
    `ingest.sources.owned`. `removed` are paths of documents of this owner that the draft leaves out.

    Raises IngestInterrupted (another ingest holds the lock), EmbeddingFailed, IndexDamaged.
    """
    tell = progress or silent
    files = await asyncio.to_thread(sources_of, sources, owner)
    async with only_one(store, lock_wait):
        old = await asyncio.to_thread(opened, store)
        gone = {(origin, each.path) for each in old.documents if each.path in removed and each.owner == owner}
        if files or not removed:
            plan = await planned(files, old, origin=origin, prune=prune, limits=limits, tell=tell, owner=owner)
            if gone:
                plan = await asyncio.to_thread(_also_without, plan, gone)
        else:
            plan = await asyncio.to_thread(without, old, gone)
        return await kept(store, plan, embedder, tell, author=author, note=note, owner=owner)


async def kept(
    store: GenerationStore, plan: Plan, embedder: Embedder | None, tell: Progress, *, author: str, note: str, owner: str
) -> Draft:
    """Write a plan as a draft. For holders of the lock. Raises EmbeddingFailed, IndexDamaged."""
    if not plan.differs(embedder):
        return Draft(None, plan.old.generation, plan.outcomes, Difference(), author, note, owner)
    built = await build(store, plan, embedder, tell, author=author, note=note, draft=True)
    manifest = await asyncio.to_thread(store.manifest, built.generation)
    draft = Draft(
        generation=built.generation,
        base=plan.old.generation,
        outcomes=plan.outcomes,
        difference=built.difference.sampled(),
        author=author,
        note=manifest.note,
        owner=owner,
        created=manifest.created,
        passages=plan.passages,
        embedded=built.embedded,
    )
    await asyncio.to_thread(store.drafts.keep, built.generation, _DRAFT.dump_json(draft))
    return draft


async def publish(
    store: GenerationStore,
    draft_generation: str,
    *,
    author: str,
    note: str = "",
    progress: Progress | None = None,
    lock_wait: float = LOCK_WAIT,
) -> str:
    """Publish a draft; its generation. Publishing one that is published is no error, so that it can be tried again.

    Raises NoSuchGeneration, DraftOutdated where another generation was published since it was made (then prepare it
    again), IngestInterrupted, IndexDamaged.
    """
    async with only_one(store, lock_wait):
        await asyncio.to_thread(store.settle)
        current = await asyncio.to_thread(store.current)
        if current == draft_generation:
            return draft_generation
        draft = await asyncio.to_thread(read, store, draft_generation)
        if draft.base != current:
            raise DraftOutdated(f"draft {draft_generation} was made from {draft.base}, and {current} is published now")
        await to_the_end(lambda: store.publish(draft_generation, author=author, note=note))
        (progress or silent)(Advance(Phase.PUBLISH, 1, 1))
        await to_the_end(store.prune)
    return draft_generation


async def discard(store: GenerationStore, draft_generation: str, *, lock_wait: float = LOCK_WAIT) -> None:
    """Drop a draft. Raises NoSuchGeneration, IngestInterrupted."""
    async with only_one(store, lock_wait):
        try:
            await to_the_end(lambda: store.discard(draft_generation))
        except IndexUnavailable as error:
            raise NoSuchGeneration(str(error)) from error


async def rollback(
    store: GenerationStore,
    generation: str | None = None,
    *,
    author: str,
    note: str = "",
    instead_of: str | None = None,
    lock_wait: float = LOCK_WAIT,
) -> str:
    """Publish an earlier generation again, by default the one that the published one has replaced; its id.

    `instead_of` is which one the caller takes to be published. Raises DraftOutdated where that is another,
    NoSuchGeneration where there is no earlier one or its files are gone, IngestInterrupted, IndexDamaged.
    """
    async with only_one(store, lock_wait):
        try:
            await asyncio.to_thread(store.settle)
            current = await asyncio.to_thread(store.current)
        except IndexDamaged:
            if generation is None or instead_of is not None:
                raise
            current = None  # going back to a named generation is the way out of damage
        if instead_of not in (None, current):
            raise DraftOutdated(f"{current} is published by now, not {instead_of}")
        wanted = await asyncio.to_thread(_earlier, store, generation)
        await to_the_end(lambda: store.publish(wanted, author=author, note=note, action=Action.ROLLED_BACK))
    return wanted


def drafts(store: GenerationStore) -> list[Draft]:
    """All drafts, oldest first; one that is not readable any more is logged and left out. Blocks."""
    current, found = store.current(), []
    for name in store.drafts.names():
        if name == current:  # a publication was killed before it could say that this is no draft any more
            continue
        try:
            found.append(read(store, name))
        except NoSuchGeneration as error:
            _log.warning("%s", error)
    return found


def read(store: GenerationStore, generation: str) -> Draft:
    """One draft. Raises NoSuchGeneration where there is none, or where it is not readable. Blocks."""
    try:
        return _DRAFT.validate_json(store.drafts.record(generation))
    except IndexUnavailable as error:
        raise NoSuchGeneration(str(error)) from error
    except ValidationError as error:
        raise NoSuchGeneration(f"draft {generation} is not readable") from error


def difference(store: GenerationStore, before: str | None, after: str | None) -> Difference:
    """What two generations or drafts differ in, with all passages; None is the published one. Blocks.

    Raises NoSuchGeneration where the files of one are gone, IndexDamaged.
    """
    for name in (before, after):
        if name is not None and name not in (*store.generations(), *store.drafts.names()):
            raise NoSuchGeneration(f"generation {name} does not exist")
    old, new = store.contents(before), store.contents(after)
    return between(files_of(old.files()), files_of(new.files()))


def _also_without(plan: Plan, keys: Collection[tuple[Origin, str]]) -> Plan:
    """The plan without some of the files that were there before."""
    gone = without(plan.old, keys)
    return replace(
        plan,
        after={key: file for key, file in plan.after.items() if key in gone.after or key not in plan.before},
        outcomes=plan.outcomes + gone.outcomes,
    )


def _earlier(store: GenerationStore, wanted: str | None) -> str:
    known = store.generations()
    if wanted is None:
        current = store.current()
        # Not what a rollback replaced: going back twice would end where it began.
        lines = [
            each for each in store.history() if each.generation == current and each.action is not Action.ROLLED_BACK
        ]
        replaced = [each.replaced for each in lines if each.replaced in known]
        older = [name for name in known if current is not None and name < current]
        found = next(iter((*replaced[-1:], *older[-1:])), None)
        if found is None:
            raise NoSuchGeneration("there is no earlier generation")
        return found
    if wanted not in known:
        raise NoSuchGeneration(f"generation {wanted} does not exist")
    return wanted
