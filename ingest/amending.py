"""Drafts for which no file is read: other facts about documents that are published."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection

from ingest.drafts import Draft, kept
from ingest.lock import LOCK_WAIT, only_one
from ingest.pipeline import opened, revised, silent
from knowledge.adapters.generation import GenerationStore
from knowledge.model import Document, Origin


async def prepare_facts(
    paths: Collection[str],
    change: Callable[[Document], Document],
    *,
    store: GenerationStore,
    author: str,
    note: str = "",
    owner: str = "",
    origin: Origin = Origin.INGESTED,
    lock_wait: float = LOCK_WAIT,
) -> Draft:
    """Leave other facts about documents as a draft, as `ingest.pipeline.revise` would publish them.

    `owner` is noted as whose documents the draft is about. What `change` raises comes through, and then there is no
    draft. Raises IngestInterrupted, IndexDamaged.
    """
    async with only_one(store, lock_wait):
        old = await asyncio.to_thread(opened, store)
        plan = await asyncio.to_thread(revised, old, {(origin, path) for path in paths}, change)
        return await kept(store, plan, None, silent, author=author, note=note, owner=owner)
