"""What was done to documents at the command line, in the audit log beside what is done on the pages."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

from bot.access.audit import Action, AuditEvent
from bot.cli.names import is_missing
from bot.maturity.round_life import COMMAND_LINE
from bot.settings import Settings
from bot.storage.database import open_database
from bot.storage.errors import StorageError

_log = logging.getLogger(__name__)


def record(settings: Settings, action: Action, subject: str) -> None:
    """Note what was done, to which generation. It has been done: where the log cannot be written, that is said."""
    asyncio.run(recorded(settings, action, subject))


async def recorded(settings: Settings, action: Action, subject: str) -> None:
    """The same for a command that goes on; one that is stopped meanwhile has noted it when it ends."""
    noting = asyncio.create_task(_note(settings, action, subject))
    try:
        await asyncio.shield(noting)
    except asyncio.CancelledError:
        await noting
        raise


async def _note(settings: Settings, action: Action, subject: str) -> None:
    try:
        await _append(settings, action, subject)
    except StorageError as error:
        _log.warning("what was done to documents is not in the audit log: %s", error)


async def _append(settings: Settings, action: Action, subject: str) -> None:
    if await asyncio.to_thread(is_missing, settings.database):
        return  # nobody has been served yet, and there is no log
    database = await open_database(settings.database, settings.identity_database)
    try:
        event = AuditEvent(datetime.now(UTC), COMMAND_LINE.actor, COMMAND_LINE.tenant, action, subject)
        await database.audit.append(event)
    finally:
        await database.close()
