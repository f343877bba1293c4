"""Parts -> the web pages: what stands before all of them, and the sets of pages themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from aiohttp import web

from bot.charts.vega.pictures import VegaPictures
from bot.charts.vega.process import VegaProcess
from bot.composition import Parts
from bot.dashboard import attach_dashboard
from bot.documents_desk import attach_documents
from bot.exporting import attach_exports, program_keys, webhooks
from bot.questions_desk import attach_questions
from bot.signing_in import open_cookies, signin_pages
from bot.teams.receiving.endpoint import PATH
from bot.version import program_version
from bot.web.access import Routes, guard
from bot.web.api.problems import problems
from bot.web.assets import Assets
from bot.web.dashboard.shelf import Shelf
from bot.web.health import HealthPages
from bot.web.mishaps import mishaps
from bot.web.pausing import PausePages
from bot.web.public_pages import PublicPages
from bot.web.rendering import Pages
from bot.web.signin.addresses import own_origins


def attach_pages(app: web.Application, parts: Parts, routes: Routes) -> None:
    """Add all pages, and what stands before them. Reads templates and certificates, so it belongs into a thread."""
    settings = parts.settings
    assets = Assets()
    cookies = open_cookies(app, settings, parts.database.web_sessions)
    demo = parts.database.demo
    pages = Pages(parts.texts, assets, cookies.kind, language=settings.language, contact=settings.contact, demo=demo)
    app.middlewares.extend(
        (
            mishaps(pages),
            problems(parts.texts, settings.language),
            guard(cookies, own_origins(settings.public_url), program_keys(parts)),
        )
    )
    assets.attach(routes)
    for each in (
        HealthPages(
            pages,
            parts.knowledge.served,
            parts.database.ping,
            version=program_version(),
            endpoint=PATH,
            teams=bool(settings.teams_app_id),
            model=parts.knowledge.model,
            leaving=parts.leaving.is_set,
            paused=lambda: parts.switch.state,
        ),
        PublicPages(
            pages,
            history_days=settings.history_days,
            contact=settings.contact,
            officer=settings.data_protection_contact,
        ),
        signin_pages(app, settings, pages, cookies, parts.database.audit),
    ):
        each.attach(routes)
    drawing = VegaProcess()
    shelf, pictures = Shelf(parts.database.check, parts.database.editions), VegaPictures(drawing)
    attach_dashboard(app, routes, parts, pages, shelf, pictures)
    attach_exports(routes, parts, pages, shelf, pictures)
    attach_questions(app, routes, parts, pages)
    attach_documents(app, routes, parts, pages)
    PausePages(
        pages,
        parts.database.pauses,
        settings.tenants,
        parts.switch.look,
        organisations=settings.tenant_organisations,
    ).attach(routes)
    app.cleanup_ctx.extend((webhooks(parts), _closing(drawing)))


def _closing(drawing: VegaProcess) -> Callable[[web.Application], AsyncIterator[None]]:
    async def close(app: web.Application) -> AsyncIterator[None]:
        yield
        await drawing.close()

    return close
