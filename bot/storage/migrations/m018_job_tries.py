"""Main database, 18."""

from __future__ import annotations

from sqlalchemy import DDL, Connection, DateTime


def m018_job_tries(connection: Connection) -> None:
    """How often the reading of documents was put off because something could not be reached, and until when."""
    moment = DateTime(timezone=True).compile(connection.dialect)
    for column in ("tries INTEGER NOT NULL DEFAULT 0", f"due_at {moment}"):
        # As DDL, and not as text: statements that are prepared for the table as it was are dropped.
        ddl = DDL(f"ALTER TABLE ingest_jobs ADD COLUMN {column}")  # type: ignore[no-untyped-call]  # SQLAlchemy's has no types
        connection.execute(ddl)
