"""Main database, 6."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Date, DateTime, Index, Integer, MetaData, String, Table, Text


def m006_exports(connection: Connection) -> None:
    """Keys of the read API, and messages of webhooks."""
    metadata = MetaData()
    Table(
        "api_keys",
        metadata,
        Column("id", String(32), primary_key=True),
        Column("digest", String(64), nullable=False),
        Column("name", Text, nullable=False),
        Column("municipality", String(255), nullable=False),
        Column("created", Date, nullable=False),
        Column("expires", Date, nullable=False),
        Column("used", Date),
        Column("revoked", Date),
    )
    deliveries = Table(
        "webhook_deliveries",
        metadata,
        Column("message", String(64), primary_key=True),
        Column("target", String(64), primary_key=True),
        Column("event", String(64), nullable=False),
        Column("body", Text, nullable=False),
        Column("created", DateTime(timezone=True), nullable=False),
        Column("due", DateTime(timezone=True), nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("state", String(16), nullable=False),
    )
    Index("webhook_deliveries_by_due", deliveries.c.state, deliveries.c.due)
    metadata.create_all(connection)
