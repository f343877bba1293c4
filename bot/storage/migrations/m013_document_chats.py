"""Main database, 13."""

from __future__ import annotations

from sqlalchemy import Column, Connection, DateTime, MetaData, String, Table, Text


def m013_document_chats(connection: Connection) -> None:
    """Chats in which files were sent."""
    metadata = MetaData()
    Table(
        "document_chats",
        metadata,
        Column("id", String(32), primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("address", Text, nullable=False),
        Column("language", String(8), nullable=False),
        Column("job", String(32), nullable=False),
        Column("message", Text, nullable=False),
        Column("told", String(64), nullable=False),
        Column("holder", String(32), nullable=False),
        Column("held_at", DateTime(timezone=True)),
    )
    metadata.create_all(connection)
