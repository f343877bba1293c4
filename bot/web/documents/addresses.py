"""`/documents/address`: documents from a web address, fetched by the job that reads them."""

from __future__ import annotations

import logging
from functools import partial
from typing import Final

from aiohttp import web

from bot.access.permissions import Permission
from bot.documents.errors import UploadRefused
from bot.documents.words import refused
from bot.web.access import Routes
from bot.web.documents.pages import DOCUMENTS, JOBS, UNPROCESSABLE, DocumentParts
from bot.web.documents.reach import person_of, reach_of
from bot.web.rendering import Pages
from bot.web.sessions import visitor_of
from ingest.errors import AddressRefused
from ingest.web_sources.allow_list import AllowList

ADDRESS: Final = f"{DOCUMENTS}/address"

_log = logging.getLogger(__name__)


class AddressPages:
    """For administrators: the federation's, and a municipality's for its own. The form stands on the documents' page,
    and here once more where an address could not be taken."""

    def __init__(self, pages: Pages, parts: DocumentParts) -> None:
        self._pages, self._parts = pages, parts

    @property
    def _allowed(self) -> AllowList:
        return self._parts.web_sources

    def attach(self, routes: Routes) -> None:
        """Add the routes."""
        routes.add("GET", ADDRESS, self.form, needs=Permission.MANAGE_DOCUMENTS)
        routes.add("POST", ADDRESS, self.take, needs=Permission.MANAGE_DOCUMENTS)

    async def form(self, request: web.Request) -> web.Response:
        """The form by itself."""
        return await self._show(request)

    async def take(self, request: web.Request) -> web.Response:
        """Make a job of an address; nothing is fetched before its turn comes."""
        fields = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        written, desk, say = fields.get("address", "")[:4000], self._parts.desk, partial(self._pages.say, request)
        choices = reach_of(visitor_of(request), self._parts.municipalities).choices
        owner = fields.get("owner", choices[0] if len(choices) == 1 else "")
        if owner not in choices:
            raise web.HTTPForbidden
        if not self._allowed:
            return await self._show(request, say("web_sources.off"), written)
        try:
            address = self._allowed.read(written)
            async with desk.uploads.begin() as upload:
                await upload.take_address(address.url)
                job = await desk.submit(upload, person_of(visitor_of(request)), owner)
        except AddressRefused as error:
            problem = say(f"web_sources.refused.{error.problem}", **self._allowed.values(error))
            return await self._show(request, problem, written)
        except UploadRefused as error:
            _log.info("an address was refused: %s", error.reason)
            return await self._show(request, refused(error, desk.uploads.caps, say), written)
        raise web.HTTPSeeOther(f"{JOBS}/{job.id}")

    async def _show(self, request: web.Request, problem: str = "", written: str = "") -> web.Response:
        return await self._pages.show(
            request,
            "documents/address.html",
            status=UNPROCESSABLE if problem else 200,
            problem=problem,
            written=written,
            choices=reach_of(visitor_of(request), self._parts.municipalities).choices,
            municipalities=self._parts.municipalities,
            web_sources=self._allowed,
        )
