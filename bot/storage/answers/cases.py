"""Questions for a person behind the bot, in a database."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, case, delete, func, insert, or_, select, update

from bot.access.audit import Action, AuditEvent
from bot.maturity.round_life import SERVICE
from bot.questions.cases import OPEN_LIMIT, Case, CaseStatus, Handed, Kept
from bot.storage.marks import Marks
from bot.storage.operating.audit import put_entry
from bot.storage.schema.audit import audit_log
from bot.storage.schema.base import Moment
from bot.storage.schema.cases import cases
from bot.storage.transactions import Transactions

FORGOTTEN: Final = "questions"
"""What stands for the cases that went unanswered in the audit log's entry on their deletion."""
NEWEST_FIRST = (case((cases.c.status == CaseStatus.OPEN, 0), else_=1), cases.c.at.desc(), cases.c.id)


class SqlCases:
    """Implements the protocols of `bot.questions.cases`, and `bot.questions.ports.Cases`; every method raises
    StorageError where the database fails. Where an event's actor stands for a conversation, its mark is kept."""

    def __init__(self, main: Transactions, marks: Marks) -> None:
        self._main = main
        self._marks = marks

    async def take(self, taken: Case, event: AuditEvent, asker: str = "") -> Kept:
        """Keep an open case that came from a conversation, with an entry in the audit log: both or neither."""

        marked = self._marked(event)
        values = {"origin": self._marks.origin(taken.origin), "asker": self._marks.sender(event.tenant, asker)}

        def keep(connection: Connection) -> Kept:
            known = connection.execute(select(cases.c.origin).where(cases.c.id == taken.id)).first()
            if known is not None:
                return Kept.KNOWN if known.origin == values["origin"] else Kept.REFUSED
            mine = and_(cases.c.origin == values["origin"], cases.c.status == CaseStatus.OPEN)
            if (connection.scalar(select(func.count()).select_from(cases).where(mine)) or 0) >= OPEN_LIMIT:
                return Kept.TOO_MANY
            connection.execute(insert(cases).values(asdict(taken) | values))
            put_entry(connection, marked)
            return Kept.NEW

        return await self._main.write("a question for a person could not be stored", keep)

    async def cancel(self, case_id: str, origin: str, event: AuditEvent) -> Kept:
        """Record, once, that a question was not sent; nothing where it was, or where the id is somebody else's."""
        recorded = select(audit_log.c.number).where(
            audit_log.c.subject == event.subject, audit_log.c.action == str(event.action)
        )

        kept = self._marks.origin(origin)

        def note(connection: Connection) -> Kept:
            known = connection.execute(select(cases.c.origin).where(cases.c.id == case_id)).first()
            if known is not None:
                return Kept.KNOWN if known.origin == kept else Kept.REFUSED
            if connection.scalar(recorded.limit(1)) is None:
                put_entry(connection, self._marked(event))
            return Kept.NEW

        return await self._main.write("that a question was not sent could not be recorded", note)

    async def open_own(self, question: str, language: str, by: str) -> str:
        """A case of the federation's own, for a document to be written; its id."""
        own = Case(secrets.token_hex(16), datetime.now(UTC), question, language, by=by, posted=True)

        def keep(connection: Connection) -> None:
            connection.execute(insert(cases).values(asdict(own)))

        await self._main.write("a case could not be opened", keep, repeatable=False)
        return own.id

    async def all(self, limit: int = 200) -> Sequence[Case]:
        """Open ones first, then the newest first."""
        return await self._find(limit=limit)

    async def one(self, case_id: str) -> Case | None:
        """A case; None where there is none, or no longer."""
        return next(iter(await self._find(cases.c.id == case_id)), None)

    async def answer(self, case_id: str, reply: str, at: datetime, by: str) -> bool:
        """Keep a reply, to be handed over; False where the case is not open any more."""
        handed = case((cases.c.address != "", Handed.WAITING), else_=Handed.NONE)
        values = {"status": CaseStatus.ANSWERED, "reply": reply, "replied_at": at, "by": by, "handed": handed}
        return await self._change(and_(cases.c.id == case_id, cases.c.status == CaseStatus.OPEN), values)

    async def close(self, case_id: str, at: datetime, by: str) -> bool:
        """Close an open case without a reply; False where it is not open."""
        values = {"status": CaseStatus.CLOSED, "replied_at": at, "by": by, "address": ""}
        return await self._change(and_(cases.c.id == case_id, cases.c.status == CaseStatus.OPEN), values)

    async def waiting(self, now: datetime) -> Sequence[Case]:
        """Replies that are to be handed over now, oldest last."""
        return await self._find(cases.c.handed == Handed.WAITING, or_(cases.c.try_at.is_(None), cases.c.try_at <= now))

    async def next_try(self) -> datetime | None:
        """When the first of the replies that wait for another try is due."""
        query = select(func.min(cases.c.try_at, type_=Moment())).where(cases.c.handed == Handed.WAITING)

        def find(connection: Connection) -> datetime | None:
            found: datetime | None = connection.scalar(query)
            return found

        return await self._main.read("cases could not be read", find)

    async def claim(self, case_id: str, now: datetime) -> bool:
        """Take a reply to hand it over; False where somebody else has."""
        mine = and_(cases.c.id == case_id, cases.c.handed == Handed.WAITING)
        return await self._change(mine, {"handed": Handed.SENDING, "claimed_at": now})

    async def hand(self, case_id: str, claimed: datetime, handed: Handed, try_at: datetime | None = None) -> None:
        """How handing over a reply that was claimed then went; WAITING is tried again at `try_at`, else where it went
        is forgotten. A claim that ran out may still say what became of it, but is not tried again."""
        again = handed is Handed.WAITING
        mine = and_(
            cases.c.id == case_id,
            cases.c.claimed_at == claimed,
            cases.c.handed.in_((Handed.SENDING,) if again else (Handed.SENDING, Handed.UNCERTAIN)),
        )
        waits = {"try_at": try_at, "tries": cases.c.tries + 1}
        await self._change(mine, {"handed": handed, **(waits if again else {"address": "", "try_at": None})})

    async def interrupted(self, before: datetime) -> None:
        """Of replies that some process began to send before a moment and is not done with, nobody knows whether they
        arrived."""
        stale = or_(cases.c.claimed_at.is_(None), cases.c.claimed_at < before)
        await self._change(and_(cases.c.handed == Handed.SENDING, stale), {"handed": Handed.UNCERTAIN, "address": ""})

    async def unposted(self) -> Sequence[Case]:
        """Open cases of which the federation's channel has not been told."""
        return await self._find(and_(cases.c.posted.is_(False), cases.c.status == CaseStatus.OPEN))

    async def post(self, case_id: str) -> bool:
        """The channel is told, before it is; False where it was before."""
        return await self._change(and_(cases.c.id == case_id, cases.c.posted.is_(False)), {"posted": True})

    async def unpost(self, case_id: str) -> None:
        """Take that back, as the card was surely not sent."""
        await self._change(cases.c.id == case_id, {"posted": False})

    async def publish(self, case_id: str, document: str, generation: str) -> None:
        """The reply is a document of the knowledge base."""
        await self._change(cases.c.id == case_id, {"document": document, "generation": generation})

    async def forget(self, done: datetime, still_open: datetime, now: datetime) -> int:
        """Delete cases that were answered or closed before `done`, and open ones that were asked before `still_open`;
        how many went. Replies under way stay until they are not. That somebody got no reply is in the audit log."""
        under_way = cases.c.handed.in_((Handed.WAITING, Handed.SENDING))
        old = and_(cases.c.status != CaseStatus.OPEN, cases.c.replied_at < done, ~under_way)
        unanswered = and_(cases.c.status == CaseStatus.OPEN, cases.c.at < still_open)

        def remove(connection: Connection) -> int:
            gone = connection.execute(delete(cases).where(old)).rowcount
            lost = connection.execute(delete(cases).where(unanswered)).rowcount
            if lost:
                told = {"class": "unanswered", "count": str(lost)}
                put_entry(
                    connection, AuditEvent(now, SERVICE.actor, SERVICE.tenant, Action.DATA_DELETED, FORGOTTEN, told)
                )
            return gone + lost

        return await self._main.write("cases could not be deleted", remove)

    def _marked(self, event: AuditEvent) -> AuditEvent:
        return replace(event, actor=self._marks.logged(event.actor))

    async def _find(self, *where: ColumnElement[bool], limit: int = 200) -> Sequence[Case]:
        query = select(cases).where(*where).order_by(*NEWEST_FIRST).limit(limit)

        def find(connection: Connection) -> Sequence[Case]:
            return tuple(_case(row) for row in connection.execute(query))

        return await self._main.read("cases could not be read", find)

    async def _change(self, where: ColumnElement[bool], values: dict[str, Any]) -> bool:
        def change(connection: Connection) -> bool:
            return connection.execute(update(cases).where(where).values(values)).rowcount > 0

        # Another try would not tell whether this one or somebody else had changed it.
        return await self._main.write("a case could not be changed", change, repeatable=False)


def _case(row: Row[Any]) -> Case:
    values = dict(row._mapping)  # rows have no public way to become a dictionary
    del values["asker"]  # by which it is found, and not told
    return Case(**{**values, "status": CaseStatus(row.status), "handed": Handed(row.handed)})
