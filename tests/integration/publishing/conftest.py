"""The databases that are published from: empty ones, as made-up data goes into no other."""

from __future__ import annotations

from tests.databases import empty_postgresql_url as postgresql_url
from tests.databases import empty_sqlite_identity_url as sqlite_identity_url
from tests.databases import empty_sqlite_url as sqlite_url
from tests.databases import postgresql_identity_url, postgresql_server

__all__ = [
    "postgresql_identity_url",
    "postgresql_server",
    "postgresql_url",
    "sqlite_identity_url",
    "sqlite_url",
]
