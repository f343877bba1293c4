"""Main database, 2."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)


def m002_check(connection: Connection) -> None:
    """The maturity check: rounds, drafts, responses with their answers, and who has answered as a group."""
    metadata = MetaData()
    Table(
        "rounds",
        metadata,
        Column("id", String(64), primary_key=True),
        Column("label", String(64), nullable=False, unique=True),
        Column("instrument", Text, nullable=False),
        Column("digest", String(64), nullable=False),
        Column("status", String(16), nullable=False),
        Column("opens", Date, nullable=False),
        Column("closes", Date),
        Column("practice", Boolean, nullable=False),
    )
    Table(
        "drafts",
        metadata,
        Column("round", String(64), ForeignKey("rounds.id"), primary_key=True),
        Column("owner", String(64), primary_key=True),
        Column("source", String(16), primary_key=True),
        Column("version", Integer, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
    )
    Table(
        "responses",
        metadata,
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
        sqlite_with_rowid=False,
    )
    Table(
        "response_answers",
        metadata,
        Column("response", String(64), ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True),
        Column("item", String(255), primary_key=True),
        Column("position", Integer, nullable=False),
        Column("codes", JSON, nullable=False),
        Column("null", String(16)),
        Column("text", Text, nullable=False),
        Column("comment", Text, nullable=False),
        Column("sealed", LargeBinary),
        sqlite_with_rowid=False,
    )
    Table(
        "consensus_municipalities",
        metadata,
        Column("round", String(64), ForeignKey("rounds.id"), primary_key=True),
        Column("municipality", String(255), primary_key=True),
        Column("response", String(64), ForeignKey("responses.id", ondelete="CASCADE"), nullable=False, index=True),
        sqlite_with_rowid=False,
    )
    metadata.create_all(connection)
