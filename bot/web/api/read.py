"""`/api/v1`: what an edition tells, for programs and for people who are signed in. It only ever reads."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import urlencode

from aiohttp import web
from pydantic import BaseModel

from bot.access.audit import AuditLog
from bot.access.permissions import Permission
from bot.conversation.texts import Texts
from bot.exports.codebook import codebook
from bot.exports.csv_file import csv_file
from bot.exports.documents import (
    AreasDocument,
    CodebookDocument,
    EditionList,
    ParticipationDocument,
    RoundList,
    edition_document,
    results_document,
    round_document,
)
from bot.exports.material import Material
from bot.exports.rows import ExportRow, rows
from bot.maturity.ports import Editions, Responses
from bot.maturity.rounds import Round
from bot.results.areas import area_results
from bot.results.participation import participation_of
from bot.web.access import Routes
from bot.web.api.endpoints import CSV, ENDPOINTS, JSON, Operation
from bot.web.api.queries import InLanguage, Nothing, OfMunicipality, ResultsQuery, asked
from bot.web.exports import download
from bot.web.sessions import visitor_of
from bot.web.takeaways import Views

Answering = Callable[[web.Request], Awaitable[web.Response]]


class ReadApi:
    """The routes of ENDPOINTS. `audit` learns of results that are read; `responses` count while a round is open."""

    def __init__(self, views: Views, editions: Editions, responses: Responses, texts: Texts, audit: AuditLog) -> None:
        self._views = views
        self._editions = editions
        self._responses = responses
        self._texts = texts
        self._audit = audit

    def attach(self, routes: Routes) -> None:
        """Add the routes. Everybody who has a view of their own may read that, and gets no other."""
        handlers: Mapping[Operation, Answering] = {
            Operation.ROUNDS: self.rounds,
            Operation.ROUND: self.round,
            Operation.EDITIONS: self.editions,
            Operation.RESULTS: self.results,
            Operation.AREAS: self.areas,
            Operation.PARTICIPATION: self.participation,
            Operation.CODEBOOK: self.codebook,
        }
        for each in ENDPOINTS:
            routes.add("GET", each.path, handlers[each.operation], needs=Permission.EXPORT_MUNICIPALITY, data=True)

    async def rounds(self, request: web.Request) -> web.Response:
        """All rounds."""
        asked(request, Nothing)
        found = await self._views.shelf.rounds()
        return _answer(request, RoundList(rounds=tuple(map(round_document, found))))

    async def round(self, request: web.Request) -> web.Response:
        """One round."""
        asked(request, Nothing)
        return _answer(request, round_document(await self._round(request)))

    async def editions(self, request: web.Request) -> web.Response:
        """A round's editions."""
        asked(request, Nothing)
        held = await self._round(request)
        found = await self._editions.all(held.id) if held.is_over else ()
        return _answer(request, EditionList(editions=tuple(map(edition_document, found))))

    async def results(self, request: web.Request) -> web.Response:
        """Rows of the visitor's view, as JSON or CSV."""
        query = asked(request, ResultsQuery)
        media = _chosen(request, (JSON, CSV))
        held = await self._round(request)
        visitor = visitor_of(request)
        material = await self._views.material(visitor, held, query.municipality)
        body, total = await asyncio.to_thread(_results, material, query, media)
        headers = {"Vary": "Accept"} | _links(request, query, total)
        response = _cached(request, body, media, headers)
        if response.status != web.HTTPNotModified.status_code:
            await self._audit.append(download(visitor, material, "api"))
        return response

    async def areas(self, request: web.Request) -> web.Response:
        """Indices of areas, as far as the visitor's view goes."""
        query = asked(request, OfMunicipality)
        held = await self._round(request)
        edition = (await self._views.material(visitor_of(request), held, query.municipality)).view.edition
        found = await asyncio.to_thread(area_results, edition, held.instrument)
        return _answer(request, AreasDocument(round=edition.label, edition=edition.number, areas=found))

    async def participation(self, request: web.Request) -> web.Response:
        """Who has answered: by the edition, or as it stands while the round takes answers."""
        query = asked(request, OfMunicipality)
        held = await self._round(request)
        visitor = visitor_of(request)
        if held.is_over:
            edition = (await self._views.material(visitor, held, query.municipality)).view.edition
            document = ParticipationDocument(
                round=edition.label, edition=edition.number, participation=edition.participation
            )
            return _answer(request, document)
        if not visitor.may(Permission.SEE_RESPONSE):
            raise web.HTTPForbidden
        stored = await self._responses.participation(held.id)
        told = participation_of(stored.groups, held.instrument, held.invited)
        return _answer(request, ParticipationDocument(round=held.label, edition=None, participation=told))

    async def codebook(self, request: web.Request) -> web.Response:
        """What a round asked, and what its results' columns and codes mean."""
        query = asked(request, InLanguage)
        held = await self._round(request)
        book = codebook(held.instrument, self._texts, query.language)
        return _answer(request, CodebookDocument(round=held.label, codebook=book))

    async def _round(self, request: web.Request) -> Round:
        return await self._views.round(request.match_info["round"])


def _results(material: Material, query: ResultsQuery, media: str) -> tuple[bytes, int]:
    """The body, and how many rows there are in all."""
    found = [each for each in rows(material.view, material.round, query.language) if _wanted(each, query)]
    page = tuple(found[query.offset : query.offset + query.limit])
    if media == CSV:
        return csv_file(page), len(found)
    return _bytes(results_document(material, page, len(found), query.offset)), len(found)


def _wanted(row: ExportRow, query: ResultsQuery) -> bool:
    return (
        (not query.item or row.item == query.item)
        and (query.role is None or row.role == query.role)
        and (query.group is None or row.group is query.group)
    )


def _links(request: web.Request, query: ResultsQuery, total: int) -> dict[str, str]:
    """Where the next rows are (RFC 8288), where there are any."""
    if query.offset + query.limit >= total:
        return {}
    following = {**request.query, "offset": str(query.offset + query.limit), "limit": str(query.limit)}
    return {"Link": f'<{request.path}?{urlencode(following)}>; rel="next"'}


def _chosen(request: web.Request, offered: Sequence[str]) -> str:
    """The media type that the client likes best of those offered, the first of equals. Raises HTTPNotAcceptable."""
    best, liked = "", 0.0
    for media in offered:
        quality = _quality(request.headers.get("Accept", "*/*"), media)
        if quality > liked:
            best, liked = media, quality
    if not best:
        raise web.HTTPNotAcceptable
    return best


def _quality(header: str, media: str) -> float:
    """How much an Accept header likes a media type (0-1), by the most exact of its ranges that fits."""
    kind = media.partition("/")[0]
    exactness, quality = -1, 0.0
    for part in header.split(","):
        named, *parameters = (each.strip().lower() for each in part.split(";"))
        place = {media: 2, f"{kind}/*": 1, "*/*": 0}.get(named, -1)
        if place > exactness:
            exactness, quality = place, _weight(parameters)
    return quality


def _weight(parameters: Sequence[str]) -> float:
    weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return min(1.0, max(0.0, float(weight)))
    except ValueError:
        return 1.0


def _bytes(document: BaseModel) -> bytes:
    return document.model_dump_json().encode()


def _answer(request: web.Request, document: BaseModel) -> web.Response:
    _chosen(request, (JSON,))
    return _cached(request, _bytes(document), JSON)


def _cached(request: web.Request, body: bytes, media: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """The body with its ETag; 304 without it where the client has it, which it then keeps at its own responsibility."""
    tag = hashlib.sha256(body).hexdigest()[:32]
    told = {"ETag": f'"{tag}"', **(headers or {})}
    if any(each.value in ("*", tag) for each in request.if_none_match or ()):
        return web.Response(status=304, headers=told)
    charset = "utf-8" if media == CSV else None
    return web.Response(body=body, content_type=media, charset=charset, headers=told)
