"""Main database, 7."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Connection, DateTime, Index, MetaData, String, Table


def m007_budgets(connection: Connection) -> None:
    """Tokens of language models, by month."""
    metadata = MetaData()
    Table(
        "budgets",
        metadata,
        Column("month", String(7), primary_key=True),
        Column("scope", String(8), primary_key=True),
        Column("name", String(255), primary_key=True),
        Column("used", BigInteger, nullable=False),
        Column("reserved", BigInteger, nullable=False),
    )
    reservations = Table(
        "budget_reservations",
        metadata,
        Column("id", String(32), primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("month", String(7), nullable=False),
        Column("tenant", String(255), nullable=False),
        Column("person", String(64), nullable=False),
        Column("tokens", BigInteger, nullable=False),
    )
    Index("budget_reservations_by_time", reservations.c.at)
    metadata.create_all(connection)
