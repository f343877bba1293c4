"""Main database, 12."""

from __future__ import annotations

from sqlalchemy import DDL, Column, Connection, DateTime, Index, MetaData, String, Table


def m012_document_work(connection: Connection) -> None:
    """Jobs that take documents out or change facts about them, and the names of those who work with documents."""
    for column in ("kind VARCHAR(16) NOT NULL DEFAULT 'sent'", "paths TEXT NOT NULL DEFAULT '[]'"):
        # As DDL, and not as text: statements that are prepared for the table as it was are dropped.
        ddl = DDL(f"ALTER TABLE ingest_jobs ADD COLUMN {column}")  # type: ignore[no-untyped-call]  # SQLAlchemy's has no types
        connection.execute(ddl)
    metadata = MetaData()
    people = Table(
        "document_people",
        metadata,
        Column("tenant", String(255), primary_key=True),
        Column("subject", String(255), primary_key=True),
        Column("name", String(255), nullable=False),
        Column("acted", DateTime(timezone=True), nullable=False),
    )
    Index("document_people_by_time", people.c.acted)
    metadata.create_all(connection)
