"""The migrations of each database, in order, and how they are applied."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Column, Connection, DateTime, Integer, MetaData, Table, inspect, select

from bot.storage.engine import Engine
from bot.storage.errors import SchemaTooNew, translated
from bot.storage.migrations.identity_m001_keys import identity_m001_keys
from bot.storage.migrations.m001_journal import m001_journal
from bot.storage.migrations.m002_check import m002_check
from bot.storage.migrations.m003_results import m003_results
from bot.storage.migrations.m004_web import m004_web
from bot.storage.migrations.m005_reminders import m005_reminders
from bot.storage.migrations.m006_exports import m006_exports
from bot.storage.migrations.m007_budgets import m007_budgets
from bot.storage.migrations.m008_feedback import m008_feedback
from bot.storage.migrations.m009_cases import m009_cases
from bot.storage.migrations.m010_case_sending import m010_case_sending
from bot.storage.migrations.m011_ingest_jobs import m011_ingest_jobs
from bot.storage.migrations.m012_document_work import m012_document_work
from bot.storage.migrations.m013_document_chats import m013_document_chats
from bot.storage.migrations.m014_turns import m014_turns
from bot.storage.migrations.m015_generations import m015_generations
from bot.storage.migrations.m016_background import m016_background
from bot.storage.migrations.m017_people import m017_people
from bot.storage.migrations.m018_job_tries import m018_job_tries
from bot.storage.migrations.m019_shown_notices import m019_shown_notices
from bot.storage.migrations.m020_question_paces import m020_question_paces
from bot.storage.migrations.waiting import Turn, Waiting
from bot.storage.schema.base import versions as main_versions

Migration = Callable[[Connection], None]

MIGRATIONS: tuple[Migration, ...] = (
    m001_journal,
    m002_check,
    m003_results,
    m004_web,
    m005_reminders,
    m006_exports,
    m007_budgets,
    m008_feedback,
    m009_cases,
    m010_case_sending,
    m011_ingest_jobs,
    m012_document_work,
    m013_document_chats,
    m014_turns,
    m015_generations,
    m016_background,
    m017_people,
    m018_job_tries,
    m019_shown_notices,
    m020_question_paces,
)
"""Those of the main database."""

IDENTITY_MIGRATIONS: tuple[Migration, ...] = (identity_m001_keys,)
"""Those of the identity database; `bot.storage.schema.base.identity_versions` says which it has had."""


async def migrate(
    engine: Engine,
    migrations: Sequence[Migration] = MIGRATIONS,
    versions: Table = main_versions,
    waiting: Waiting = Waiting(),  # noqa: B008 - it cannot be changed
) -> int:
    """Bring a database to the newest version and return it; `versions` is the table of those that it has had.

    Waits where another service is doing so. Raises SchemaTooNew where a later version of Fyren has been here,
    StorageError where the database cannot be used, or others take it for too long.
    """
    newest = len(migrations)
    turn = Turn(engine, waiting)
    with translated("the database's schema could not be brought up to date"):
        # What is applied stays applied, so that a start has one transaction and not one a migration.
        applied = await turn.take(partial(_prepare, newest=newest, versions=versions))
        for number, migration in enumerate(migrations, start=1):
            if number not in applied:
                await turn.take(partial(_apply, number=number, migration=migration, newest=newest, versions=versions))
    return newest


def _prepare(connection: Connection, newest: int, versions: Table) -> Set[int]:
    """See that there is a table of versions, and read it."""
    if not inspect(connection).has_table(versions.name):
        Table(
            versions.name,
            MetaData(),
            Column("version", Integer, primary_key=True, autoincrement=False),
            Column("applied", DateTime(timezone=True), nullable=False),
        ).create(connection)
    return _applied(connection, newest, versions)


def _applied(connection: Connection, newest: int, versions: Table) -> Set[int]:
    applied = set(connection.execute(select(versions.c.version)).scalars())
    if applied and max(applied) > newest:
        raise SchemaTooNew(f"the database has schema version {max(applied)}, this program knows {newest}")
    return applied


def _apply(connection: Connection, number: int, migration: Migration, newest: int, versions: Table) -> None:
    if number not in _applied(connection, newest, versions):  # nor has another service applied it since
        migration(connection)
        connection.execute(versions.insert().values(version=number, applied=datetime.now(UTC)))
