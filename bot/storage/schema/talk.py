"""What replicas agree on about conversations."""

from __future__ import annotations

from sqlalchemy import JSON, Column, String, Table

from bot.storage.schema.base import Moment, main

question_paces = Table(
    "question_paces",
    main,
    Column("person", String(64), primary_key=True),
    Column("asked", JSON, nullable=False),
    Column("latest", Moment, nullable=False),
)
"""`asked` are the times within the last minute, in seconds of Unix time, oldest first. A row goes within the hour."""
