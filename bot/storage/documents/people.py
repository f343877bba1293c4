"""What those who work with documents are called, in the main database: the only place where names are kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from bot.documents.jobs import ACTIVE
from bot.documents.recording import Person
from bot.storage.schema.jobs import document_people, ingest_jobs
from bot.storage.scrubbing import tidy
from bot.storage.transactions import Transactions


@dataclass(frozen=True, slots=True)
class KeptWork:
    """Something that a person did to documents."""

    at: datetime
    kind: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class KeptPerson:
    """All that is kept by a person's id: the name, when they last acted, and what they began, oldest first."""

    name: str
    acted: datetime | None
    work: Sequence[KeptWork]


class SqlPeople:
    """Implements `bot.documents.people.People`; every method raises StorageError where the database fails."""

    def __init__(self, main: Transactions) -> None:
        self._main = main

    async def keep(self, by: Person, at: datetime) -> None:
        """Note what somebody who acts now is called; it replaces what they were called before."""
        mine = _of(by.tenant, by.subject)

        def note(connection: Connection) -> None:
            # A commit that was not confirmed is done again, and may have been done.
            connection.execute(delete(document_people).where(mine))
            values = {"tenant": by.tenant, "subject": by.subject, "name": by.name[:255], "acted": at}
            connection.execute(insert(document_people).values(values))

        await self._main.write("the name of a person could not be stored", note)

    async def names(self, subjects: Collection[str]) -> Mapping[str, str]:
        """Names by ids, of those of these that are known."""
        query = select(document_people.c.subject, document_people.c.name)
        query = query.where(document_people.c.subject.in_(sorted(subjects)))

        def look(connection: Connection) -> Mapping[str, str]:
            return {row.subject: row.name for row in connection.execute(query)}

        return await self._main.read("names of people could not be read", look)

    async def forget(self, acted_before: datetime) -> int:
        """Delete the names of those who last acted before this, for good; how many they were."""
        old = document_people.c.acted < acted_before

        def remove(connection: Connection) -> int:
            return connection.execute(delete(document_people).where(old)).rowcount

        gone = await self._main.write("names of people could not be deleted", remove)
        if gone:
            await tidy(self._main, (document_people,))
        return gone

    async def export(self, tenant: str, subject: str) -> KeptPerson | None:
        """What is kept of a person; None where that is nothing."""
        begun = select(ingest_jobs.c.at, ingest_jobs.c.kind, ingest_jobs.c.state, ingest_jobs.c.note)
        begun = begun.where(ingest_jobs.c.tenant == tenant, ingest_jobs.c.by == subject).order_by(
            ingest_jobs.c.at, ingest_jobs.c.id
        )
        named = select(document_people.c.name, document_people.c.acted).where(_of(tenant, subject))

        def take(connection: Connection) -> KeptPerson | None:
            row = connection.execute(named).one_or_none()
            work = tuple(KeptWork(*each) for each in connection.execute(begun))
            if row is None and not work:
                return None
            return KeptPerson(row.name if row else "", row.acted if row else None, work)

        return await self._main.read("what is kept of a person could not be read", take)

    async def erase(self, tenant: str, subject: str) -> int:
        """Delete a person's name, and their id from what they began, once it has ended: how many rows were about them.

        What is under way keeps the id, so that its end is recorded as theirs. The audit log and the history of
        publications keep the id too; it leads to nobody here any more. Raises StorageError.
        """
        mine = and_(ingest_jobs.c.tenant == tenant, ingest_jobs.c.by == subject, ingest_jobs.c.state.not_in(ACTIVE))

        def remove(connection: Connection) -> int:
            gone = connection.execute(delete(document_people).where(_of(tenant, subject))).rowcount
            return gone + connection.execute(update(ingest_jobs).where(mine).values(by="", tenant="")).rowcount

        gone = await self._main.write("what is kept of a person could not be deleted", remove)
        if gone:
            await tidy(self._main, (document_people, ingest_jobs))
        return gone


def _of(tenant: str, subject: str) -> ColumnElement[bool]:
    return and_(document_people.c.tenant == tenant, document_people.c.subject == subject)
