"""Main database, 4."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Connection, DateTime, Index, MetaData, String, Table


def m004_web(connection: Connection) -> None:
    """Sessions of the web pages."""
    metadata = MetaData()
    sessions = Table(
        "web_sessions",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("subject", String(255), nullable=False),
        Column("tenant", String(255), nullable=False),
        Column("name", String(255), nullable=False),
        Column("roles", JSON, nullable=False),
        Column("municipalities", JSON, nullable=False),
        Column("started", DateTime(timezone=True), nullable=False),
        Column("seen", DateTime(timezone=True), nullable=False),
    )
    Index("web_sessions_by_use", sessions.c.seen)
    metadata.create_all(connection)
