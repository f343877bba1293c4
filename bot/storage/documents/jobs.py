"""Jobs of documents, in a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, update

from bot.access.audit import AuditEvent
from bot.documents.jobs import ACTIVE, UNDER_WAY, Far, Job, JobFile, JobKind, JobState
from bot.storage.documents.queue_schema import enqueue, missing, withdraw
from bot.storage.operating.audit import put_entry
from bot.storage.schema.base import Moment
from bot.storage.schema.jobs import ingest_jobs
from bot.storage.scrubbing import tidy
from bot.storage.transactions import Transactions
from ingest.difference import Difference
from ingest.gate_report import GateReport
from ingest.model import Outcome

_TYPES: Final[dict[str, TypeAdapter[Any]]] = {
    "files": TypeAdapter(tuple[JobFile, ...]),
    "paths": TypeAdapter(tuple[str, ...]),
    "outcomes": TypeAdapter(tuple[Outcome, ...]),
    "difference": TypeAdapter(Difference),
    "gate": TypeAdapter(GateReport | None),
}
"""What is kept as JSON; what a later version adds to it reads as its default."""
_FAR: Final = TypeAdapter(Far)
OLDEST_FIRST = (ingest_jobs.c.at, ingest_jobs.c.id)
NEWEST_FIRST = (ingest_jobs.c.at.desc(), ingest_jobs.c.id)


class SqlJobs:
    """Implements `bot.documents.jobs.Jobs`; every method raises StorageError where the database fails. What waits to be
    read stands in the database's queue, where that has one, from the same transaction on."""

    def __init__(self, main: Transactions) -> None:
        self._main = main

    async def add(self, job: Job, event: AuditEvent, most: int) -> bool:
        """Keep a new job with an entry in the audit log: both or neither, and neither where `most` are active."""
        active = select(func.count()).select_from(ingest_jobs).where(ingest_jobs.c.state.in_(ACTIVE))

        def keep(connection: Connection) -> bool:
            if connection.scalar(select(ingest_jobs.c.id).where(ingest_jobs.c.id == job.id)) is not None:
                return True
            if (connection.scalar(active) or 0) >= most:
                return False
            connection.execute(insert(ingest_jobs).values(_values(job)))
            if job.state is JobState.QUEUED:
                enqueue(connection, job.id)
            put_entry(connection, event)
            return True

        return await self._main.write("documents that were sent could not be stored", keep)

    async def one(self, job_id: str) -> Job | None:
        """A job; None where there is none."""
        return next(iter(await self._find(ingest_jobs.c.id == job_id)), None)

    async def all(self, owners: Sequence[str] | None = None, limit: int = 50) -> Sequence[Job]:
        """The latest first; those of these owners, where any are named."""
        where = () if owners is None else (ingest_jobs.c.owner.in_(owners),)
        return await self._find(*where, limit=limit)

    async def active(self) -> Sequence[Job]:
        """Those whose files are still needed, the oldest first."""
        return await self._find(ingest_jobs.c.state.in_(ACTIVE), order=OLDEST_FIRST, limit=1000)

    async def of_generation(self, generation: str) -> Job | None:
        """The job that published a generation."""
        mine = and_(ingest_jobs.c.generation == generation, ingest_jobs.c.state == JobState.PUBLISHED)
        return next(iter(await self._find(mine)), None)

    async def claim(self, holder: str, now: datetime, stale: datetime) -> Job | None:
        """Take the oldest job that waits, or whose reader was last heard of before `stale`; None while another is
        being read, while that one waits for its next try, or where there is none."""
        reading = ingest_jobs.c.state == JobState.READING
        lost = and_(reading, or_(ingest_jobs.c.held_at.is_(None), ingest_jobs.c.held_at < stale))
        busy = select(ingest_jobs.c.id).where(reading, ingest_jobs.c.held_at >= stale).limit(1)
        due = or_(ingest_jobs.c.state == JobState.QUEUED, lost)
        first = select(ingest_jobs.c.id, ingest_jobs.c.due_at).where(due).order_by(*OLDEST_FIRST).limit(1)

        def take(connection: Connection) -> Job | None:
            if connection.scalar(busy) is not None:
                return None
            found = connection.execute(first).first()
            if found is None or (found.due_at is not None and found.due_at > now):
                return None
            # Nobody else took it in between.
            return _take(connection, and_(ingest_jobs.c.id == found.id, due), holder, now)

        # Where a commit was not confirmed, the job is free again when its lease has run out.
        return await self._main.write("documents that wait could not be taken", take, repeatable=False)

    async def take(self, job_id: str, holder: str, now: datetime) -> Job | None:
        """Take the job that the database's queue has brought, from whoever had it; None where it is not to be read any
        more."""
        mine = and_(ingest_jobs.c.id == job_id, ingest_jobs.c.state.in_(UNDER_WAY))
        return await self._main.write(
            "documents that wait could not be taken",
            lambda connection: _take(connection, mine, holder, now),
            repeatable=False,
        )

    async def lacking(self, stale: datetime) -> Sequence[str]:
        """The ids of jobs that are due, last heard of before `stale`, and that the database's queue does not know."""
        return await self._main.read(
            "documents that wait could not be read", lambda connection: missing(connection, stale)
        )

    async def put_back(self, stale: datetime) -> int:
        """Put what is `lacking` into the database's queue; how many they were."""

        def put(connection: Connection) -> int:
            found = missing(connection, stale)
            for each in found:
                enqueue(connection, each)
            return len(found)

        return await self._main.write("documents that wait could not be put into the queue", put)

    async def beat(self, job_id: str, holder: str, now: datetime, far: Far | None = None) -> bool:
        """Say that a job is still being read, and how far that is; False where it is not the holder's any more."""
        values = {"held_at": now, "progress": _FAR.dump_json(far).decode() if far is not None else ""}
        mine = and_(ingest_jobs.c.id == job_id, ingest_jobs.c.holder == holder, ingest_jobs.c.state == JobState.READING)

        def note(connection: Connection) -> bool:
            return connection.execute(update(ingest_jobs).where(mine).values(values)).rowcount > 0

        return await self._main.write("that documents are being read could not be noted", note)

    async def followed(self) -> Sequence[tuple[str, JobState, Far | None]]:
        """The ids of those whose files are still needed, their states, and how far each is that somebody reads, in
        whichever process. Quick: it is asked again and again."""
        columns = ingest_jobs.c.id, ingest_jobs.c.state, ingest_jobs.c.progress
        query = select(*columns).where(ingest_jobs.c.state.in_(ACTIVE)).order_by(*OLDEST_FIRST).limit(1000)

        def find(connection: Connection) -> Sequence[tuple[str, JobState, Far | None]]:
            return tuple(
                (row.id, JobState(row.state), _FAR.validate_json(row.progress) if row.progress else None)
                for row in connection.execute(query)
            )

        return await self._main.read("documents that were sent could not be read", find)

    async def change(
        self, job: Job, expected: Sequence[JobState], event: AuditEvent | None = None, *, holder: str | None = None
    ) -> bool:
        """Keep what became of a job, with an entry in the audit log: both or neither. False, and nothing is changed,
        where it is in none of the `expected` states, or held by somebody else than `holder` where one is given."""
        mine = [ingest_jobs.c.id == job.id, ingest_jobs.c.state.in_(expected)]
        if holder is not None:
            mine.append(ingest_jobs.c.holder == holder)

        def change(connection: Connection) -> bool:
            if not connection.execute(update(ingest_jobs).where(*mine).values(_values(job))).rowcount:
                return False
            if holder is None and job.state is JobState.QUEUED:  # its reader gives it back to the queue by itself
                enqueue(connection, job.id)
            elif job.state is JobState.CANCELLED:
                withdraw(connection, job.id)
            if event is not None:
                put_entry(connection, event)
            return True

        # Another try would not tell whether this one or somebody else had changed it.
        return await self._main.write("what became of documents could not be stored", change, repeatable=False)

    async def forget(self, ended_before: datetime) -> int:
        """Delete those that ended before this, for good; how many they were."""
        ended = and_(
            ingest_jobs.c.state.not_in(ACTIVE),
            func.coalesce(ingest_jobs.c.done_at, ingest_jobs.c.at, type_=Moment()) < ended_before,
        )

        def remove(connection: Connection) -> int:
            return connection.execute(delete(ingest_jobs).where(ended)).rowcount

        gone = await self._main.write("jobs that ended long ago could not be deleted", remove)
        if gone:
            await tidy(self._main, (ingest_jobs,))
        return gone

    async def _find(
        self, *where: ColumnElement[bool], order: Sequence[ColumnElement[Any]] = NEWEST_FIRST, limit: int = 50
    ) -> Sequence[Job]:
        query = select(ingest_jobs).where(*where).order_by(*order).limit(limit)

        def find(connection: Connection) -> Sequence[Job]:
            return tuple(_job(row) for row in connection.execute(query))

        return await self._main.read("documents that were sent could not be read", find)


def _take(connection: Connection, mine: ColumnElement[bool], holder: str, now: datetime) -> Job | None:
    values = {"state": JobState.READING, "holder": holder, "held_at": now}
    taken = connection.execute(update(ingest_jobs).where(mine).values(values).returning(ingest_jobs)).first()
    return _job(taken) if taken is not None else None


def _values(job: Job) -> dict[str, Any]:
    values = {each.name: getattr(job, each.name) for each in fields(job)}
    texts = {name: kind.dump_json(values[name]).decode() for name, kind in _TYPES.items()}
    return values | texts | {"progress": ""}


def _job(row: Row[Any]) -> Job:
    values = dict(row._mapping)  # rows have no public way to become a dictionary
    del values["progress"]  # it is told to those who follow, and no part of the job
    read = {name: kind.validate_json(values[name]) for name, kind in _TYPES.items()}
    return Job(**{**values, **read, "state": JobState(row.state), "kind": JobKind(row.kind)})
