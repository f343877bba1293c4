"""Questions that were picked for evaluation. They outlive the answers that they were picked from; `origin` is a
pseudonym of the conversation, by which they are erased with it."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, String, Table, Text

from bot.storage.schema.base import Moment, main

evaluation_questions = Table(
    "evaluation_questions",
    main,
    Column("answer", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(255), nullable=False),
    Column("question", Text, nullable=False),
    Column("must_refuse", Boolean, nullable=False),
    Column("documents", JSON, nullable=False),
    Column("passages", JSON, nullable=False),
    Column("origin", String(64), nullable=False, server_default=""),
)
