"""A queue of jobs that PostgreSQL keeps for all replicas, by procrastinate: who reads what, who is woken, who is dead.

A job of ours is in it from the transaction on that keeps it, and names only its id there. The library hands out one at
a time and notices replicas that died; what became of a job stands in our own table, where a reader that was taken for
dead can change nothing any more.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from sqlalchemy.engine import make_url

from bot.documents.errors import Postponed
from bot.documents.queue import Read
from bot.documents.timing import Timing, utc_now
from bot.storage.documents.jobs import SqlJobs
from bot.storage.engine import libpq_place
from bot.storage.errors import StorageError
from bot.storage.operating.background import Turns

if TYPE_CHECKING:
    from bot.storage.documents.queue_worker import QueueWorker

TURN: Final = "put documents back into the queue"

_log = logging.getLogger(__name__)


class SqlJobQueue:
    """Implements `bot.documents.queue.Queue` over connections of its own: three while it serves, none before."""

    def __init__(
        self,
        url: str,
        jobs: SqlJobs,
        turns: Turns,
        *,
        timing: Timing | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """`url` is the database's, whose schema is up to date."""
        self._place = libpq_place(make_url(url))
        self._jobs, self._turns, self._timing, self._clock = jobs, turns, timing or Timing(), clock

    def poke(self) -> None:
        """See Queue. The database has told every replica already."""

    async def serve(self, read: Read) -> None:
        """See Queue."""
        make = await asyncio.to_thread(_worker)

        async def bring(job_id: str) -> None:
            try:
                job = await self._jobs.take(job_id, secrets.token_hex(16), self._clock())
                if job is not None:
                    await read(job)
            except Postponed:
                raise
            except Exception:
                _log.exception("job %s could not be looked after; the next try is soon", job_id)
                raise

        while True:
            worker = make(self._place, bring, self._timing)
            try:
                await worker.run(partial(self._look_after, worker))
            except StorageError as error:
                _log.warning("the queue of documents is not served; the next try is soon: %s", error)
            await asyncio.sleep(self._timing.pause)

    async def _look_after(self, worker: QueueWorker) -> None:
        """Have brought again what a dead replica had, and what never came into the queue. Two who did so at once could
        undo what the other has done."""
        while True:
            stale = self._clock() - self._timing.lease
            try:
                if await worker.stalled() or await self._jobs.lacking(stale):
                    async with self._turns.turn(TURN) as mine:
                        if mine:
                            found = await worker.put_back_stalled() + await self._jobs.put_back(stale)
                            _log.info("put %d jobs of documents back into the queue", found)
            except StorageError as error:
                _log.warning("jobs of replicas that died could not be looked for; the next look is soon: %s", error)
            await asyncio.sleep(self._timing.pause)


def _worker() -> type[QueueWorker]:
    from bot.storage.documents.queue_worker import QueueWorker  # noqa: PLC0415 - its library takes a tenth of a second

    return QueueWorker
