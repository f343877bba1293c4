"""`/open-data`: what everybody may use, with its description for data portals. Nobody has to sign in.

Only rounds that are meant for it are there, when they are over, and only the public's view of their newest edition.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from aiohttp import web

from bot.access.permissions import Permission
from bot.conversation.texts import LANGUAGES, Texts
from bot.exports.codebook import codebook
from bot.exports.csv_file import csv_file
from bot.exports.documents import CodebookDocument, result_file
from bot.exports.open_data.catalogue import MEDIA, Syntax, written
from bot.exports.open_data.publication import Published, Publisher, is_open, published
from bot.exports.rows import rows
from bot.maturity.ports import Editions
from bot.web.access import Routes
from bot.web.rendering import Pages
from bot.web.takeaways import Views

FOLDER: Final = "/open-data"
LANGUAGE: Final = LANGUAGES[0]
"""The language of names in the files, as the catalogue says."""
AN_HOUR: Final = 3600
"""Seconds for which others may keep a copy; a round that is no longer open is gone from there after that."""


class OpenDataPages:
    """The page, the catalogue, and the files. `publisher` is who answers for them; a `demo` is in no catalogue, so that
    no data portal takes made-up figures for real ones."""

    def __init__(
        self,
        pages: Pages,
        views: Views,
        editions: Editions,
        texts: Texts,
        publisher: Publisher,
        *,
        demo: bool = False,
    ) -> None:
        self._pages = pages
        self._views = views
        self._editions = editions
        self._texts = texts
        self._publisher = publisher
        self._demo = demo
        self._files: dict[str, tuple[str, Callable[[Published], Awaitable[bytes]]]] = {
            "csv": ("text/csv", self._csv),
            "json": ("application/json", self._json),
            "codebook.json": ("application/json", self._codebook),
        }

    def attach(self, routes: Routes) -> None:
        """Add the routes; what they answer is the same for everybody."""
        anybody = Permission.BE_ANYBODY
        routes.add("GET", FOLDER, self.page, needs=anybody, menu="exports.page.menu")
        routes.add("GET", f"{FOLDER}/catalog.{{syntax}}", self.catalogue, needs=anybody, data=True, open=True)
        routes.add("GET", f"{FOLDER}/{{file}}", self.file, needs=anybody, data=True, open=True)

    async def page(self, request: web.Request) -> web.Response:
        """Which rounds are published."""
        return await self._pages.show(request, "open_data.html", rounds=await self._all())

    async def catalogue(self, request: web.Request) -> web.Response:
        """The catalogue as RDF/XML, Turtle or JSON-LD. 404 for another syntax."""
        try:
            syntax = Syntax(request.match_info["syntax"])
        except ValueError as error:
            raise web.HTTPNotFound from error
        found = [] if self._demo else await self._all()
        publisher = self._publisher
        if not publisher.base:
            # Where no address is set, the one that was asked will do: names have to be whole.
            publisher = replace(publisher, base=str(request.url.origin()))
        body = await asyncio.to_thread(written, publisher, found, self._texts, syntax)
        return _file(request, body, MEDIA[syntax])

    async def file(self, request: web.Request) -> web.Response:
        """A round's rows, or its code book. 404 for a round that is not published."""
        round_id, _, ending = request.match_info["file"].partition(".")
        if ending not in self._files:
            raise web.HTTPNotFound
        found = next((each for each in await self._all() if each.round.id == round_id), None)
        if found is None:
            raise web.HTTPNotFound
        media, made = self._files[ending]
        return _file(request, await made(found), media)

    async def _all(self) -> list[Published]:
        """What is published, newest round first."""
        found: list[Published] = []
        for held in await self._views.shelf.rounds():
            one = published(held, await self._editions.all(held.id)) if is_open(held) else None
            if one is not None:
                found.append(one)
        return found

    async def _csv(self, told: Published) -> bytes:
        material = await self._views.public(told.round)
        return await asyncio.to_thread(lambda: csv_file(rows(material.view, told.round, LANGUAGE)))

    async def _json(self, told: Published) -> bytes:
        material = await self._views.public(told.round)
        return await asyncio.to_thread(result_file, material, self._texts, LANGUAGE)

    async def _codebook(self, told: Published) -> bytes:
        book = await asyncio.to_thread(codebook, told.round.instrument, self._texts, LANGUAGE, security=False)
        return CodebookDocument(round=told.round.label, codebook=book).model_dump_json(indent=1).encode()


def _file(request: web.Request, body: bytes, media: str) -> web.Response:
    """The file with its ETag; 304 without it where the client has it. Pages of others may show it."""
    tag = hashlib.sha256(body).hexdigest()[:32]
    headers = {
        "ETag": f'"{tag}"',
        "Cache-Control": f"public, max-age={AN_HOUR}",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if any(each.value in ("*", tag) for each in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    charset = "utf-8" if media.startswith("text/") else None
    return web.Response(body=body, content_type=media, charset=charset, headers=headers)
