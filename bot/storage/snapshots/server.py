"""Copies of Fyren's tables in PostgreSQL by its own programs, `pg_dump` and `pg_restore`.

The password goes to them by the environment, never by the command line, which others on the machine can see.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection, MetaData, Table, func, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.storage.engine import libpq_place
from bot.storage.errors import StorageError, translated
from bot.storage.schema import base
from bot.storage.snapshots.tables import KeysState, MainState, TableState, held_keys, rounds_of

CONNECT: Final = 10.0
"""Seconds for a connection. A dump takes as long as it takes: the database is at work all the while."""

T = TypeVar("T")


class ProgramMissing(StorageError):
    """`pg_dump` or `pg_restore` is not on the PATH; `program` is which."""

    def __init__(self, program: str) -> None:
        super().__init__(f"{program} is not on the PATH")
        self.program = program


async def dump_main(url: str, target: Path) -> MainState:
    """The main tables as they are at one moment. Raises ProgramMissing, StorageError."""
    return await _dump(url, target, base.main, base.versions, _main_state)


async def dump_keys(url: str, target: Path) -> KeysState:
    """The tables of keys as they are at one moment. Raises ProgramMissing, StorageError."""
    return await _dump(url, target, base.identity, base.identity_versions, _keys_state)


async def restore_main(url: str, source: Path) -> MainState:
    """Put a dump into a database without its tables; what is there then. Raises ProgramMissing, StorageError."""
    return await _restore(url, source, base.main, _main_state)


async def restore_keys(url: str, source: Path) -> KeysState:
    """The same for the keys."""
    return await _restore(url, source, base.identity, _keys_state)


async def is_empty(url: str, *, keys: bool) -> bool:
    """Whether a database has none of the main tables, or of the tables of keys. Raises StorageError."""
    async with _connected(url) as connection:
        return not await connection.run_sync(_existing, base.identity if keys else base.main)


async def main_state(url: str) -> MainState:
    """What the main tables hold now. Raises StorageError."""
    async with _connected(url) as connection:
        return await connection.run_sync(_main_state)


async def keys_state(url: str) -> KeysState:
    """What the tables of keys hold now. Raises StorageError."""
    async with _connected(url) as connection:
        return await connection.run_sync(_keys_state)


async def check_dump(source: Path) -> None:
    """Whether `pg_restore` can read a dump's list of contents. Raises ProgramMissing, StorageError."""
    await _run("pg_restore", ["--list", str(source)], {})


async def _dump(url: str, target: Path, tables: MetaData, versions: Table, look: Callable[[Connection], T]) -> T:
    async with _connected(url) as connection:
        # What is counted and what is dumped are the same moment of the database.
        snapshot = await connection.scalar(select(func.pg_export_snapshot()))
        schema = await connection.scalar(select(func.current_schema()))
        names = await connection.run_sync(_existing, tables)
        if versions.name not in names:
            raise StorageError("the database has no tables of Fyren")
        chosen = [f'--table="{schema}"."{name}"' for name in names]
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
        await _run("pg_dump", [*options, *chosen], _place(make_url(url)))
        return await connection.run_sync(look)


async def _restore(url: str, source: Path, tables: MetaData, look: Callable[[Connection], T]) -> T:
    async with _connected(url) as connection:
        if await connection.run_sync(_existing, tables):
            raise StorageError("the database is not empty")
    place = _place(make_url(url))
    options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    await _run("pg_restore", [*options, f"--dbname={place['PGDATABASE']}", str(source)], place)
    async with _connected(url) as connection:
        return await connection.run_sync(look)


def _existing(connection: Connection, tables: MetaData) -> list[str]:
    return sorted({*inspect(connection).get_table_names()} & {*tables.tables})


def _main_state(connection: Connection) -> MainState:
    schema = connection.scalar(select(func.max(base.versions.c.version))) or 0
    return MainState(schema, _states(connection, base.main), rounds_of(connection))


def _keys_state(connection: Connection) -> KeysState:
    schema = connection.scalar(select(func.max(base.identity_versions.c.version))) or 0
    return KeysState(schema, _states(connection, base.identity), held_keys(connection))


def _states(connection: Connection, tables: MetaData) -> dict[str, TableState]:
    """Worked out by the server, so that gigabytes of files in a table stay there."""
    states = {}
    for name in _existing(connection, tables):
        counted = f'SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM "{name}" t'  # noqa: S608 - a table's own name
        rows, total = connection.exec_driver_sql(counted).one()
        states[name] = TableState(rows, str(total))
    return states


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[AsyncConnection]:
    with translated("the database could not be reached"):
        engine = create_async_engine(
            url, hide_parameters=True, isolation_level="REPEATABLE READ", connect_args={"timeout": CONNECT}
        )
        try:
            async with engine.connect() as connection:
                yield connection
        finally:
            await engine.dispose()


def _place(url: URL) -> dict[str, str]:
    """Where the database is, as the variables that PostgreSQL's programs read."""
    names = {"dbname": "PGDATABASE"}
    place = {names.get(name, f"PG{name.upper()}"): value for name, value in libpq_place(url).items()}
    return {**place, "PGCONNECT_TIMEOUT": str(int(CONNECT))}


async def _run(program: str, arguments: Sequence[str], place: dict[str, str]) -> None:
    path = await asyncio.to_thread(shutil.which, program)
    if path is None:
        raise ProgramMissing(program)
    # They read nothing else of the environment but where programs and certificates are.
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}  # noqa: TID251 - handed on
    process = await asyncio.create_subprocess_exec(
        path,
        *arguments,
        env=kept | place,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, told = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        first = (told.decode("utf-8", "replace").strip().splitlines() or [""])[0][:200]
        raise StorageError(f"{program}: {first}")
