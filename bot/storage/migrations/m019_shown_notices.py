"""Main database, 19."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Date, MetaData, String, Table

from bot.storage.migrations.row_security import guard


def m019_shown_notices(connection: Connection) -> None:
    """Where the check's notice is shown, so that words can accept it at any replica."""
    metadata = MetaData()
    Table(
        "shown_notices",
        metadata,
        Column("place", String(64), primary_key=True),
        Column("round", String(64), nullable=False),
        Column("source", String(16), nullable=False),
        Column("day", Date, nullable=False),
        sqlite_with_rowid=False,
    )
    metadata.create_all(connection)
    guard(connection, "shown_notices")
