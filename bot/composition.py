"""Settings -> the parts of a conversation: knowledge base, journal, texts. What carries it is added in `bot.app`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from bot.conversation.ask import Limits
from bot.conversation.check.flow import CheckParts
from bot.conversation.router import Router
from bot.conversation.service import FyrenConversation
from bot.conversation.texts import Texts
from bot.conversation.weekly import WeeklyFlow
from bot.knowledge_base import KnowledgeBase, open_knowledge
from bot.maturity.days import Today, swedish_days
from bot.maturity_check import open_check
from bot.publishing.process import ProcessPublishing
from bot.publishing.publisher import Publisher
from bot.settings import Settings
from bot.storage.database import Database, open_database
from bot.teams.addresses import is_in
from ingest.model import Progress


@dataclass(frozen=True, slots=True)
class Parts:
    """What one process holds open for as long as it converses.

    `check` are the parts of the maturity check. `publisher` makes editions of closed rounds, where somebody runs it.
    """

    settings: Settings
    texts: Texts
    knowledge: KnowledgeBase
    database: Database
    conversation: FyrenConversation
    check: CheckParts
    today: Today
    publisher: Publisher

    async def close(self) -> None:
        """Close what was opened."""
        await self.knowledge.close()
        await self.database.close()


async def open_parts(
    settings: Settings, texts: Texts, progress: Progress | None = None, *, demo: bool = False
) -> Parts:
    """Open everything; the built-in library is ingested first where it has changed, which `progress` is told about.

    `demo` opens databases of made-up data, and nothing else does.

    Raises StorageError, bot.maturity.errors.DataInvalid, knowledge.errors.KnowledgeError and ingest.errors.IngestError.
    """
    today = await swedish_days()
    urls = settings.database, settings.identity_database
    database = await open_database(*urls, today=today, demo=demo)
    try:
        knowledge = await open_knowledge(settings, texts, progress)
        check = await open_check(settings, database.check, knowledge.served, today, database.check.reminders)
    except BaseException:
        await database.close()
        raise
    conversation = FyrenConversation(
        texts=texts,
        router=await asyncio.to_thread(Router.load),
        advice=knowledge.served,
        journal=database.journal,
        check=check,
        limits=Limits(
            question=settings.question_limit,
            turns=settings.context_turns,
            memory=timedelta(minutes=settings.context_minutes),
        ),
        history_days=settings.history_days,
        default_language=settings.language,
        weekly=WeeklyFlow(texts, database.digests, lambda address: is_in(address, settings.federation_channel)),
    )
    publisher = Publisher(database, ProcessPublishing(*urls, demo=demo), today)
    return Parts(settings, texts, knowledge, database, conversation, check, today, publisher)
