"""The web side alone: guard, mishaps and templates on an application of its own, for sets of pages to be added."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from aiohttp import web

from bot.access.sessions import Lifetimes
from bot.conversation.texts import Texts
from bot.web import headers
from bot.web.access import ByKey, Routes, guard, nobody_by_key
from bot.web.assets import Assets
from bot.web.csrf import FORM_LIMIT
from bot.web.mishaps import mishaps
from bot.web.rendering import Pages
from bot.web.sessions import CookieKind, Cookies
from bot.web.signin.addresses import own_origins
from tests.fakes.visitors import MemoryAuditLog, MemorySessions


class Site:
    """Build it in a thread: it reads the templates. `now` is the time by which its sessions end."""

    def __init__(self, *, public_url: str = "", by_key: ByKey = nobody_by_key) -> None:
        self.now = datetime.now(UTC)
        self.sessions = MemorySessions()
        self.audit = MemoryAuditLog()
        self.cookies = Cookies(
            self.sessions,
            Lifetimes(timedelta(minutes=30), timedelta(hours=10)),
            CookieKind(secure=public_url.startswith("https:")),
            clock=lambda: self.now,
        )
        self.assets, self.pages = _read_once(secure=self.cookies.kind.secure)
        self.app = web.Application(client_max_size=FORM_LIMIT)
        headers.attach(self.app)
        self.app.middlewares.extend((mishaps(self.pages), guard(self.cookies, own_origins(public_url), by_key)))
        self.routes = Routes(self.app)
        self.assets.attach(self.routes)


@cache
def _read_once(*, secure: bool) -> tuple[Assets, Pages]:
    """Catalogues and templates take a second to read, and do not change between two tests."""
    assets = Assets()
    return assets, Pages(Texts.load(), assets, CookieKind(secure), language="sv", contact="kontakt@example.se")
