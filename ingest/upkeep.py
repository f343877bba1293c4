"""What a service does to the knowledge base by itself: dropping what is no longer kept, and rewriting older formats."""

from __future__ import annotations

import asyncio

from ingest.errors import IngestInterrupted
from ingest.lock import LOCK_WAIT, held, only_one, to_the_end
from knowledge.adapters.generation import GenerationStore
from knowledge.errors import IndexUnavailable
from knowledge.ports import Index

REFRESH_WAIT = 60.0
"""Seconds for which a service that finds an older format waits for a writer; what it serves stays meanwhile."""


async def tidy(store: GenerationStore, *, lock_wait: float = LOCK_WAIT) -> None:
    """Drop what has outlived the store's retention, for services in which nobody publishes for long.

    Raises IngestInterrupted, IndexDamaged.
    """
    async with only_one(store, lock_wait):
        await asyncio.to_thread(store.settle)
        await to_the_end(store.prune)


class LockedStore:
    """Generations for a service that serves them; implements `bot.serving.Generations`.

    Rewriting one of an older format publishes, so it is done under the lock of writers: without it, a publication in
    the same moment would be undone by it.
    """

    def __init__(self, store: GenerationStore, wait: float = REFRESH_WAIT) -> None:
        self._store, self._wait = store, wait

    def current(self) -> str | None:
        """The published generation's id. Blocks. Raises IndexDamaged."""
        return self._store.current()

    def refresh(self) -> str | None:
        """Rewrite a published generation of an older format; the new id, or None where there is no need. Blocks.

        A server of searches that does not hold the published generation takes it in.
        Raises IndexUnavailable, also where a writer holds the lock for too long.
        """
        if not self._store.is_older() and self._store.is_held():
            return None
        try:
            with held(self._store, self._wait):
                self._store.settle()
                self._store.hold()
                return self._store.refresh()
        except IngestInterrupted as error:
            raise IndexUnavailable(f"the published generation cannot be served yet: {error}") from error

    def open(self, model: str | None) -> Index:
        """The published generation. Blocks. Raises IndexUnavailable and what derives from it."""
        return self._store.open(model)
