"""How long a start waits for what is in the way of a migration: another replica that migrates, or readers."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.storage.engine import Engine
from bot.storage.errors import StorageError
from bot.storage.transactions import rolled_back

T = TypeVar("T")

LOCK: Final = 0x4659524E
"""Any number, as long as nothing else in the database locks by it."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Seconds: `lock` for one lock, which must be less than a statement may take, and after which the transaction is
    begun anew; `pause` at most before that; `whole` for all of it, after which the start fails."""

    lock: float = 5.0
    pause: float = 1.0
    whole: float = 600.0


class Turn:
    """One service's turn at a database: of services that start together one changes the schema at a time. The time
    begins to run when it is made."""

    def __init__(self, engine: Engine, waiting: Waiting = Waiting()) -> None:
        self._engine = engine
        self._waiting = waiting
        self._now = asyncio.get_running_loop().time
        self._began = self._now()

    async def take(self, action: Callable[[Connection], T]) -> T:
        """The action's result, committed, once nothing is in its way; it may run more than once. Raises StorageError
        when that takes too long, and else what SQLAlchemy and its drivers raise."""
        told, alone = False, partial(_alone, action=action, seconds=self._waiting.lock)
        while True:
            try:
                return await self._engine.write(alone)
            except SQLAlchemyError as error:
                if not rolled_back(error):
                    raise
                waited = self._now() - self._began
                if waited >= self._waiting.whole:
                    detail = f"another service has been using it for {waited:.0f} seconds"
                    raise StorageError(f"the database's schema could not be brought up to date: {detail}") from error
            if not told:
                limit = self._waiting.whole
                _log.warning("waiting for another service that migrates the database, for %.0f seconds at most", limit)
                told = True
            await asyncio.sleep(random.uniform(0, self._waiting.pause))


def _alone(connection: Connection, action: Callable[[Connection], T], seconds: float) -> T:
    """The action, while no other service is in one. SQLite's write lock, taken already, does the same."""
    if connection.dialect.name == "postgresql":
        # Also for the tables that are changed: whoever waits for one keeps everybody else from it meanwhile.
        connection.execute(text(f"SET LOCAL lock_timeout = {max(1, round(seconds * 1000))}"))
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    return action(connection)
