"""What was compiled of rounds, and which responses count in it."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, ForeignKeyConstraint, Integer, String, Table, Text

from bot.storage.schema.base import main
from bot.storage.schema.check import UNNUMBERED

editions = Table(
    "editions",
    main,
    Column("round", String(64), ForeignKey("rounds.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("compiled", Date, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("content", Text, nullable=False),
    Column("checksum", String(64), nullable=False),
)

edition_members = Table(
    "edition_members",
    main,
    Column("response", String(64), ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True),
    Column("round", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    ForeignKeyConstraint(["round", "number"], ["editions.round", "editions.number"]),
    **UNNUMBERED,
)
"""`number` is the first edition that a response counts in; later ones hold it, too."""
