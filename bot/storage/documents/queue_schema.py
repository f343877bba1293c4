"""The queue in which PostgreSQL brings jobs to whoever reads them: its tables, and what goes into and out of it.

The tables and their functions are procrastinate's, in a schema of their own, `fyren_queue`. A job there names a job of
ours and nothing else, and goes with its end. Nothing in it is lost for good: what it lacks is put in again from our own
table, which is why a backup leaves it out. With SQLite there is none, and nothing here does anything.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, TextClause, text

from bot.documents.jobs import JobState
from bot.storage.engine import Engine
from bot.storage.errors import translated
from bot.storage.migrations.row_security import guard
from bot.storage.migrations.waiting import Turn

SCHEMA: Final = "fyren_queue"
QUEUE: Final = "documents"
TASK: Final = "documents.read"
LOCK: Final = "documents"
"""One reading at a time, whichever replica does it: of jobs with one lock the library hands out one."""
TABLES: Final = (
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
)

_HAS_TABLES: Final = text("SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = :schema)")
_HAS_SCHEMA: Final = text("SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = :schema)")
_FOUND_ANYWHERE: Final = text(
    f"""
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = '{SCHEMA}'::regnamespace LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = {SCHEMA}, pg_temp', name);
    END LOOP;
END $$
"""  # noqa: S608 - the schema's name
)
"""The library's functions name their tables without a schema; so they find them in whichever transaction they run."""
_PUT: Final = text(
    f"SELECT {SCHEMA}.procrastinate_defer_jobs_v1(ARRAY[ROW("
    "CAST(:queue AS varchar), CAST(:task AS varchar), 0, CAST(:lock AS text), NULL, "
    f"jsonb_build_object('job', CAST(:job AS text)), NULL)::{SCHEMA}.procrastinate_job_to_defer_v1])"
)
_DROP: Final = text(
    f"SELECT {SCHEMA}.procrastinate_cancel_job_v1(id, false, true) FROM {SCHEMA}.procrastinate_jobs "  # noqa: S608 - the schema's name
    "WHERE queue_name = :queue AND status = 'todo' AND args->>'job' = :job"
)
_MISSING: Final = text(
    "SELECT id FROM ingest_jobs WHERE (state = :queued OR state = :reading AND coalesce(held_at < :stale, true)) "  # noqa: S608 - the schema's name
    f"AND NOT EXISTS (SELECT 1 FROM {SCHEMA}.procrastinate_jobs AS there WHERE there.queue_name = :queue "
    "AND there.status IN ('todo', 'doing') AND there.args->>'job' = ingest_jobs.id) ORDER BY at, id"
)


def has_queue(connection: Connection) -> bool:
    """Whether a database can have the queue at all."""
    return connection.dialect.name == "postgresql"


async def set_up_queue(engine: Engine) -> None:
    """Make the queue's tables where they are missing: at the first start, and after a backup was put back. Raises
    StorageError."""
    with translated("the queue of documents could not be set up"):
        if await engine.read(lambda connection: not has_queue(connection) or _is(connection, _HAS_TABLES)):
            return
        statements = await asyncio.to_thread(_library_schema)
        await Turn(engine).take(lambda connection: _make(connection, statements))


def enqueue(connection: Connection, job_id: str) -> None:
    """Have a job brought to a reader, as soon as the transaction is committed."""
    if has_queue(connection):
        connection.execute(_PUT, {"queue": QUEUE, "task": TASK, "lock": LOCK, "job": job_id})


def withdraw(connection: Connection, job_id: str) -> None:
    """Have a job that waits brought to nobody: one that waits for its next try would hold up the others."""
    if has_queue(connection):
        connection.execute(_DROP, {"queue": QUEUE, "job": job_id})


def missing(connection: Connection, stale: datetime) -> list[str]:
    """Jobs that are due and not in the queue, the oldest first: those that a version without it took, or a restored
    database brought along. One that says since `stale` that it is being read is left alone."""
    values = {"queued": JobState.QUEUED, "reading": JobState.READING, "stale": stale, "queue": QUEUE}
    return list(connection.execute(_MISSING, values).scalars())


def _is(connection: Connection, question: TextClause) -> bool:
    return bool(connection.scalar(question, {"schema": SCHEMA}))


def _library_schema() -> str:
    from procrastinate.schema import SchemaManager  # noqa: PLC0415 - needed once in a database's life

    return SchemaManager.get_schema()


def _make(connection: Connection, statements: str) -> None:
    if _is(connection, _HAS_TABLES):
        return  # another service has, since
    if not _is(connection, _HAS_SCHEMA):  # an administrator may have made it
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    connection.execute(text(f"SET LOCAL search_path TO {SCHEMA}"))

    async def run(driver: Any) -> None:
        await driver.execute(statements)

    # Many statements at once, which only the driver itself takes; in the same transaction.
    connection.connection.run_async(run)
    connection.execute(_FOUND_ANYWHERE)
    for table in TABLES:
        guard(connection, table)
