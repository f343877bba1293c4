"""The queue of questions for a person, a case with its reply, and a reply made into a document."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Protocol

from aiohttp import web

from bot.access.audit import Action, AuditEvent, AuditLog
from bot.access.permissions import Permission
from bot.conversation.router import clean
from bot.maturity.days import swedish_zone
from bot.questions.cases import REPLY_LIMIT, Case, CaseDesk, CaseStatus
from bot.questions.errors import QuestionsError
from bot.questions.keeping import Keeping
from bot.web.access import Routes
from bot.web.rendering import Pages
from bot.web.sessions import visitor_of

QUESTIONS: Final = "/questions"
TITLE_LIMIT: Final = 300
UNPROCESSABLE: Final = 422

_log = logging.getLogger(__name__)


class CaseStore(CaseDesk, Protocol):
    """Cases, with where their documents are."""

    async def publish(self, case_id: str, document: str, generation: str) -> None:
        """The reply is a document of the knowledge base."""


class Documents(Protocol):
    """Makes documents of replies."""

    async def publish(self, case_id: str, title: str, text: str, day: date) -> tuple[str, str]:
        """The document's path and its generation. Raises QuestionsError."""


@dataclass(frozen=True, slots=True)
class CaseParts:
    """What the pages work with; `due` is called when a reply is to be sent. Pages tell Swedish time."""

    cases: CaseStore
    documents: Documents
    audit: AuditLog
    today: Callable[[], date]
    due: Callable[[], None]
    keeping: Keeping
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


class CasePages:
    """For those who may answer questions."""

    def __init__(self, pages: Pages, parts: CaseParts) -> None:
        self._pages = pages
        self._parts = parts

    def attach(self, routes: Routes) -> None:
        """Add the routes."""
        needs = Permission.ANSWER_QUESTIONS
        routes.add("GET", QUESTIONS, self.all, needs=needs, menu="human.page.title")
        routes.add("GET", f"{QUESTIONS}/{{case}}", self.one, needs=needs)
        routes.add("POST", f"{QUESTIONS}/{{case}}/reply", self.reply, needs=needs)
        routes.add("POST", f"{QUESTIONS}/{{case}}/close", self.close, needs=needs)
        routes.add("POST", f"{QUESTIONS}/{{case}}/publish", self.publish, needs=needs)

    async def all(self, request: web.Request) -> web.Response:
        """The queue, open ones first."""
        return await self._pages.show(
            request,
            "questions/all.html",
            cases=await self._parts.cases.all(),
            keeping=self._parts.keeping,
            now=self._parts.clock(),
            zone=await swedish_zone(),
        )

    async def one(self, request: web.Request) -> web.Response:
        """A case."""
        return await self._show(request, await self._case(request), {}, {})

    async def reply(self, request: web.Request) -> web.Response:
        """Keep a reply, which is then sent."""
        case, sent = await self._case(request), await _sent(request)
        problems = self._problems(request, sent, {"reply": REPLY_LIMIT})
        if problems:
            return await self._show(request, case, sent, problems)
        by = visitor_of(request).subject
        if not await self._parts.cases.answer(case.id, sent["reply"], self._parts.clock(), by):
            return await self._gone(request, sent)
        await self._record(request, Action.CASE_ANSWERED, case)
        self._parts.due()
        raise web.HTTPSeeOther(f"{QUESTIONS}/{case.id}")

    async def close(self, request: web.Request) -> web.Response:
        """Close a case without a reply."""
        case = await self._case(request)
        if not await self._parts.cases.close(case.id, self._parts.clock(), visitor_of(request).subject):
            return await self._gone(request, {})
        await self._record(request, Action.CASE_CLOSED, case)
        raise web.HTTPSeeOther(f"{QUESTIONS}/{case.id}")

    async def publish(self, request: web.Request) -> web.Response:
        """Make a document of the reply."""
        case, sent = await self._case(request), await _sent(request)
        if case.status is not CaseStatus.ANSWERED:
            return await self._gone(request, sent)
        problems = self._problems(request, sent, {"title": TITLE_LIMIT, "text": REPLY_LIMIT})
        if problems:
            return await self._show(request, case, sent, problems)
        try:
            document, generation = await self._parts.documents.publish(
                case.id, clean(sent["title"]), sent["text"], self._parts.today()
            )
        except QuestionsError:
            _log.exception("the reply of case %s could not be made a document", case.id)
            why = self._pages.say(request, "human.page.publish_failed")
            return await self._show(request, case, sent, {"": why})
        await self._parts.cases.publish(case.id, document, generation)
        await self._record(request, Action.CASE_PUBLISHED, case)
        raise web.HTTPSeeOther(f"{QUESTIONS}/{case.id}")

    async def _case(self, request: web.Request) -> Case:
        case = await self._parts.cases.one(request.match_info["case"])
        if case is None:
            raise web.HTTPNotFound
        return case

    async def _gone(self, request: web.Request, sent: Mapping[str, str]) -> web.Response:
        problem = self._pages.say(request, "human.page.gone")
        return await self._show(request, await self._case(request), sent, {"": problem})

    async def _show(
        self, request: web.Request, case: Case, sent: Mapping[str, str], problems: Mapping[str, str]
    ) -> web.Response:
        filled = {"reply": "", "title": case.question[:TITLE_LIMIT], "text": case.reply, **sent}
        status = UNPROCESSABLE if problems else 200
        return await self._pages.show(
            request,
            "questions/one.html",
            status=status,
            case=case,
            filled=filled,
            problems=problems,
            limit=REPLY_LIMIT,
            keeping=self._parts.keeping,
            now=self._parts.clock(),
            zone=await swedish_zone(),
        )

    def _problems(self, request: web.Request, sent: Mapping[str, str], limits: Mapping[str, int]) -> dict[str, str]:
        problems = {}
        for name, limit in limits.items():
            if not sent.get(name):
                problems[name] = self._pages.say(request, "human.page.missing")
            elif len(sent[name]) > limit:
                problems[name] = self._pages.say(request, "human.page.too_long", limit=limit)
        return problems

    async def _record(self, request: web.Request, action: Action, case: Case) -> None:
        visitor = visitor_of(request)
        event = AuditEvent(self._parts.clock(), visitor.subject, visitor.tenant, action, case.id)
        await self._parts.audit.append(event)


async def _sent(request: web.Request) -> dict[str, str]:
    """The fields of the form, with line breaks as they are kept."""
    fields = (await request.post()).items()
    return {name: value.replace("\r\n", "\n").strip() for name, value in fields if isinstance(value, str)}
