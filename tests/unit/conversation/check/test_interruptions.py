"""Questions in between, pauses, other devices and other processes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.conversation.card import CardReply, DoneReply
from bot.conversation.replies import AnswerReply, FigureReply, TextReply
from knowledge.errors import KnowledgeError
from knowledge.model import Bar, Figure, Unit
from tests.fakes.advice import answered
from tests.fakes.check_talk import Client, conversation
from tests.unit.conversation.check.talk import Talk, texts


async def test_a_question_in_the_middle_is_answered_and_the_same_item_shown_again(talk: Talk) -> None:
    me = await talk.to_items()
    before = talk.session
    talk.advice.answer = replace(answered(), text="Det är att prioritera mellan insatser. [1]")
    replies = await me.say("vad menas med portföljstyrning?")
    kinds = [type(reply) for reply in replies]
    assert kinds == [DoneReply, AnswerReply, TextReply, CardReply]
    assert "Tillbaka till fråga 1 av 4:" in texts(replies)
    assert talk.advice.asked[0][0] == "vad menas med portföljstyrning?"
    assert talk.advice.quoted == [True]  # a model's words could tell how others answered in ways that nobody notices
    assert replace(talk.session, seen=()) == replace(before, seen=())
    await me.press("2. Ostrukturerad")
    assert talk.session.answers["portfolj"].codes == ("1",)


async def test_how_others_answered_is_told_only_after_sending_in(talk: Talk) -> None:
    me = await talk.to_items()
    figure = Figure("3", "Hur?", Unit.RESPONDENT, (Bar("Saknas", 17.0), Bar("Vet ej", 1.0)))
    talk.advice.answer = answered("Hur många?", figure=figure)
    replies = await me.say("hur många saknar portföljstyrning?")
    assert not any(isinstance(reply, AnswerReply | FigureReply) for reply in replies)
    assert "när du har skickat in" in texts(replies)


async def test_r13_the_check_goes_on_when_the_knowledge_base_does_not(talk: Talk) -> None:
    me = await talk.to_items()
    talk.advice.error = KnowledgeError("down")
    replies = await me.say("vad menas med portföljstyrning?")
    assert "Mognadskollen fungerar ändå" in texts(replies)
    await me.say("4")
    assert talk.session.answers["portfolj"].codes == ("3",)


@pytest.mark.parametrize("by", ["button", "typing"])
async def test_to_an_open_item_a_question_that_was_one_is_answered_before_the_item_comes_again(
    talk: Talk, by: str
) -> None:
    me = await talk.to_items("verksamhet")
    await me.say("hoppa över")
    await me.say("hoppa över")
    await me.say("Hur får vi en enklare vardag?")
    talk.advice.answer = replace(answered(), text="Genom e-tjänster. [1]")
    replies = await (me.press("Det är en fråga") if by == "button" else me.say("nej"))
    assert talk.advice.asked[0][0] == "Hur får vi en enklare vardag?"
    assert any(isinstance(reply, AnswerReply) for reply in replies)
    assert (talk.session.at, talk.session.pending) == ("mal", None)
    assert "mal" not in talk.session.answers


async def test_pause_lets_other_things_be_asked_and_continue_goes_on_anywhere(talk: Talk) -> None:
    me = await talk.to_items()
    await me.say("4")
    assert "1 av 4 frågor är besvarade" in texts(await me.say("paus"))
    [answer] = await me.say("Hur ser portföljstyrningen ut?")
    assert isinstance(answer, AnswerReply)
    await me.say("4")
    assert "sakerhet" not in talk.session.answers
    elsewhere = Client(conversation(talk.store, talk.advice), chat="another-device")
    replies = await elsewhere.say("fortsätt")
    assert "fortsätter där du slutade" in texts(replies)
    assert elsewhere.text().startswith("Fråga 2 av 4")
    await elsewhere.say("2")
    assert talk.session.answers["sakerhet"].codes == ("1",)


async def test_a_press_on_an_open_card_ends_a_pause(talk: Talk) -> None:
    me = await talk.to_items()
    await me.press("Paus")
    assert talk.session.paused
    await me.press("3. Utvecklingsfas")
    assert not talk.session.paused


async def test_an_instrument_that_was_corrected_under_a_draft_keeps_what_means_the_same(talk: Talk) -> None:
    me = await talk.to_items()
    await me.say("4")
    await me.say("2")
    held = talk.store.held["2026-1"]
    items = list(held.instrument.items)
    items[0] = replace(items[0], question=replace(items[0].question, sv="Hur är portföljarbetet?"))
    corrected = replace(held.instrument, items=tuple(items), source="prov 2026.2")
    await talk.store.correct(replace(held, instrument=corrected))
    replies = await me.press("Spara svaret", choices="rad")
    assert "1 svar är kvar, och 1 behöver du ge på nytt" in texts(replies)
    assert me.text().startswith("Fråga 3 av 4")
    assert set(talk.session.answers) == {"sakerhet"}
    for typed in ("1", "Mål"):
        await me.say(typed)
    assert me.text().startswith("Fråga 1 av 4 · Styrning\nHur är portföljarbetet?")


async def test_d02_two_devices_at_once_lose_nothing_and_ask_again_about_the_same_item(talk: Talk) -> None:
    here = await talk.to_items()
    there = Client(conversation(talk.store, talk.advice), chat="phone")
    await there.say("fortsätt")
    await asyncio.gather(here.press("3. Utvecklingsfas"), there.press("5. Väl fungerande"))
    assert talk.session.answers["portfolj"].codes in {("2",), ("4",)}
    assert talk.session.pending is not None
    assert "Vill du ändra till" in here.text() + there.text()


async def test_d03_a_lost_database_is_told_and_nothing_is_falsely_acknowledged(talk: Talk) -> None:
    me = await talk.to_items()
    before = talk.session
    talk.store.broken = True
    replies = await me.press("3. Utvecklingsfas")
    assert "kunde inte sparas" in texts(replies)
    assert not any(isinstance(reply, DoneReply | CardReply) for reply in replies)
    [answer] = await me.say("Hur ser portföljstyrningen ut?")
    assert isinstance(answer, AnswerReply)
    assert "kunde inte sparas" in texts(await me.say("mognadskoll"))
    talk.store.broken = False
    assert talk.session == before
    await me.press("3. Utvecklingsfas")
    assert talk.session.answers["portfolj"].codes == ("2",)


@pytest.mark.parametrize("words", ["fortsätt", "mina svar", "skicka in", "ändra fråga 2", "paus", "sammanfattning"])
async def test_commands_without_a_check_say_how_to_start_one(talk: Talk, words: str) -> None:
    assert 'Skriv "mognadskoll"' in texts(await talk.me.say(words))
    assert talk.advice.asked == []


@pytest.mark.parametrize("words", ["ja", "nej", "tillbaka", "starta"])
async def test_words_that_mean_something_only_in_a_check_are_ordinary_words_without_one(talk: Talk, words: str) -> None:
    await talk.me.say(words)
    assert talk.store.drafts == {}
