"""Copies of SQLite files by the online backup of SQLite itself: readers and writers go on meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, func, select
from sqlalchemy.engine import make_url

from bot.storage.errors import StorageError, translated
from bot.storage.schema.base import identity_versions, versions
from bot.storage.snapshots.tables import KeysState, MainState, TableState, held_keys, rounds_of, state_of_rows

WAIT = 30.0
"""Seconds to wait for a lock of others."""


class InUse(StorageError):
    """Another process has the file open."""


def file_of(url: str) -> Path:
    """The file that a SQLite URL names. Raises StorageError where it names none."""
    database = make_url(url).database
    if not database or database == ":memory:":
        raise StorageError("the database is in no file")
    return Path(database)


def copy_file(source: Path, target: Path) -> None:
    """The database as it is at one moment, with what its log holds. Raises StorageError."""
    what = f"{source.name} could not be copied"
    if not source.is_file():
        raise StorageError(f"{what}: there is no such file")
    with _native(what), closing(_open(source)) as read, closing(sqlite3.connect(target)) as written:
        # All pages in one step are one reading transaction, which nobody who writes makes begin again.
        read.backup(written)
        written.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it


def check_file(path: Path) -> None:
    """Whether SQLite itself finds the file whole. Raises StorageError."""
    what = f"{path.name} is not whole"
    with _native(what), closing(_open(path)) as connection:
        told = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if told != "ok" or connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise StorageError(f"{what}: {told}")


def close_for_good(path: Path) -> None:
    """Write a database's log into its file. Raises InUse where somebody has the file open, StorageError."""
    with _native(f"{path.name} could not be closed"), closing(_open(path, wait=1.0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise InUse(f"{path.name} is in use") from error
            raise


def main_state(path: Path) -> MainState:
    """What a copy of the main database holds. Raises StorageError."""
    with _reading(path) as connection:
        schema = connection.scalar(select(func.max(versions.c.version))) or 0
        return MainState(schema, _tables(connection), rounds_of(connection))


def keys_state(path: Path) -> KeysState:
    """What a copy of the database of keys holds. Raises StorageError."""
    with _reading(path) as connection:
        schema = connection.scalar(select(func.max(identity_versions.c.version))) or 0
        return KeysState(schema, _tables(connection), held_keys(connection))


def _tables(connection: Connection) -> dict[str, TableState]:
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    ).scalars()
    return {name: state_of_rows(connection.exec_driver_sql(f'SELECT * FROM "{name}"')) for name in list(names)}  # noqa: S608 - a table's own name


@contextmanager
def _reading(path: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
    try:
        with translated(f"{path.name} could not be read"), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _open(path: Path, wait: float = WAIT) -> sqlite3.Connection:
    """It must exist: SQLite would make it."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=wait, isolation_level=None)


@contextmanager
def _native(what: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(f"{what}: {error}") from error
