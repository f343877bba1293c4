"""Generations of the knowledge base that replicas share over PostgreSQL; files of documents that are on their way in.

Files are kept in parts, numbered from 0. Only with a row of its own is a generation wholly there.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text

from bot.storage.schema.base import Moment, main

index_generations = Table(
    "index_generations",
    main,
    Column("name", String(64), primary_key=True),
    Column("checksum", String(64), nullable=False),
    Column("record", LargeBinary),
    Column("since", Moment, nullable=False),
)
"""A draft has a record."""

index_files = Table(
    "index_files",
    main,
    Column("generation", String(64), primary_key=True),
    Column("file", String(64), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

index_history = Table(
    "index_history",
    main,
    Column("number", Integer, primary_key=True),
    Column("line", Text, nullable=False),
)

index_state = Table(
    "index_state",
    main,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("generation", String(64)),
    Column("checksum", String(64)),
    Column("changes", Integer, nullable=False),
    Column("erasures", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("holder", String(32)),
    Column("held_until", Moment),
)
"""One row: what is published, and who may write."""

document_uploads = Table(
    "document_uploads",
    main,
    Column("job", String(32), primary_key=True),
    Column("file", String(64), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
