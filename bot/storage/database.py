"""The database of a running Fyren: opened, brought to the newest schema, closed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import open_engine
from bot.storage.errors import StorageError
from bot.storage.journal import SqlJournal
from bot.storage.migrations import migrate


@dataclass(frozen=True, slots=True)
class Database:
    """An open database and the repositories in it."""

    engine: AsyncEngine
    journal: SqlJournal

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


async def open_database(url: str) -> Database:
    """Open and migrate. Raises StorageError where the database cannot be used, SchemaTooNew where it is newer."""
    engine = await asyncio.to_thread(open_engine, url)  # it imports the driver
    await asyncio.to_thread(_make_folder, url)
    try:
        await migrate(engine)
    except BaseException:
        await engine.dispose()
        raise
    return Database(engine, SqlJournal(engine))


def _make_folder(url: str) -> None:
    """SQLite makes its file, but not the folder that the file is in."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return
    folder = Path(parsed.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"the folder {folder} cannot be made: {error.strerror}") from error
