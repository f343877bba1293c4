"""One writer at a time on a knowledge base, and no writer that goes on after it has let go of the lock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from filelock import FileLock, Timeout

from ingest.errors import IngestInterrupted
from knowledge.archive import ArchiveBusy

Result = TypeVar("Result")

LOCK_WAIT = 10.0
"""Seconds to wait for another ingest to finish."""


class Store(Protocol):
    """Where generations are written; `knowledge.adapters.generation.GenerationStore` is one."""

    root: Path

    def writing(self, wait: float) -> AbstractContextManager[None]:
        """Be the one who writes, also among other machines where these share it. Raises ArchiveFailed."""


@asynccontextmanager
async def only_one(store: Store, wait: float = LOCK_WAIT) -> AsyncIterator[None]:
    """Hold the ingest lock; the system lets go of it when the process dies, and other machines do soon after.

    Raises IngestInterrupted where another writer still holds it after `wait` seconds, ArchiveFailed where generations
    are shared and the archive cannot be reached.
    """
    stack = await asyncio.to_thread(_acquired, store, wait)
    try:
        yield
    finally:
        await asyncio.shield(asyncio.to_thread(stack.close))


@contextmanager
def held(store: Store, wait: float = LOCK_WAIT) -> Iterator[None]:
    """The same for code that may block. Raises IngestInterrupted, ArchiveFailed."""
    with _acquired(store, wait):
        yield


def _acquired(store: Store, wait: float) -> ExitStack:
    store.root.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + wait
    with ExitStack() as stack:
        try:
            stack.enter_context(FileLock(store.root / "ingest.lock", timeout=wait, thread_local=False))
            stack.enter_context(store.writing(max(0.0, until - time.monotonic())))
        except (Timeout, ArchiveBusy) as error:
            raise IngestInterrupted(f"another ingest is running on {store.root}; waited {wait:g} s for it") from error
        return stack.pop_all()


async def to_the_end(act: Callable[[], Result]) -> Result:
    """Do it in a thread; whoever is cancelled meanwhile waits for its end before letting go of the lock."""
    task = asyncio.create_task(asyncio.to_thread(act))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
