"""Who may write generations that replicas share: one machine, for as long as it says that it is alive.

A lease in the row that says what is published, and not a lock of the server's: it ends with a machine that loses its
power, it works through a pooler of connections, and a change can ask in its own transaction whether it still holds.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, or_, select, update

from bot.storage.errors import StorageError
from bot.storage.schema.base import Moment
from bot.storage.schema.generations import index_state
from bot.storage.transactions import Transactions
from knowledge.archive import ArchiveOutdated

LEASE: Final = 20.0
"""Seconds after which the lock of a machine that says nothing any more is free."""
BEAT: Final = 4.0
"""Seconds between two such words."""

_log = logging.getLogger(__name__)


class WriterLease:
    """Every method raises StorageError. Times are the server's: those of machines may differ."""

    def __init__(self, seconds: float = LEASE, beat: float = BEAT) -> None:
        self.seconds = seconds
        self._beat = beat

    async def take(self, main: Transactions, holder: str) -> bool:
        """Become who may write, where nobody is; whether one is."""

        def take(connection: Connection) -> bool:
            now = server_time(connection)
            free = or_(index_state.c.holder.is_(None), index_state.c.held_until < now, index_state.c.holder == holder)
            return connection.execute(update(index_state).where(free).values(self._held(now, holder))).rowcount > 0

        return await main.write("the lock of writers could not be taken", take)

    async def let_go(self, main: Transactions, holder: str) -> None:
        """Let others write."""

        def free(connection: Connection) -> None:
            mine = update(index_state).where(index_state.c.holder == holder)
            connection.execute(mine.values(holder=None, held_until=None))

        await main.write("the lock of writers could not be given back", free)

    async def keep(self, main: Transactions, holder: str) -> None:
        """Say again and again that one is alive, until cancelled."""

        def beat(connection: Connection) -> None:
            mine = update(index_state).where(index_state.c.holder == holder)
            connection.execute(mine.values(self._held(server_time(connection), holder)))

        while True:
            await asyncio.sleep(self._beat)
            try:
                await main.write("the lock of writers could not be kept", beat)
            except StorageError as error:
                _log.warning("%s", error)

    def _held(self, now: datetime, holder: str) -> dict[str, str | datetime]:
        return {"holder": holder, "held_until": now + timedelta(seconds=self.seconds)}


def require(connection: Connection, holder: str | None) -> None:
    """The row is held until the end of the transaction. Raises ArchiveOutdated where this is not who may write."""
    row = select(index_state.c.holder, index_state.c.held_until).with_for_update()
    found = connection.execute(row).one()
    if holder is None or found.holder != holder or found.held_until < server_time(connection):
        raise ArchiveOutdated("another machine may write by now: this one said nothing for too long")


def server_time(connection: Connection) -> datetime:
    """What time it is by the server's clock."""
    return connection.execute(select(func.clock_timestamp(type_=Moment()))).scalar_one()
