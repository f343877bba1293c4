"""`/rounds/<round>/exports`: a round's results as files, for those who may see them. Every download is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from bot.access.audit import Action, AuditEvent, AuditLog
from bot.access.permissions import Permission
from bot.access.visitor import Visitor
from bot.conversation.texts import LANGUAGES, Texts
from bot.exports.csv_file import Dialect, csv_file
from bot.exports.documents import result_file
from bot.exports.errors import ReportFailed
from bot.exports.material import Material
from bot.exports.method import own_municipality
from bot.exports.report.making import Pictures, Setting, report_file
from bot.exports.rows import rows
from bot.exports.workbook import workbook
from bot.web.access import MUNICIPALITY, Routes
from bot.web.dashboard.addresses import at
from bot.web.dashboard.head import head_of
from bot.web.dashboard.scene import Scene
from bot.web.dashboard.voice import Voice
from bot.web.rendering import Pages
from bot.web.sessions import visitor_of
from bot.web.takeaways import Views

RETRY: Final = "10"
"""Seconds after which a report that could not be set may be asked for again."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its media type, the ending of its name, and how it is made from a material in a language."""

    media: str
    ending: str
    made: Callable[[Material, str], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Offered:
    """A kind of file on the page, with its address in each language."""

    kind: str
    addresses: tuple[tuple[str, str], ...]


class ExportPages:
    """The page of a round's exports, and the files. `audit` learns of every download before it is sent."""

    def __init__(
        self, pages: Pages, views: Views, texts: Texts, audit: AuditLog, *, pictures: Pictures, setting: Setting
    ) -> None:
        self._pages = pages
        self._views = views
        self._texts = texts
        self._audit = audit
        self._pictures = pictures
        self._setting = setting
        self._kinds: Mapping[str, Kind] = {
            "xlsx": Kind(
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", self._in_thread(workbook)
            ),
            "csv": Kind("text/csv", "csv", self._in_thread(comma)),
            "csv-sv": Kind("text/csv", "csv", self._in_thread(semicolon)),
            "json": Kind("application/json", "json", self._in_thread(result_file)),
            "pdf": Kind("application/pdf", "pdf", self._report),
        }

    def attach(self, routes: Routes) -> None:
        """Add the routes. Whoever may export anything gets their own view, and nothing else."""
        needs = Permission.EXPORT_MUNICIPALITY
        routes.add("GET", "/rounds/{round}/exports", self.page, needs=needs)
        routes.add("GET", "/rounds/{round}/exports/{file}", self.file, needs=needs)

    async def page(self, request: web.Request) -> web.Response:
        """Which files there are."""
        visitor = visitor_of(request)
        held = await self._views.round(request.match_info["round"])
        municipality = request.query.get(MUNICIPALITY, "")
        material = await self._views.material(visitor, held, municipality)
        language = self._pages.language(request)
        scene = Scene(held, visitor, Voice(self._texts, language), material.view)
        return await self._pages.show(
            request,
            "exports.html",
            head=head_of(scene, "exports"),
            held=held,
            edition=material.view.edition,
            files=[Offered(kind, _addresses(held.id, kind, material.view.municipality)) for kind in self._kinds],
            municipality=own_municipality(material, language),
        )

    async def file(self, request: web.Request) -> web.Response:
        """A file. 404 for a kind that there is not, 503 where the report could not be set."""
        kind = self._kinds.get(asked_kind(request))
        if kind is None:
            raise web.HTTPNotFound
        visitor, language = visitor_of(request), self._pages.language(request)
        held = await self._views.round(request.match_info["round"])
        material = await self._views.material(visitor, held, request.query.get(MUNICIPALITY, ""))
        try:
            body = await kind.made(material, language)
        except ReportFailed as error:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": RETRY}) from error
        await self._audit.append(download(visitor, material, kind.ending))
        headers = {
            "Content-Disposition": f'attachment; filename="{file_name(material, kind.ending)}"',
            "Content-Language": language,
        }
        charset = "utf-8" if kind.media.startswith("text/") else None
        return web.Response(body=body, content_type=kind.media, charset=charset, headers=headers)

    def _in_thread(self, make: Callable[[Material, Texts, str], bytes]) -> Callable[[Material, str], Awaitable[bytes]]:
        async def made(material: Material, language: str) -> bytes:
            return await asyncio.to_thread(make, material, self._texts, language)

        return made

    async def _report(self, material: Material, language: str) -> bytes:
        return await report_file(material, self._texts, language, pictures=self._pictures, setting=self._setting)


def _addresses(round_id: str, kind: str, municipality: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (language, at(round_id, "exports", kind, language=language, municipality=municipality))
        for language in LANGUAGES
    )


def asked_kind(request: web.Request) -> str:
    """The kind of file in the address; `csv?dialect=sv` is one of its own."""
    kind, dialect = request.match_info["file"], request.query.get("dialect", "")
    return f"{kind}-{dialect}" if dialect else kind


def file_name(material: Material, ending: str) -> str:
    """What a browser calls the file: the round, the edition, and whose view it is."""
    view = material.view
    parts = ["mognadskollen", material.round.id, f"utgava-{view.edition.number}", view.municipality]
    return f"{'-'.join(filter(None, parts))}.{ending}"


def download(visitor: Visitor, material: Material, kind: str) -> AuditEvent:
    """What is recorded of a download: who took which view of which edition, and as what."""
    view = material.view
    details = {"file": kind, "edition": str(view.edition.number), "audience": str(view.audience)}
    if view.municipality:
        details["municipality"] = view.municipality
    return AuditEvent(
        datetime.now(UTC), visitor.subject, visitor.tenant, Action.RESULTS_EXPORTED, view.edition.label, details
    )


def comma(material: Material, texts: Texts, language: str) -> bytes:
    """CSV by RFC 4180."""
    return csv_file(rows(material.view, material.round, language))


def semicolon(material: Material, texts: Texts, language: str) -> bytes:
    """CSV as Swedish spreadsheets read it."""
    return csv_file(rows(material.view, material.round, language), Dialect.SV)
