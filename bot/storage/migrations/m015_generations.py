"""Main database, 15."""

from __future__ import annotations

from sqlalchemy import DDL, Column, Connection, DateTime, Integer, LargeBinary, MetaData, String, Table, Text, insert


def m015_generations(connection: Connection) -> None:
    """Generations of the knowledge base, and files that were sent, where replicas share them."""
    metadata = MetaData()
    Table(
        "index_generations",
        metadata,
        Column("name", String(64), primary_key=True),
        Column("checksum", String(64), nullable=False),
        Column("record", LargeBinary),
        Column("since", DateTime(timezone=True), nullable=False),
    )
    Table(
        "index_files",
        metadata,
        Column("generation", String(64), primary_key=True),
        Column("file", String(64), primary_key=True),
        Column("part", Integer, primary_key=True, autoincrement=False),
        Column("content", LargeBinary, nullable=False),
    )
    Table(
        "index_history",
        metadata,
        Column("number", Integer, primary_key=True),
        Column("line", Text, nullable=False),
    )
    state = Table(
        "index_state",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("generation", String(64)),
        Column("checksum", String(64)),
        Column("changes", Integer, nullable=False),
        Column("erasures", Integer, nullable=False),
        Column("note", Text, nullable=False),
        Column("holder", String(32)),
        Column("held_until", DateTime(timezone=True)),
    )
    Table(
        "document_uploads",
        metadata,
        Column("job", String(32), primary_key=True),
        Column("file", String(64), primary_key=True),
        Column("part", Integer, primary_key=True, autoincrement=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("content", LargeBinary, nullable=False),
    )
    metadata.create_all(connection)
    connection.execute(insert(state).values(id=1, changes=0, erasures=0, note=""))
    if connection.dialect.name == "postgresql":
        # Vectors cannot be compressed, and whoever fetches a copy should not wait for the try.
        for table in ("index_files", "document_uploads"):
            ddl = DDL(f"ALTER TABLE {table} ALTER COLUMN content SET STORAGE EXTERNAL")  # type: ignore[no-untyped-call]  # SQLAlchemy's has no types
            connection.execute(ddl)
