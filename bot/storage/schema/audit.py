"""What was done by whom, each entry bound to the one before it.

Time and details are kept as the very text that the hash is computed from: what somebody wrote over them need not be a
time or JSON any more, and has to be read to be found out.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from bot.storage.schema.base import main

audit_log = Table(
    "audit_log",
    main,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("actor", Text, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
Index("audit_log_by_subject", audit_log.c.subject, audit_log.c.number)

audit_head = Table(
    "audit_head",
    main,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""One row: the newest entry, by which a missing end is noticed. Whoever appends holds its lock."""
