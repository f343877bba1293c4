"""Around a question: whose it is, what is kept out of it, how many may be asked, and what does not wait for it."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation.ask import Limits
from bot.conversation.replies import AnswerReply, TextReply
from bot.conversation.turn import Action, Message, Sender
from knowledge.composing.ports import Advance, Reading, Searching, Written
from tests.unit.conversation.test_service import Talk, turn


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def brief() -> Talk:
    return Talk(Limits(per_minute=1))


async def test_r08_neither_the_model_nor_the_journal_sees_a_personal_identity_number(talk: Talk) -> None:
    [reply] = await talk.say("Gäller NIS 2 för Anna, 811228-9874, anna.ek@example.se?")
    assert isinstance(reply, AnswerReply)
    [(asked, _)] = talk.advice.asked
    kept = talk.journal.entries[reply.id].question
    for text in (asked, kept):
        assert "811228" not in text
        assert "anna.ek" not in text
        assert text.startswith("Gäller NIS 2 för Anna")


async def test_r08_masked_questions_are_the_context_of_the_next_one(talk: Talk) -> None:
    await talk.say("Vad gäller för 811228-9874?")
    await talk.say("Och för kommunen då?")
    assert "811228" not in " ".join(talk.advice.asked[-1][1])


async def test_r10_the_sixteenth_question_within_a_minute_waits_and_those_of_others_do_not(talk: Talk) -> None:
    for _ in range(15):
        [reply] = await talk.say("Vad är NIS 2?")
        assert isinstance(reply, AnswerReply)
    [reply] = await talk.say("Vad är NIS 2?")
    assert isinstance(reply, TextReply)
    assert "sekunder" in reply.text
    assert len(talk.advice.asked) == 15
    [other] = await talk.say("Vad är NIS 2?", sender=Sender("tenant-a", "user-2"))
    assert isinstance(other, AnswerReply)


async def test_r10_a_question_of_50_kilobytes_is_refused_with_its_limit(talk: Talk) -> None:
    [reply] = await talk.say("nis 2 " * 8500)
    assert isinstance(reply, TextReply)
    assert "1000" in reply.text.replace(" ", "")
    assert not talk.advice.asked


async def test_the_limit_of_questions_can_be_set(brief: Talk) -> None:
    await brief.say("Vad är NIS 2?")
    [reply] = await brief.say("Vad är NIS 2?")
    assert isinstance(reply, TextReply)


async def test_a_question_says_whose_it_is_by_keys_that_no_two_people_share(talk: Talk) -> None:
    await talk.say("Vad är NIS 2?")
    await talk.say("Vad är NIS 2?", sender=Sender("tenant-b", "user-1"))
    one, other = talk.advice.askers
    assert (one.tenant, other.tenant) == ("tenant-a", "tenant-b")
    assert one.person != other.person


async def test_whoever_listens_is_told_how_far_the_answer_is(talk: Talk) -> None:
    told: list[Advance] = []
    talk.advice.advances = (Searching(), Reading(6), Written("NIS 2 gäller. [1]"))
    await talk.fyren.respond(turn(Message("Vad är NIS 2?")), told.append)
    assert told == list(talk.advice.advances)


async def test_a_button_does_not_wait_for_an_answer_that_takes_long(talk: Talk) -> None:
    talk.advice.gate = asyncio.Event()
    asking = asyncio.create_task(talk.say("Vad är NIS 2?"))
    await talk.advice.reached(1)
    async with asyncio.timeout(5):
        [reply] = await talk.take(Action("unknown", {}))
    assert isinstance(reply, TextReply)
    assert not asking.done()
    talk.advice.gate.set()
    [answer] = await asking
    assert isinstance(answer, AnswerReply)


async def test_questions_of_one_conversation_are_answered_in_their_order(talk: Talk) -> None:
    talk.advice.gate = asyncio.Event()
    first = asyncio.create_task(talk.say("Vad är NIS 2?"))
    await talk.advice.reached(1)
    second = asyncio.create_task(talk.say("Och AI-förordningen då?"))
    await asyncio.sleep(0.02)
    assert len(talk.advice.asked) == 1
    talk.advice.gate.set()
    await asyncio.gather(first, second)
    assert talk.advice.asked[1] == ("Och AI-förordningen då?", ("Vad är NIS 2?",))
