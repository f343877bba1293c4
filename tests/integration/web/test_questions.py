"""The queue of questions for a person, on the whole application: from the question to a document that answers it."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest

from bot.conversation.ports import Entry, Place
from bot.questions.cases import REPLY_LIMIT, Case, CaseStatus, Handed, origin_of
from bot.questions.keeping import OVERDUE
from knowledge.model import Answer, Status
from tests.fakes.cases import sent_event
from tests.fakes.visitors import CONTACT_A, FEDERATION, form, headers, signed_in
from tests.integration.web.conftest import Whole

pytestmark = pytest.mark.asyncio(loop_scope="package")

QUESTION = "Vem beslutar om kransmossans skötsel i kommunens parker?"
REPLY = "Parknämnden beslutar om kransmossans skötsel i kommunens parker.\n\nBeslutet gäller ett år."
CASE = Case("c" * 32, datetime(2026, 11, 1, 12, tzinfo=UTC), QUESTION, "sv", origin_of("t", "secret"))


async def opened(whole: Whole, case_id: str, **changes: Any) -> str:
    fresh = {"id": case_id, "at": datetime.now(UTC), "origin": origin_of("t", case_id)}
    case = replace(CASE, **{**fresh, **changes})
    await whole.parts.database.cases.take(case, sent_event(case))
    return f"/questions/{case_id}"


async def pressed(whole: Whole, path: str, language: str, **fields: str) -> tuple[int, str]:
    """Status and page, in a language."""
    secret = await signed_in(whole.parts.database.web_sessions, FEDERATION)
    sent = headers(secret) | {"Origin": whole.origin, "Accept-Language": language}
    async with whole.client.post(path, headers=sent, data=form(secret, **fields), allow_redirects=False) as response:
        return response.status, unescape(await response.text())


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
    assert await actions(whole, page) == ["case_answered", "case_sent"]


async def test_a_closed_question_takes_no_reply(whole: Whole) -> None:
    page = await opened(whole, "2" * 32)
    assert (await whole.ask("POST", f"{page}/close", FEDERATION))[:2] == (303, page)
    for act in ("close", "reply", "publish"):
        assert (await whole.ask("POST", f"{page}/{act}", FEDERATION, reply=REPLY, title="T", text=REPLY))[0] == 422
    assert (await kept(whole, page)).status is CaseStatus.CLOSED
    assert await actions(whole, page) == ["case_closed", "case_sent"]


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
    assert await actions(whole, page) == ["case_published", "case_answered", "case_sent"]


@pytest.mark.parametrize("handed", [Handed.UNREACHABLE, Handed.GAVE_UP, Handed.UNCERTAIN])
async def test_a_reply_that_could_not_be_delivered_says_so_and_what_to_do(whole: Whole, handed: Handed) -> None:
    done = {"status": CaseStatus.ANSWERED, "reply": REPLY, "replied_at": datetime.now(UTC), "handed": handed}
    page = await opened(whole, secrets.token_hex(16), **done)
    told = await shown(whole, page)
    for key in (f"human.page.handed.{handed}", f"human.page.to_do.{handed}"):
        assert whole.parts.texts.say(key, "sv") in told
    assert whole.parts.texts.say(f"human.page.handed.{handed}", "sv") in await shown(whole, "/questions")


async def test_a_reply_that_is_tried_again_says_when_in_swedish_time(whole: Whole) -> None:
    again = datetime(2126, 7, 1, 22, 30, tzinfo=UTC)
    done = {"status": CaseStatus.ANSWERED, "reply": REPLY, "replied_at": datetime.now(UTC), "address": "x"}
    page = await opened(whole, "4" * 32, **done, handed=Handed.WAITING, tries=1, try_at=again)
    assert "försöker igen 2126-07-02 klockan 00:30" in await shown(whole, page)


async def test_a_question_that_has_waited_for_long_is_shown_as_overdue(whole: Whole) -> None:
    now = datetime.now(UTC)
    overdue = whole.parts.texts.say("human.page.overdue", "sv")
    page = await opened(whole, "5" * 32, at=now - OVERDUE + timedelta(hours=1))
    assert overdue not in await shown(whole, page)
    page = await opened(whole, "6" * 32, at=now - OVERDUE - timedelta(hours=1))
    assert overdue in await shown(whole, page)
    assert overdue in await shown(whole, "/questions")


async def test_a_document_that_cannot_be_made_says_what_to_do_and_is_then_made_while_others_are_answered(
    whole: Whole,
) -> None:
    """Its file cannot be written, and then it can. The fixture that watches the loop raises where a file is read or
    anything waits there; a page that is served meanwhile says that nothing else holds the loop either."""
    done = {"status": CaseStatus.ANSWERED, "reply": REPLY, "replied_at": datetime.now(UTC)}
    page = await opened(whole, "7" * 32, **done)
    in_the_way = whole.parts.settings.answers_dir / f"fraga-{'7' * 32}.new"
    await asyncio.to_thread(in_the_way.mkdir, parents=True)
    written = {"title": "Rubrik som jag har ändrat", "text": "Text som jag har ändrat."}
    for language in ("sv", "en"):
        status, told = await pressed(whole, f"{page}/publish", language, **written)
        assert status == 422
        for each in (whole.parts.texts.say("human.page.publish_failed", language), *written.values()):
            assert each in told
    assert (await kept(whole, page)).document == ""
    await asyncio.to_thread(in_the_way.rmdir)
    making, answered = asyncio.create_task(pressed(whole, f"{page}/publish", "sv", **written)), 0
    while not making.done():
        async with whole.client.get("/healthz") as response:
            assert response.status == 200
        answered += not making.done()
    assert (await making)[0] == 303
    assert answered
    assert await actions(whole, page) == ["case_published", "case_sent"]
