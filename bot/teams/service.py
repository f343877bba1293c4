"""One turn: show that Fyren is at it, converse, render, send; and when that breaks, say so with a reference."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.conversation.texts import LANGUAGES, Texts
from bot.conversation.turn import Action, DoneReply, Feedback, Message, Reply, TextReply, Turn
from bot.teams.cards import CARD, Pictures, done_card
from bot.teams.errors import TeamsError, Unreachable
from bot.teams.replies import TYPING, Json, Rendered, Renderer, spoken_in

MESSAGE = "application/vnd.microsoft.activity.message"
TYPING_TIMEOUT = 2.0

_log = logging.getLogger(__name__)


class Conversation(Protocol):
    """What Fyren says; `bot.conversation.service.FyrenConversation` is one."""

    async def respond(self, turn: Turn) -> Sequence[Reply]:
        """The replies to a turn, in the order to send them."""

    async def delivered(self, answer_id: str, turn: Turn, activity_id: str) -> None:
        """An answer was sent under this message id, which a later thumb will name."""


class Outlet(Protocol):
    """The way back to where a turn came from."""

    async def send(self, payload: Mapping[str, Any]) -> str:
        """Send an activity; its id, empty where the channel gives none. Raises TeamsError."""

    async def update(self, activity_id: str, payload: Mapping[str, Any]) -> None:
        """Replace an activity that was sent before. Raises TeamsError."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What to say, and the apology's text where it is one."""

    replies: Sequence[Reply]
    apology: str = ""


class TurnService:
    """Takes turns. Stateless between them; a conversation's turns are ordered by the conversation itself.

    `turn_timeout` is in seconds: after that the person gets an apology instead of silence.
    """

    def __init__(
        self,
        conversation: Conversation,
        texts: Texts,
        *,
        turn_timeout: float,
        default_language: str = "sv",
        pictures: Pictures | None = None,
    ) -> None:
        self._conversation = conversation
        self._texts = texts
        self._renderer = Renderer(texts, pictures)
        self._turn_timeout = turn_timeout
        self._default_language = default_language

    async def take(self, turn: Turn, outlet: Outlet, *, pressed: str | None = None, said: str | None = None) -> None:
        """A turn without an invoke's answer.

        `pressed` is the message whose button sent it, where that is known. `said` is what a person said by a button
        that leaves no trace in the chat: it is repeated, so that the answer stands under its question.
        """
        if isinstance(turn.event, Message):
            # Beside the conversation, not before it: a slow connector must not slow the answer down.
            typing = asyncio.create_task(self._show_typing(outlet))
            try:
                outcome = await self._converse(turn)
            finally:
                await typing
        else:
            outcome = await self._converse(turn)
        replies = list(outcome.replies)
        if said:
            language = spoken_in(replies, self._language(turn))
            replies.insert(0, TextReply(self._texts.say("teams.asked", language, question=said)))
        await self._send(replies, turn, outlet, pressed)

    async def press(self, turn: Turn, outlet: Outlet) -> Json:
        """A card action or a thumb; the body of the invoke's HTTP answer. What is said beyond it is sent."""
        outcome = await self._converse(turn)
        if outcome.apology and isinstance(turn.event, Action):
            return message_answer(outcome.apology)
        done = next((reply for reply in outcome.replies if isinstance(reply, DoneReply)), None)
        await self._send([reply for reply in outcome.replies if reply is not done], turn, outlet, None)
        if isinstance(turn.event, Feedback):
            return {}
        if done is not None:
            return card_answer(done_card(done.text))
        return message_answer(self._texts.say("teams.received", self._language(turn)))

    def working(self, turn: Turn) -> Json:
        """The body for an invoke whose outcome comes later, as a message."""
        if isinstance(turn.event, Feedback):
            return {}
        return message_answer(self._texts.say("teams.working", self._language(turn)))

    async def _converse(self, turn: Turn) -> _Outcome:
        try:
            async with asyncio.timeout(self._turn_timeout):
                return _Outcome(await self._conversation.respond(turn))
        except Exception:  # noqa: BLE001 - a turn's outer edge: a person gets an apology, never silence
            apology = self._apology(turn)
            return _Outcome([apology], apology.text)

    async def _send(self, replies: Sequence[Reply], turn: Turn, outlet: Outlet, pressed: str | None) -> None:
        try:
            for reply, rendered in self._rendered(replies, turn):
                if isinstance(reply, DoneReply) and pressed is not None:
                    await outlet.update(pressed, rendered.payload)
                else:
                    await self._deliver(rendered, turn, outlet)
        except Unreachable as error:
            _log.info("conversation %s cannot be reached (HTTP %s)", turn.conversation, error.status)
        except Exception:  # noqa: BLE001 - a turn's outer edge: a person gets an apology, never silence
            await self._send_apology(turn, outlet)

    def _rendered(self, replies: Sequence[Reply], turn: Turn) -> list[tuple[Reply, Rendered]]:
        return list(zip(replies, self._renderer.render(replies, turn.scope, self._language(turn)), strict=True))

    async def _deliver(self, rendered: Rendered, turn: Turn, outlet: Outlet) -> None:
        activity = await outlet.send(rendered.payload)
        if rendered.answer is None or not activity:
            return
        try:
            await self._conversation.delivered(rendered.answer, turn, activity)
        except Exception:  # noqa: BLE001 - the answer has arrived: an apology now would be wrong
            _log.exception("answer %s was sent, but its message id could not be noted", rendered.answer)

    async def _send_apology(self, turn: Turn, outlet: Outlet) -> None:
        apology = self._apology(turn)
        for rendered in self._renderer.render([apology], turn.scope, self._language(turn)):
            try:
                await outlet.send(rendered.payload)
            except TeamsError as error:
                _log.warning("the apology could not be sent either (%s)", error)

    def _apology(self, turn: Turn) -> TextReply:
        """Logs the exception at hand under a reference that the person can quote."""
        reference = secrets.token_hex(2).upper()
        _log.exception("reference %s: a turn in conversation %s failed", reference, turn.conversation)
        key = "error.apology" if isinstance(turn.event, Message | Action) else "teams.apology"
        return TextReply(self._texts.say(key, self._language(turn), reference=reference))

    @staticmethod
    async def _show_typing(outlet: Outlet) -> None:
        # The indicator is a courtesy: the answer neither fails with it nor waits long for it.
        with contextlib.suppress(TeamsError, TimeoutError):
            async with asyncio.timeout(TYPING_TIMEOUT):
                await outlet.send(TYPING)

    def _language(self, turn: Turn) -> str:
        primary = turn.locale.replace("_", "-").split("-")[0].lower()
        return primary if primary in LANGUAGES else self._default_language


def card_answer(card: Json) -> Json:
    """An invoke's answer that replaces the pressed card."""
    return {"statusCode": 200, "type": CARD, "value": card}


def message_answer(text: str) -> Json:
    """An invoke's answer that shows a line to the person who pressed."""
    return {"statusCode": 200, "type": MESSAGE, "value": text}
