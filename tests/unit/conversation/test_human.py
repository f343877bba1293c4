"""The way to a person behind the bot: shown first, masked, sent once, and only where a reply can come back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.conversation.ask import Limits
from bot.conversation.card import Button, Buttons, CardReply, DoneReply, Field, NoticeReply
from bot.conversation.human import HumanFlow
from bot.conversation.human_cards import CANCEL, CASE, QUESTION, SEND, SHOW
from bot.conversation.ports import Entry, Place
from bot.conversation.replies import AnswerReply, Reply, TextReply
from bot.conversation.service import FyrenConversation
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Message, Scope, Sender, Turn
from bot.questions.cases import OPEN_LIMIT, QUESTION_LIMIT, Case, Kept
from bot.questions.errors import QuestionsStoreFailed
from knowledge.model import Answer, Status
from tests.fakes.advice import FakeAdvice, answered
from tests.fakes.check_talk import Client, check_parts, conversation, open_round, rules, store_with
from tests.fakes.journal import MemoryJournal

TEXTS = Texts.load()
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
REFUSED = AnswerReply(
    "a", Answer("Vem vann?", Status.REFUSED, "sv", "Det vet jag inte."), suggestions=("Vad är SML-IT?",)
)
CHIP = "Fråga en människa"
ONE = "1" * 32


class MemoryIntake:
    """Implements `bot.questions.cases.Intake`."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.broken = False

    async def take(self, case: Case) -> Kept:
        if self.broken:
            raise QuestionsStoreFailed("the fake intake was told to fail")
        known = self.cases.get(case.id)
        if known is not None:
            return Kept.KNOWN if known.origin == case.origin else Kept.REFUSED
        if sum(each.origin == case.origin for each in self.cases.values()) >= OPEN_LIMIT:
            return Kept.TOO_MANY
        self.cases[case.id] = case
        return Kept.NEW


class Desk:
    """The flow with its fakes."""

    def __init__(self) -> None:
        self.journal, self.intake, self.told = MemoryJournal(), MemoryIntake(), 0
        self.flow = HumanFlow(TEXTS, self.journal, self.intake, days=90, told=self._tell, clock=lambda: NOON)

    def _tell(self) -> None:
        self.told += 1

    async def press(self, verb: str, data: dict[str, str], **changes: Any) -> list[Reply]:
        action = Action(verb, data)
        return await self.flow.press(action, turn(action, **changes), "sv")

    async def send(self, question: str = "Vem beslutar?", case: str = ONE, **changes: Any) -> list[Reply]:
        return await self.press(SEND, {CASE: case, QUESTION: question}, **changes)


def turn(event: Any = None, **changes: Any) -> Turn:
    fields: dict[str, Any] = {
        "event": event or Message(CHIP),
        "sender": Sender("tenant-a", "user-1"),
        "conversation": "conversation-1",
        "activity": "activity-1",
        "locale": "sv-SE",
        "scope": Scope.PERSONAL,
        "address": "address-1",
    }
    return Turn(**(fields | changes))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_refusal_in_a_personal_chat_suggests_a_person(desk: Desk) -> None:
    reply = desk.flow.beside(REFUSED, turn())
    assert isinstance(reply, AnswerReply)
    assert reply.suggestions[-1] == CHIP
    assert desk.flow.beside(REFUSED, turn(scope=Scope.CHANNEL)) is REFUSED
    assert desk.flow.beside(REFUSED, turn(address="")) is REFUSED
    given = AnswerReply("b", answered())
    assert desk.flow.beside(given, turn()) is given


def test_a_thumb_down_is_followed_by_an_offer_where_a_reply_could_come_back(desk: Desk) -> None:
    [card] = desk.flow.offer(turn(), "sv")
    assert isinstance(card, CardReply)
    assert [each.action.verb for each in buttons(card)] == [SHOW]
    assert desk.flow.offer(turn(scope=Scope.CHANNEL), "sv") == []


async def test_r08_the_card_shows_the_latest_question_without_personal_data(desk: Desk) -> None:
    place = Place("tenant-a", "conversation-1")
    await desk.journal.record(Entry("e", NOON, place, "Får anna@example.se besluta?", answered()))
    [card] = await desk.flow.show(turn(), "sv")
    assert isinstance(card, CardReply)
    [field] = [each for each in card.blocks if isinstance(each, Field)]
    assert field.value == "Får [e-postadress] besluta?"
    assert [each.action.verb for each in buttons(card)] == [SEND, CANCEL]
    assert not desk.intake.cases


async def test_without_the_journal_the_card_begins_empty(desk: Desk) -> None:
    desk.journal.broken = True
    [card] = await desk.flow.show(turn(), "sv")
    assert isinstance(card, CardReply)


@pytest.mark.parametrize(("changes", "said"), [({"scope": Scope.CHANNEL}, "personlig"), ({"address": ""}, "Teams")])
async def test_elsewhere_it_says_where_it_goes(desk: Desk, changes: dict[str, Any], said: str) -> None:
    [reply] = await desk.flow.show(turn(**changes), "sv")
    assert isinstance(reply, TextReply)
    assert said in reply.text
    [notice] = await desk.send(**changes)
    assert isinstance(notice, NoticeReply)
    assert not desk.intake.cases


async def test_r08_what_is_sent_is_masked_and_carries_no_name(desk: Desk) -> None:
    [reply] = await desk.send("Får anna@example.se besluta?")
    assert isinstance(reply, DoneReply)
    [case] = desk.intake.cases.values()
    assert (case.question, case.address, desk.told) == ("Får [e-postadress] besluta?", "address-1", 1)
    assert "user-1" not in repr(case)
    assert "conversation-1" not in repr(case)


async def test_a_second_press_sends_nothing_more(desk: Desk) -> None:
    first, second = await desk.send(), await desk.send()
    assert first == second
    assert (len(desk.intake.cases), desk.told) == (1, 1)


@pytest.mark.parametrize("case", ["", "1", "../" + "1" * 29, "G" * 32, "1" * 33])
async def test_a20_an_id_that_no_card_has_is_refused(desk: Desk, case: str) -> None:
    [reply] = await desk.send(case=case)
    assert isinstance(reply, NoticeReply)
    assert not desk.intake.cases


async def test_a20_the_id_of_somebody_elses_case_is_refused(desk: Desk) -> None:
    await desk.send()
    [reply] = await desk.send("Något annat", conversation="conversation-2")
    assert isinstance(reply, NoticeReply)
    assert (desk.intake.cases[ONE].question, desk.told) == ("Vem beslutar?", 1)


@pytest.mark.parametrize("question", ["", "  \n ", "a" * (QUESTION_LIMIT + 1), "a" * 50_000])
async def test_an_empty_or_too_long_question_stays_in_its_card(desk: Desk, question: str) -> None:
    [reply] = await desk.send(question)
    assert isinstance(reply, NoticeReply)
    assert not desk.intake.cases


async def test_more_open_questions_than_five_have_to_wait(desk: Desk) -> None:
    for number in range(OPEN_LIMIT):
        await desk.send(case=f"{number:032x}")
    [reply] = await desk.send(case="f" * 32)
    assert reply == NoticeReply(TEXTS.say("human.too_many", "sv"))
    assert desk.told == OPEN_LIMIT


async def test_a_store_that_fails_is_said(desk: Desk) -> None:
    desk.intake.broken = True
    assert await desk.send() == [NoticeReply(TEXTS.say("human.failed", "sv"))]


async def test_cancelling_sends_nothing(desk: Desk) -> None:
    [reply] = await desk.press(CANCEL, {CASE: ONE, QUESTION: "Vem?"})
    assert reply == DoneReply(TEXTS.say("human.cancelled", "sv"))
    assert not desk.intake.cases


@pytest.fixture
def anna(desk: Desk) -> Client:
    fyren = FyrenConversation(
        texts=TEXTS,
        router=rules()[0],
        advice=FakeAdvice(),
        journal=desk.journal,
        check=check_parts(store_with(open_round())),
        limits=Limits(),
        history_days=90,
        clock=lambda: NOON,
        human=desk.flow,
    )
    return Client(fyren, address="address-1")


@pytest.fixture
def alone() -> Client:
    return Client(conversation(store_with(), FakeAdvice()), address="address-1")


async def test_a_person_is_asked_in_the_middle_of_a_check_and_the_check_goes_on(desk: Desk, anna: Client) -> None:
    await anna.say("mognadskollen")
    begun, titles = anna.newest, anna.titles()
    await anna.say("fråga en människa")
    assert anna.titles() == ["Skicka", "Avbryt"]
    await anna.press("Skicka", human_question="Vem beslutar?")
    assert [each.question for each in desk.intake.cases.values()] == ["Vem beslutar?"]
    assert (anna.newest, anna.titles()) == (begun, titles)
    await anna.press(titles[0])
    assert begun not in anna.cards or anna.titles() != titles


async def test_a_conversation_without_a_person_says_so(alone: Client) -> None:
    [reply] = await alone.say("fråga en människa")
    assert reply == TextReply(TEXTS.say("human.not_set_up", "sv"))


def buttons(card: CardReply) -> list[Button]:
    return [each for block in card.blocks if isinstance(block, Buttons) for each in block.buttons]
