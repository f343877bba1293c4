"""Main database, 3."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Connection,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

_OF_ROUNDS = (
    "closed_on DATE",
    "archived_on DATE",
    "diary_number TEXT NOT NULL DEFAULT ''",
    "retention TEXT NOT NULL DEFAULT ''",
    "keep_answers INTEGER",
    "open_data BOOLEAN NOT NULL DEFAULT false",
    "threshold INTEGER NOT NULL DEFAULT 5",
    "openings INTEGER NOT NULL DEFAULT 1",
)


def m003_results(connection: Connection) -> None:
    """What a round is closed, archived and shown with; editions; decisions on visibility; the audit log."""
    for column in _OF_ROUNDS:
        connection.execute(text(f"ALTER TABLE rounds ADD COLUMN {column}"))
    connection.execute(text("CREATE INDEX responses_by_round ON responses (round, id)"))
    metadata = MetaData()
    earlier = [Table(name, metadata, Column("id", String(64), primary_key=True)) for name in ("rounds", "responses")]
    Table(
        "invited",
        metadata,
        Column("round", String(64), ForeignKey("rounds.id"), primary_key=True),
        Column("municipality", String(255), primary_key=True),
        Column("role", String(255), primary_key=True),
        Column("number", Integer, nullable=False),
    )
    Table(
        "visibilities",
        metadata,
        Column("round", String(64), ForeignKey("rounds.id"), primary_key=True),
        Column("municipality", String(255), primary_key=True),
        Column("visibility", String(16), nullable=False),
        Column("decided", Date, nullable=False),
        Column("decided_by", String(255), nullable=False),
    )
    Table(
        "editions",
        metadata,
        Column("round", String(64), ForeignKey("rounds.id"), primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("compiled", Date, nullable=False),
        Column("digest", String(64), nullable=False),
        Column("content", Text, nullable=False),
        Column("checksum", String(64), nullable=False),
    )
    Table(
        "edition_members",
        metadata,
        Column("response", String(64), ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True),
        Column("round", String(64), nullable=False),
        Column("number", Integer, nullable=False),
        ForeignKeyConstraint(["round", "number"], ["editions.round", "editions.number"]),
        sqlite_with_rowid=False,
    )
    log = Table(
        "audit_log",
        metadata,
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
    Index("audit_log_by_subject", log.c.subject, log.c.number)
    head = Table(
        "audit_head",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("number", Integer, nullable=False),
        Column("hash", String(64), nullable=False),
    )
    metadata.create_all(connection, [each for each in metadata.sorted_tables if each not in earlier])
    connection.execute(head.insert().values(id=1, number=0, hash="0" * 64))
