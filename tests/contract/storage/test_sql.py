"""What only a database can promise: migrations from any version, durability settings, errors of one kind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.ports import Entry, JournalFailed, Place, Rating
from bot.storage.engine import open_engine
from bot.storage.errors import SchemaTooNew, StorageError
from bot.storage.journal import SqlJournal
from bot.storage.migrations import MIGRATIONS, migrate
from bot.storage.schema import metadata
from tests.fakes.advice import answered

HERE = Place("tenant-a", "conversation-1")
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(request.getfixturevalue(f"{request.param}_url"))
    yield engine
    await engine.dispose()


def columns(connection: Connection) -> dict[str, dict[str, tuple[str, bool]]]:
    found = inspect(connection)
    return {
        table: {
            column["name"]: (str(column["type"].compile(connection.dialect)), bool(column["nullable"]))
            for column in found.get_columns(table)
        }
        for table in found.get_table_names()
    }


def declared(table: Table, connection: Connection) -> dict[str, tuple[str, bool]]:
    return {column.name: (column.type.compile(connection.dialect), bool(column.nullable)) for column in table.columns}


async def test_migrations_lead_to_exactly_the_declared_schema(engine: AsyncEngine) -> None:
    await migrate(engine)
    async with engine.connect() as connection:
        found = await connection.run_sync(columns)
        expected = await connection.run_sync(
            lambda sync: {name: declared(table, sync) for name, table in metadata.tables.items()}
        )
        indexes = await connection.run_sync(lambda sync: {i["name"] for i in inspect(sync).get_indexes("answers")})
    assert found == expected
    assert indexes >= {"answers_by_place", "answers_by_age"}


async def test_migrating_again_changes_nothing_and_keeps_the_data(engine: AsyncEngine) -> None:
    assert await migrate(engine) == len(MIGRATIONS)
    await SqlJournal(engine).record(Entry("a", NOON, HERE, "Fråga?", answered()))
    assert await migrate(engine) == len(MIGRATIONS)
    assert list(await SqlJournal(engine).history(HERE, since=NOON, limit=1)) == ["Fråga?"]


async def test_an_interrupted_migration_leaves_nothing_and_runs_again(engine: AsyncEngine) -> None:
    await migrate(engine)

    def half(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE half (x INTEGER)"))
        raise OSError("the machine stopped")

    def whole(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE half (x INTEGER)"))

    with pytest.raises(StorageError):
        await migrate(engine, (*MIGRATIONS, half))
    async with engine.connect() as connection:
        assert "half" not in await connection.run_sync(columns)
    assert await migrate(engine, (*MIGRATIONS, whole)) == len(MIGRATIONS) + 1


async def test_services_that_start_together_migrate_once(engine: AsyncEngine) -> None:
    await asyncio.gather(*(migrate(engine) for _ in range(4)))
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM schema_versions")) == len(MIGRATIONS)


async def test_a_newer_schema_is_refused(engine: AsyncEngine) -> None:
    await migrate(engine, (*MIGRATIONS, lambda connection: None))
    with pytest.raises(SchemaTooNew):
        await migrate(engine)


async def test_what_is_acknowledged_is_on_disk_and_readers_do_not_wait(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    async with engine.connect() as connection:
        assert await connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert await connection.scalar(text("PRAGMA synchronous")) == 2
        assert await connection.scalar(text("PRAGMA foreign_keys")) == 1
    await engine.dispose()


async def test_a_damaged_database_is_one_kind_of_error(tmp_path: Path, sqlite_url: str) -> None:
    path = tmp_path / "fyren.sqlite3"
    path.write_bytes(b"no database at all, but long enough to be taken for one " * 40)
    engine = open_engine(sqlite_url)
    with pytest.raises(JournalFailed, match="not a database"):
        await SqlJournal(engine).history(HERE, since=NOON, limit=1)
    with pytest.raises(StorageError):
        await migrate(engine)
    await engine.dispose()


@pytest.mark.parametrize("url", ["no-url", "sqlite+nothing:///x", "nothing://host/x"])
def test_an_impossible_url_is_named(url: str) -> None:
    with pytest.raises(StorageError, match="cannot be opened"):
        open_engine(url)


async def test_ratings_come_with_question_answer_and_generation(engine: AsyncEngine) -> None:
    await migrate(engine)
    journal = SqlJournal(engine)
    await journal.record(Entry("a", NOON, HERE, "Fråga?", answered("Fråga?")))
    await journal.rate(Rating(NOON, HERE, "r1", True, "bra"))
    await journal.rate(Rating(NOON + timedelta(minutes=1), HERE, "r1", False, "nej"))
    [rated] = await journal.ratings()
    assert (rated.liked, rated.comment, rated.question, rated.generation) == (False, "nej", "Fråga?", "g1")
    assert rated.answer.endswith("[1]")
    assert rated.at == NOON + timedelta(minutes=1)
