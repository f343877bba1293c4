"""Work on documents: files that were sent, documents that are taken out, and facts that are changed; and who did it.

`files`, `paths`, `outcomes`, `difference` and `gate` are JSON; `progress` too, empty while nothing is read.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from bot.storage.schema.base import Moment, main

ingest_jobs = Table(
    "ingest_jobs",
    main,
    Column("id", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(255), nullable=False),
    Column("tenant", String(255), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("files", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("problem", String(32), nullable=False),
    Column("outcomes", Text, nullable=False),
    Column("difference", Text, nullable=False),
    Column("gate", Text, nullable=False),
    Column("generation", String(64), nullable=False),
    Column("base", String(64), nullable=False),
    Column("done_at", Moment),
    Column("holder", String(32), nullable=False),
    Column("held_at", Moment),
    Column("kind", String(16), nullable=False, server_default="sent"),
    Column("paths", Text, nullable=False, server_default="[]"),
    Column("progress", Text, nullable=False, server_default=""),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment),
)

Index("ingest_jobs_by_state", ingest_jobs.c.state, ingest_jobs.c.at)
Index("ingest_jobs_by_owner", ingest_jobs.c.owner, ingest_jobs.c.at)
Index("ingest_jobs_by_generation", ingest_jobs.c.generation)

document_people = Table(
    "document_people",
    main,
    Column("tenant", String(255), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("name", String(255), nullable=False),
    Column("acted", Moment, nullable=False),
)
"""What those who work with documents are called, for who reads what they did."""
Index("document_people_by_time", document_people.c.acted)
