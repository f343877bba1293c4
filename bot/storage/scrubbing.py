"""Leaving no copy of deleted rows in a database's files.

SQLite has overwritten them in the tables, but its log holds them still; PostgreSQL keeps them until the table is
written anew, during which nobody else can use it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import Table

from bot.storage.errors import StorageError
from bot.storage.transactions import Transactions

_log = logging.getLogger(__name__)


async def scrub_rows(database: Transactions, tables: Sequence[Table]) -> None:
    """Remove the last copies of what was deleted from these tables. Raises StorageError, also where somebody reads."""
    what = "deleted rows could not be removed from the files yet"
    if database.engine.dialect == "sqlite":
        await database.scrub(what, "PRAGMA wal_checkpoint(TRUNCATE)")
    elif database.engine.dialect == "postgresql":
        for table in tables:
            await database.scrub(what, f"VACUUM (FULL) {table.name}")


async def tidy(database: Transactions, tables: Sequence[Table]) -> None:
    """The same where it can wait: the rows are gone, and where somebody reads, their last copies go some time later."""
    try:
        await scrub_rows(database, tables)
    except StorageError as error:
        _log.warning("%s", error)
