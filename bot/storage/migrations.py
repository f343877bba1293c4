"""How the schema came to be: numbered functions, only ever added to, each applied once in a transaction of its own.

A migration spells its tables out and never looks at `schema`, which moves on. An interrupted one is rolled back and
runs again at the next start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    inspect,
    select,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import WRITES
from bot.storage.errors import SchemaTooNew, translated
from bot.storage.schema import versions

Migration = Callable[[Connection], None]

LOCK = 0x4659524E
"""Any number, as long as nothing else in the database locks by it."""


def m001_journal(connection: Connection) -> None:
    """Answers, the messages they were sent as, and thumbs."""
    metadata = MetaData()
    answers = Table(
        "answers",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("tenant", String(255), nullable=False),
        Column("conversation", Text, nullable=False),
        Column("question", Text, nullable=False),
        Column("answer", Text, nullable=False),
        Column("status", String(16), nullable=False),
        Column("language", String(8), nullable=False),
        Column("citations", JSON, nullable=False),
        Column("generator", String(255), nullable=False),
        Column("generation", String(255), nullable=False),
    )
    Index("answers_by_place", answers.c.tenant, answers.c.conversation, answers.c.at)
    Index("answers_by_age", answers.c.at)
    Table(
        "deliveries",
        metadata,
        Column("answer", String(64), ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
        Column("activity", String(255), primary_key=True),
    )
    Table(
        "feedback",
        metadata,
        Column("answer", String(64), ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
        Column("rater", String(64), primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("liked", Boolean, nullable=False),
        Column("comment", Text, nullable=False),
    )
    metadata.create_all(connection)


MIGRATIONS: tuple[Migration, ...] = (m001_journal,)


async def migrate(engine: AsyncEngine, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Bring the database to the newest version and return it.

    Raises SchemaTooNew where a later version of Fyren has been here, StorageError where the database cannot be used.
    """
    with translated("the database's schema could not be brought up to date"):
        writing = engine.execution_options(**WRITES)
        async with writing.begin() as connection:
            await connection.run_sync(_create_version_table)
        for number, migration in enumerate(migrations, start=1):
            async with writing.begin() as connection:
                await connection.run_sync(_apply, number, migration, len(migrations))
    return len(migrations)


def _wait_for_others(connection: Connection) -> None:
    """Of services that start together one migrates at a time; SQLite's write lock, taken already, does the same."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))


def _create_version_table(connection: Connection) -> None:
    _wait_for_others(connection)
    if not inspect(connection).has_table(versions.name):
        Table(
            versions.name,
            MetaData(),
            Column("version", Integer, primary_key=True, autoincrement=False),
            Column("applied", DateTime(timezone=True), nullable=False),
        ).create(connection)


def _apply(connection: Connection, number: int, migration: Migration, newest: int) -> None:
    _wait_for_others(connection)
    applied = set(connection.execute(select(versions.c.version)).scalars())
    if applied and max(applied) > newest:
        raise SchemaTooNew(f"the database has schema version {max(applied)}, this program knows {newest}")
    if number not in applied:
        migration(connection)
        connection.execute(versions.insert().values(version=number, applied=datetime.now(UTC)))
