"""Identity database, 1."""

from __future__ import annotations

from sqlalchemy import Column, Connection, LargeBinary, MetaData, String, Table


def identity_m001_keys(connection: Connection) -> None:
    """The keys of rounds."""
    metadata = MetaData()
    Table(
        "round_keys",
        metadata,
        Column("round", String(64), primary_key=True),
        Column("purpose", String(16), primary_key=True),
        Column("key", LargeBinary, nullable=False),
    )
    metadata.create_all(connection)
