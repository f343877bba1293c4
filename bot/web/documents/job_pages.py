"""`/documents/jobs/…`: one upload while it is read, as a draft to look at, and after it was decided on."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from aiohttp import web

from bot.access.permissions import Permission
from bot.conversation.router import clean
from bot.documents.errors import DraftFailed, DraftStale
from bot.documents.jobs import UNDER_WAY, Job, JobState
from bot.documents.people import known_names
from bot.documents.recording import Person
from bot.maturity.days import swedish_zone
from bot.web.access import Routes
from bot.web.documents.live import word_now
from bot.web.documents.pages import DOCUMENTS, JOBS, UNPROCESSABLE, DocumentParts
from bot.web.documents.reach import person_of, reach_of
from bot.web.documents.words import numbers, shown_path, trouble
from bot.web.headers import LIVE_POLICY
from bot.web.rendering import Pages
from bot.web.sessions import visitor_of
from knowledge.model import Hit

NOTE_LIMIT: Final = 500
QUERY_LIMIT: Final = 500
FOUND: Final = 8
"""Passages that a search of a draft shows."""
PASSAGES: Final = 20
"""Passages on a page of a preview."""
LAST: Final = 100_000

_log = logging.getLogger(__name__)


class JobPages:
    """For whoever manages documents of the job's owner; of others' jobs nobody learns that they exist."""

    def __init__(self, pages: Pages, parts: DocumentParts) -> None:
        self._pages, self._parts, self._desk = pages, parts, parts.desk

    def attach(self, routes: Routes) -> None:
        """Add the routes."""
        needs, one = Permission.MANAGE_DOCUMENTS, f"{JOBS}/{{job}}"
        routes.add("GET", one, self.one, needs=needs)
        routes.add("GET", f"{one}/passages", self.passages, needs=needs)
        routes.add("POST", f"{one}/cancel", self.cancel, needs=needs)
        routes.add("POST", f"{one}/publish", self.publish, needs=needs)
        routes.add("POST", f"{one}/discard", self.discard, needs=needs)
        routes.add("POST", f"{one}/undo", self.undo, needs=needs)

    async def one(self, request: web.Request) -> web.Response:
        """A job; its draft is searched where the query asks something."""
        job = await self._job(request)
        query = clean(request.query.get("q", ""))[:QUERY_LIMIT]
        found: tuple[Hit, ...] | None = None
        if query and job.state is JobState.DRAFT:
            try:
                found = tuple(await self._parts.shelf.search(job.generation, query, job.owner, FOUND))
            except DraftFailed as error:
                return await self._trouble(request, job, error)
            except DraftStale:
                return await self._show(request, job, problem=self._say(request, "documents.job.draft_gone"))
        return await self._show(request, job, query=query, found=found)

    async def passages(self, request: web.Request) -> web.Response:
        """A document of a draft, as it would be cited."""
        job, path, asked = await self._job(request), request.query.get("path", ""), request.query.get("begin", "")
        if job.state is not JobState.DRAFT:
            raise web.HTTPSeeOther(f"{JOBS}/{job.id}")
        begin = min(int(asked), LAST) if asked.isdecimal() and len(asked) < 7 else 0
        change = next((each for each in job.difference.documents if each.path == path), None)
        if change is None:
            raise web.HTTPNotFound  # of what is not the job's nothing is shown here
        try:
            found, count = await self._parts.shelf.passages(job.generation, path, begin, PASSAGES)
        except DraftStale:
            raise web.HTTPNotFound from None
        return await self._pages.show(
            request,
            "documents/passages.html",
            job=job,
            change=change,
            passages=found,
            begin=begin,
            count=count,
            step=PASSAGES,
            numbers=numbers,
        )

    async def cancel(self, request: web.Request) -> web.Response:
        """Give up reading."""
        return await self._act(request, self._desk.cancel)

    async def publish(self, request: web.Request) -> web.Response:
        """Publish the draft."""
        return await self._act(request, partial(self._desk.publish, note=await _note(request)))

    async def discard(self, request: web.Request) -> web.Response:
        """Throw the draft away."""
        return await self._act(request, partial(self._desk.discard, note=await _note(request)))

    async def undo(self, request: web.Request) -> web.Response:
        """Publish again what was there before."""
        return await self._act(request, self._desk.undo)

    async def _act(self, request: web.Request, act: Callable[[Job, Person], Awaitable[bool]]) -> web.Response:
        job, visitor, note = await self._job(request), visitor_of(request), await _note(request)
        if len(note) > NOTE_LIMIT:
            problem = self._say(request, "documents.decide.note_long", limit=NOTE_LIMIT)
            return await self._show(request, job, problem=problem, note=note)
        try:
            done = await act(job, person_of(visitor))
        except DraftStale:
            done = True  # it is read again, which its page says
        except DraftFailed as error:
            return await self._trouble(request, job, error, note)
        if not done:
            now = await self._job(request)
            return await self._show(request, now, problem=self._say(request, "documents.job.gone"))
        raise web.HTTPSeeOther(f"{JOBS}/{job.id}")

    async def _job(self, request: web.Request) -> Job:
        job = await self._desk.jobs.one(request.match_info["job"])
        if job is None or not reach_of(visitor_of(request), self._parts.municipalities).covers(job.owner):
            raise web.HTTPNotFound
        return job

    async def _trouble(self, request: web.Request, job: Job, error: DraftFailed, note: str = "") -> web.Response:
        _log.error("what was asked of job %s could not be done: %s", job.id, error)
        return await self._show(request, job, problem=self._say(request, trouble(error)), note=note)

    async def _show(
        self,
        request: web.Request,
        job: Job,
        *,
        problem: str = "",
        note: str = "",
        query: str = "",
        found: tuple[Hit, ...] | None = None,
    ) -> web.Response:
        board = self._desk.reader.board
        response = await self._pages.show(
            request,
            "documents/job.html",
            status=UNPROCESSABLE if problem else 200,
            job=job,
            word=word_now(board, job, partial(self._pages.say, request)),
            progress=board.of(job.id),
            problem=problem,
            note=note,
            query=query,
            found=found,
            sent_paths=frozenset(each.path for each in job.difference.documents),
            under_way=job.state in UNDER_WAY,
            undoable=await self._undoable(job),
            names=await known_names(self._desk.people, (job.by,)),
            documents=DOCUMENTS,
            municipalities=self._parts.municipalities,
            note_limit=NOTE_LIMIT,
            numbers=numbers,
            shown_path=shown_path,
            zone=await swedish_zone(),
        )
        response.headers["Content-Security-Policy"] = LIVE_POLICY
        return response

    async def _undoable(self, job: Job) -> bool:
        try:
            return await self._desk.undoable(job)
        except DraftFailed as error:
            _log.error("whether job %s can be undone is not known: %s", job.id, error)
            return False

    def _say(self, request: web.Request, key: str, **values: object) -> str:
        return self._pages.say(request, key, **values)


async def _note(request: web.Request) -> str:
    """A form is read once, so it may be asked for twice."""
    given = (await request.post()).get("note", "")
    return clean(given) if isinstance(given, str) else ""
