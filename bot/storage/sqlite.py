"""SQLite, a transaction at a time in a thread of its own.

SQLite works in the calling thread, so it must not be called from the event loop. A transaction crosses over to a thread
and back once, and not for each of its statements, which would cost more than the statements do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")

READERS: Final = 4
"""Threads that read; there is one that writes, as SQLite has one writer at a time and a thread's queue is fair."""

_WRITES: Final[dict[str, Any]] = {"fyren_begin": "BEGIN IMMEDIATE"}
"""Transactions that write take the write lock at once.

A transaction that reads first and asks for the lock later can find its reading outdated, and fails without waiting.
"""

_BARE: Final[dict[str, Any]] = {"fyren_begin": ""}


class SqliteEngine:
    """Implements `bot.storage.engine.Engine`; raises TimeoutError where a transaction takes longer than `timeout`.

    Such a transaction may still come to its end, in its thread, after nobody waits for it any longer.
    """

    dialect = "sqlite"

    def __init__(self, engine: Engine, timeout: float) -> None:
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", _begin)
        self._engine = engine
        # Made once: it costs a third of a small transaction.
        self._writing = engine.execution_options(**_WRITES)
        self._timeout = timeout
        self._writer = ThreadPoolExecutor(1, "fyren-writes")
        self._readers = ThreadPoolExecutor(READERS, "fyren-reads")

    async def read(self, action: Callable[[Connection], T]) -> T:
        """See Engine."""

        def transaction() -> T:
            with self._engine.connect() as connection:
                return action(connection)

        return await self._wait(self._readers, transaction)

    async def write(self, action: Callable[[Connection], T]) -> T:
        """See Engine."""

        def transaction() -> T:
            with self._writing.begin() as connection:
                return action(connection)

        return await self._wait(self._writer, transaction)

    async def alone(self, action: Callable[[Connection], T]) -> T:
        """See Engine."""
        return await self.write(action)

    async def run(self, statement: str) -> Any:
        """See Engine."""

        def alone() -> Any:
            with self._engine.execution_options(**_BARE).connect() as connection:
                result = connection.exec_driver_sql(statement)
                return result.scalar() if result.returns_rows else None

        return await self._wait(self._writer, alone)

    async def close(self) -> None:
        """See Engine."""
        await asyncio.to_thread(self._close)

    async def _wait(self, threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        # Not `wait_for`: in Python 3.11 it loses a cancellation that arrives together with the result.
        async with asyncio.timeout(self._timeout):
            return await asyncio.get_running_loop().run_in_executor(threads, work)

    def _close(self) -> None:
        for threads in (self._writer, self._readers):
            threads.shutdown(cancel_futures=True)
        self._engine.dispose()


def _configure(connection: Any, record: ConnectionPoolEntry) -> None:
    """WAL lets readers go on beside a writer; FULL keeps an acknowledged commit through a power cut.

    What is deleted is overwritten, so that an erased response or a destroyed key is not left in free pages.
    """
    connection.isolation_level = None  # The driver must not begin transactions of its own: `_begin` does.
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    statement = connection.get_execution_options().get("fyren_begin", "BEGIN")
    if statement:
        connection.exec_driver_sql(statement)
