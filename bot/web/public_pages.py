"""`/privacy` and `/terms`: what Teams links to from the app, for everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web

from bot.access.permissions import Permission
from bot.web.access import Routes
from bot.web.rendering import Pages

PRIVACY: Final[Sequence[str]] = (
    *("questions", "human", "check", "files", "model", "signin", "teams", "public_records", "rights"),
)
TERMS: Final[Sequence[str]] = ("advice", "use", "documents", "availability")


class PublicPages:
    """`history_days` is how long questions are kept; `contact` whom people turn to, `officer` about data protection."""

    def __init__(self, pages: Pages, *, history_days: int, contact: str, officer: str) -> None:
        self._pages = pages
        self._values: Mapping[str, Mapping[str, object]] = {
            "privacy.questions": {"days": history_days},
            "privacy.human": {"days": history_days},
            "privacy.rights": {"contact": contact, "officer": officer},
            "terms.availability": {"contact": contact},
        }

    def attach(self, routes: Routes) -> None:
        """Add the routes."""
        routes.add("GET", "/privacy", self.privacy, needs=Permission.BE_ANYBODY)
        routes.add("GET", "/terms", self.terms, needs=Permission.BE_ANYBODY)

    async def privacy(self, request: web.Request) -> web.Response:
        """What is stored of whom, why and for how long."""
        return await self._show(request, "privacy", PRIVACY)

    async def terms(self, request: web.Request) -> web.Response:
        """What Fyren may be used for."""
        return await self._show(request, "terms", TERMS)

    async def _show(self, request: web.Request, page: str, parts: Sequence[str]) -> web.Response:
        say = self._pages.say
        sections = [
            (
                say(request, f"public.{page}.{part}.title"),
                say(request, f"public.{page}.{part}.text", **self._values.get(f"{page}.{part}", {})),
            )
            for part in parts
        ]
        title, lead = say(request, f"public.{page}.title"), say(request, f"public.{page}.lead")
        return await self._pages.show(request, "public.html", title=title, lead=lead, sections=sections)
