"""Parts -> the pages of documents, and the reading that runs beside them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from bot.composition import Parts
from bot.documents.desk import Desk
from bot.municipalities import load_municipalities
from bot.upkeep import forget_jobs
from bot.web.access import Routes
from bot.web.documents.addresses import AddressPages
from bot.web.documents.job_pages import JobPages
from bot.web.documents.one import OnePages
from bot.web.documents.pages import DocumentPages, DocumentParts, Grace
from bot.web.rendering import Pages
from ingest.web_sources.allow_list import AllowList

DESK = web.AppKey("documents_desk", Desk)
"""The desk, for other ways in than the pages; not there over made-up data."""
FAREWELL = 10.0
"""Seconds that a reading has for its end."""


def attach_documents(app: web.Application, routes: Routes, parts: Parts, pages: Pages) -> None:
    """Add the routes. Reads the instruments that there are, so it belongs into a thread. Raises DataInvalid.

    Over made-up data nothing is offered: its knowledge base is the real one.
    """
    settings, work = parts.settings, parts.documents
    if work is None:
        return
    desk, drafts = work.desk, work.drafts
    app[DESK] = desk
    grace = Grace(settings.keep_generation_days, settings.history_days)
    shown = DocumentParts(
        desk,
        drafts,
        load_municipalities(settings),
        parts.today,
        grace=grace,
        web_sources=AllowList(settings.web_sources),
    )
    DocumentPages(pages, shown).attach(routes)
    JobPages(pages, shown).attach(routes)
    AddressPages(pages, shown).attach(routes)
    OnePages(pages, shown).attach(routes)
    app.cleanup_ctx.append(_reading(desk, timedelta(days=settings.keep_job_days)))
    app.on_shutdown.append(_end_watching(desk))


def _reading(desk: Desk, keep: timedelta) -> Callable[[web.Application], AsyncIterator[None]]:
    async def run(app: web.Application) -> AsyncIterator[None]:
        tasks = {asyncio.create_task(each) for each in (desk.reader.run(), forget_jobs(desk, keep))}
        yield
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=FAREWELL)

    return run


def _end_watching(desk: Desk) -> Callable[[web.Application], Awaitable[None]]:
    async def end(app: web.Application) -> None:
        desk.reader.board.close()

    return end
