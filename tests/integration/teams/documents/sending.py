"""Files that are sent in a chat, and what the database has of them."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.documents.jobs import Job
from bot.storage.database import Database
from bot.teams.config import TeamsConfig
from tests.fakes.documents_chat import (
    ANNA,
    Chat,
    Storage,
)
from tests.fakes.teams import Json

POLICY = "# IT-policy\n\nLösenord byts aldrig."
FIRST = "/v3/conversations/a%3A1anna/activities/"


def configured(storage: Storage, **changes: Any) -> TeamsConfig:
    """Settings under which the storage may be fetched from, with short waits."""
    given = {"retry_pause": 0.001, "retry_pause_limit": 0.01, "download_silence": 2.0}
    return TeamsConfig(**{"download_hosts": frozenset({storage.host}), **given, **changes})


async def draft(chat: Chat, storage: Storage, *names: str, who: str = ANNA) -> Json:
    """Send files, and wait for the card of their draft."""
    await chat.send(*(storage.file(name, POLICY) for name in names or ("IT-policy.md",)), who=who)
    return await chat.card("Ett utkast att granska")


async def forgotten(database: Database) -> None:
    """Until there is nothing more to tell."""
    async with asyncio.timeout(10):
        while await database.document_chats.all():  # noqa: ASYNC110 - a database tells nobody what changes in it
            await asyncio.sleep(0.01)


async def only_job(database: Database) -> Job:
    """The one that there is."""
    [job] = await database.jobs.all()
    return job
