"""Main database, 8."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Connection, DateTime, MetaData, String, Table, Text, text


def m008_feedback(connection: Connection) -> None:
    """The notes of answers, and the questions that were picked for evaluation."""
    connection.execute(text("ALTER TABLE answers ADD COLUMN notes JSON DEFAULT '[]' NOT NULL"))
    metadata = MetaData()
    Table(
        "evaluation_questions",
        metadata,
        Column("answer", String(64), primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("by", String(255), nullable=False),
        Column("question", Text, nullable=False),
        Column("must_refuse", Boolean, nullable=False),
        Column("documents", JSON, nullable=False),
        Column("passages", JSON, nullable=False),
        Column("origin", String(64), nullable=False, server_default=""),
    )
    metadata.create_all(connection)
