"""Parts -> what leaves a round by itself or by request: exports, read API, open data, and webhooks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from bot.access.api_keys import recognised
from bot.access.audit import Action, AuditEvent, AuditLog
from bot.access.errors import AccessStoreFailed
from bot.access.visitor import Visitor
from bot.charts.vega.pictures import VegaPictures
from bot.composition import Parts
from bot.exports.open_data.publication import Publisher
from bot.exports.report.process import ReportProcess
from bot.version import program_version
from bot.web.access import ByKey, Routes
from bot.web.api.pages import ApiPages
from bot.web.api.read import ReadApi
from bot.web.dashboard.shelf import Shelf
from bot.web.exports import ExportPages
from bot.web.open_data import OpenDataPages
from bot.web.rendering import Pages
from bot.web.takeaways import Views
from bot.webhooks.courier import Courier
from bot.webhooks.outbox import Delivery
from bot.webhooks.signing import key_of
from bot.webhooks.telling import Telling

FAREWELL: Final = 10.0
"""Seconds that the task of webhooks has for its end."""

_log = logging.getLogger(__name__)


def attach_exports(routes: Routes, parts: Parts, pages: Pages, shelf: Shelf, pictures: VegaPictures) -> None:
    """Add the routes. `shelf` and `pictures` are those of the dashboard."""
    settings, database, texts = parts.settings, parts.database, parts.texts
    version = program_version()
    views = Views(shelf, parts.check.background.baseline, program=version)
    publisher = Publisher(
        settings.open_data_publisher, settings.contact, settings.open_data_email, settings.pictures_url
    )
    for each in (
        ExportPages(pages, views, texts, database.audit, pictures=pictures, setting=ReportProcess()),
        ReadApi(views, database.editions, database.check, texts, database.audit),
        ApiPages(pages, texts, version=version),
        OpenDataPages(pages, views, database.editions, texts, publisher, demo=database.demo),
    ):
        each.attach(routes)


def program_keys(parts: Parts) -> ByKey:
    """Tells whom a program's key stands for today."""

    async def by_key(written: str) -> Visitor | None:
        key = await recognised(written, parts.database.api_keys, parts.today())
        return key.visitor if key is not None else None

    return by_key


def _noting(audit: AuditLog) -> Callable[[Delivery], Awaitable[None]]:
    """Records messages that arrived; what cannot be recorded is not sent once more for that."""

    async def noted(delivery: Delivery) -> None:
        details = {"message": delivery.message, "event": delivery.event}
        event = AuditEvent(datetime.now(UTC), "system", "", Action.WEBHOOK_SENT, details=details)
        try:
            await audit.append(event)
        except AccessStoreFailed as error:
            _log.error("message %s was delivered and not recorded: %s", delivery.message, error)

    return noted


def webhooks(parts: Parts) -> Callable[[web.Application], AsyncIterator[None]]:
    """What runs beside the service: telling others of rounds. Nobody is told anything about made-up data."""
    settings, database = parts.settings, parts.database
    agent = f"Fyren/{program_version()}"

    async def run(app: web.Application) -> AsyncIterator[None]:
        if not settings.webhooks or database.demo:
            yield
            return
        base = settings.pictures_url
        telling = Telling(database.check, database.editions, database.outbox, today=parts.today, base=base)
        key = key_of(settings.webhook_secret.get_secret_value())
        urls, noted = settings.webhooks, _noting(database.audit)
        async with Courier(database.outbox, urls, key, agent=agent, delivered=noted) as courier:
            task = asyncio.create_task(telling.go_on(courier))
            yield
            task.cancel()
            _, stuck = await asyncio.wait({task}, timeout=FAREWELL)
            if stuck:
                _log.error("the task of webhooks did not end within %.0f seconds", FAREWELL)

    return run
