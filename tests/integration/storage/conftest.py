"""The databases that processes are killed over."""

from __future__ import annotations

from tests.databases import (
    postgresql_identity_url,
    postgresql_server,
    postgresql_url,
    sqlite_identity_url,
    sqlite_url,
    urls,
)

__all__ = [
    "postgresql_identity_url",
    "postgresql_server",
    "postgresql_url",
    "sqlite_identity_url",
    "sqlite_url",
    "urls",
]
