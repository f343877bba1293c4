"""Main database, 11."""

from __future__ import annotations

from sqlalchemy import Column, Connection, DateTime, Index, MetaData, String, Table, Text


def m011_ingest_jobs(connection: Connection) -> None:
    """Files that were sent to become documents."""
    metadata = MetaData()
    jobs = Table(
        "ingest_jobs",
        metadata,
        Column("id", String(32), primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("by", String(255), nullable=False),
        Column("tenant", String(255), nullable=False),
        Column("owner", String(64), nullable=False),
        Column("files", Text, nullable=False),
        Column("state", String(16), nullable=False),
        Column("note", Text, nullable=False),
        Column("problem", String(32), nullable=False),
        Column("outcomes", Text, nullable=False),
        Column("difference", Text, nullable=False),
        Column("gate", Text, nullable=False),
        Column("generation", String(64), nullable=False),
        Column("base", String(64), nullable=False),
        Column("done_at", DateTime(timezone=True)),
        Column("holder", String(32), nullable=False),
        Column("held_at", DateTime(timezone=True)),
    )
    Index("ingest_jobs_by_state", jobs.c.state, jobs.c.at)
    Index("ingest_jobs_by_owner", jobs.c.owner, jobs.c.at)
    Index("ingest_jobs_by_generation", jobs.c.generation)
    metadata.create_all(connection)
