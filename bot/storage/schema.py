"""The tables as they are today; `migrations` is how they came to be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class Moment(TypeDecorator[datetime]):
    """A point in time, in UTC whichever database keeps it: SQLite forgets time zones, so they are put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Python to database; a time without a zone is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Database to Python."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

versions = Table(
    "schema_versions",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("applied", Moment, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("tenant", String(255), nullable=False),
    Column("conversation", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("citations", JSON, nullable=False),
    Column("generator", String(255), nullable=False),
    Column("generation", String(255), nullable=False),
)
Index("answers_by_place", answers.c.tenant, answers.c.conversation, answers.c.at)
Index("answers_by_age", answers.c.at)

deliveries = Table(
    "deliveries",
    metadata,
    Column("answer", String(64), ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("activity", String(255), primary_key=True),
)

feedback = Table(
    "feedback",
    metadata,
    Column("answer", String(64), ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True),
    Column("rater", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("liked", Boolean, nullable=False),
    Column("comment", Text, nullable=False),
)

Row = dict[str, Any]
"""A row on its way in; its columns and types are the tables' above."""
