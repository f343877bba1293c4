"""The queue of questions for a person, on the whole application: from the question to a document that answers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest

from bot.conversation.ports import Entry, Place
from bot.questions.cases import REPLY_LIMIT, Case, CaseStatus, Handed, origin_of
from knowledge.model import Answer, Status
from tests.fakes.visitors import CONTACT_A, FEDERATION, headers, signed_in
from tests.integration.web.conftest import Whole

pytestmark = pytest.mark.asyncio(loop_scope="package")

QUESTION = "Vem beslutar om kransmossans skötsel i kommunens parker?"
REPLY = "Parknämnden beslutar om kransmossans skötsel i kommunens parker.\n\nBeslutet gäller ett år."
CASE = Case("c" * 32, datetime(2026, 11, 1, 12, tzinfo=UTC), QUESTION, "sv", origin_of("t", "secret"))


async def opened(whole: Whole, case_id: str) -> str:
    await whole.parts.database.cases.take(replace(CASE, id=case_id, origin=origin_of("t", case_id)))
    return f"/questions/{case_id}"


async def shown(whole: Whole, path: str) -> str:
    secret = await signed_in(whole.parts.database.web_sessions, FEDERATION)
    async with whole.client.get(path, headers=headers(secret)) as response:
        assert response.status == 200
        return unescape(await response.text())


async def kept(whole: Whole, page: str) -> Case:
    case = await whole.parts.database.cases.one(page.rpartition("/")[2])
    assert case is not None
    return case


async def actions(whole: Whole, page: str) -> list[str]:
    case_id = page.rpartition("/")[2]
    return [e.event.action for e in await whole.parts.database.audit.entries(limit=50) if e.event.subject == case_id]


async def test_a_reply_is_kept_once_and_audited(whole: Whole) -> None:
    page = await opened(whole, "1" * 32)
    assert QUESTION in await shown(whole, "/questions")
    assert QUESTION in await shown(whole, page)
    for reply in ("", " \n", "a" * (REPLY_LIMIT + 1)):
        assert (await whole.ask("POST", f"{page}/reply", FEDERATION, reply=reply))[0] == 422
    assert (await whole.ask("POST", f"{page}/reply", CONTACT_A, reply=REPLY))[0] == 403
    secret = await signed_in(whole.parts.database.web_sessions, FEDERATION)
    sent = headers(secret) | {"Origin": whole.origin}
    async with whole.client.post(f"{page}/reply", headers=sent, data={"reply": REPLY}) as response:
        assert response.status == 403
    assert (await kept(whole, page)).status is CaseStatus.OPEN
    assert (await whole.ask("POST", f"{page}/reply", FEDERATION, reply=REPLY))[:2] == (303, page)
    assert (await whole.ask("POST", f"{page}/reply", FEDERATION, reply="Någon annan."))[0] == 422
    case = await kept(whole, page)
    assert (case.reply, case.by, case.handed) == (REPLY, FEDERATION.subject, Handed.NONE)
    assert await actions(whole, page) == ["case_answered"]


async def test_a_closed_question_takes_no_reply(whole: Whole) -> None:
    page = await opened(whole, "2" * 32)
    assert (await whole.ask("POST", f"{page}/close", FEDERATION))[:2] == (303, page)
    for act in ("close", "reply", "publish"):
        assert (await whole.ask("POST", f"{page}/{act}", FEDERATION, reply=REPLY, title="T", text=REPLY))[0] == 422
    assert (await kept(whole, page)).status is CaseStatus.CLOSED
    assert await actions(whole, page) == ["case_closed"]


async def test_a_document_is_begun_from_an_unanswered_question(whole: Whole) -> None:
    refusal = Answer("Vad kostar en gräsklippare?", Status.REFUSED, "sv", "Det vet jag inte.")
    place = Place("tenant-a", "secret-conversation")
    await whole.parts.database.journal.record(Entry("w1", datetime.now(UTC), place, refusal.question, refusal))
    status, page, _ = await whole.ask("POST", "/feedback/document", FEDERATION, answer="w1")
    assert (status, page.rpartition("/")[0]) == (303, "/questions")
    assert refusal.question in await shown(whole, page)
    case = await kept(whole, page)
    assert (case.origin, case.posted) == ("", True)
    assert await actions(whole, page) == ["case_opened"]
    assert (await whole.ask("POST", "/feedback/document", FEDERATION, answer="nothing"))[0] == 404


async def test_a_reply_that_was_published_is_cited_for_the_same_question(whole: Whole) -> None:
    page = await opened(whole, "3" * 32)
    assert (await whole.ask("POST", f"{page}/publish", FEDERATION, title="T", text=REPLY))[0] == 422
    await whole.ask("POST", f"{page}/reply", FEDERATION, reply=REPLY)
    assert (await whole.ask("POST", f"{page}/publish", FEDERATION, title="", text=REPLY))[0] == 422
    done = await whole.ask("POST", f"{page}/publish", FEDERATION, title="Kransmossans skötsel", text=REPLY)
    assert done[:2] == (303, page)
    case = await kept(whole, page)
    assert case.document in await shown(whole, page)
    answer = await whole.parts.knowledge.served.ask(QUESTION)
    assert answer.status is Status.ANSWERED
    assert [each.passage.title for each in answer.citations] == ["Kransmossans skötsel"]
    assert await actions(whole, page) == ["case_published", "case_answered"]
