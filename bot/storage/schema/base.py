"""What the tables of every subject are made of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, Integer, MetaData, Table, TypeDecorator


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


Row = dict[str, Any]
"""A row on its way in; its columns and types are the tables'."""

main = MetaData()
"""The tables of the main database."""

identity = MetaData()
"""The tables of the identity database, which may be in the same PostgreSQL database: no name stands in both."""


def version_table(name: str, metadata: MetaData) -> Table:
    """Which migrations a database has had."""
    return Table(
        name,
        metadata,
        Column("version", Integer, primary_key=True, autoincrement=False),
        Column("applied", Moment, nullable=False),
    )


versions = version_table("schema_versions", main)
identity_versions = version_table("identity_schema_versions", identity)
