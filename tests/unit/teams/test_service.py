"""One turn: typing, conversing, sending, and what a person sees when that breaks."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from typing import Any

import pytest

from bot.conversation.card import CardReply, DoneReply, Line, NoticeReply
from bot.conversation.replies import AnswerReply, MenuReply, TextReply
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Event, Feedback, Joined, Message, Sender, Turn
from bot.teams.errors import SendFailed, TeamsError, Unreachable
from bot.teams.service import TurnService
from tests.fakes.advice import answered
from tests.fakes.teams import RecordingConversation

TEXTS = Texts.load()


class RecordingOutlet:
    """Numbers what it sends; `errors` are raised instead, in turn. `gone` is raised by every update."""

    def __init__(self, *errors: TeamsError | None, gone: TeamsError | None = None) -> None:
        self.sent: list[Mapping[str, Any]] = []
        self.updated: list[tuple[str, Mapping[str, Any]]] = []
        self.errors = list(errors)
        self.gone = gone
        self.typing_hangs = False
        self.sending = asyncio.Event()

    async def send(self, payload: Mapping[str, Any]) -> str:
        if payload["type"] == "typing" and self.typing_hangs:
            await asyncio.Event().wait()
        error = self.errors.pop(0) if self.errors and payload["type"] != "typing" else None
        if error:
            raise error
        self.sent.append(payload)
        self.sending.set()
        return f"sent-{len(self.sent)}"

    async def update(self, activity_id: str, payload: Mapping[str, Any]) -> None:
        if self.gone:
            raise self.gone
        self.updated.append((activity_id, payload))

    @property
    def kinds(self) -> list[str]:
        return [payload["type"] for payload in self.sent]

    @property
    def texts(self) -> list[str]:
        return [payload["text"] for payload in self.sent if "text" in payload]


def turn(event: Event, locale: str = "sv-SE", pressed: str = "") -> Turn:
    return Turn(event, Sender("t", "u"), "a:1", "1", locale=locale, pressed=pressed)


def service(
    conversation: RecordingConversation,
    turn_timeout: float = 10.0,
    invoke_patience: float = 10.0,
    typing_after: float = 0.0,
) -> TurnService:
    return TurnService(
        conversation, TEXTS, turn_timeout=turn_timeout, invoke_patience=invoke_patience, typing_after=typing_after
    )


def line(payload: Mapping[str, Any]) -> Any:
    """The text of a card that is a line."""
    card = payload["attachments"][0]["content"] if "attachments" in payload else payload
    return card["body"][0]["inlines"][0]["text"]


CARD = CardReply("Fråga 4", (Line("Hur väl etablerad?"),), "check.item.4")


async def test_a_message_shows_typing_before_its_replies() -> None:
    outlet = RecordingOutlet()
    await service(RecordingConversation(TextReply("Ett"), TextReply("Två"))).take(turn(Message("hej")), outlet)
    assert outlet.kinds == ["typing", "message", "message"]
    assert outlet.texts == ["Ett", "Två"]


async def test_an_answer_that_is_there_at_once_is_not_announced() -> None:
    outlet = RecordingOutlet()
    await service(RecordingConversation(), typing_after=60.0).take(turn(Message("fråga")), outlet)
    assert outlet.kinds == ["message"]


async def test_an_answer_that_takes_its_time_is_announced() -> None:
    conversation, outlet = RecordingConversation(), RecordingOutlet()
    conversation.gate = asyncio.Event()
    taking = asyncio.create_task(service(conversation, typing_after=0.01).take(turn(Message("fråga")), outlet))
    async with asyncio.timeout(10):
        await outlet.sending.wait()
    conversation.gate.set()
    await taking
    assert outlet.kinds == ["typing", "message"]


async def test_a_welcome_shows_no_typing() -> None:
    outlet = RecordingOutlet()
    await service(RecordingConversation()).take(turn(Joined()), outlet)
    assert outlet.kinds == ["message"]


async def test_a_hung_typing_indicator_keeps_no_answer_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.teams.service.TYPING_TIMEOUT", 0.01)
    outlet = RecordingOutlet()
    outlet.typing_hangs = True
    await service(RecordingConversation()).take(turn(Message("hej")), outlet)
    assert outlet.texts == ["Hej"]


async def test_an_answer_is_tied_to_the_message_that_carries_it() -> None:
    conversation = RecordingConversation(TextReply("Så här:"), AnswerReply("svar-7", answered()))
    await service(conversation).take(turn(Message("fråga")), RecordingOutlet())
    assert conversation.deliveries == [("svar-7", "a:1", "sent-3")]


async def test_an_answer_that_cannot_be_tied_is_no_reason_to_apologise(caplog: pytest.LogCaptureFixture) -> None:
    class Forgetful(RecordingConversation):
        async def delivered(self, answer_id: str, turn: Turn, activity_id: str) -> None:
            raise RuntimeError("the journal is full")

    outlet = RecordingOutlet()
    await service(Forgetful(AnswerReply("svar-7", answered()))).take(turn(Message("fråga")), outlet)
    assert outlet.kinds == ["typing", "message"]
    assert "svar-7" in caplog.text


def reference_in(text: str) -> str:
    found = re.search(r"\b[0-9A-F]{4}\b", text)
    assert found, text
    return found[0]


@pytest.mark.parametrize(
    ("locale", "words"), [("sv-SE", "gick något fel"), ("en-GB", "went wrong"), ("fr", "gick fel")]
)
async def test_what_breaks_becomes_an_apology_with_the_reference_in_the_log(
    locale: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    conversation = RecordingConversation()
    conversation.error = RuntimeError("hemlig detalj")
    outlet = RecordingOutlet()
    await service(conversation).take(turn(Message("fråga"), locale), outlet)
    [text] = outlet.texts
    assert words.split()[-1] in text
    assert "hemlig" not in text
    assert f"reference {reference_in(text)}" in caplog.text
    conversation.error = None
    await service(conversation).take(turn(Message("igen"), locale), outlet)
    assert outlet.texts[-1] == "Hej"


async def test_a_conversation_that_never_ends_becomes_an_apology() -> None:
    conversation = RecordingConversation()
    conversation.gate = asyncio.Event()
    outlet = RecordingOutlet()
    await service(conversation, turn_timeout=0.01).take(turn(Message("fråga")), outlet)
    assert reference_in(outlet.texts[0])


async def test_a_reply_that_cannot_be_sent_becomes_an_apology() -> None:
    outlet = RecordingOutlet(SendFailed("no", 500))
    await service(RecordingConversation(TextReply("Ett"))).take(turn(Message("fråga")), outlet)
    assert [reference_in(text) for text in outlet.texts]


async def test_nothing_more_is_sent_where_nobody_can_be_reached(caplog: pytest.LogCaptureFixture) -> None:
    outlet = RecordingOutlet(Unreachable("blocked", 403))
    with caplog.at_level(logging.INFO):
        await service(RecordingConversation()).take(turn(Message("fråga")), outlet)
    assert outlet.kinds == ["typing"]
    assert "cannot be reached" in caplog.text


async def test_an_apology_that_cannot_be_sent_ends_there(caplog: pytest.LogCaptureFixture) -> None:
    outlet = RecordingOutlet(SendFailed("no", 500), SendFailed("no", 500))
    await service(RecordingConversation()).take(turn(Message("fråga")), outlet)
    assert outlet.kinds == ["typing"]
    assert "could not be sent either" in caplog.text


async def test_a_pressed_card_becomes_its_line_and_the_rest_is_sent() -> None:
    outlet = RecordingOutlet()
    conversation = RecordingConversation(DoneReply("Du valde ett"), TextReply("Svar"))
    body = await service(conversation).press(turn(Action("pick")), outlet)
    assert body["statusCode"] == 200
    assert body["type"] == "application/vnd.microsoft.card.adaptive"
    assert body["value"]["body"][0]["inlines"][0]["text"] == "Du valde ett"
    assert outlet.texts == ["Svar"]
    assert outlet.kinds == ["message"]


async def test_a_press_without_a_line_is_acknowledged() -> None:
    body = await service(RecordingConversation(MenuReply("a", "b", ()))).press(turn(Action("pick")), RecordingOutlet())
    assert body == {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Mottaget."}


async def test_a_press_that_breaks_is_answered_with_the_apology() -> None:
    conversation = RecordingConversation()
    conversation.error = RuntimeError("hemlig detalj")
    outlet = RecordingOutlet()
    body = await service(conversation).press(turn(Action("pick")), outlet)
    assert body["type"] == "application/vnd.microsoft.activity.message"
    assert reference_in(body["value"])
    assert outlet.sent == []


async def test_a_press_in_a_client_without_execute_updates_the_card() -> None:
    outlet = RecordingOutlet()
    conversation = RecordingConversation(DoneReply("Du valde ett"), TextReply("Svar"))
    await service(conversation).take(turn(Action("pick"), pressed="card-1"), outlet)
    assert [identifier for identifier, _ in outlet.updated] == ["card-1"]
    assert outlet.texts == ["Svar"]


async def test_a_card_with_a_key_is_tied_to_the_message_that_carries_it() -> None:
    conversation = RecordingConversation(CardReply("x", (Line("x"),)), CARD)
    await service(conversation).take(turn(Message("4")), RecordingOutlet())
    await service(conversation).press(turn(Action("pick")), RecordingOutlet())
    assert conversation.cards == [("check.item.4", "a:1", "sent-3"), ("check.item.4", "a:1", "sent-2")]
    assert conversation.deliveries == []


async def test_a_card_that_cannot_be_tied_is_no_reason_to_apologise(caplog: pytest.LogCaptureFixture) -> None:
    class Forgetful(RecordingConversation):
        async def shown(self, key: str, turn: Turn, activity_id: str) -> None:
            raise RuntimeError("no room")

    outlet = RecordingOutlet()
    await service(Forgetful(CARD, TextReply("Två"))).take(turn(Message("4")), outlet)
    assert outlet.kinds == ["typing", "message", "message"]
    assert "check.item.4" in caplog.text


async def test_a_card_whose_message_has_no_id_is_tied_to_nothing() -> None:
    class Nameless(RecordingOutlet):
        async def send(self, payload: Mapping[str, Any]) -> str:
            await super().send(payload)
            return ""

    conversation = RecordingConversation(CARD)
    await service(conversation).take(turn(Message("4")), Nameless())
    assert conversation.cards == []


async def test_a_typed_answer_turns_the_earlier_card_into_its_line() -> None:
    outlet = RecordingOutlet()
    conversation = RecordingConversation(DoneReply("✓ Fråga 3", message="card-3"), CARD)
    await service(conversation).take(turn(Message("4")), outlet)
    assert [(identifier, line(payload)) for identifier, payload in outlet.updated] == [("card-3", "✓ Fråga 3")]
    assert outlet.kinds == ["typing", "message"]


@pytest.mark.parametrize("error", [Unreachable("gone", 404), SendFailed("not editable", 400), SendFailed("late")])
async def test_a_card_that_cannot_become_its_line_keeps_nothing_back(
    error: TeamsError, caplog: pytest.LogCaptureFixture
) -> None:
    outlet = RecordingOutlet(gone=error)
    conversation = RecordingConversation(DoneReply("✓ Fråga 3", message="card-3"), CARD, TextReply("Två"))
    await service(conversation).take(turn(Message("4")), outlet)
    assert outlet.kinds == ["typing", "message", "message"]
    assert outlet.texts == ["Två"]
    assert "could not become its line" in caplog.text


async def test_a_line_for_nothing_that_was_pressed_is_a_card_of_its_own() -> None:
    outlet = RecordingOutlet()
    await service(RecordingConversation(DoneReply("Klart"))).take(turn(Message("4")), outlet)
    assert outlet.updated == []
    assert line(outlet.sent[-1]) == "Klart"


async def test_a_press_is_answered_with_the_line_of_its_own_card_and_updates_the_others() -> None:
    outlet = RecordingOutlet()
    conversation = RecordingConversation(
        DoneReply("Den andra", message="card-2"), DoneReply("Den här", message="card-1"), CARD
    )
    body = await service(conversation).press(turn(Action("pick"), pressed="card-1"), outlet)
    assert body["type"] == "application/vnd.microsoft.card.adaptive"
    assert line(body["value"]) == "Den här"
    assert [(identifier, line(payload)) for identifier, payload in outlet.updated] == [("card-2", "Den andra")]
    assert outlet.kinds == ["message"]


async def test_a_press_whose_message_is_unknown_updates_the_named_card() -> None:
    outlet = RecordingOutlet()
    body = await service(RecordingConversation(DoneReply("Vald", message="card-1"))).press(turn(Action("pick")), outlet)
    assert body["value"] == "Mottaget."
    assert [identifier for identifier, _ in outlet.updated] == ["card-1"]


async def test_a_notice_answers_the_press_and_stands_in_the_chat_and_the_card_stays() -> None:
    outlet = RecordingOutlet()
    conversation = RecordingConversation(NoticeReply("Kommentaren är för lång: *högst* 1000 tecken."))
    body = await service(conversation).press(turn(Action("pick"), pressed="card-1"), outlet)
    assert body == {
        "statusCode": 200,
        "type": "application/vnd.microsoft.activity.message",
        "value": "Kommentaren är för lång: *högst* 1000 tecken.",
    }
    assert outlet.texts == ["Kommentaren är för lång: \\*högst\\* 1000 tecken."]
    assert outlet.updated == []


async def test_a_notice_beside_a_line_leaves_the_answer_to_the_line() -> None:
    outlet = RecordingOutlet()
    conversation = RecordingConversation(NoticeReply("Omgången är stängd."), DoneReply("Stängd"))
    body = await service(conversation).press(turn(Action("pick")), outlet)
    assert line(body["value"]) == "Stängd"
    assert outlet.texts == ["Omgången är stängd."]


async def test_a_press_that_is_answered_too_late_updates_its_card() -> None:
    outlet = RecordingOutlet()
    late = service(RecordingConversation(DoneReply("Vald"), CARD), invoke_patience=0.0)
    await late.press(turn(Action("pick"), pressed="card-1"), outlet)
    assert [(identifier, line(payload)) for identifier, payload in outlet.updated] == [("card-1", "Vald")]
    assert outlet.kinds == ["message"]


async def test_a_press_that_breaks_too_late_sends_its_apology() -> None:
    conversation = RecordingConversation()
    conversation.error = RuntimeError("hemlig detalj")
    outlet = RecordingOutlet()
    await service(conversation, invoke_patience=0.0).press(turn(Action("pick"), pressed="card-1"), outlet)
    assert [reference_in(text) for text in outlet.texts]


async def test_a_thumb_is_answered_with_nothing() -> None:
    conversation = RecordingConversation(answer=lambda turn: ())
    outlet = RecordingOutlet()
    assert await service(conversation).press(turn(Feedback(True)), outlet) == {}
    assert outlet.sent == []
    conversation.error = RuntimeError("hemlig detalj")
    assert await service(conversation).press(turn(Feedback(True)), outlet) == {}
    assert [reference_in(text) for text in outlet.texts]
