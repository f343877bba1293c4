"""Main database, 5."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Date, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text


def m005_reminders(connection: Connection) -> None:
    """Who is reminded of a check, who does not want to be, and where the weekly digest goes."""
    metadata = MetaData()
    rounds = Table("rounds", metadata, Column("id", String(64), primary_key=True))
    Table(
        "reminders",
        metadata,
        Column("round", String(64), ForeignKey("rounds.id"), primary_key=True),
        Column("owner", String(64), primary_key=True),
        Column("source", String(16), primary_key=True),
        Column("standing", String(16), nullable=False),
        Column("active", Date, nullable=False),
        Column("sent", Integer, nullable=False),
        Column("last", Date),
        Column("sealed", LargeBinary),
        sqlite_with_rowid=False,
    )
    Table("reminder_refusals", metadata, Column("mark", String(64), primary_key=True), sqlite_with_rowid=False)
    Table(
        "digest_channel",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("address", Text, nullable=False),
        Column("language", String(8), nullable=False),
    )
    Table("digest_weeks", metadata, Column("week", String(16), primary_key=True))
    metadata.create_all(connection, [each for each in metadata.sorted_tables if each is not rounds])
