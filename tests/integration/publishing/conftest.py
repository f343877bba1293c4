"""The databases that are published from."""

from __future__ import annotations

from tests.databases import (
    postgresql_identity_url,
    postgresql_server,
    postgresql_url,
    sqlite_identity_url,
    sqlite_url,
)

__all__ = [
    "postgresql_identity_url",
    "postgresql_server",
    "postgresql_url",
    "sqlite_identity_url",
    "sqlite_url",
]
