"""Chats in which files were sent. A row goes as soon as there is nothing more to tell there."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from bot.storage.schema.base import Moment, main

document_chats = Table(
    "document_chats",
    main,
    Column("id", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("address", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("job", String(32), nullable=False),
    Column("message", Text, nullable=False),
    Column("told", String(64), nullable=False),
    Column("holder", String(32), nullable=False),
    Column("held_at", Moment),
)
