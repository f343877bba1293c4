"""Reminders and the weekly digest. Where a person is reached stands only sealed; days have no time."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, LargeBinary, String, Table, Text

from bot.storage.schema.base import main
from bot.storage.schema.check import UNNUMBERED

reminders = Table(
    "reminders",
    main,
    Column("round", String(64), ForeignKey("rounds.id"), primary_key=True),
    Column("owner", String(64), primary_key=True),
    Column("source", String(16), primary_key=True),
    Column("standing", String(16), nullable=False),
    Column("active", Date, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("last", Date),
    Column("sealed", LargeBinary),
    **UNNUMBERED,
)

refusals = Table("reminder_refusals", main, Column("mark", String(64), primary_key=True), **UNNUMBERED)
"""People who want no reminders, under a pseudonym of its own kind: no response or draft is stored under it."""

digest_channel = Table(
    "digest_channel",
    main,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("address", Text, nullable=False),
    Column("language", String(8), nullable=False),
)

digest_weeks = Table("digest_weeks", main, Column("week", String(16), primary_key=True))
