"""Main database, 20."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Connection, DateTime, MetaData, String, Table

from bot.storage.migrations.row_security import guard


def m020_question_paces(connection: Connection) -> None:
    """When people have asked within the last minute, so that a limit holds for all replicas together."""
    metadata = MetaData()
    Table(
        "question_paces",
        metadata,
        Column("person", String(64), primary_key=True),
        Column("asked", JSON, nullable=False),
        Column("latest", DateTime(timezone=True), nullable=False),
    )
    metadata.create_all(connection)
    guard(connection, "question_paces")
