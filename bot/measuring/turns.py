"""Turns: what a person did, how it ended, and how long that took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Final

from bot.conversation.card import FileReply
from bot.conversation.replies import Reply
from bot.conversation.turn import Action, Event, Feedback, FileConsent, FilesSent, Joined, Message, Turn
from bot.teams.service import Conversation
from bot.telemetry.metrics import TURNS, TURNS_RUNNING
from bot.telemetry.ports import Telemetry
from bot.telemetry.turn_notes import Pseudonyms, TurnNotes, current_turn, noted
from knowledge.composing.ports import Tell

KINDS: Final[Mapping[type[Event], str]] = {
    Message: "message",
    Action: "action",
    Feedback: "feedback",
    Joined: "joined",
    FileConsent: "file_consent",
    FilesSent: "files_sent",
}


class MeasuredConversation:
    """Implements `bot.teams.service.Conversation`, and tells the log which conversation it writes about."""

    def __init__(self, conversation: Conversation, telemetry: Telemetry, pseudonyms: Pseudonyms) -> None:
        self._conversation = conversation
        self._telemetry = telemetry
        self._pseudonyms = pseudonyms
        self._running = 0
        telemetry.watch(TURNS_RUNNING, lambda: self._running)

    async def respond(self, turn: Turn, tell: Tell | None = None) -> Sequence[Reply]:
        """See Conversation. What is cancelled, by the person or for the time it took, counts as stopped."""
        notes = current_turn() or TurnNotes()
        notes.conversation = self._pseudonyms.of(turn.sender.tenant, turn.conversation)
        notes.words = _words(turn.event)
        kind, outcome, started = KINDS[type(turn.event)], "stopped", perf_counter()
        self._running += 1
        with noted(notes), self._telemetry.span("turn") as span:
            span.note("kind", kind)
            try:
                replies = await self._conversation.respond(turn, tell)
                outcome = "failed" if notes.failed else "done"
            except Exception:
                outcome = "failed"
                raise
            finally:
                self._running -= 1
                span.note("outcome", outcome)
                if outcome == "failed":
                    span.fail("failed")
                self._telemetry.observe(TURNS, perf_counter() - started, kind, outcome)
        return replies

    async def delivered(self, answer_id: str, turn: Turn, activity_id: str) -> None:
        """See Conversation."""
        await self._conversation.delivered(answer_id, turn, activity_id)

    async def shown(self, key: str, turn: Turn, activity_id: str) -> None:
        """See Conversation."""
        await self._conversation.shown(key, turn, activity_id)

    async def file(self, key: str, turn: Turn) -> FileReply | None:
        """See Conversation."""
        return await self._conversation.file(key, turn)


def _words(event: Event) -> str:
    """What a person wrote: never for the log."""
    match event:
        case Message(text) | FilesSent(text=text):
            return text
        case Action(data=data):
            return "\n".join(data.values())
        case Feedback(comment=comment):
            return comment
    return ""
