"""Databases that are lost, locked, full or read-only: nothing is told as stored that is not, and they come back."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # it has no types
import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url

from bot.maturity.errors import Conflict, StoreFailed
from bot.maturity.ports import Draft
from bot.maturity.session import Source
from bot.storage.check.maturity import SqlCheckStore
from bot.storage.database import Database, open_database
from bot.storage.engine import Engine, open_engine
from bot.storage.errors import StorageError
from bot.storage.migrations.numbered import IDENTITY_MIGRATIONS, migrate
from bot.storage.schema.base import identity_versions
from bot.storage.sqlite import SqliteEngine
from bot.storage.transactions import Transactions
from tests.contract.storage.checks import ANNA, Calendar, a_response, a_round, a_session, read, with_answer

ALONE = Source.INDIVIDUAL


async def store_on(engine: Engine, identity: Engine) -> SqlCheckStore:
    """A store with an open round, on engines of the test's own making."""
    await migrate(engine)
    await migrate(identity, IDENTITY_MIGRATIONS, identity_versions)
    store = SqlCheckStore(Transactions(engine), Transactions(identity), read=read, today=Calendar())
    await store.add(a_round())
    return store


@pytest.fixture
async def database(urls: tuple[str, str]) -> AsyncIterator[Database]:
    database = await open_database(*urls, today=Calendar(), read=read)
    await database.check.add(a_round())
    yield database
    await database.close()


# ------------------------------------------------------------------------------------------------------------- SQLite


@pytest.fixture
async def wrapped(sqlite_url: str, sqlite_identity_url: str) -> AsyncIterator[tuple[SqlCheckStore, dict[str, Any]]]:
    """A store, and what each of its main database's connections is told when it is taken: pragmas by name."""
    inner = create_engine(make_url(sqlite_url).set(drivername="sqlite"))
    pragmas: dict[str, Any] = {}

    def tell(connection: Any, *_: Any) -> None:
        for name, value in pragmas.items():
            connection.execute(f"PRAGMA {name}={value}")

    event.listen(inner, "checkout", tell)
    engine, identity = SqliteEngine(inner, 10), open_engine(sqlite_identity_url)
    yield await store_on(engine, identity), pragmas
    await engine.close()
    await identity.close()


async def test_d04_a_read_only_file_is_told_and_nothing_is_half_stored(
    wrapped: tuple[SqlCheckStore, dict[str, Any]],
) -> None:
    store, pragmas = wrapped
    pragmas["query_only"] = "ON"
    with pytest.raises(StoreFailed, match="readonly"):
        await store.submit(ANNA, a_session(), a_response(), 0)
    assert list(await store.mine(ANNA)) == []
    pragmas["query_only"] = "OFF"
    assert await store.submit(ANNA, a_session(), a_response(), 0) == 1
    assert list(await store.of_round("r1")) == [a_response()]


async def test_d04_a_full_disk_is_told_and_nothing_is_half_stored(
    wrapped: tuple[SqlCheckStore, dict[str, Any]],
) -> None:
    store, pragmas = wrapped
    await store.save(ANNA, a_session(), 0)
    pragmas["max_page_count"] = 1  # SQLite takes as many as there are.
    large = a_session(comments={"hinder": "å" * 50_000})
    with pytest.raises(StoreFailed, match="full"):
        await store.submit(ANNA, large, a_response(), 1)
    assert list(await store.mine(ANNA)) == [Draft(a_session(), 1)]
    assert list(await store.of_round("r1")) == []
    pragmas["max_page_count"] = 1_000_000
    assert await store.submit(ANNA, large, a_response(), 1) == 2


@contextmanager
def no_room() -> Iterator[None]:
    """No file of this process can be written to."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_d04_health_tells_of_a_full_disk_until_something_can_be_written_again(
    sqlite_url: str, sqlite_identity_url: str
) -> None:
    database = await open_database(sqlite_url, sqlite_identity_url, today=Calendar(), read=read)
    await database.check.add(a_round())
    assert await database.check.save(ANNA, a_session(), 0) == 1
    assert await database.ping()
    with no_room():
        with pytest.raises(StoreFailed):
            await database.check.save(ANNA, a_session(), 1)
        assert not await database.ping()
        assert list(await database.check.mine(ANNA)) == [Draft(a_session(), 1)]
    assert await database.ping()
    assert await database.check.save(ANNA, a_session(), 1) == 2
    await database.close()


async def test_d04_a_database_that_another_process_keeps_locked_is_told_and_comes_back(
    tmp_path: Path, sqlite_url: str, sqlite_identity_url: str
) -> None:
    engine, identity = open_engine(sqlite_url, busy=0.01), open_engine(sqlite_identity_url)
    store = await store_on(engine, identity)
    other = sqlite3.connect(tmp_path / "fyren.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreFailed, match="locked"):
        await store.save(ANNA, a_session(), 0)
    assert list(await store.mine(ANNA)) == []
    other.execute("ROLLBACK")
    other.close()
    assert await store.save(ANNA, a_session(), 0) == 1
    for each in (engine, identity):
        await each.close()


async def test_d04_a_lock_that_is_let_go_in_time_is_waited_for(
    tmp_path: Path, sqlite_url: str, sqlite_identity_url: str
) -> None:
    engine, identity = open_engine(sqlite_url), open_engine(sqlite_identity_url)
    store = await store_on(engine, identity)
    other = sqlite3.connect(tmp_path / "fyren.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    saving = asyncio.create_task(store.save(ANNA, a_session(), 0))
    assert list(await store.mine(ANNA)) == []  # Readers do not wait for a writer.
    other.execute("ROLLBACK")
    other.close()
    assert await saving == 1
    for each in (engine, identity):
        await each.close()


async def test_d04_a_transaction_that_takes_too_long_is_not_told_as_stored_though_it_may_be(
    tmp_path: Path, sqlite_url: str, sqlite_identity_url: str
) -> None:
    engine, identity = open_engine(sqlite_url), open_engine(sqlite_identity_url)
    store = await store_on(engine, identity)
    impatient = open_engine(sqlite_url, timeout=0.05)
    hasty = SqlCheckStore(Transactions(impatient), Transactions(identity), read=read, today=Calendar())
    other = sqlite3.connect(tmp_path / "fyren.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreFailed, match="Timeout"):
        await hasty.save(ANNA, a_session(), 0)
    other.execute("ROLLBACK")
    other.close()
    await impatient.close()  # Its thread comes to its end.
    with pytest.raises(Conflict):
        await store.save(ANNA, a_session(), 0)
    assert list(await store.mine(ANNA)) == [Draft(a_session(), 1)]
    for each in (engine, identity):
        await each.close()


async def test_d03_a_folder_that_cannot_be_made_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    urls = [f"sqlite+aiosqlite:///{tmp_path}/data/{name}.sqlite3" for name in ("fyren", "identity")]
    with pytest.raises(StorageError, match="cannot be made"):
        await open_database(*urls)
    with pytest.raises(StorageError, match="cannot be made"):
        await open_database(f"sqlite:///{tmp_path}/fyren.sqlite3", urls[1])
    (tmp_path / "data").unlink()
    await (await open_database(*urls)).close()


# --------------------------------------------------------------------------------------------------------- PostgreSQL


@contextmanager
def server_down(server: Any, url: str) -> Iterator[None]:
    """Nobody can connect, and whoever was connected is not any longer."""
    [socket] = Path(make_url(url).query["host"]).glob(".s.PGSQL.*[0-9]")  # type: ignore[arg-type]  # there is one
    terminate(server, url)
    hidden = socket.rename(socket.with_name("hidden"))
    try:
        yield
    finally:
        hidden.rename(socket)


def terminate(server: Any, url: str) -> None:
    name = make_url(url).database
    server.psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}';")  # noqa: S608 - ours


async def test_d03_a_server_that_is_down_is_told_and_used_again_when_it_is_up(
    postgresql_server: Any, postgresql_url: str
) -> None:
    with server_down(postgresql_server, postgresql_url), pytest.raises(StorageError):
        await open_database(postgresql_url, postgresql_url)
    database = await open_database(postgresql_url, postgresql_url, today=Calendar(), read=read)
    await database.check.add(a_round())
    await database.check.save(ANNA, a_session(), 0)
    assert await database.ping()
    with server_down(postgresql_server, postgresql_url):
        with pytest.raises(StoreFailed):
            await database.check.save(ANNA, with_answer(a_session(), "a", "1"), 1)
        with pytest.raises(StoreFailed):
            await database.check.mine(ANNA)
        assert not await database.ping()
    assert list(await database.check.mine(ANNA)) == [Draft(a_session(), 1)]
    assert await database.ping()
    assert await database.check.save(ANNA, with_answer(a_session(), "a", "1"), 1) == 2
    await database.close()


async def test_d03_connections_that_were_terminated_while_idle_are_replaced(
    postgresql_server: Any, postgresql_url: str
) -> None:
    database = await open_database(postgresql_url, postgresql_url, today=Calendar(), read=read)
    await database.check.add(a_round())
    for version in range(3):
        terminate(postgresql_server, postgresql_url)
        assert await database.check.save(ANNA, a_session(), version) == version + 1
    await database.close()


class Holder:
    """Makes everybody wait who writes to the round, and terminates those who do."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("+asyncpg", "")

    async def __aenter__(self) -> Holder:
        self._holding = await asyncpg.connect(self._url)
        self._watching = await asyncpg.connect(self._url)  # Inside a transaction the list of who waits stands still.
        await self._holding.execute("BEGIN")
        await self._holding.execute("SELECT * FROM rounds FOR UPDATE")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._holding.close()
        await self._watching.close()

    async def let_go(self) -> None:
        await self._holding.execute("COMMIT")

    async def terminate_until(self, enough: Callable[[int], bool]) -> None:
        """Terminate whoever waits, until so many have been."""
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        terminated = 0
        while not enough(terminated):
            terminated += len(await self._watching.fetch(query))
            await asyncio.sleep(0.005)


async def test_d03_a_connection_that_is_lost_in_the_middle_is_replaced_and_the_answer_stored_once(
    postgresql_url: str,
) -> None:
    database = await open_database(postgresql_url, postgresql_url, today=Calendar(), read=read)
    await database.check.add(a_round())
    async with Holder(postgresql_url) as holder:
        submitting = asyncio.create_task(database.check.submit(ANNA, a_session(), a_response(), 0))
        await holder.terminate_until(lambda terminated: terminated > 0)
        await holder.let_go()
        assert await submitting == 1
    assert list(await database.check.of_round("r1")) == [a_response()]
    assert list(await database.check.mine(ANNA)) == [Draft(a_session(), 1)]
    await database.close()


async def test_d03_a_connection_that_is_lost_again_and_again_is_told_and_nothing_is_stored(postgresql_url: str) -> None:
    database = await open_database(postgresql_url, postgresql_url, today=Calendar(), read=read)
    await database.check.add(a_round())
    async with Holder(postgresql_url) as holder:
        saving = asyncio.create_task(database.check.save(ANNA, a_session(), 0))
        await holder.terminate_until(lambda terminated: saving.done())
        with pytest.raises(StoreFailed, match="connection"):
            await saving
        await holder.let_go()
    assert list(await database.check.mine(ANNA)) == []
    assert await database.check.save(ANNA, a_session(), 0) == 1
    await database.close()


async def test_d03_a_server_that_does_not_answer_in_time_is_told(postgresql_url: str) -> None:
    engine, impatient = open_engine(postgresql_url), open_engine(postgresql_url, timeout=0.3)
    store = await store_on(engine, engine)
    hasty = SqlCheckStore(Transactions(impatient), Transactions(engine), read=read, today=Calendar())
    async with Holder(postgresql_url) as holder:
        with pytest.raises(StoreFailed, match="Timeout"):
            await hasty.save(ANNA, a_session(), 0)
        await holder.let_go()
    assert list(await store.mine(ANNA)) == []
    assert await store.save(ANNA, a_session(), 0) == 1
    for each in (engine, impatient):
        await each.close()


async def test_a_database_that_does_not_exist_is_told(postgresql_url: str) -> None:
    url = make_url(postgresql_url).set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(StorageError, match="nowhere"):
        await open_database(url, url)
