"""What those are called who work with documents on the web pages, for who reads of it at the command line."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.settings import Settings
from bot.storage.database import open_database
from bot.storage.errors import StorageError

_log = logging.getLogger(__name__)


async def names_of(settings: Settings, authors: Collection[str]) -> Mapping[str, str]:
    """Names by the sign-in service's ids, of those of these that are known; none without a database that answers."""
    if not authors or await asyncio.to_thread(is_missing, settings.database):
        return {}
    try:
        database = await open_database(settings.database, settings.identity_database, beside=True)
    except StorageError as error:
        _log.info("names of people are not known: %s", error)
        return {}
    try:
        return await database.people.names(authors)
    except StorageError as error:
        _log.info("names of people are not known: %s", error)
        return {}
    finally:
        await database.close()


def is_missing(address: str) -> bool:
    """Whether it is a file that nothing has been written to yet; opening it would make one."""
    url = make_url(address)
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()
