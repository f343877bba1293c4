"""Sessions of the web pages. What the browser holds is not here: `id` is its hash."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, String, Table

from bot.storage.schema.base import Moment, main

web_sessions = Table(
    "web_sessions",
    main,
    Column("id", String(64), primary_key=True),
    Column("subject", String(255), nullable=False),
    Column("tenant", String(255), nullable=False),
    Column("name", String(255), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("municipalities", JSON, nullable=False),
    Column("started", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
)
Index("web_sessions_by_use", web_sessions.c.seen)
