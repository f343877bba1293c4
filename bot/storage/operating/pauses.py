"""For whom the bot is paused, in a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select

from bot.access.audit import AuditEvent
from bot.access.pauses import Pause
from bot.storage.operating.audit import put_entry
from bot.storage.schema.turns import pauses
from bot.storage.transactions import Transactions


class SqlPauses:
    """Implements `bot.access.pauses.Pauses`; every method raises StorageError where the database fails."""

    def __init__(self, main: Transactions) -> None:
        self._main = main

    async def all(self) -> Sequence[Pause]:
        """See Pauses."""
        query = select(pauses).order_by(pauses.c.tenant)

        def find(connection: Connection) -> Sequence[Pause]:
            return tuple(Pause(**row) for row in connection.execute(query).mappings())

        return await self._main.read("for whom the bot is paused could not be read", find)

    async def begin(self, pause: Pause, event: AuditEvent) -> None:
        """See Pauses."""

        def put(connection: Connection) -> None:
            connection.execute(delete(pauses).where(pauses.c.tenant == pause.tenant))
            connection.execute(insert(pauses).values(asdict(pause)))
            put_entry(connection, event)

        await self._main.write("that the bot is paused could not be stored", put, repeatable=False)

    async def end(self, tenant: str, event: AuditEvent) -> bool:
        """See Pauses."""

        def go(connection: Connection) -> bool:
            if not connection.execute(delete(pauses).where(pauses.c.tenant == tenant)).rowcount:
                return False
            put_entry(connection, event)
            return True

        return await self._main.write("that the bot answers again could not be stored", go, repeatable=False)
