"""The database engine: SQLite so that what is acknowledged is on disk, or any other database by its URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.storage.errors import StorageError

BUSY_TIMEOUT = 5.0
"""Seconds that a writer waits for another process's write to end."""

WRITES: Final[dict[str, Any]] = {"fyren_writes": True}
"""Execution options of transactions that write: on SQLite they take the write lock at once.

A transaction that reads first and asks for the lock later can find its reading outdated, and fails without waiting.
"""


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite+aiosqlite:///{path}"


def open_engine(url: str) -> AsyncEngine:
    """An engine for `url`; nothing is connected yet. Raises StorageError where the URL or its driver is unknown."""
    try:
        sqlite = make_url(url).get_backend_name() == "sqlite"
        options: dict[str, Any] = {"connect_args": {"timeout": BUSY_TIMEOUT}} if sqlite else {"pool_pre_ping": True}
        engine = create_async_engine(url, **options)
    except (ArgumentError, ImportError) as error:
        raise StorageError(f"the database cannot be opened: {error}") from error
    if sqlite:
        event.listen(engine.sync_engine, "connect", _configure_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:
    """WAL lets readers go on beside a writer; FULL keeps an acknowledged commit through a power cut."""
    connection.isolation_level = None  # The driver must not begin transactions of its own: `_begin_sqlite` does.
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("fyren_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
