"""Parts -> the aiohttp application: the Teams endpoint, the web pages, and what runs beside them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot.access.loopback import is_loopback
from bot.access.permissions import Permission
from bot.case_sending import open_case_sending
from bot.charts.process import ProcessDrawing
from bot.charts.store import ChartStore
from bot.composition import Parts
from bot.document_work import chats_told
from bot.measuring.jobs import JobWatch
from bot.measuring.requests import measured_requests
from bot.measuring.standing import Looks, Standing
from bot.measuring.turns import MeasuredConversation
from bot.questions.keeping import Keeping
from bot.reminders.hourly import every_hour
from bot.reminding import REMINDERS, open_reminders
from bot.settings import Problem, Settings, SettingsInvalid, variable
from bot.teams.config import OPENID_METADATA, SERVICE_HOSTS, AppType, TeamsConfig
from bot.teams.receiving.claims import Claims
from bot.teams.receiving.endpoint import TeamsEndpoint
from bot.telemetry.ports import NO_TELEMETRY
from bot.telemetry.turn_notes import Pseudonyms
from bot.upkeep import AN_HOUR, close_ended, drop_outlived, forget_old, forget_past, forget_usage, keep_to_retention
from bot.web import headers
from bot.web.access import Routes
from bot.web.csrf import FORM_LIMIT
from bot.web.figures import FigurePages
from bot.web_pages import attach_pages
from ingest.upkeep import tidy
from knowledge.errors import KnowledgeError

PARTS = web.AppKey("parts", Parts)
FAREWELL = 10.0
"""Seconds that what runs beside the service has for its end; after that the service ends without waiting for it."""

_log = logging.getLogger(__name__)


def create_app(parts: Parts) -> web.Application:
    """The application on open parts; it does not close them.

    Raises SettingsInvalid where a bot without sign-in would listen on more than this machine.
    """
    settings = parts.settings
    require_safe_address(settings)
    app = web.Application(client_max_size=FORM_LIMIT)
    app[PARTS] = parts
    app.middlewares.append(measured_requests(parts.telemetry))
    headers.attach(app)
    pictures = _pictures(parts)
    TeamsEndpoint(
        teams_config(settings),
        MeasuredConversation(parts.conversation, parts.telemetry, Pseudonyms(parts.database.log_secret)),
        parts.texts,
        default_language=settings.language,
        pictures=pictures.addresses if pictures is not None else None,
        telemetry=parts.telemetry,
        claims=Claims(parts.database.claims),
        switch=parts.switch,
    ).attach(app)
    routes = Routes(app)
    routes.vouch(Permission.SPEAK_AS_TEAMS)
    if pictures is not None:
        pictures.attach(routes)
    attach_pages(app, parts, routes)
    app.cleanup_ctx.extend((_reminders, _cases, _chats, _background))
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
        app_type=AppType(settings.teams_app_type),
        app_password=settings.teams_app_password.get_secret_value(),
        certificate_path=_path(settings.teams_certificate_path),
        federated_token_file=_path(settings.teams_federated_token_file),
        tenant_id=settings.teams_tenant_id,
        allowed_tenants=settings.tenants,
        metadata_url=settings.teams_openid_url or OPENID_METADATA,
        service_hosts=frozenset(settings.teams_service_hosts) or SERVICE_HOSTS,
        turns_per_minute=settings.turns_per_minute,
        # A second question waits for the first, and both may wait for the model.
        turn_timeout=2 * settings.model_deadline + 30.0,
    )


def _path(given: str) -> Path | None:
    return Path(given) if given else None


async def _reminders(app: web.Application) -> AsyncIterator[None]:
    """Reminders and the weekly digest; nobody is told anything about made-up data."""
    parts = app[PARTS]
    if parts.database.demo:
        yield
        return
    settings = parts.settings
    async with open_reminders(
        teams_config(settings),
        parts.texts,
        parts.database,
        settings.federation_channel,
        telemetry=parts.telemetry,
        switch=parts.switch,
    ) as opened:
        app[REMINDERS] = opened
        task = asyncio.create_task(every_hour(opened.reminding, opened.digest, opened.clock))
        yield
        task.cancel()
        await asyncio.wait({task}, timeout=FAREWELL)


async def _cases(app: web.Application) -> AsyncIterator[None]:
    """Questions for a person, and their replies; nobody is told anything about made-up data."""
    parts = app[PARTS]
    if parts.database.demo:
        yield
        return
    settings = parts.settings
    async with open_case_sending(
        teams_config(settings),
        parts.texts,
        parts.database,
        channel=settings.federation_channel,
        site=settings.public_url,
        keeping=Keeping(timedelta(days=settings.history_days)),
        telemetry=parts.telemetry,
        switch=parts.switch,
    ) as sending:
        task = asyncio.create_task(sending.run(parts.cases_due))
        yield
        task.cancel()
        await asyncio.wait({task}, timeout=FAREWELL)


async def _chats(app: web.Application) -> AsyncIterator[None]:
    """Files that are sent in chats; over made-up data none are taken."""
    parts = app[PARTS]
    if parts.documents is None:
        yield
        return
    config, telemetry = teams_config(parts.settings), parts.telemetry
    parts.documents.desk.reader.board.heard_by(JobWatch(telemetry).hear)
    async with chats_told(parts.documents.chat, config, parts.texts, telemetry=telemetry, switch=parts.switch):
        yield


async def _background(app: web.Application) -> AsyncIterator[None]:
    """What runs as long as the service does; none of it may end it."""
    parts = app[PARTS]
    turns = parts.database.turns
    tasks = [
        asyncio.create_task(each)
        for each in (
            parts.knowledge.served.watch(),
            forget_old(
                parts.database.journal,
                timedelta(days=parts.settings.history_days),
                turns=turns,
                decision=parts.settings.history_decision,
            ),
            forget_usage(parts.database.budgets, turns=turns),
            drop_outlived(lambda: tidy(parts.knowledge.store)),
            close_ended(parts.database.check, parts.today, closed=parts.publisher.poke, turns=turns),
            forget_past(parts.database.notices, "notices", turns=turns),
            forget_past(parts.database.question_paces, "questions", AN_HOUR, turns),
            keep_to_retention(parts.database.check, parts.database.retention, parts.today, turns=turns),
            parts.publisher.run(),
            parts.switch.watch(),
            _stand(parts),
            _warm(parts),
        )
    ]
    yield
    for task in tasks:
        task.cancel()
    _, stuck = await asyncio.wait(tasks, timeout=FAREWELL)
    if stuck:
        _log.error("%d tasks did not end within %.0f seconds", len(stuck), FAREWELL)


async def _stand(parts: Parts) -> None:
    """Look up what only metrics want to know, where anybody reads them."""
    settings, database = parts.settings, parts.database
    if parts.telemetry is NO_TELEMETRY:
        return

    async def sessions() -> int:
        idle = timedelta(minutes=settings.signin_idle_minutes)
        return await database.web_sessions.count(seen_since=datetime.now(UTC) - idle)

    async def tokens() -> int:
        total = (await database.budgets.usage()).total
        return total.used + total.reserved

    asked = None if settings.model_provider == "off" else tokens
    served = parts.knowledge.served
    looks = Looks(lambda: served.state, database.ping, sessions, asked, settings.budget_total)
    await Standing(parts.telemetry, looks).run()


async def _warm(parts: Parts) -> None:
    """The first question of a person should not be the one that loads the model into the caches."""
    try:
        await parts.knowledge.served.search("digitalisering", 1)
    except KnowledgeError as error:
        _log.info("nothing to warm up: %s", error)
