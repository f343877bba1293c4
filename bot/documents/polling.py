"""A queue that looks for jobs in their own table again and again: for one process, which knows of its own."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from datetime import datetime

from bot.documents.errors import DocumentsError, Postponed
from bot.documents.jobs import Jobs
from bot.documents.queue import Read
from bot.documents.timing import Timing, utc_now

_log = logging.getLogger(__name__)


class PollingQueue:
    """Implements `bot.documents.queue.Queue`. A job is its holder's as long as that says so."""

    def __init__(self, jobs: Jobs, *, timing: Timing | None = None, clock: Callable[[], datetime] = utc_now) -> None:
        self._jobs, self._timing, self._clock = jobs, timing or Timing(), clock
        self._due = asyncio.Event()

    def poke(self) -> None:
        """See Queue."""
        self._due.set()

    async def serve(self, read: Read) -> None:
        """See Queue."""
        while True:
            self._due.clear()
            if await self._next(read):
                continue
            try:
                await asyncio.wait_for(self._due.wait(), self._timing.pause)
            except TimeoutError:
                continue

    async def _next(self, read: Read) -> bool:
        """Have the job read that is due, if one is; whether there may be more at once."""
        now = self._clock()
        try:
            job = await self._jobs.claim(secrets.token_hex(16), now, now - self._timing.lease)
            if job is not None:
                await read(job)
        except Postponed:
            return False
        except DocumentsError:
            _log.exception("documents that were sent could not be looked after; the next try is soon")
            return False
        return job is not None
