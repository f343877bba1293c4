"""Parts -> the aiohttp application: the Teams endpoint, the web pages, and what runs beside them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from aiohttp import web

from bot.charts.process import ProcessDrawing
from bot.charts.store import ChartStore
from bot.composition import Parts
from bot.conversation.ports import Journal, JournalFailed
from bot.maturity.days import Today
from bot.maturity.errors import StoreFailed
from bot.maturity.ports import Rounds
from bot.settings import Problem, Settings, SettingsInvalid, variable
from bot.teams.config import TeamsConfig, is_loopback
from bot.teams.endpoint import PATH, TeamsEndpoint
from bot.version import program_version
from bot.web import headers
from bot.web.figures import FigurePages
from bot.web.health import HealthPages
from knowledge.errors import KnowledgeError

PARTS = web.AppKey("parts", Parts)
A_DAY = 24 * 3600.0
AN_HOUR = 3600.0
FAREWELL = 10.0
"""Seconds that what runs beside the service has for its end; after that the service ends without waiting for it."""

_log = logging.getLogger(__name__)


def create_app(parts: Parts) -> web.Application:
    """The application on open parts; it does not close them.

    Raises SettingsInvalid where a bot without sign-in would listen on more than this machine.
    """
    settings = parts.settings
    require_safe_address(settings)
    app = web.Application()
    app[PARTS] = parts
    headers.attach(app)
    teams = teams_config(settings)
    pictures = _pictures(parts)
    if pictures is not None:
        pictures.attach(app)
    TeamsEndpoint(
        teams,
        parts.conversation,
        parts.texts,
        default_language=settings.language,
        pictures=pictures.addresses if pictures is not None else None,
    ).attach(app)
    HealthPages(
        parts.knowledge.served,
        parts.database.ping,
        parts.texts,
        language=settings.language,
        version=program_version(),
        endpoint=PATH,
        teams=teams.authenticated,
    ).attach(app)
    app.cleanup_ctx.append(_background)
    return app


def _pictures(parts: Parts) -> FigurePages | None:
    """The pictures of figures; None where nobody could fetch them."""
    settings = parts.settings
    if not settings.pictures_url:
        return None
    folder = settings.charts_dir
    store = ChartStore(folder, ProcessDrawing(folder / "fonts"))
    return FigurePages(parts.knowledge.served, store, parts.texts, base=settings.pictures_url)


def require_safe_address(settings: Settings) -> None:
    """Without an app id nobody is authenticated, so only this machine may reach the bot. Raises SettingsInvalid."""
    if not settings.teams_app_id and not is_loopback(settings.host):
        raise SettingsInvalid([Problem(variable("host"), "public_address", {"host": settings.host})])


def teams_config(settings: Settings) -> TeamsConfig:
    """The settings that the Teams side takes."""
    return TeamsConfig(
        app_id=settings.teams_app_id,
        app_password=settings.teams_app_password.get_secret_value(),
        tenant_id=settings.teams_tenant_id,
        allowed_tenants=settings.tenants,
    )


async def _background(app: web.Application) -> AsyncIterator[None]:
    """What runs as long as the service does; none of it may end it."""
    parts = app[PARTS]
    tasks = [
        asyncio.create_task(each)
        for each in (
            parts.knowledge.served.watch(),
            _forget(parts.database.journal, timedelta(days=parts.settings.history_days)),
            close_ended(parts.database.check, parts.today),
            _warm(parts),
        )
    ]
    yield
    for task in tasks:
        task.cancel()
    _, stuck = await asyncio.wait(tasks, timeout=FAREWELL)
    if stuck:
        _log.error("%d tasks did not end within %.0f seconds", len(stuck), FAREWELL)


async def _forget(journal: Journal, age: timedelta, pause: float = A_DAY) -> None:
    """Delete what is older than `age`, now and every `pause` seconds."""
    while True:
        try:
            gone = await journal.forget_before(datetime.now(UTC) - age)
        except JournalFailed:
            _log.exception("old answers could not be deleted; the next try is in %.0f hours", pause / 3600)
        else:
            _log.info("deleted %d answers older than %d days", gone, age.days)
        await asyncio.sleep(pause)


async def close_ended(store: Rounds, today: Today, pause: float = AN_HOUR) -> None:
    """Close rounds whose last day is over, now and every `pause` seconds: their keys should not outlive them."""
    while True:
        try:
            ended = [each for each in await store.rounds() if each.has_ended(today())]
            for each in ended:
                await store.close(each.id)
                _log.info("closed round %s, whose last day is over", each.label)
        except StoreFailed:
            _log.exception("ended rounds could not be closed; the next try is in %.0f minutes", pause / 60)
        await asyncio.sleep(pause)


async def _warm(parts: Parts) -> None:
    """The first question of a person should not be the one that loads the model into the caches."""
    try:
        await parts.knowledge.served.search("digitalisering", 1)
    except KnowledgeError as error:
        _log.info("nothing to warm up: %s", error)
