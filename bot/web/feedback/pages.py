"""`/feedback`: ratings beside their answers, unanswered questions by topic, and what becomes of either in one press."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from bot.access.audit import Action, AuditEvent, AuditLog
from bot.access.permissions import Permission
from bot.maturity.days import swedish_zone
from bot.questions.evaluation import FILE, lines, must_be_refused, row_of
from bot.questions.grouping import topics_of
from bot.questions.model import KINDS, Shown
from bot.questions.ports import Cases, EvaluationQuestions, QuestionLog
from bot.web.access import Routes
from bot.web.rendering import Pages
from bot.web.sessions import visitor_of

FEEDBACK: Final = "/feedback"
UNANSWERED: Final = f"{FEEDBACK}/unanswered"
DAYS: Final = (30, 90, 7)
"""How far back unanswered questions are shown; the first where nothing is chosen."""
MOST: Final = 500
"""Unanswered questions that are read, the latest."""
_LAST: Final = 10_000
"""The last page of ratings that is looked for."""


class FeedbackPages:
    """Reads for the federation only. Without `cases` no document can be begun from a question."""

    def __init__(
        self,
        pages: Pages,
        log: QuestionLog,
        picked: EvaluationQuestions,
        audit: AuditLog,
        cases: Cases | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._pages, self._log, self._picked, self._audit, self._cases = pages, log, picked, audit, cases
        self._clock = clock

    def attach(self, routes: Routes) -> None:
        """Add the routes."""
        reading = Permission.READ_FEEDBACK
        routes.add("GET", FEEDBACK, self.ratings, needs=reading, menu="questions_page.menu")
        routes.add("GET", UNANSWERED, self.unanswered, needs=reading)
        routes.add("GET", f"{FEEDBACK}/{FILE}", self.file, needs=reading)
        routes.add("POST", f"{FEEDBACK}/evaluation", self.pick, needs=reading)
        if self._cases is not None:
            routes.add("POST", f"{FEEDBACK}/document", self.write, needs=Permission.ANSWER_QUESTIONS)

    async def ratings(self, request: web.Request) -> web.Response:
        """Thumbs and comments, newest first; the query says which."""
        asked = request.query.get("page", "")
        page = min(max(int(asked), 1), _LAST) if asked.isdecimal() and len(asked) < 6 else 1
        kind = request.query.get("kind", "")
        shown = Shown(kind if kind in KINDS else KINDS[0], request.query.get("generator", ""), page)
        await self._note(request, Action.FEEDBACK_SEEN, "ratings")
        found = await self._log.pressed(shown)
        return await self._pages.show(
            request,
            "feedback/ratings.html",
            rows=found.rows,
            shown=shown,
            kinds=KINDS,
            generators=await self._log.generators(),
            picked=await self._kept(),
            newer=_address(shown, page - 1) if page > 1 else "",
            older=_address(shown, page + 1) if found.more else "",
            back=request.path_qs,
            zone=await swedish_zone(),
        )

    async def unanswered(self, request: web.Request) -> web.Response:
        """Refused questions of some days, by topic."""
        asked = request.query.get("days", "")
        days = int(asked) if asked in {str(each) for each in DAYS} else DAYS[0]
        await self._note(request, Action.FEEDBACK_SEEN, "unanswered")
        found = await self._log.unanswered(self._clock() - timedelta(days=days), MOST)
        return await self._pages.show(
            request,
            "feedback/unanswered.html",
            topics=await asyncio.to_thread(topics_of, found),
            days=days,
            offered=sorted(DAYS),
            limited=len(found) == MOST,
            most=MOST,
            picked=await self._kept(),
            writing=self._cases is not None,
            back=request.path_qs,
            zone=await swedish_zone(),
        )

    async def file(self, request: web.Request) -> web.Response:
        """The questions that were picked, as `fyren eval` reads them."""
        body = lines(await self._picked.rows())
        headers = {"Content-Disposition": f'attachment; filename="{FILE}"'}
        return web.Response(text=body, content_type="application/x-ndjson", charset="utf-8", headers=headers)

    async def pick(self, request: web.Request) -> web.Response:
        """Keep an answer's question for evaluation, or take it back; twice the same press changes nothing."""
        form = await request.post()
        answer_id, wanted = str(form.get("answer", "")), str(form.get("wanted", ""))
        if wanted == "drop":
            if await self._picked.drop(answer_id):
                await self._note(request, Action.EVALUATION_QUESTION_DROPPED, answer_id)
        else:
            answer = await self._log.of_answer(answer_id)
            if answer is None:
                raise web.HTTPNotFound
            refuse = must_be_refused(answer) and wanted != "open"
            by = visitor_of(request).subject
            if await self._picked.keep(row_of(answer, by, self._clock(), must_refuse=refuse)):
                await self._note(request, Action.EVALUATION_QUESTION_KEPT, answer_id)
        raise web.HTTPSeeOther(_own(str(form.get("back", ""))))

    async def write(self, request: web.Request) -> web.Response:
        """Begin a document that answers a question: a case in the queue, where it is written and published."""
        form = await request.post()
        answer = await self._log.of_answer(str(form.get("answer", "")))
        if answer is None or self._cases is None:
            raise web.HTTPNotFound
        case = await self._cases.open_own(answer.question, answer.language, visitor_of(request).subject)
        await self._note(request, Action.CASE_OPENED, case)
        raise web.HTTPSeeOther(f"/questions/{case}")

    async def _kept(self) -> frozenset[str]:
        return frozenset(each.answer_id for each in await self._picked.rows())

    async def _note(self, request: web.Request, action: Action, subject: str) -> None:
        visitor = visitor_of(request)
        await self._audit.append(AuditEvent(self._clock(), visitor.subject, visitor.tenant, action, subject))


def _address(shown: Shown, page: int) -> str:
    return f"{FEEDBACK}?{urlencode({'kind': shown.kind, 'generator': shown.generator, 'page': page})}"


def _own(back: str) -> str:
    """The page that a form stood on, by its own word; never one elsewhere."""
    mine = back in (FEEDBACK, UNANSWERED) or back.startswith((f"{FEEDBACK}?", f"{UNANSWERED}?"))
    return back if mine and back.isprintable() else FEEDBACK
