"""`/documents/one`: a published document, facts about it to change, and the way to take it out."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Final

from aiohttp import web

from bot.access.permissions import Permission
from bot.documents.errors import DraftFailed, DraftStale, UploadRefused
from bot.documents.facts import Facts, facts_of, owner_is_fixed
from bot.documents.jobs import ACTIVE, Job, JobKind
from bot.documents.ports import Listed
from bot.documents.words import refused, shown_path, trouble
from bot.web.access import Routes
from bot.web.documents.facts_form import SEEN, form_of, mark, read
from bot.web.documents.listing import row_of
from bot.web.documents.pages import DOCUMENTS, JOBS, ONE, UNPROCESSABLE, DocumentParts
from bot.web.documents.reach import Reach, person_of, reach_of
from bot.web.rendering import Pages
from bot.web.sessions import visitor_of
from knowledge.model import Origin

ACTIVE_LIMIT: Final = 200
"""More jobs than are ever under way at a time."""

_log = logging.getLogger(__name__)


class OnePages:
    """For whoever manages the document's owner; of others' documents nobody learns here that they exist."""

    def __init__(self, pages: Pages, parts: DocumentParts) -> None:
        self._pages, self._parts, self._desk = pages, parts, parts.desk

    def attach(self, routes: Routes) -> None:
        """Add the routes."""
        needs = Permission.MANAGE_DOCUMENTS
        routes.add("GET", ONE, self.one, needs=needs)
        routes.add("POST", f"{ONE}/facts", self.facts, needs=needs)
        routes.add("POST", f"{ONE}/remove", self.remove, needs=needs)

    async def one(self, request: web.Request) -> web.Response:
        """The document that the query names."""
        return await self._show(request, await self._listed(request, request.query.get("path", "")))

    async def facts(self, request: web.Request) -> web.Response:
        """Publish other facts."""
        sent = await _sent(request)
        listed = await self._listed(request, sent.get("path", ""))
        before, owners = facts_of(listed.document), self._owners(request, listed)
        wanted, wrong = read(sent, before, owners, partial(self._pages.say, request))
        if sent.get(SEEN) != mark(before):
            return await self._show(request, listed, "document.facts.stale")
        if wrong:
            return await self._show(request, listed, filled=wanted, wrong=wrong)
        if wanted == before:
            return await self._show(request, listed, "document.facts.nothing")
        by = person_of(visitor_of(request))
        try:
            job = await self._desk.change_facts(listed.document.path, before, wanted, by)
        except DraftStale:
            return await self._show(request, await self._listed(request, listed.document.path), "document.facts.stale")
        except UploadRefused as error:
            return await self._refused(request, listed, error, wanted)
        except DraftFailed as error:
            _log.error("facts about a document could not be published: %s", error)
            return await self._show(request, listed, trouble(error), filled=wanted)
        raise web.HTTPSeeOther(f"{JOBS}/{job.id}")

    async def remove(self, request: web.Request) -> web.Response:
        """Make a draft without the document; one that is under way already is shown instead."""
        listed = await self._listed(request, (await _sent(request)).get("path", ""))
        document, by = listed.document, person_of(visitor_of(request))
        job = await self._removal(document.path)
        if job is None:
            try:
                job = await self._desk.remove(document.path, by, document.owner)
            except UploadRefused as error:
                return await self._refused(request, listed, error)
        raise web.HTTPSeeOther(f"{JOBS}/{job.id}")

    async def _listed(self, request: web.Request, path: str) -> Listed:
        try:
            found = await self._parts.shelf.documents()
        except DraftFailed as error:
            _log.error("the published documents could not be listed: %s", error)
            raise web.HTTPServiceUnavailable from None
        reach = self._reach(request)
        for each in found:
            document = each.document
            if document.origin is Origin.INGESTED and document.path == path and reach.covers(document.owner):
                return each
        raise web.HTTPNotFound

    async def _removal(self, path: str) -> Job | None:
        """The job that takes the document out, where one is under way."""
        jobs = await self._desk.jobs.all(limit=ACTIVE_LIMIT)
        mine = (each for each in jobs if each.kind is JobKind.REMOVAL and each.state in ACTIVE)
        return next((each for each in mine if path in each.paths), None)

    async def _refused(
        self, request: web.Request, listed: Listed, error: UploadRefused, filled: Facts | None = None
    ) -> web.Response:
        problem = refused(error, self._desk.uploads.caps, partial(self._pages.say, request))
        return await self._show(request, listed, told=problem, filled=filled)

    def _owners(self, request: web.Request, listed: Listed) -> tuple[str, ...]:
        """Whose the document may become: only the federation's administrators decide that, and not where its place
        does."""
        reach = self._reach(request)
        return reach.choices if reach.everything and not owner_is_fixed(listed.document) else ()

    def _reach(self, request: web.Request) -> Reach:
        return reach_of(visitor_of(request), self._parts.municipalities)

    async def _show(
        self,
        request: web.Request,
        listed: Listed,
        problem: str = "",
        *,
        told: str = "",
        filled: Facts | None = None,
        wrong: Mapping[str, str] | None = None,
    ) -> web.Response:
        say = partial(self._pages.say, request)
        document, owners = listed.document, self._owners(request, listed)
        facts = facts_of(document)
        return await self._pages.show(
            request,
            "documents/one.html",
            status=UNPROCESSABLE if problem or told or wrong else 200,
            row=row_of(listed, self._parts.today(), manageable=True),
            problem=told or (say(problem) if problem else ""),
            facts=form_of(filled or facts, owners, self._parts.municipalities, say, wrong),
            seen=mark(facts),
            removal=await self._removal(document.path),
            grace=self._parts.grace,
            everything=self._reach(request).everything,
            municipalities=self._parts.municipalities,
            shown_path=shown_path,
            documents=DOCUMENTS,
        )


async def _sent(request: web.Request) -> Mapping[str, str]:
    return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
