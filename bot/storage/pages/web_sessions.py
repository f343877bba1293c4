"""Sessions of the web pages in the main database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, func, insert, or_, select, update

from bot.access.roles import Role
from bot.access.sessions import WebSession
from bot.access.visitor import Visitor
from bot.storage.schema.base import Row
from bot.storage.schema.web import web_sessions
from bot.storage.transactions import Transactions


class SqlWebSessions:
    """Implements `bot.access.sessions.WebSessions`; every method raises StorageError where the database fails."""

    def __init__(self, main: Transactions) -> None:
        self._main = main

    async def add(self, session: WebSession) -> None:
        """Keep a new session; on disk when this returns."""

        def keep(connection: Connection) -> None:
            # A commit that was not confirmed is done again, and may have been done.
            connection.execute(delete(web_sessions).where(web_sessions.c.id == session.id))
            connection.execute(insert(web_sessions).values(_row(session)))

        await self._main.write("a sign-in could not be stored", keep)

    async def find(self, session_id: str) -> WebSession | None:
        """The session with this id, whether or not it is over."""
        query = select(web_sessions).where(web_sessions.c.id == session_id)

        def look(connection: Connection) -> WebSession | None:
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else _session(row)

        return await self._main.read("a sign-in could not be looked up", look)

    async def touch(self, session_id: str, seen: datetime) -> None:
        """Note that it was used; one that is gone stays gone."""

        def note(connection: Connection) -> None:
            connection.execute(update(web_sessions).where(web_sessions.c.id == session_id).values(seen=seen))

        await self._main.write("the use of a sign-in could not be noted", note)

    async def remove(self, session_id: str) -> None:
        """Forget it; repeating it does no harm."""

        def drop(connection: Connection) -> None:
            connection.execute(delete(web_sessions).where(web_sessions.c.id == session_id))

        await self._main.write("a sign-in could not be ended", drop)

    async def count(self, *, seen_since: datetime) -> int:
        """How many have been used since then."""
        query = select(func.count()).select_from(web_sessions).where(web_sessions.c.seen >= seen_since)
        return await self._main.read("sign-ins could not be counted", lambda each: each.scalar(query) or 0)

    async def forget(self, *, seen_before: datetime, started_before: datetime) -> int:
        """Forget sessions last used, or started, before these times; how many they were."""
        ended = or_(web_sessions.c.seen < seen_before, web_sessions.c.started < started_before)

        def drop(connection: Connection) -> int:
            return connection.execute(delete(web_sessions).where(ended)).rowcount

        return await self._main.write("ended sign-ins could not be deleted", drop)


def _row(session: WebSession) -> Row:
    visitor = session.visitor
    return {
        "id": session.id,
        "subject": visitor.subject,
        "tenant": visitor.tenant,
        "name": visitor.name,
        "roles": sorted(visitor.roles),
        "municipalities": sorted(visitor.municipalities),
        "started": session.started,
        "seen": session.seen,
    }


def _session(row: RowMapping) -> WebSession:
    known = {each.value for each in Role}
    visitor = Visitor(
        row["subject"],
        row["tenant"],
        row["name"],
        # A role that an earlier version had counts for nothing now.
        frozenset(Role(each) for each in row["roles"] if each in known),
        frozenset(row["municipalities"]),
    )
    return WebSession(row["id"], visitor, row["started"], row["seen"])
