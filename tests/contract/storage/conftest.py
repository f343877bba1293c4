"""The databases that the contracts are held against."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.storage.database import Database, open_database
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


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """An open database, of each kind in turn."""
    given = (request.getfixturevalue(f"{request.param}{name}") for name in ("_url", "_identity_url"))
    opened = await open_database(*given)
    yield opened
    await opened.close()
