"""The way to a person behind the bot: shown first, masked, sent once, and only where a reply can come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.access.audit import Action as Deed
from bot.access.audit import AuditEvent
from bot.conversation.ask import Limits
from bot.conversation.card import Button, Buttons, CardReply, DoneReply, Field, NoticeReply
from bot.conversation.human import HumanFlow
from bot.conversation.human_cards import ABOUT, CANCEL, CASE, LANGUAGE, QUESTION, SEND, SHOW
from bot.conversation.ports import Entry, Place
from bot.conversation.replies import AnswerReply, Reply, TextReply
from bot.conversation.service import FyrenConversation
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Feedback, Message, Scope, Sender, Turn
from bot.questions.cases import OPEN_LIMIT, QUESTION_LIMIT, Case, Kept, conversation_mark
from bot.questions.errors import QuestionsStoreFailed
from knowledge.model import Answer, Status
from tests.fakes.advice import FakeAdvice, answered
from tests.fakes.check_talk import Client, check_parts, conversation, open_round, rules, store_with
from tests.fakes.journal import MemoryJournal

TEXTS = Texts.load()
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HERE = Place("tenant-a", "conversation-1")
REFUSED = AnswerReply(
    "a", Answer("Vem vann?", Status.REFUSED, "sv", "Det vet jag inte."), suggestions=("Vad är SML-IT?",)
)
CHIP = "Fråga en människa"
ONE = "1" * 32


class MemoryIntake:
    """Implements `bot.questions.cases.Intake`."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.recorded: list[AuditEvent] = []
        self.broken = False

    async def take(self, case: Case, event: AuditEvent, asker: str = "") -> Kept:
        if self.broken:
            raise QuestionsStoreFailed("the fake intake was told to fail")
        known = self.cases.get(case.id)
        if known is not None:
            return Kept.KNOWN if known.origin == case.origin else Kept.REFUSED
        if sum(each.origin == case.origin for each in self.cases.values()) >= OPEN_LIMIT:
            return Kept.TOO_MANY
        self.cases[case.id] = case
        self.recorded.append(event)
        return Kept.NEW

    async def cancel(self, case_id: str, origin: str, event: AuditEvent) -> Kept:
        if self.broken:
            raise QuestionsStoreFailed("the fake intake was told to fail")
        known = self.cases.get(case_id)
        if known is not None:
            return Kept.KNOWN if known.origin == origin else Kept.REFUSED
        self.recorded.append(event)
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


async def test_a_thumb_down_is_followed_by_an_offer_to_send_the_question_that_it_is_on(desk: Desk) -> None:
    for minute, (name, question) in enumerate((("a", "Who decides?"), ("b", "Vem vann?"))):
        await desk.journal.record(Entry(name, NOON + minute * MINUTE, HERE, question, answered(question)))
        await desk.journal.delivered(name, HERE, f"sent-{name}")
    [card] = await desk.flow.offer(Feedback(liked=False, reply_to="sent-a"), turn(), "sv")
    assert isinstance(card, CardReply)
    [button] = buttons(card)
    assert button.title == TEXTS.say("human.chip", "en")
    [shown] = await desk.press(button.action.verb, dict(button.action.data))
    assert isinstance(shown, CardReply)
    assert field_of(shown).value == "Who decides?"
    assert field_of(shown).label == TEXTS.say("human.field", "en")
    assert await desk.flow.offer(Feedback(liked=False), turn(scope=Scope.CHANNEL), "sv") == []


async def test_an_offer_without_the_journal_leads_to_an_empty_card(desk: Desk) -> None:
    desk.journal.broken = True
    [card] = await desk.flow.offer(Feedback(liked=False, reply_to="sent-a"), turn(), "sv")
    assert isinstance(card, CardReply)
    [button] = buttons(card)
    assert (button.title, button.action) == (CHIP, Action(SHOW, {LANGUAGE: "sv"}))
    [shown] = await desk.press(button.action.verb, dict(button.action.data))
    assert isinstance(shown, CardReply)
    assert field_of(shown).value == ""


async def test_r08_what_a_button_says_that_was_asked_is_masked_and_cut(desk: Desk) -> None:
    [card] = await desk.press(SHOW, {ABOUT: "Får anna@example.se?\n" + "a" * 50_000})
    assert isinstance(card, CardReply)
    assert field_of(card).value.startswith("Får [e-postadress]? a")
    assert len(field_of(card).value) == QUESTION_LIMIT


@pytest.mark.parametrize(("named", "spoken"), [("en", "en"), ("sv", "sv"), ("xx", "sv"), ("", "sv")])
async def test_a_card_goes_on_in_its_own_language(desk: Desk, named: str, spoken: str) -> None:
    """Whatever language the client is in: the receipt, and the reply that comes back."""
    sent = await desk.press(SEND, {CASE: ONE, QUESTION: "Vem?", LANGUAGE: named})
    assert sent == [DoneReply(TEXTS.say("human.sent", spoken, question="Vem?"))]
    assert desk.intake.cases[ONE].language == spoken
    cancelled = await desk.press(CANCEL, {CASE: "2" * 32, LANGUAGE: named})
    assert cancelled == [DoneReply(TEXTS.say("human.cancelled", spoken))]


async def test_r08_the_card_shows_the_latest_question_without_personal_data(desk: Desk) -> None:
    await desk.journal.record(Entry("e", NOON, HERE, "Får anna@example.se besluta?", answered()))
    [card] = await desk.flow.show(turn(), "sv")
    assert isinstance(card, CardReply)
    assert field_of(card).value == "Får [e-postadress] besluta?"
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
    assert reply == DoneReply(TEXTS.say("human.sent_masked", "sv", question="Får [e-postadress] besluta?"))
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


async def test_sending_and_cancelling_are_recorded_without_naming_anybody(desk: Desk) -> None:
    """Who, what, when and in which tenant; and never the question itself."""
    await desk.send()
    await desk.press(CANCEL, {CASE: "2" * 32, QUESTION: "Vem?"})
    mark = conversation_mark("conversation-1")
    assert desk.intake.recorded == [
        AuditEvent(NOON, mark, "tenant-a", Deed.CASE_SENT, ONE),
        AuditEvent(NOON, mark, "tenant-a", Deed.CASE_CANCELLED, "2" * 32),
    ]
    for private in ("user-1", "conversation-1", "address-1", "Vem"):
        assert private not in repr(desk.intake.recorded)


async def test_what_was_sent_is_not_said_to_be_cancelled(desk: Desk) -> None:
    await desk.send()
    assert await desk.press(CANCEL, {CASE: ONE}) == [DoneReply(TEXTS.say("human.sent_already", "sv"))]
    [notice] = await desk.press(CANCEL, {CASE: ONE}, conversation="conversation-2")
    assert isinstance(notice, NoticeReply)
    assert len(desk.intake.recorded) == 1


async def test_a_cancelling_that_cannot_be_recorded_is_said(desk: Desk) -> None:
    desk.intake.broken = True
    assert await desk.press(CANCEL, {CASE: ONE}) == [NoticeReply(TEXTS.say("human.failed", "sv"))]


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


def field_of(card: CardReply) -> Field:
    [field] = [each for each in card.blocks if isinstance(each, Field)]
    return field


def buttons(card: CardReply) -> list[Button]:
    return [each for block in card.blocks if isinstance(block, Buttons) for each in block.buttons]
