"""`/documents`: what is published, sending files, what is under way, and the publications there have been."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Final

from aiohttp import web

from bot.access.permissions import Permission
from bot.documents.desk import Desk
from bot.documents.errors import DraftFailed, Refusal, UploadRefused
from bot.documents.jobs import ACTIVE, Job
from bot.documents.people import known_names
from bot.documents.ports import Published, Shelf
from bot.maturity.days import swedish_zone
from bot.web.access import Routes
from bot.web.documents.listing import listing
from bot.web.documents.live import Live, word_now
from bot.web.documents.reach import Reach, person_of, reach_of
from bot.web.documents.receiving import Patience, receive
from bot.web.documents.words import MEGA, refused, shown_path, trouble
from bot.web.headers import LIVE_POLICY
from bot.web.rendering import Pages
from bot.web.sessions import visitor_of
from ingest.web_sources.allow_list import AllowList

DOCUMENTS: Final = "/documents"
JOBS: Final = f"{DOCUMENTS}/jobs"
ONE: Final = f"{DOCUMENTS}/one"
UNPROCESSABLE: Final = 422
PUBLICATIONS: Final = 50
DUE: Final = 5
"""Documents that need care that are shown above everything else."""
LAST: Final = 1000
"""The last page of documents that is looked for."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Grace:
    """Days for which something of a document that was taken out is kept: earlier publications, answers that were
    given."""

    publications: float = 30
    answers: int = 180


@dataclass(frozen=True, slots=True)
class DocumentParts:
    """What the pages work with. `municipalities` are names by key; `web_sources` are sites to fetch from."""

    desk: Desk
    shelf: Shelf
    municipalities: Mapping[str, str]
    today: Callable[[], date]
    patience: Patience = field(default_factory=Patience)
    grace: Grace = field(default_factory=Grace)
    web_sources: AllowList = field(default_factory=AllowList)


class DocumentPages:
    """For administrators: the federation's, and a municipality's for its own."""

    def __init__(self, pages: Pages, parts: DocumentParts) -> None:
        self._pages, self._parts = pages, parts
        self.live = Live(parts.desk.reader.board, parts.desk.jobs)

    def attach(self, routes: Routes) -> None:
        """Add the routes."""
        needs = Permission.MANAGE_DOCUMENTS
        routes.add("GET", DOCUMENTS, self.all, needs=needs, menu="documents.menu")
        routes.add("POST", DOCUMENTS, self.send, needs=needs, upload=True)
        routes.add("GET", f"{DOCUMENTS}/events", self.events, needs=needs)
        routes.add("GET", f"{DOCUMENTS}/history", self.history, needs=needs)

    async def all(self, request: web.Request) -> web.Response:
        """What is published, a form, and what is under way."""
        return await self._show(request)

    async def send(self, request: web.Request) -> web.Response:
        """Take files and make a job of them. A script is answered in a line, so that it can go on by itself."""
        uploads, visitor = self._parts.desk.uploads, visitor_of(request)
        try:
            async with uploads.begin() as upload:
                fields = await receive(request, upload, self._parts.patience)
                owner = self._owner(request, fields)
                job = await self._parts.desk.submit(upload, person_of(visitor), owner)
        except UploadRefused as error:
            _log.info("an upload was refused: %s", error.reason)
            problem = refused(error, uploads.caps, partial(self._pages.say, request))
            large = error.reason in (Refusal.FILE_TOO_LARGE, Refusal.TOO_LARGE)
            status = web.HTTPRequestEntityTooLarge.status_code if large else UNPROCESSABLE
            return await self._show(request, problem, status)
        raise web.HTTPSeeOther(f"{JOBS}/{job.id}")

    async def events(self, request: web.Request) -> web.StreamResponse:
        """How far jobs are, as it happens."""
        return await self.live.follow(request, self._reach(request), partial(self._pages.say, request))

    async def history(self, request: web.Request) -> web.Response:
        """Publications, and what became of what was sent."""
        reach = self._reach(request)
        problem = ""
        published: Sequence[Published] = ()
        latest: Job | None = None
        try:
            published = tuple(await self._parts.shelf.history(PUBLICATIONS)) if reach.everything else ()
            latest = await self._latest(published)
        except DraftFailed as error:
            _log.error("the publications could not be listed: %s", error)
            problem = self._pages.say(request, trouble(error))
        jobs = [each for each in await self._jobs(reach, 50) if each.state not in ACTIVE]
        people = {*(each.author for each in published), *(each.by for each in jobs)}
        return await self._pages.show(
            request,
            "documents/history.html",
            problem=problem,
            published=published,
            latest=latest,
            jobs=jobs,
            names=await known_names(self._parts.desk.people, people),
            shown_path=shown_path,
            everything=reach.everything,
            municipalities=self._parts.municipalities,
            zone=await swedish_zone(),
        )

    async def _latest(self, published: Sequence[Published]) -> Job | None:
        """The job whose publication is the latest, where that can be undone."""
        current = next((each for each in published if each.is_current), None)
        job = await self._parts.desk.jobs.of_generation(current.generation) if current is not None else None
        return job if job is not None and await self._parts.desk.undoable(job) else None

    def _owner(self, request: web.Request, fields: Mapping[str, str]) -> str:
        """Whose the documents are to be; a municipality's administrator chooses among their own only."""
        choices = self._reach(request).choices
        owner = fields.get("owner", choices[0] if len(choices) == 1 else "")
        if owner not in choices:
            raise web.HTTPForbidden
        return owner

    def _reach(self, request: web.Request) -> Reach:
        return reach_of(visitor_of(request), self._parts.municipalities)

    async def _jobs(self, reach: Reach, limit: int) -> list[Job]:
        return list(await self._parts.desk.jobs.all(None if reach.everything else reach.owners, limit))

    async def _show(self, request: web.Request, problem: str = "", status: int = 200) -> web.Response:
        reach, caps = self._reach(request), self._parts.desk.uploads.caps
        board, say = self._parts.desk.reader.board, partial(self._pages.say, request)
        try:
            found = [each for each in await self._parts.shelf.documents() if reach.shows(each.document.owner)]
        except DraftFailed as error:
            _log.error("the published documents could not be listed: %s", error)
            found, problem = [], problem or say(trouble(error))
        active = [each for each in await self._jobs(reach, 50) if each.state in ACTIVE]
        query, asked = request.query.get("find", "")[:200].strip(), request.query.get("page", "")
        page = min(max(int(asked), 1), LAST) if asked.isdecimal() and len(asked) < 6 else 1
        overdue = request.query.get("overdue") == "1"
        response = await self._pages.show(
            request,
            "documents/all.html",
            status=status,
            problem=problem,
            listing=listing(found, self._parts.today(), reach.covers, query=query, overdue=overdue, page=page),
            due_shown=DUE,
            query=query,
            overdue=overdue,
            active=[(each, word_now(board, each, say), board.of(each.id)) for each in active],
            choices=reach.choices,
            municipalities=self._parts.municipalities,
            caps=caps,
            web_sources=self._parts.web_sources,
            shown_path=shown_path,
            mega=MEGA,
            zone=await swedish_zone(),
        )
        response.headers["Content-Security-Policy"] = LIVE_POLICY
        return response
