"""In which language a page is: the one chosen on a page before, else the browser's, else the service's."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from bot.conversation.texts import LANGUAGES
from bot.web.sessions import CookieKind

QUERY: Final = "language"
COOKIE: Final = "language"
REMEMBERED: Final = 365 * 24 * 3600
"""Seconds for which a chosen language is remembered."""


def language_of(request: web.Request, kind: CookieKind, default: str) -> str:
    """The language of the page that this request asks for."""
    for chosen in (request.query.get(QUERY, ""), request.cookies.get(kind.name(COOKIE), "")):
        if chosen in LANGUAGES:
            return chosen
    return accepted(request.headers.get("Accept-Language", ""), default)


def remember(request: web.Request, response: web.StreamResponse, kind: CookieKind) -> None:
    """Keep a language that was chosen by this request."""
    chosen = request.query.get(QUERY, "")
    if chosen in LANGUAGES:
        kind.put(response, COOKIE, chosen, REMEMBERED)


def address_in(request: web.Request, language: str) -> str:
    """Where the same page is in another language; the start page, for what no address alone shows again."""
    if request.method not in ("GET", "HEAD"):
        return f"/?{QUERY}={language}"
    return str(request.rel_url.update_query({QUERY: language}))


def accepted(header: str, default: str) -> str:
    """The first of the browser's languages that the pages exist in; browsers list them best first."""
    wanted = (part.split(";")[0].strip().split("-")[0].lower() for part in header.split(","))
    return next((language for language in wanted if language in LANGUAGES), default)
