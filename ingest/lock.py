"""One writer at a time on a data directory, and no writer that goes on after it has let go of the lock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from ingest.errors import IngestInterrupted

Result = TypeVar("Result")

LOCK_WAIT = 10.0
"""Seconds to wait for another ingest to finish."""


@asynccontextmanager
async def only_one(root: Path, wait: float = LOCK_WAIT) -> AsyncIterator[None]:
    """Hold the ingest lock; the system lets go of it when the process dies.

    Raises IngestInterrupted where another writer still holds it after `wait` seconds.
    """
    await asyncio.to_thread(root.mkdir, parents=True, exist_ok=True)
    lock = FileLock(root / "ingest.lock", thread_local=False)
    try:
        await asyncio.to_thread(lock.acquire, timeout=wait)
    except Timeout as error:
        raise IngestInterrupted(f"another ingest is running on {root}; waited {wait:g} s for it") from error
    try:
        yield
    finally:
        await asyncio.shield(asyncio.to_thread(lock.release))


async def to_the_end(act: Callable[[], Result]) -> Result:
    """Do it in a thread; whoever is cancelled meanwhile waits for its end before letting go of the lock."""
    task = asyncio.create_task(asyncio.to_thread(act))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
