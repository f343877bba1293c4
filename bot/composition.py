"""Settings -> the parts of a conversation: knowledge base, journal, texts. What carries it is added in `bot.app`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from bot.conversation.ask import Limits
from bot.conversation.router import Router
from bot.conversation.service import FyrenConversation
from bot.conversation.texts import Texts
from bot.knowledge_base import KnowledgeBase, open_knowledge
from bot.maturity.days import Today, swedish_days
from bot.maturity_check import open_check
from bot.settings import Settings
from bot.storage.database import Database, open_database
from ingest.model import Progress


@dataclass(frozen=True, slots=True)
class Parts:
    """What one process holds open for as long as it converses."""

    settings: Settings
    texts: Texts
    knowledge: KnowledgeBase
    database: Database
    conversation: FyrenConversation
    today: Today

    async def close(self) -> None:
        """Close what was opened."""
        await self.knowledge.close()
        await self.database.close()


async def open_parts(settings: Settings, texts: Texts, progress: Progress | None = None) -> Parts:
    """Open everything; the built-in library is ingested first where it has changed, which `progress` is told about.

    Raises StorageError, bot.maturity.errors.DataInvalid, knowledge.errors.KnowledgeError and ingest.errors.IngestError.
    """
    today = await swedish_days()
    database = await open_database(settings.database, settings.identity_database, today=today)
    try:
        knowledge = await open_knowledge(settings, texts, progress)
        check = await open_check(settings, database.check, knowledge.served, today)
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
    )
    return Parts(settings, texts, knowledge, database, conversation, today)
