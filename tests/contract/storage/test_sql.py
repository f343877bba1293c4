"""What only a database can promise: migrations from any version, durability settings, errors of one kind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, MetaData, Table, UniqueConstraint, inspect, text

from bot.conversation.ports import Entry, JournalFailed, Place, Rating
from bot.storage.answers.journal import SqlJournal
from bot.storage.engine import Engine, open_engine
from bot.storage.errors import StorageError
from bot.storage.marks import Marks
from bot.storage.migrations.numbered import IDENTITY_MIGRATIONS, MIGRATIONS, Migration, migrate
from bot.storage.schema.base import identity, identity_versions, main, versions
from bot.storage.transactions import Transactions
from tests.fakes.advice import answered

HERE = Place("tenant-a", "conversation-1")
MARKS = Marks(b"k" * 32)
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    engine = open_engine(request.getfixturevalue(f"empty_{request.param}_url"))
    yield engine
    await engine.close()


def columns(connection: Connection) -> dict[str, dict[str, tuple[str, bool]]]:
    found = inspect(connection)
    return {
        table: {
            column["name"]: (str(column["type"].compile(connection.dialect)), bool(column["nullable"]))
            for column in found.get_columns(table)
        }
        for table in found.get_table_names()
    }


def constraints(connection: Connection) -> set[tuple[str, str, tuple[str, ...]]]:
    """Primary keys, foreign keys, unique constraints and indexes, by table and columns."""
    found = inspect(connection)
    rows: set[tuple[str, str, tuple[str, ...]]] = set()
    for table in found.get_table_names():
        rows.add((table, "primary", tuple(found.get_pk_constraint(table)["constrained_columns"])))
        rows |= {
            (table, f"{key['referred_table']} {key['options'].get('ondelete')}", tuple(key["constrained_columns"]))
            for key in found.get_foreign_keys(table)
        }
        unique = {tuple(each["column_names"]) for each in found.get_unique_constraints(table)}
        rows |= {(table, "unique", names) for names in unique}
        rows |= {
            (table, "index", tuple(filter(None, index["column_names"])))
            for index in found.get_indexes(table)
            if not index["unique"]
        }
    return rows


def declared_constraints(tables: MetaData) -> set[tuple[str, str, tuple[str, ...]]]:
    rows: set[tuple[str, str, tuple[str, ...]]] = set()
    for name, table in tables.tables.items():
        rows.add((name, "primary", tuple(table.primary_key.columns.keys())))
        rows |= {
            (name, f"{key.referred_table} {key.ondelete}", tuple(key.column_keys))
            for key in table.foreign_key_constraints
        }
        rows |= {
            (name, "unique", tuple(each.columns.keys()))
            for each in table.constraints
            if isinstance(each, UniqueConstraint)
        }
        rows |= {(name, "unique", (column.name,)) for column in table.columns if column.unique}
        rows |= {(name, "index", tuple(index.columns.keys())) for index in table.indexes}
    return rows


def declared(table: Table, connection: Connection) -> dict[str, tuple[str, bool]]:
    return {column.name: (column.type.compile(connection.dialect), bool(column.nullable)) for column in table.columns}


@pytest.mark.parametrize(
    ("migrations", "table", "tables"),
    [(MIGRATIONS, versions, main), (IDENTITY_MIGRATIONS, identity_versions, identity)],
    ids=["main", "identity"],
)
async def test_migrations_lead_to_exactly_the_declared_schema(
    engine: Engine, migrations: Sequence[Migration], table: Table, tables: MetaData
) -> None:
    await migrate(engine, migrations, table)
    expected = await engine.read(
        lambda connection: {name: declared(each, connection) for name, each in tables.tables.items()}
    )
    assert await engine.read(columns) == expected
    assert await engine.read(constraints) == declared_constraints(tables)


async def test_both_databases_may_be_one(engine: Engine) -> None:
    await migrate(engine)
    await migrate(engine, IDENTITY_MIGRATIONS, identity_versions)
    found = await engine.read(columns)
    assert found.keys() == main.tables.keys() | identity.tables.keys()


async def test_migrating_again_changes_nothing_and_keeps_the_data(engine: Engine) -> None:
    assert await migrate(engine) == len(MIGRATIONS)
    await SqlJournal(Transactions(engine), MARKS).record(Entry("a", NOON, HERE, "Fråga?", answered()))
    assert await migrate(engine) == len(MIGRATIONS)
    assert list(await SqlJournal(Transactions(engine), MARKS).history(HERE, since=NOON, limit=1)) == ["Fråga?"]


async def test_an_interrupted_migration_leaves_nothing_and_runs_again(engine: Engine) -> None:
    await migrate(engine)

    def half(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE half (x INTEGER)"))
        raise OSError("the machine stopped")

    def whole(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE half (x INTEGER)"))

    with pytest.raises(StorageError):
        await migrate(engine, (*MIGRATIONS, half))
    assert "half" not in await engine.read(columns)
    assert await migrate(engine, (*MIGRATIONS, whole)) == len(MIGRATIONS) + 1


async def test_services_that_start_together_migrate_once(engine: Engine) -> None:
    await asyncio.gather(*(migrate(engine) for _ in range(4)))
    applied = await engine.read(lambda connection: connection.scalar(text("SELECT count(*) FROM schema_versions")))
    assert applied == len(MIGRATIONS)


async def test_what_is_acknowledged_is_on_disk_what_is_deleted_is_not_and_readers_do_not_wait(
    empty_sqlite_url: str,
) -> None:
    engine = open_engine(empty_sqlite_url)
    pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    for name, value in pragmas.items():
        assert await engine.run(f"PRAGMA {name}") == value
    await engine.close()


async def test_a_damaged_database_is_one_kind_of_error(tmp_path: Path, empty_sqlite_url: str) -> None:
    path = tmp_path / "fyren.sqlite3"
    path.write_bytes(b"no database at all, but long enough to be taken for one " * 40)
    engine = open_engine(empty_sqlite_url)
    with pytest.raises(JournalFailed, match="not a database"):
        await SqlJournal(Transactions(engine), MARKS).history(HERE, since=NOON, limit=1)
    with pytest.raises(StorageError):
        await migrate(engine)
    await engine.close()


@pytest.mark.parametrize(
    "url", ["no-url", "sqlite+nothing:///x", "nothing://host/x", "sqlite://", "sqlite:///:memory:"]
)
def test_an_impossible_url_is_named(url: str) -> None:
    with pytest.raises(StorageError, match="cannot be opened"):
        open_engine(url)


async def test_ratings_come_with_question_answer_and_generation(engine: Engine) -> None:
    await migrate(engine)
    journal = SqlJournal(Transactions(engine), MARKS)
    await journal.record(Entry("a", NOON, HERE, "Fråga?", answered("Fråga?")))
    await journal.rate(Rating(NOON, HERE, "r1", True, "bra"))
    await journal.rate(Rating(NOON + timedelta(minutes=1), HERE, "r1", False, "nej"))
    [rated] = await journal.ratings()
    assert (rated.liked, rated.comment, rated.question, rated.generation) == (False, "nej", "Fråga?", "g1")
    assert rated.answer.endswith("[1]")
    assert rated.at == NOON + timedelta(minutes=1)
