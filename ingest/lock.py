"""One writer at a time on a data directory, and no writer that goes on after it has let go of the lock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

from filelock import BaseFileLock, FileLock, Timeout

from ingest.errors import IngestInterrupted

Result = TypeVar("Result")

LOCK_WAIT = 10.0
"""Seconds to wait for another ingest to finish."""


@asynccontextmanager
async def only_one(root: Path, wait: float = LOCK_WAIT) -> AsyncIterator[None]:
    """Hold the ingest lock; the system lets go of it when the process dies.

    Raises IngestInterrupted where another writer still holds it after `wait` seconds.
    """
    lock = await asyncio.to_thread(_acquired, root, wait)
    try:
        yield
    finally:
        await asyncio.shield(asyncio.to_thread(lock.release))


@contextmanager
def held(root: Path, wait: float = LOCK_WAIT) -> Iterator[None]:
    """The same for code that may block. Raises IngestInterrupted."""
    lock = _acquired(root, wait)
    try:
        yield
    finally:
        lock.release()


def _acquired(root: Path, wait: float) -> BaseFileLock:
    root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(root / "ingest.lock", thread_local=False)
    try:
        lock.acquire(timeout=wait)
    except Timeout as error:
        raise IngestInterrupted(f"another ingest is running on {root}; waited {wait:g} s for it") from error
    return lock


async def to_the_end(act: Callable[[], Result]) -> Result:
    """Do it in a thread; whoever is cancelled meanwhile waits for its end before letting go of the lock."""
    task = asyncio.create_task(asyncio.to_thread(act))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
