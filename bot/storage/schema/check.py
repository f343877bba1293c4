"""The maturity check: rounds, drafts, responses. No name, no tenant, no user id and no time of day stands here.

SQLite numbers the rows of a table in the order in which they come, which would tell who answered when; the tables of
responses do without those numbers.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.storage.schema.base import main

UNNUMBERED: Final[dict[str, Any]] = {"sqlite_with_rowid": False}
"""Options of a table whose rows must not tell in which order they came."""

rounds = Table(
    "rounds",
    main,
    Column("id", String(64), primary_key=True),
    Column("label", String(64), nullable=False, unique=True),
    Column("instrument", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("opens", Date, nullable=False),
    Column("closes", Date),
    Column("practice", Boolean, nullable=False),
    Column("closed_on", Date),
    Column("archived_on", Date),
    Column("diary_number", Text, nullable=False, server_default=""),
    Column("retention", Text, nullable=False, server_default=""),
    Column("keep_answers", Integer),
    Column("open_data", Boolean, nullable=False, server_default=false()),
    Column("threshold", Integer, nullable=False, server_default="5"),
    Column("openings", Integer, nullable=False, server_default="1"),
)

invited = Table(
    "invited",
    main,
    Column("round", String(64), ForeignKey("rounds.id"), primary_key=True),
    Column("municipality", String(255), primary_key=True),
    Column("role", String(255), primary_key=True),
    Column("number", Integer, nullable=False),
)

visibilities = Table(
    "visibilities",
    main,
    Column("round", String(64), ForeignKey("rounds.id"), primary_key=True),
    Column("municipality", String(255), primary_key=True),
    Column("visibility", String(16), nullable=False),
    Column("decided", Date, nullable=False),
    Column("decided_by", String(255), nullable=False),
)

drafts = Table(
    "drafts",
    main,
    Column("round", String(64), ForeignKey("rounds.id"), primary_key=True),
    Column("owner", String(64), primary_key=True),
    Column("source", String(16), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

shown_notices = Table(
    "shown_notices",
    main,
    Column("place", String(64), primary_key=True),
    Column("round", String(64), nullable=False),
    Column("source", String(16), nullable=False),
    Column("day", Date, nullable=False),
    **UNNUMBERED,
)
"""Chats in which somebody has the notice before them, under a mark of its own kind: no draft is stored under it. A row
goes when the notice is accepted, and after days in any case."""

responses = Table(
    "responses",
    main,
    Column("id", String(64), primary_key=True),
    Column("round", String(64), ForeignKey("rounds.id"), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("source", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("instrument", String(255), nullable=False),
    Column("instrument_version", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("submitted", Date, nullable=False),
    Column("mode", String(32), nullable=False),
    Column("language", String(8), nullable=False),
    Column("notice", String(64), nullable=False),
    Column("organisation", String(255), nullable=False),
    Column("municipalities", JSON, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("operation", String(255), nullable=False),
    UniqueConstraint("round", "owner", "source", name="responses_once"),
    **UNNUMBERED,
)
Index("responses_by_round", responses.c.round, responses.c.id)

response_answers = Table(
    "response_answers",
    main,
    Column("response", String(64), ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True),
    Column("item", String(255), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("codes", JSON, nullable=False),
    Column("null", String(16)),
    Column("text", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("sealed", LargeBinary),
    **UNNUMBERED,
)

consensus_municipalities = Table(
    "consensus_municipalities",
    main,
    Column("round", String(64), ForeignKey("rounds.id"), primary_key=True),
    Column("municipality", String(255), primary_key=True),
    Column("response", String(64), ForeignKey("responses.id", ondelete="CASCADE"), nullable=False, index=True),
    **UNNUMBERED,
)
