"""Takes uploads and other wishes, and publishes, discards and undoes what came of them; every step is audited."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.access.audit import Action, AuditEvent
from bot.documents.errors import DraftStale, Problem, Refusal, UploadRefused
from bot.documents.facts import Facts
from bot.documents.jobs import UNDER_WAY, Job, JobKind, Jobs, JobState
from bot.documents.people import Nobody, People, keep_name
from bot.documents.polling import PollingQueue
from bot.documents.ports import Drafts
from bot.documents.queue import Queue
from bot.documents.reader import Reader
from bot.documents.recording import Person, event_of
from bot.documents.timing import Timing, utc_now
from bot.documents.uploads import Upload, Uploads

MOST_ACTIVE: Final = 20
"""Jobs that wait, are read or are drafts at a time; together they bound what uploads take of the disk."""


class Desk:
    """What the pages press. Whether somebody may is decided before. Without a `queue`, jobs are looked for where they
    are kept."""

    def __init__(
        self,
        jobs: Jobs,
        uploads: Uploads,
        drafts: Drafts,
        *,
        clock: Callable[[], datetime] = utc_now,
        timing: Timing | None = None,
        most: int = MOST_ACTIVE,
        people: People | None = None,
        queue: Queue | None = None,
    ) -> None:
        self.jobs = jobs
        self.people = people or Nobody()
        self.uploads = uploads
        self.drafts = drafts
        self.queue = queue or PollingQueue(jobs, timing=timing, clock=clock)
        self.reader = Reader(jobs, uploads, drafts, self.queue, clock=clock, timing=timing)
        self._clock = clock
        self._most = most

    async def submit(self, upload: Upload, by: Person, owner: str) -> Job:
        """Make a job of an upload that is complete. Raises UploadRefused, DocumentsStoreFailed."""
        if not upload.files:
            raise UploadRefused(Refusal.NO_FILE)
        job = Job(upload.id, self._clock(), by.subject, by.tenant, owner, tuple(upload.files))
        event = event_of(job.at, by, Action.DOCUMENTS_SENT, job, files=str(len(job.files)))
        await self.uploads.share(upload)
        await self._begin(job, by, event)
        upload.kept = True
        self.queue.poke()
        return job

    async def remove(self, path: str, by: Person, owner: str) -> Job:
        """Make a job that takes a document of this owner out, which becomes a draft as files do.

        Raises UploadRefused, DocumentsStoreFailed.
        """
        job = Job(_new_id(), self._clock(), by.subject, by.tenant, owner, (), kind=JobKind.REMOVAL, paths=(path,))
        await self._begin(job, by, event_of(job.at, by, Action.DOCUMENTS_REMOVAL_ASKED, job))
        self.queue.poke()
        return job

    async def change_facts(self, path: str, seen: Facts, facts: Facts, by: Person) -> Job:
        """Publish other facts about a document at once; it can be undone like any publication.

        Raises DraftStale, and publishes nothing, where the document is gone or has other facts than those `seen`, or
        something else was published in the same moment; UploadRefused, DraftFailed, DocumentsStoreFailed.
        """
        prepared = await self.drafts.prepare_facts(path, seen, facts, author=by.subject)
        begun = Job(_new_id(), self._clock(), by.subject, by.tenant, seen.owner, (), kind=JobKind.FACTS, paths=(path,))
        job = begun.drafted(prepared)
        try:
            # Kept as a draft first: where a crash comes between, the next start knows what was published.
            await self._begin(job, by, event_of(job.at, by, Action.DOCUMENTS_FACTS_CHANGED, job))
        except BaseException:
            await self.reader.throw_away(job.generation)
            raise
        await self.publish(job, by, "")
        return job

    async def cancel(self, job: Job, by: Person) -> bool:
        """Give up a job that waits or is being read; False where it is neither. Raises DocumentsStoreFailed."""
        ended = job.ended(JobState.CANCELLED, self._clock())
        event = event_of(self._clock(), by, Action.DOCUMENTS_CANCELLED, job)
        if not await self.jobs.change(ended, UNDER_WAY, event):
            return False
        self.reader.stop(job.id)
        await self.reader.done_with(ended)
        await keep_name(self.people, by, self._clock())
        return True

    async def publish(self, job: Job, by: Person, note: str) -> bool:
        """Publish a job's draft; False where it is none any more.

        Raises DraftStale where something else was published since, and then reads the job again, or ends it where it is
        about facts, which somebody has to look at anew; DraftFailed.
        """
        if job.state is not JobState.DRAFT:
            return False
        try:
            await self.drafts.publish(job.generation, by.subject, note)
        except DraftStale:
            again = self._again(job)
            if await self.jobs.change(again, (JobState.DRAFT,)):
                self.reader.board.tell(again)
                self.queue.poke()
                await self.reader.throw_away(job.generation)
            raise
        published = replace(job.ended(JobState.PUBLISHED, self._clock()), note=note)
        event = event_of(self._clock(), by, Action.DOCUMENTS_PUBLISHED, job, generation=job.generation, note=note)
        # Somebody may have discarded it a moment ago, but it is published.
        if await self.jobs.change(published, (JobState.DRAFT, JobState.DISCARDED), event):
            await self.reader.done_with(published)
        await keep_name(self.people, by, self._clock())
        return True

    async def discard(self, job: Job, by: Person, note: str) -> bool:
        """Throw a draft away; False where it is none any more. Raises DocumentsStoreFailed."""
        discarded = replace(job.ended(JobState.DISCARDED, self._clock()), note=note)
        event = event_of(self._clock(), by, Action.DOCUMENTS_DISCARDED, job, note=note)
        if not await self.jobs.change(discarded, (JobState.DRAFT,), event):
            return False
        await self.reader.throw_away(job.generation)
        await self.reader.done_with(discarded)
        await keep_name(self.people, by, self._clock())
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
        await keep_name(self.people, by, self._clock())
        return True

    async def forget(self, ended_before: datetime) -> int:
        """Delete jobs that ended before this, files that no job needs, and the names of those who have not acted since;
        how many jobs they were. Raises DocumentsStoreFailed."""
        gone = await self.jobs.forget(ended_before)
        await self.people.forget(ended_before)
        await self.uploads.sweep([each.id for each in await self.jobs.active()])
        return gone

    async def _begin(self, job: Job, by: Person, event: AuditEvent) -> None:
        if not await self.jobs.add(job, event, self._most):
            raise UploadRefused(Refusal.QUEUE_FULL)
        self.reader.board.tell(job)
        await keep_name(self.people, by, job.at)

    def _again(self, job: Job) -> Job:
        if job.kind is JobKind.FACTS:
            return replace(job.ended(JobState.FAILED, self._clock(), problem=Problem.OUTDATED), generation="", base="")
        return job.queued_again(Problem.OUTDATED)


def _new_id() -> str:
    return secrets.token_hex(16)
