"""Questions for a person behind the bot, in a database."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, delete, func, insert, select, update

from bot.questions.cases import OPEN_LIMIT, Case, CaseStatus, Handed, Kept
from bot.storage.schema.cases import cases
from bot.storage.transactions import Transactions

NEWEST_FIRST = (case((cases.c.status == CaseStatus.OPEN, 0), else_=1), cases.c.at.desc(), cases.c.id)


class SqlCases:
    """Implements the protocols of `bot.questions.cases`, and `bot.questions.ports.Cases`; every method raises
    StorageError where the database fails."""

    def __init__(self, main: Transactions) -> None:
        self._main = main

    async def take(self, taken: Case) -> Kept:
        """Keep an open case that came from a conversation."""

        def keep(connection: Connection) -> Kept:
            known = connection.execute(select(cases.c.origin).where(cases.c.id == taken.id)).first()
            if known is not None:
                return Kept.KNOWN if known.origin == taken.origin else Kept.REFUSED
            mine = and_(cases.c.origin == taken.origin, cases.c.status == CaseStatus.OPEN)
            if (connection.scalar(select(func.count()).select_from(cases).where(mine)) or 0) >= OPEN_LIMIT:
                return Kept.TOO_MANY
            connection.execute(insert(cases).values(asdict(taken)))
            return Kept.NEW

        return await self._main.write("a question for a person could not be stored", keep)

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

    async def waiting(self) -> Sequence[Case]:
        """Replies that are to be handed over, oldest last."""
        return await self._find(cases.c.handed == Handed.WAITING)

    async def claim(self, case_id: str) -> bool:
        """Take a reply to hand it over; False where somebody else has."""
        mine = and_(cases.c.id == case_id, cases.c.handed == Handed.WAITING)
        return await self._change(mine, {"handed": Handed.SENDING})

    async def hand(self, case_id: str, handed: Handed) -> None:
        """How handing over a reply went; unless it is to be tried again, where it went is forgotten."""
        gone = {} if handed is Handed.WAITING else {"address": ""}
        await self._change(cases.c.id == case_id, {"handed": handed, **gone})

    async def interrupted(self) -> None:
        """At a start: of replies that a process was killed over, nobody knows whether they arrived."""
        await self._change(cases.c.handed == Handed.SENDING, {"handed": Handed.UNCERTAIN, "address": ""})

    async def unposted(self) -> Sequence[Case]:
        """Open cases of which the federation's channel has not been told."""
        return await self._find(and_(cases.c.posted.is_(False), cases.c.status == CaseStatus.OPEN))

    async def post(self, case_id: str) -> None:
        """The channel has been told."""
        await self._change(cases.c.id == case_id, {"posted": True})

    async def publish(self, case_id: str, document: str, generation: str) -> None:
        """The reply is a document of the knowledge base."""
        await self._change(cases.c.id == case_id, {"document": document, "generation": generation})

    async def forget_before(self, moment: datetime) -> int:
        """Delete cases that were answered or closed before a moment; how many went."""
        old = and_(cases.c.status != CaseStatus.OPEN, cases.c.replied_at < moment)
        return await self._delete(old)

    async def erase(self, origin: str) -> int:
        """Delete the cases of a conversation; how many went."""
        return await self._delete(and_(cases.c.origin == origin, cases.c.origin != ""))

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

    async def _delete(self, where: ColumnElement[bool]) -> int:
        def remove(connection: Connection) -> int:
            return connection.execute(delete(cases).where(where)).rowcount

        return await self._main.write("cases could not be deleted", remove)


def _case(row: Row[Any]) -> Case:
    values = dict(row._mapping)  # rows have no public way to become a dictionary
    return Case(**{**values, "status": CaseStatus(row.status), "handed": Handed(row.handed)})
