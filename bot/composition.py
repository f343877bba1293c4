"""Settings -> the parts of a conversation: knowledge base, journal, texts. What carries it is added in `bot.app`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.access.pauses import PauseWatch
from bot.conversation.ask import Limits
from bot.conversation.check.flow import CheckParts
from bot.conversation.human import HumanFlow
from bot.conversation.readership import Readership
from bot.conversation.router import Router
from bot.conversation.service import FyrenConversation
from bot.conversation.texts import Texts
from bot.conversation.weekly import WeeklyFlow
from bot.document_work import DocumentWork, open_document_work
from bot.knowledge_base import KnowledgeBase, budgets_of, open_knowledge
from bot.maturity.days import Today, swedish_days
from bot.maturity_check import open_check
from bot.municipalities import load_municipalities, readership
from bot.publishing.process import ProcessPublishing
from bot.publishing.publisher import Publisher
from bot.publishing.taking_turns import TakingTurns
from bot.settings import Settings
from bot.storage.database import Database, open_database
from bot.storage.engine import is_shared
from bot.teams.sending.addresses import is_in
from bot.telemetry.ports import NO_TELEMETRY, Telemetry
from ingest.model import Progress


@dataclass(frozen=True, slots=True)
class Parts:
    """What one process holds open for as long as it converses. `leaving` is set when it is about to end.

    `documents` is the work on documents; None over made-up data, whose knowledge base is the real one. `check` are the
    parts of the maturity check. `publisher` makes editions of closed rounds, where somebody runs it. `switch` says
    for whom the bot is paused.
    """

    settings: Settings
    texts: Texts
    knowledge: KnowledgeBase
    database: Database
    conversation: FyrenConversation
    check: CheckParts
    today: Today
    publisher: Publisher
    switch: PauseWatch
    documents: DocumentWork | None = None
    cases_due: asyncio.Event = field(default_factory=asyncio.Event)
    telemetry: Telemetry = NO_TELEMETRY
    leaving: asyncio.Event = field(default_factory=asyncio.Event)

    async def close(self) -> None:
        """Close what was opened."""
        await self.knowledge.close()
        await self.database.close()


async def open_parts(
    settings: Settings,
    texts: Texts,
    progress: Progress | None = None,
    *,
    demo: bool = False,
    reading: Readership | None = None,
    telemetry: Telemetry = NO_TELEMETRY,
) -> Parts:
    """Open everything; the built-in library is ingested first where it has changed, which `progress` is told about.

    `demo` opens databases of made-up data, and nothing else does. `reading` says who may read which documents, where
    that is not what the settings say.

    Raises StorageError, bot.maturity.errors.DataInvalid, knowledge.errors.KnowledgeError and ingest.errors.IngestError.
    """
    today = await swedish_days()
    urls = settings.database, settings.identity_database
    database = await open_database(*urls, today=today, demo=demo, telemetry=telemetry)
    try:
        switch = PauseWatch(database.pauses)
        await switch.look()
        knowledge = await open_knowledge(settings, texts, progress, budgets_of(settings, database), telemetry)
        check = await open_check(
            settings, database.check, database.notices, knowledge.served, today, database.check.reminders
        )
        check = replace(check, telemetry=telemetry)
        municipalities = await asyncio.to_thread(load_municipalities, settings)
        if reading is None:
            reading = readership(settings, municipalities)
    except BaseException:
        await database.close()
        raise
    work = None
    if not demo:
        work = await asyncio.to_thread(open_document_work, settings, texts, database, knowledge, municipalities)
    cases_due = asyncio.Event()
    human = HumanFlow(texts, database.journal, database.cases, days=settings.history_days, told=cases_due.set)
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
            per_minute=settings.questions_per_minute,
        ),
        history_days=settings.history_days,
        default_language=settings.language,
        weekly=WeeklyFlow(texts, database.digests, lambda address: is_in(address, settings.federation_channel)),
        human=human if settings.signin_authority and not demo else None,
        readership=reading,
        documents=work.flow if work is not None else None,
        asked=database.question_paces if is_shared(settings.database) else None,
        telemetry=telemetry,
    )
    publisher = Publisher(database, TakingTurns(ProcessPublishing(*urls, demo=demo), database.turns), today)
    return Parts(
        settings, texts, knowledge, database, conversation, check, today, publisher, switch, work, cases_due, telemetry
    )


@asynccontextmanager
async def open_advice(
    settings: Settings, texts: Texts, progress: Progress | None = None
) -> AsyncIterator[KnowledgeBase]:
    """The knowledge base alone, for commands that only ask; with the budgets of a language model where there is one.

    Raises what `open_parts` raises.
    """
    async with AsyncExitStack() as stack:
        budgets = None
        if settings.model_provider != "off":
            database = await open_database(settings.database, settings.identity_database)
            stack.push_async_callback(database.close)
            budgets = budgets_of(settings, database)
        knowledge = await open_knowledge(settings, texts, progress, budgets)
        stack.push_async_callback(knowledge.close)
        yield knowledge
