"""What is to be done by one of several replicas: whose turn it is, and when it was last done."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from bot.storage.schema.base import Moment, main

background_work = Table(
    "background_work",
    main,
    Column("name", String(128), primary_key=True),
    Column("holder", String(32), nullable=False),
    Column("held_until", Moment),
    Column("done_at", Moment),
)
