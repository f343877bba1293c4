"""Questions for a person behind the bot. `origin` is a pseudonym of the conversation, and `asker` one of who asked;
`address` is emptied as soon as nothing is to be sent."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from bot.storage.schema.base import Moment, main

cases = Table(
    "cases",
    main,
    Column("id", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("question", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("origin", String(64), nullable=False),
    Column("address", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("reply", Text, nullable=False),
    Column("replied_at", Moment),
    Column("by", String(255), nullable=False),
    Column("handed", String(16), nullable=False),
    Column("posted", Boolean, nullable=False),
    Column("document", Text, nullable=False),
    Column("generation", String(64), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("try_at", Moment),
    Column("claimed_at", Moment),
    Column("asker", String(64), nullable=False, server_default=""),
)

Index("cases_by_origin", cases.c.origin)
Index("cases_by_status", cases.c.status, cases.c.at)
