"""What the Teams side asks of a conversation, and Teams of its messages, over both conversations that there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.conversation.ask import Limits
from bot.conversation.card import Button, DoneReply
from bot.conversation.replies import AnswerReply, FigureReply, MenuReply, TextReply
from bot.conversation.router import Router
from bot.conversation.service import FyrenConversation
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Event, Feedback, Joined, Message, Scope, Sender, Turn
from bot.teams.sending.replies import Renderer
from bot.teams.service import Conversation
from knowledge.model import Bar, Figure, Unit
from tests.fakes.advice import FakeAdvice, answered
from tests.fakes.check_talk import check_parts, store_with
from tests.fakes.journal import MemoryJournal
from tests.fakes.teams import RecordingConversation

TEXTS = Texts.load()
FIGURE = Figure("3", "Hur etablerad?", Unit.RESPONDENT, (Bar("Finns inte", 17.0), Bar("Vet ej", None)))


def fyren() -> Conversation:
    return FyrenConversation(
        texts=TEXTS,
        router=Router.load(),
        advice=FakeAdvice(answered(figure=FIGURE, notes=("Obs: ett tryckfel.",))),
        check=check_parts(store_with()),
        journal=MemoryJournal(),
        limits=Limits(),
        history_days=30,
    )


def recording() -> Conversation:
    return RecordingConversation(
        AnswerReply("a1", answered(), suggestions=("En?", "Två?")),
        FigureReply(FIGURE, "Figur 3"),
        MenuReply("Ämnen", "Välj", (Button("NIS 2", Action("ask", {"question": "Vad är NIS 2?"})),)),
        DoneReply("Klart"),
        TextReply("Hej", ("En?",)),
    )


EVENTS: list[Event] = [
    Message("Hur ser portföljstyrningen ut?"),
    Message(""),
    Message("?!"),
    Message("hjälp"),
    Message("integritet"),
    Message("x" * 50_000),
    Action("ask", {"question": "Vad är NIS 2?"}),
    Action("unknown", {}),
    Feedback(True),
    Feedback(False, "Fel år", "sent-1"),
    Joined(),
]


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: str(event)[:40])
@pytest.mark.parametrize("make", [fyren, recording])
async def test_every_turn_is_answered_with_messages_that_teams_takes(
    make: Callable[[], Conversation], event: Event, scope: Scope
) -> None:
    conversation = make()
    turn = Turn(event, Sender("t", "u"), "a:1", "1", scope, "sv-SE")
    replies = await conversation.respond(turn)
    for rendered in Renderer(TEXTS).render(replies, scope, "sv"):
        assert list(violations(rendered.payload, scope)) == []
        if rendered.answer is not None:
            await conversation.delivered(rendered.answer, turn, "sent-1")


def violations(payload: dict[str, Any], scope: Scope) -> Iterator[str]:
    """What the service, or the local test client, would refuse or silently drop."""
    if len(json.dumps(payload, ensure_ascii=False).encode("utf-16-le")) >= 80 * 1024:
        yield "larger than 80 kB"
    if payload["type"] != "message" or not (payload.get("text") or payload.get("attachments")):
        yield "no message"
    if payload.get("text") and payload.get("attachments"):
        yield "text and attachments in one message lose their id"
    if "suggestedActions" in payload:
        actions = payload["suggestedActions"]["actions"]
        if scope is not Scope.PERSONAL or payload.get("attachments") or not 1 <= len(actions) <= 3:
            yield "suggestions where they are not shown"
    roots = [each for each in payload.get("entities", ()) if each["type"] == "https://schema.org/Message"]
    if len(roots) > 1:
        yield "two root entities"
    for claim in (claim for root in roots for claim in root.get("citation", ())):
        appearance = claim["appearance"]
        if f"[{claim['position']}]" not in payload["text"]:
            yield "a citation without a marker"
        if not (0 < len(appearance["name"]) <= 80 and 0 < len(appearance["abstract"]) <= 160):
            yield "a citation outside its limits"
    for attachment in payload.get("attachments", ()):
        card = attachment["content"]
        if card["type"] != "AdaptiveCard" or card["version"] != "1.5" or not card["fallbackText"] or not card["body"]:
            yield "no card"
        if len(card.get("actions", ())) > 6:
            yield "buttons out of sight"
