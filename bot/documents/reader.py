"""Reads the jobs that a queue brings and makes drafts of them; a job that a crash cut short is brought again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from bot.access.audit import Action
from bot.documents.board import Board
from bot.documents.errors import DocumentsStoreFailed, DraftFailed, Postponed, Problem
from bot.documents.following import Following
from bot.documents.jobs import UNDER_WAY, Far, Job, JobKind, Jobs, JobState
from bot.documents.ports import Drafts, Prepared
from bot.documents.queue import Queue
from bot.documents.recording import Person, event_of
from bot.documents.timing import Timing, utc_now
from bot.documents.uploads import Uploads
from ingest.sources import Source

FAREWELL: Final = 5.0
"""Seconds that a reading has to end when it is cancelled."""

_log = logging.getLogger(__name__)


class Reader:
    """One in each process; each job is read by one of them, which the queue sees to."""

    def __init__(
        self,
        jobs: Jobs,
        uploads: Uploads,
        drafts: Drafts,
        queue: Queue,
        *,
        clock: Callable[[], datetime] = utc_now,
        timing: Timing | None = None,
    ) -> None:
        self.board = Board()
        self._jobs, self._uploads, self._drafts, self._queue, self._clock = jobs, uploads, drafts, queue, clock
        self._timing = timing or Timing()
        self._reading: tuple[str, asyncio.Task[Prepared]] | None = None
        self._far: Far | None = None
        self._following = Following(
            jobs, self.board, lambda job_id: self._reading is not None and self._reading[0] == job_id
        )

    async def run(self) -> None:
        """Read what is due, one job after another, until cancelled; no failing job or database ends it."""
        await self._safely(self._recover)
        following = asyncio.create_task(self._following.run()) if self._uploads.are_shared else None
        try:
            await self._queue.serve(self._read)
        finally:
            if following is not None:
                following.cancel()

    def stop(self, job_id: str) -> None:
        """Stop reading a job, where this is the process that does; in another one its next word is its last."""
        if self._reading is not None and self._reading[0] == job_id:
            self._reading[1].cancel()

    async def done_with(self, job: Job) -> None:
        """Tell that a job has ended, and delete its files; those that stay all the same are swept up later."""
        self.board.tell(job)
        try:
            await self._uploads.remove(job.id)
        except DocumentsStoreFailed as error:
            _log.warning("the files of job %s stay until they are swept up: %s", job.id, error)

    async def throw_away(self, generation: str) -> None:
        """Discard a draft; one that stays all the same goes when drafts outlive their retention."""
        try:
            await self._drafts.discard(generation)
        except DraftFailed as error:
            _log.warning("draft %s stays until it has outlived its time: %s", generation, error)

    async def _safely(self, step: Callable[[], Awaitable[bool]]) -> bool:
        try:
            return await step()
        except (DocumentsStoreFailed, DraftFailed):
            _log.exception("documents that were sent could not be looked after; the next try is soon")
        return False

    async def _recover(self) -> bool:
        """Finish what a crash cut short between publishing and saying so, and sweep up what no job needs."""
        active, current = await self._jobs.active(), await self._drafts.current()
        for job in active:
            if job.state is JobState.DRAFT and job.generation == current:
                published = job.ended(JobState.PUBLISHED, self._clock())
                by = Person(job.by, job.tenant)
                event = event_of(self._clock(), by, Action.DOCUMENTS_PUBLISHED, job, generation=current)
                if await self._jobs.change(published, (JobState.DRAFT,), event):
                    await self.done_with(published)
        swept = await self._uploads.sweep([each.id for each in active])
        if swept:
            _log.info("removed %d uploads that became no job", swept)
        return True

    async def _read(self, job: Job) -> None:
        """Read a job that is this process's. Raises Postponed, DocumentsStoreFailed."""
        self.board.tell(job)
        self._far = None
        reading = asyncio.create_task(self._prepare(job))
        self._reading = job.id, reading
        beating = asyncio.create_task(self._keep_beating(job, reading))
        try:
            await asyncio.wait({reading})
        except asyncio.CancelledError:  # the service or the queue ends: whoever is next reads it from the beginning
            reading.cancel()
            await asyncio.wait({reading}, timeout=FAREWELL)
            await asyncio.shield(self._safely(lambda: self._again(job)))
            raise
        finally:
            self._reading = None
            beating.cancel()
        await self._conclude(job, reading)

    async def _prepare(self, job: Job) -> Prepared:
        def tell(phase: str, done: int, total: int, path: str = "") -> None:
            self._far = Far(phase, done, total, path)
            self.board.tell(job, phase, done, total, path)

        files = [Source(self._uploads.path(job, each), each.name) for each in job.files]
        removed = job.paths if job.kind is JobKind.REMOVAL else ()
        async with self._uploads.at_hand(job) as complete:
            if not complete:
                raise DraftFailed(Problem.FILES_GONE, f"files of job {job.id} are gone")
            return await self._drafts.prepare(files, owner=job.owner, author=job.by, tell=tell, removed=removed)

    async def _keep_beating(self, job: Job, reading: asyncio.Task[Prepared]) -> None:
        """Say that the job is being read, and stop where it is somebody else's, or nobody's, by now."""
        while True:
            await asyncio.sleep(self._timing.beat)
            try:
                mine = await self._jobs.beat(job.id, job.holder, self._clock(), self._far)
            except DocumentsStoreFailed as error:
                _log.warning("that job %s is being read could not be noted: %s", job.id, error)
                continue
            if not mine:
                reading.cancel()
                return

    async def _conclude(self, job: Job, reading: asyncio.Task[Prepared]) -> None:
        if reading.cancelled():
            return  # whoever cancelled it has said so
        error = reading.exception()
        if error is None:
            await self._drafted(job, reading.result())
            return
        problem = _problem(error)
        if problem is Problem.BUSY:
            if await self._again(job, problem):
                raise Postponed(self._timing.pause)
            return
        if problem is Problem.UNREACHABLE and job.tries < len(self._timing.retries):
            pause = self._timing.retries[job.tries]
            _log.warning("job %s is tried again in %g s, as something cannot be reached: %s", job.id, pause, error)
            if await self._again(job, problem, pause):
                raise Postponed(pause)
            return
        _log.error("the documents of job %s could not be made a draft", job.id, exc_info=error)
        await self._failed(job, Problem.INDEX if problem is Problem.UNREACHABLE else problem)

    async def _again(self, job: Job, problem: str = "", put_off: float = 0.0) -> bool:
        """Give it back to be read once more, after so many seconds where another try failed; whether it was ours."""
        due = self._clock() + timedelta(seconds=put_off) if put_off else None
        queued = job.queued_again(problem, tries=job.tries + bool(put_off), due_at=due)
        if not await self._jobs.change(queued, UNDER_WAY, holder=job.holder):
            return False
        self.board.tell(queued)
        return True

    async def _drafted(self, job: Job, prepared: Prepared) -> None:
        if not prepared.generation:
            rejected = prepared.outcomes and all(each.reason for each in prepared.outcomes)
            problem = Problem.GONE if job.kind is JobKind.REMOVAL else Problem.UNCHANGED
            await self._failed(job, Problem.ALL_REJECTED if rejected else problem, prepared)
            return
        draft = job.drafted(prepared)
        if await self._jobs.change(draft, UNDER_WAY, holder=job.holder):
            self.board.tell(draft)
        else:  # cancelled in the last moment
            await self.throw_away(prepared.generation)

    async def _failed(self, job: Job, problem: Problem, prepared: Prepared | None = None) -> None:
        outcomes = prepared.outcomes if prepared is not None else ()
        failed = job.ended(JobState.FAILED, self._clock(), problem=problem, outcomes=outcomes)
        if await self._jobs.change(failed, UNDER_WAY, holder=job.holder):
            await self.done_with(failed)


def _problem(error: BaseException) -> Problem:
    if isinstance(error, DraftFailed):
        return error.reason
    # Files that replicas share are where jobs are: in the database.
    return Problem.UNREACHABLE if isinstance(error, DocumentsStoreFailed) else Problem.BROKEN
