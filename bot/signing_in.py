"""Settings -> how people sign in to the web pages, and for how long; what is running for that beside the pages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.access.audit import AuditLog
from bot.access.errors import AccessStoreFailed
from bot.access.loopback import is_loopback
from bot.access.sessions import Lifetimes, WebSessions
from bot.settings import Settings
from bot.web.rendering import Pages
from bot.web.sessions import CookieKind, Cookies
from bot.web.signin.config import SigninConfig
from bot.web.signin.local import LocalLink
from bot.web.signin.openid import OpenidSignin
from bot.web.signin.pages import CALLBACK, LOCAL, SigninPages
from bot.web.signin.provider import Provider

LOCAL_LINK: Final = web.AppKey("local_link", LocalLink)
"""There where people sign in by a link that `fyren serve` prints."""
AN_HOUR: Final = 3600.0
FAREWELL: Final = 10.0
"""Seconds that the deletion of ended sessions has for its end."""

Lifespan = Callable[[web.Application], AsyncIterator[None]]

_log = logging.getLogger(__name__)


def open_cookies(app: web.Application, settings: Settings, sessions: WebSessions) -> Cookies:
    """How visitors are recognised; ended sessions are deleted as long as the application runs."""
    cookies = Cookies(
        sessions,
        Lifetimes(settings.session_idle, settings.session_life),
        CookieKind(secure=settings.public_url.startswith("https:")),
    )
    app.cleanup_ctx.append(_forgetting(cookies))
    return cookies


def signin_pages(
    app: web.Application, settings: Settings, pages: Pages, cookies: Cookies, audit: AuditLog
) -> SigninPages:
    """The pages by which people sign in. Reads certificates, so it belongs into a thread."""
    openid, local = None, None
    if settings.signin_authority:
        config = signin_config(settings)
        openid = OpenidSignin(config, Provider(config))
        app.cleanup_ctx.append(_closing(openid))
    elif signs_in_locally(settings):
        local = app[LOCAL_LINK] = LocalLink()
    return SigninPages(pages, cookies, audit, openid=openid, local=local)


def signin_config(settings: Settings) -> SigninConfig:
    """The settings that signing in by a provider takes."""
    return SigninConfig(
        authority=settings.signin_authority,
        client_id=settings.signin_client_id,
        client_secret=settings.signin_client_secret.get_secret_value(),
        redirect_uri=f"{settings.public_url}{CALLBACK}",
        grants=settings.grants,
        tenants=settings.signin_tenants,
    )


def signs_in_locally(settings: Settings) -> bool:
    """Whether a printed link is the way in: only where nobody but this machine's users can come near it."""
    private = not settings.public_url or is_loopback(urlsplit(settings.public_url).hostname or "")
    return not settings.signin_authority and is_loopback(settings.host) and private


def local_address(app: web.Application, url: str) -> str:
    """A link that signs in once, for the service at `url`; empty where people do not sign in by one.

    The code stands after the # sign, which browsers do not send.
    """
    return f"{url}{LOCAL}#{app[LOCAL_LINK].issue()}" if LOCAL_LINK in app else ""


def _closing(openid: OpenidSignin) -> Lifespan:
    async def close(app: web.Application) -> AsyncIterator[None]:
        yield
        await openid.close()

    return close


def _forgetting(cookies: Cookies) -> Lifespan:
    async def run(app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(forget_sessions(cookies))
        yield
        task.cancel()
        await asyncio.wait({task}, timeout=FAREWELL)

    return run


async def forget_sessions(cookies: Cookies, pause: float = AN_HOUR) -> None:
    """Delete ended sessions, now and every `pause` seconds."""
    while True:
        try:
            gone = await cookies.forget_ended()
        except AccessStoreFailed:
            _log.exception("ended sign-ins could not be deleted; the next try is in %.0f minutes", pause / 60)
        else:
            _log.info("deleted %d ended sign-ins", gone)
        await asyncio.sleep(pause)
