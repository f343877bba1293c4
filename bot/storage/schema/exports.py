"""What programs need: keys of the read API, and messages of webhooks. No secret is here, only what proves one."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text

from bot.storage.schema.base import Moment, main

api_keys = Table(
    "api_keys",
    main,
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("municipality", String(255), nullable=False),
    Column("created", Date, nullable=False),
    Column("expires", Date, nullable=False),
    Column("used", Date),
    Column("revoked", Date),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    main,
    Column("message", String(64), primary_key=True),
    Column("target", String(64), primary_key=True),
    Column("event", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", String(16), nullable=False),
)
Index("webhook_deliveries_by_due", webhook_deliveries.c.state, webhook_deliveries.c.due)
