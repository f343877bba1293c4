"""`fyren ingest --watch`: goes on until it is stopped, whatever happens to single files or the embedding server."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path

from bot.cli.console import Console
from ingest.errors import IngestError, IsolationUnavailable
from ingest.watching import Batch, Watch
from knowledge.errors import KnowledgeError

RETRY = 30
"""Seconds between two attempts where an ingest as a whole has failed."""


def until_stopped(work: Coroutine[None, None, None], console: Console) -> int:
    """Run until Ctrl-C, or the signal with which a system ends its services: neither is a failure."""
    try:
        asyncio.run(work)
    except (KeyboardInterrupt, asyncio.CancelledError):
        console.note(console.say("ingesting.watch.stopped"))
    return 0


async def keep_watching(
    paths: Sequence[Path],
    console: Console,
    take: Callable[[Batch], Awaitable[None]],
    watch: Watch | None = None,
    retry: float = RETRY,
) -> None:
    """Hand every batch over; one that fails comes again. Raises IsolationUnavailable, which no waiting mends."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    watch = watch or Watch(paths)
    console.note(console.say("ingesting.watch.started", paths=", ".join(map(str, paths))))
    while True:
        batch = await watch.next()
        try:
            await take(batch)
        except IsolationUnavailable:
            raise
        except (IngestError, KnowledgeError, OSError) as error:
            console.note(console.say("ingesting.watch.failed", detail=error, seconds=round(retry)))
            await asyncio.sleep(retry)
        else:
            watch.done(batch)
