"""Parts -> the dashboard: rounds, results with their charts, and the audit log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from aiohttp import web

from bot.charts.vega.pictures import VegaPictures
from bot.composition import Parts
from bot.maturity.instrument_file import INSTRUMENTS, load_folder
from bot.reminding import REMINDERS
from bot.results.statistics import prepare
from bot.web.access import Routes
from bot.web.dashboard.dashboard import Dashboard
from bot.web.dashboard.desk import Desk, Stores
from bot.web.dashboard.shelf import Shelf
from bot.web.rendering import Pages

SETTLED: Final = 5.0
"""Seconds after a start, from which on loading what statistics need is in nobody's way."""


def attach_dashboard(
    app: web.Application, routes: Routes, parts: Parts, pages: Pages, shelf: Shelf, pictures: VegaPictures
) -> None:
    """Add the routes. Reads the instruments that there are, so it belongs into a thread. Raises DataInvalid."""
    database, background = parts.database, parts.check.background
    stores = Stores(
        rounds=database.check,
        responses=database.check,
        visibilities=database.visibilities,
        audit=database.audit,
        shelf=shelf,
        sources=parts.knowledge.served,
        instruments=load_folder(INSTRUMENTS, parts.settings.instruments_dir),
        baseline=background.baseline,
        advice=background.advice,
        today=parts.today,
        publishing=parts.publisher,
        reminding=lambda: app[REMINDERS].reminding if REMINDERS in app else None,
    )
    dashboard = Dashboard(Desk(pages, parts.texts, stores), pictures)
    dashboard.attach(routes)
    app.cleanup_ctx.append(_running(dashboard))


def _running(dashboard: Dashboard) -> Callable[[web.Application], AsyncIterator[None]]:
    async def run(app: web.Application) -> AsyncIterator[None]:
        preparing = asyncio.create_task(_prepare())
        yield
        preparing.cancel()
        await asyncio.gather(preparing, return_exceptions=True)
        await dashboard.close()

    return run


async def _prepare() -> None:
    """Load what tests of significance need before the first page waits for it."""
    await asyncio.sleep(SETTLED)
    await asyncio.to_thread(prepare)
