"""Main database, 16."""

from __future__ import annotations

from sqlalchemy import DDL, Column, Connection, DateTime, MetaData, String, Table


def m016_background(connection: Connection) -> None:
    """Whose turn it is to do what is done in the background, and how far the reading of documents is."""
    metadata = MetaData()
    Table(
        "background_work",
        metadata,
        Column("name", String(128), primary_key=True),
        Column("holder", String(32), nullable=False),
        Column("held_until", DateTime(timezone=True)),
        Column("done_at", DateTime(timezone=True)),
    )
    metadata.create_all(connection)
    # As DDL, and not as text: statements that are prepared for the table as it was are dropped.
    ddl = DDL("ALTER TABLE ingest_jobs ADD COLUMN progress TEXT NOT NULL DEFAULT ''")  # type: ignore[no-untyped-call]  # SQLAlchemy's has no types
    connection.execute(ddl)
