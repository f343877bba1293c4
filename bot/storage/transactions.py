"""Transactions on one database: every read and write of the repositories goes through here, by one policy.

What fails for a reason that passes (a lock, a deadlock, a lost connection) is tried again, a few times and within a
few seconds, before anybody is told anything. What fails for good is a StorageError.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Final, TypeVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.storage.engine import Action, Engine
from bot.storage.errors import StorageError, translated
from bot.telemetry.metrics import TRANSACTION_RETRIES, TRANSACTIONS
from bot.telemetry.ports import NO_TELEMETRY, Telemetry

T = TypeVar("T")

PAUSE = 0.1
"""Seconds, at most, before something is tried again; a random part of it, so that two who collided do not again."""

_ROLLED_BACK: Final = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL's states of a transaction that is surely undone: not serialisable, deadlock, lock not available."""

_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


@dataclass(frozen=True, slots=True)
class Patience:
    """How often something is tried in all, and for how many seconds a further try may begin."""

    tries: int = 3
    within: float = 10.0


class Transactions:
    """`failing` is whether the latest write failed, which health tells. What is passed as `what` says in the error
    what could not be done."""

    def __init__(
        self,
        engine: Engine,
        patience: Patience | None = None,
        telemetry: Telemetry = NO_TELEMETRY,
        name: str = "main",
    ) -> None:
        """`name` is the database's in metrics: `main` or `identity`."""
        self.engine = engine
        self._telemetry = telemetry
        self._name = name
        self.failing = False
        self._patience = patience or Patience()

    async def read(self, what: str, action: Action[T]) -> T:
        """The action's result. Raises StorageError."""
        with translated(what):
            return await self._measured("read", lambda: self.engine.read(action), repeatable=True)

    async def write(self, what: str, action: Action[T], *, repeatable: bool = True) -> T:
        """The action's result, committed when this returns; whatever it raises undoes it. Raises StorageError.

        A connection that is lost while it commits leaves open whether it did. `repeatable` says that the action may
        then be done again, either because that changes nothing or because it notices.
        """
        try:
            with translated(what):
                done = await self._measured("write", lambda: self.engine.write(action), repeatable=repeatable)
        except StorageError:
            self.failing = True
            raise
        self.failing = False
        return done

    async def write_alone(self, what: str, action: Action[T]) -> T:
        """As `write`, for what may stop half-way and may be done again. Raises StorageError."""
        with translated(what):
            return await self._measured("write", lambda: self.engine.alone(action), repeatable=True)

    async def scrub(self, what: str, statement: str) -> None:
        """Run a statement that clears up, outside of any transaction. Raises StorageError, also where the statement
        reports that it was kept from its work by somebody who reads."""
        with translated(what):
            if await self.engine.run(statement):
                raise StorageError(f"{what}: somebody is reading")

    async def _measured(self, work: str, attempt: Callable[[], Awaitable[T]], *, repeatable: bool) -> T:
        outcome, started = "failed", perf_counter()
        with self._telemetry.span(work) as span:
            span.note("database", self._name)
            try:
                done = await self._patiently(work, attempt, repeatable=repeatable)
                outcome = "done"
            finally:
                self._telemetry.observe(TRANSACTIONS, perf_counter() - started, self._name, work, outcome)
        return done

    async def _patiently(self, work: str, attempt: Callable[[], Awaitable[T]], *, repeatable: bool) -> T:
        now = asyncio.get_running_loop().time
        until = now() + self._patience.within
        left = self._patience.tries
        while True:
            left -= 1
            try:
                return await attempt()
            except (SQLAlchemyError, OSError) as error:
                if left <= 0 or now() >= until or not (rolled_back(error) or (repeatable and lost(error))):
                    raise
            self._telemetry.count(TRANSACTION_RETRIES, self._name, work)
            await asyncio.sleep(random.uniform(0, PAUSE))


def rolled_back(error: Exception) -> bool:
    """Whether nothing of the transaction is left, and another try has a chance."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(cause, sqlite3.OperationalError):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _BUSY
    return getattr(cause, "sqlstate", None) in _ROLLED_BACK


def lost(error: Exception) -> bool:
    """Whether the connection is gone, and with it the knowledge of what became of the transaction."""
    return isinstance(error, OSError) or (isinstance(error, DBAPIError) and error.connection_invalidated)
