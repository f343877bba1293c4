"""The identity database: the keys of rounds, and the one of `bot.storage.reminding.refusals`, which belongs to none.

See `bot.storage.check.keys` for what each purpose is.
"""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, String, Table

from bot.storage.schema.base import identity

round_keys = Table(
    "round_keys",
    identity,
    Column("round", String(64), primary_key=True),
    Column("purpose", String(16), primary_key=True),
    Column("key", LargeBinary, nullable=False),
)
