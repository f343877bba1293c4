"""The databases that the contracts are held against."""

from __future__ import annotations

from tests.databases import (
    empty_postgresql_url,
    empty_sqlite_url,
    postgresql_identity_url,
    postgresql_server,
    postgresql_url,
    sqlite_identity_url,
    sqlite_url,
    urls,
)

__all__ = [
    "empty_postgresql_url",
    "empty_sqlite_url",
    "postgresql_identity_url",
    "postgresql_server",
    "postgresql_url",
    "sqlite_identity_url",
    "sqlite_url",
    "urls",
]
