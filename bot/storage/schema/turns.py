"""What replicas agree on about turns: which activities somebody has taken, and for whom the bot is paused."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from bot.storage.schema.base import Moment, main

taken_activities = Table(
    "taken_activities",
    main,
    Column("key", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("holder", String(32), nullable=False),
    Column("status", Integer),
    Column("expires", Moment, nullable=False),
    Index("ix_taken_activities_expires", "expires"),
)
"""`key` is a digest, so that the table tells nobody who wrote to whom. `status` is what Teams was answered; null as
long as somebody is at it, who has until `expires` to say so again."""

pauses = Table(
    "pauses",
    main,
    Column("tenant", String(128), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(128), nullable=False),
    Column("note", Text, nullable=False),
)
"""`tenant` is empty where the bot is paused for everybody."""
