"""Takes uploads, and publishes, discards and undoes what came of them; every step is in the audit log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.access.audit import Action
from bot.documents.errors import DraftStale, Problem, Refusal, UploadRefused
from bot.documents.jobs import UNDER_WAY, Job, Jobs, JobState
from bot.documents.ports import Drafts
from bot.documents.reader import Reader, Timing, utc_now
from bot.documents.recording import Person, event_of
from bot.documents.uploads import Upload, Uploads

MOST_ACTIVE: Final = 20
"""Jobs that wait, are read or are drafts at a time; together they bound what uploads take of the disk."""


class Desk:
    """What the pages press. Whether somebody may is decided before."""

    def __init__(
        self,
        jobs: Jobs,
        uploads: Uploads,
        drafts: Drafts,
        *,
        clock: Callable[[], datetime] = utc_now,
        timing: Timing | None = None,
        most: int = MOST_ACTIVE,
    ) -> None:
        self.jobs = jobs
        self.uploads = uploads
        self.drafts = drafts
        self.reader = Reader(jobs, uploads, drafts, clock=clock, timing=timing)
        self._clock = clock
        self._most = most

    async def submit(self, upload: Upload, by: Person, owner: str) -> Job:
        """Make a job of an upload that is complete. Raises UploadRefused, DocumentsStoreFailed."""
        if not upload.files:
            raise UploadRefused(Refusal.NO_FILE)
        job = Job(upload.id, self._clock(), by.subject, by.tenant, owner, tuple(upload.files))
        event = event_of(job.at, by, Action.DOCUMENTS_SENT, job, files=str(len(job.files)))
        if not await self.jobs.add(job, event, self._most):
            raise UploadRefused(Refusal.QUEUE_FULL)
        upload.kept = True
        self.reader.board.tell(job)
        self.reader.due.set()
        return job

    async def cancel(self, job: Job, by: Person) -> bool:
        """Give up a job that waits or is being read; False where it is neither. Raises DocumentsStoreFailed."""
        ended = job.ended(JobState.CANCELLED, self._clock())
        event = event_of(self._clock(), by, Action.DOCUMENTS_CANCELLED, job)
        if not await self.jobs.change(ended, UNDER_WAY, event):
            return False
        self.reader.stop(job.id)
        await self.reader.done_with(ended)
        return True

    async def publish(self, job: Job, by: Person, note: str) -> bool:
        """Publish a job's draft; False where it is none any more.

        Raises DraftStale where something else was published since, and then reads the job again; DraftFailed.
        """
        if job.state is not JobState.DRAFT:
            return False
        try:
            await self.drafts.publish(job.generation, by.subject, note)
        except DraftStale:
            again = job.queued_again(Problem.OUTDATED)
            if await self.jobs.change(again, (JobState.DRAFT,)):
                self.reader.board.tell(again)
                self.reader.due.set()
                await self.reader.throw_away(job.generation)
            raise
        published = replace(job.ended(JobState.PUBLISHED, self._clock()), note=note)
        event = event_of(self._clock(), by, Action.DOCUMENTS_PUBLISHED, job, generation=job.generation, note=note)
        # Somebody may have discarded it a moment ago, but it is published.
        if await self.jobs.change(published, (JobState.DRAFT, JobState.DISCARDED), event):
            await self.reader.done_with(published)
        return True

    async def discard(self, job: Job, by: Person, note: str) -> bool:
        """Throw a draft away; False where it is none any more. Raises DocumentsStoreFailed."""
        discarded = replace(job.ended(JobState.DISCARDED, self._clock()), note=note)
        event = event_of(self._clock(), by, Action.DOCUMENTS_DISCARDED, job, note=note)
        if not await self.jobs.change(discarded, (JobState.DRAFT,), event):
            return False
        await self.reader.throw_away(job.generation)
        await self.reader.done_with(discarded)
        return True

    async def undoable(self, job: Job) -> bool:
        """Whether a job's publication is the latest of all, and what was there before is still kept.

        Raises DraftFailed.
        """
        if job.state is not JobState.PUBLISHED or not job.base:
            return False
        return await self.drafts.current() == job.generation and await self.drafts.exists(job.base)

    async def undo(self, job: Job, by: Person) -> bool:
        """Publish what was there before a job's publication; False where that is not the latest any more.

        Raises DraftFailed.
        """
        if not await self.undoable(job):
            return False
        try:
            await self.drafts.restore(job.base, job.generation, by.subject)
        except DraftStale:
            return False
        undone = replace(job, state=JobState.UNDONE)
        event = event_of(self._clock(), by, Action.DOCUMENTS_UNDONE, job, generation=job.base)
        if await self.jobs.change(undone, (JobState.PUBLISHED,), event):
            self.reader.board.tell(undone)
        return True
