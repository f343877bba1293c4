"""Whose turn it is to do what has to be done once, however many replicas there are."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.storage.errors import StorageError
from bot.storage.schema.background import background_work
from bot.storage.transactions import Transactions

LEASE: Final = timedelta(minutes=1)
"""After this a replica that says nothing any more is taken for dead, and somebody else may begin."""
BEAT: Final = 15.0
"""Seconds between two such words."""
EARLY: Final = 0.9
"""Which part of the time between two turns has to be over: two clocks do not agree quite, and a turn takes time."""

_log = logging.getLogger(__name__)


class Turns(Protocol):
    """Hands out turns."""

    def turn(self, name: str, every: float = 0.0) -> AbstractAsyncContextManager[bool]:
        """Whether it is one's turn to do what is called so. Nobody else's is, until the end of the context, and, where
        that does not raise, until `every` seconds after the beginning are nearly over.

        Raises StorageError where nobody knows.
        """


class Always:
    """It is always the turn of the one replica that there is."""

    @asynccontextmanager
    async def turn(self, name: str, every: float = 0.0) -> AsyncIterator[bool]:
        """See Turns."""
        yield True


ALWAYS: Final = Always()


class SqlTurns:
    """Implements `Turns` among all who have the database in common. `now` is the machine's time; the clocks of machines
    may differ by less than LEASE."""

    def __init__(
        self,
        main: Transactions,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        lease: timedelta = LEASE,
        beat: float = BEAT,
    ) -> None:
        self._main, self._now, self._lease, self._beat = main, now, lease, beat

    @asynccontextmanager
    async def turn(self, name: str, every: float = 0.0) -> AsyncIterator[bool]:
        """See Turns."""
        holder, begun = secrets.token_hex(16), self._now()
        if not await self._take(name, holder, begun, begun - timedelta(seconds=every * EARLY)):
            yield False
            return
        beating = asyncio.create_task(self._keep_beating(name, holder))
        try:
            yield True
        except BaseException:
            beating.cancel()
            await asyncio.shield(self._end(name, holder, {}))
            raise
        beating.cancel()
        await self._end(name, holder, {"done_at": begun})

    async def _take(self, name: str, holder: str, now: datetime, done_before: datetime) -> bool:
        columns = background_work.c
        mine = update(background_work).where(
            columns.name == name,
            or_(columns.held_until.is_(None), columns.held_until < now, columns.holder == holder),
            or_(columns.done_at.is_(None), columns.done_at <= done_before),
        )
        values = {"holder": holder, "held_until": now + self._lease}

        def take(connection: Connection) -> bool:
            if connection.execute(select(columns.name).where(columns.name == name)).first() is None:
                connection.execute(insert(background_work).values(name=name, **values))
                return True
            return connection.execute(mine.values(values)).rowcount > 0

        try:
            return await self._main.write("whose turn it is could not be found out", take)
        except StorageError as error:
            if isinstance(error.__cause__, IntegrityError):
                return False  # somebody else was the first ever in the same moment
            raise

    async def _end(self, name: str, holder: str, values: Mapping[str, datetime | None]) -> None:
        await self._change(name, holder, {"held_until": None, **values})

    async def _keep_beating(self, name: str, holder: str) -> None:
        while True:
            await asyncio.sleep(self._beat)
            await self._change(name, holder, {"held_until": self._now() + self._lease})

    async def _change(self, name: str, holder: str, values: Mapping[str, datetime | None]) -> None:
        mine = update(background_work).where(background_work.c.name == name, background_work.c.holder == holder)

        def change(connection: Connection) -> None:
            connection.execute(mine.values(values))

        try:
            await self._main.write("whose turn it is could not be noted", change)
        except StorageError as error:
            _log.warning("%s: %s", name, error)
