"""Main database, 14."""

from __future__ import annotations

from sqlalchemy import Column, Connection, DateTime, Index, Integer, MetaData, String, Table, Text

from bot.storage.migrations.row_security import guard


def m014_turns(connection: Connection) -> None:
    """Activities that somebody has taken, and for whom the bot is paused."""
    metadata = MetaData()
    Table(
        "taken_activities",
        metadata,
        Column("key", String(64), primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("holder", String(32), nullable=False),
        Column("status", Integer),
        Column("expires", DateTime(timezone=True), nullable=False),
        Index("ix_taken_activities_expires", "expires"),
    )
    Table(
        "pauses",
        metadata,
        Column("tenant", String(128), primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("by", String(128), nullable=False),
        Column("note", Text, nullable=False),
    )
    metadata.create_all(connection)
    guard(connection, "taken_activities")
    guard(connection, "pauses", tenant="tenant")
