"""Main database, 10."""

from __future__ import annotations

from sqlalchemy import DDL, Connection, DateTime


def m010_case_sending(connection: Connection) -> None:
    """How often a reply was tried, when it is next, and when some process began to send it."""
    moment = DateTime(timezone=True).compile(connection.dialect)
    for column in ("tries INTEGER NOT NULL DEFAULT 0", f"try_at {moment}", f"claimed_at {moment}"):
        # As DDL, and not as text: statements that are prepared for the table as it was are dropped.
        ddl = DDL(f"ALTER TABLE cases ADD COLUMN {column}")  # type: ignore[no-untyped-call]  # SQLAlchemy's has no types
        connection.execute(ddl)
