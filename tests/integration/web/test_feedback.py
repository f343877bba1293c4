"""The federation's pages of ratings and unanswered questions, on the whole application."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape

import pytest

from bot.conversation.ports import Entry, Place, Rating
from knowledge.model import Answer, Status
from tests.fakes.advice import answered
from tests.fakes.visitors import FEDERATION, headers, signed_in
from tests.integration.web.conftest import Whole

pytestmark = pytest.mark.asyncio(loop_scope="package")


def refused(question: str) -> Answer:
    return Answer(question, Status.REFUSED, "sv", "Det vet jag inte.")


HERE = Place("tenant-a", "secret-conversation")


async def shown(whole: Whole, path: str) -> str:
    secret = await signed_in(whole.parts.database.web_sessions, FEDERATION)
    async with whole.client.get(path, headers=headers(secret)) as response:
        assert response.status == 200
        return unescape(await response.text())


async def test_both_pages_show_what_was_said_and_a_press_can_be_taken_back(whole: Whole) -> None:
    now, journal = datetime.now(UTC), whole.parts.database.journal
    await journal.record(Entry("fa", now, HERE, "Vad är SML-IT?", answered("Vad är SML-IT?")))
    await journal.delivered("fa", HERE, "sent-fa")
    await journal.rate(Rating(now, HERE, "secret-rater", False, "<b>fel</b>", "sent-fa"))
    for name in ("f1", "f2"):
        question = f"Vilka bidrag finns för bredband {name}?"
        await journal.record(Entry(name, now, HERE, question, refused(question)))
    ratings, unanswered = await shown(whole, "/feedback?kind=disliked"), await shown(whole, "/feedback/unanswered")
    assert "Vad är SML-IT?" in ratings
    assert answered("Vad är SML-IT?").citations[0].quote in ratings
    assert "<b>fel</b>" in ratings  # unescaped by this test alone
    assert "bredband f1?" in unanswered
    for page in (ratings, unanswered):
        assert "secret-" not in page
        assert "/feedback/document" not in page or "f1" in page
    status, where, _ = await whole.ask(
        "POST", "/feedback/evaluation", FEDERATION, answer="f1", wanted="keep", back="https://elsewhere.example/"
    )
    assert (status, where) == (303, "/feedback")
    assert '"class": "refuse"' in await shown(whole, "/feedback/fyren-evaluation-questions.jsonl")
    await whole.ask("POST", "/feedback/evaluation", FEDERATION, answer="f1", wanted="drop")
    assert await shown(whole, "/feedback/fyren-evaluation-questions.jsonl") == ""
    status, _, _ = await whole.ask("POST", "/feedback/evaluation", FEDERATION, answer="nothing", wanted="keep")
    assert status == 404
    actions = [each.event.action for each in await whole.parts.database.audit.entries(limit=9)]
    assert {"feedback_seen", "evaluation_question_kept", "evaluation_question_dropped"} <= set(actions)


async def test_times_are_swedish_ones(whole: Whole) -> None:
    late, journal = datetime(2026, 7, 1, 22, 30, tzinfo=UTC), whole.parts.database.journal
    await journal.record(Entry("ft", late, HERE, "Vad är klockan?", answered("Vad är klockan?")))
    await journal.delivered("ft", HERE, "sent-ft")
    await journal.rate(Rating(late, HERE, "rater", True, "", "sent-ft"))
    assert "2026-07-02 klockan 00:30" in await shown(whole, "/feedback?kind=liked")
