"""The database engine: SQLite so that what is acknowledged is on disk, or a database server by its URL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.errors import StorageError
from bot.storage.server import ServerEngine
from bot.storage.sqlite import SqliteEngine

BUSY_TIMEOUT = 5.0
"""Seconds that a writer of SQLite waits for another process's write to end."""

TIMEOUT = 10.0
"""Seconds that a database has for one transaction of SQLite's, or for a server's connection or statement."""

_SQLITE = frozenset({"sqlite", "sqlite+pysqlite", "sqlite+aiosqlite"})

T = TypeVar("T")
Action = Callable[[Connection], T]
"""What is done in a transaction, in whichever thread that belongs to. It may run more than once."""


class Engine(Protocol):
    """Runs transactions, each as a whole; raises what SQLAlchemy and its drivers raise."""

    @property
    def dialect(self) -> str:
        """`sqlite`, `postgresql` and so on."""

    async def read(self, action: Action[T]) -> T:
        """The action's result; what it wrote is undone."""

    async def write(self, action: Action[T]) -> T:
        """The action's result, committed when this returns; undone where the action raises."""

    async def alone(self, action: Action[T]) -> T:
        """As `write`, but a server commits each statement by itself, which saves it three messages. For actions that
        may stop half-way."""

    async def run(self, statement: str) -> Any:
        """The first value that a statement outside of any transaction gives; None where it gives nothing."""

    async def close(self) -> None:
        """Close every connection."""


def is_shared(url: str) -> bool:
    """Whether replicas on several machines can have the database in common: a server's, and not a file."""
    try:
        return make_url(url).get_backend_name() == "postgresql"
    except ArgumentError:
        return False  # whoever opens it says so


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path}"


def libpq_place(url: URL) -> dict[str, str]:
    """Where a PostgreSQL database is, by libpq's names, for its programs and for drivers that rest on it. What the URL
    does not say is left out."""
    given = {
        "host": url.host or url.query.get("host"),
        "port": url.port or url.query.get("port"),
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
        "sslmode": url.query.get("ssl"),
    }
    return {name: str(value) for name, value in given.items() if value}


def open_engine(url: str, *, busy: float = BUSY_TIMEOUT, timeout: float = TIMEOUT) -> Engine:
    """An engine for `url`; nothing is connected yet. Raises StorageError where the URL or its driver cannot be used.

    `busy` and `timeout` are BUSY_TIMEOUT and TIMEOUT, in seconds. No stored value stands in a message of its errors.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername in _SQLITE:
            return _open_file(parsed, busy, timeout)
        arguments = {"timeout": timeout, "command_timeout": timeout} if parsed.get_driver_name() == "asyncpg" else {}
        return ServerEngine(
            create_async_engine(
                parsed, hide_parameters=True, pool_pre_ping=True, pool_timeout=timeout, connect_args=arguments
            )
        )
    except (ArgumentError, ImportError) as error:
        raise StorageError(f"the database cannot be opened: {error}") from error


def _open_file(url: URL, busy: float, timeout: float) -> SqliteEngine:
    if not url.database or url.database == ":memory:":
        raise StorageError("the database cannot be opened: SQLite needs a file, or nothing would be kept")
    engine = create_engine(url.set(drivername="sqlite"), hide_parameters=True, connect_args={"timeout": busy})
    return SqliteEngine(engine, timeout)
