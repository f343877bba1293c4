"""Settings -> the work on documents: the desk, the drafts behind it, and files that are sent in chats."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from bot.access.pauses import Switch
from bot.conversation.document_cards import Showing
from bot.conversation.documents import DocumentsFlow
from bot.conversation.texts import Texts
from bot.document_drafts import KnowledgeDrafts
from bot.documents.desk import Desk
from bot.documents.timing import Timing
from bot.documents.uploads import Uploads
from bot.documents_chat.intake import DocumentsChat
from bot.drafting.process import ProcessMaking
from bot.knowledge_base import KnowledgeBase
from bot.municipalities import stewards
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.documents.job_queue import SqlJobQueue
from bot.teams.config import TeamsConfig
from bot.teams.files.downloads import open_downloads
from bot.teams.sending.pacing import Pace
from bot.teams.sending.proactive import open_proactive
from bot.telemetry.ports import NO_TELEMETRY, Telemetry

FAREWELL: Final = 10.0
"""Seconds that what is being fetched or told has for its end."""


FOLLOWED: Final = 1.5
"""Seconds between two words on how far a reading is, where somebody may watch it from another replica."""


@dataclass(frozen=True, slots=True)
class DocumentWork:
    """The parts. `flow` is what the conversation says about files; `chat` fetches and tells while it runs."""

    drafts: KnowledgeDrafts
    desk: Desk
    chat: DocumentsChat
    flow: DocumentsFlow


def open_document_work(
    settings: Settings,
    texts: Texts,
    database: Database,
    knowledge: KnowledgeBase,
    municipalities: Mapping[str, str],
) -> DocumentWork:
    """Put them together; nothing runs yet. Reads the program's version, so it belongs into a thread."""
    drafts = KnowledgeDrafts(knowledge, database.evaluation_questions, ProcessMaking(settings))
    uploads = Uploads(settings.uploads_dir, shared=database.uploads)
    timing = Timing(beat=FOLLOWED) if uploads.are_shared else Timing()
    queue = SqlJobQueue(settings.database, database.jobs, database.turns, timing=timing) if uploads.are_shared else None
    desk = Desk(database.jobs, uploads, drafts, timing=timing, people=database.people, queue=queue)
    showing = Showing(texts, municipalities, settings.public_url)
    chat = DocumentsChat(desk, database.document_chats, showing)
    flow = DocumentsFlow(showing, stewards(settings, municipalities), desk, chat)
    return DocumentWork(drafts, desk, chat, flow)


@asynccontextmanager
async def chats_told(
    chat: DocumentsChat,
    config: TeamsConfig,
    texts: Texts,
    *,
    ssl_context: ssl.SSLContext | None = None,
    pace: Pace | None = None,
    telemetry: Telemetry = NO_TELEMETRY,
    switch: Switch | None = None,
) -> AsyncIterator[None]:
    """Fetch and tell, over connections of its own, for as long as this is open.

    `ssl_context` is the trust for calls, None the system's; without a `pace` it takes that of reminders.
    """
    async with (
        open_proactive(config, texts, ssl_context=ssl_context, pace=pace, telemetry=telemetry, switch=switch) as sender,
        open_downloads(config, ssl_context=ssl_context) as downloads,
    ):
        task = asyncio.create_task(chat.run(sender, downloads))
        yield
        task.cancel()
        await asyncio.wait({task}, timeout=FAREWELL)
