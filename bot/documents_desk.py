"""Parts -> the pages of documents, and the reading that runs beside them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web

from bot.composition import Parts
from bot.document_drafts import KnowledgeDrafts
from bot.documents.desk import Desk
from bot.documents.uploads import Uploads
from bot.municipalities import load_municipalities
from bot.web.access import Routes
from bot.web.documents.job_pages import JobPages
from bot.web.documents.pages import DocumentPages, DocumentParts
from bot.web.rendering import Pages

DESK = web.AppKey("documents_desk", Desk)
"""The desk, for other ways in than the pages; not there over made-up data."""
FAREWELL = 10.0
"""Seconds that a reading has for its end."""


def attach_documents(app: web.Application, routes: Routes, parts: Parts, pages: Pages) -> None:
    """Add the routes. Reads the instruments that there are, so it belongs into a thread. Raises DataInvalid.

    Over made-up data nothing is offered: its knowledge base is the real one.
    """
    database, settings = parts.database, parts.settings
    if database.demo:
        return
    drafts = KnowledgeDrafts(parts.knowledge, database.evaluation_questions)
    desk = Desk(database.jobs, Uploads(settings.uploads_dir), drafts)
    app[DESK] = desk
    shown = DocumentParts(desk, drafts, load_municipalities(settings), parts.today)
    DocumentPages(pages, shown).attach(routes)
    JobPages(pages, shown).attach(routes)
    app.cleanup_ctx.append(_reading(desk))
    app.on_shutdown.append(_end_watching(desk))


def _reading(desk: Desk) -> Callable[[web.Application], AsyncIterator[None]]:
    async def run(app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(desk.reader.run())
        yield
        task.cancel()
        await asyncio.wait({task}, timeout=FAREWELL)

    return run


def _end_watching(desk: Desk) -> Callable[[web.Application], Awaitable[None]]:
    async def end(app: web.Application) -> None:
        desk.reader.board.close()

    return end
