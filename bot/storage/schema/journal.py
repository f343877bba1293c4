"""Answers, the messages they were sent as, and thumbs. `asker` and `rater` are pseudonyms, others in every
conversation."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, String, Table, Text

from bot.storage.schema.base import Moment, main

answers = Table(
    "answers",
    main,
    Column("id", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("tenant", String(255), nullable=False),
    Column("conversation", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("citations", JSON, nullable=False),
    Column("generator", String(255), nullable=False),
    Column("generation", String(255), nullable=False),
    Column("notes", JSON, nullable=False, server_default="[]"),
    Column("asker", String(64), nullable=False, server_default=""),
)
Index("answers_by_place", answers.c.tenant, answers.c.conversation, answers.c.at)
Index("answers_by_age", answers.c.at)

deliveries = Table(
    "deliveries",
    main,
    Column("answer", String(64), ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("activity", String(255), primary_key=True),
)

feedback = Table(
    "feedback",
    main,
    Column("answer", String(64), ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("rater", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("liked", Boolean, nullable=False),
    Column("comment", Text, nullable=False),
)
