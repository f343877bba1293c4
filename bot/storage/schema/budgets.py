"""Tokens of language models that a month's questions have used, and those that are set aside for running ones.

`scope` is a person, a tenant or everybody (`total`, without a name). A person's name is a pseudonym under the month's
key, which is in the identity database.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table

from bot.storage.schema.base import Moment, main

budgets = Table(
    "budgets",
    main,
    Column("month", String(7), primary_key=True),
    Column("scope", String(8), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("used", BigInteger, nullable=False),
    Column("reserved", BigInteger, nullable=False),
)

budget_reservations = Table(
    "budget_reservations",
    main,
    Column("id", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("month", String(7), nullable=False),
    Column("tenant", String(255), nullable=False),
    Column("person", String(64), nullable=False),
    Column("tokens", BigInteger, nullable=False),
)
Index("budget_reservations_by_time", budget_reservations.c.at)
