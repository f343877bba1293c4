"""One turn: show that Fyren is at it, converse, render, send; and when that breaks, say so with a reference."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.conversation.card import DoneReply, FileReply, NoticeReply
from bot.conversation.replies import Reply, TextReply
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Feedback, FileConsent, Message, Turn
from bot.teams.cards import CARD, done_card
from bot.teams.errors import TeamsError, Unreachable
from bot.teams.figure_card import Pictures
from bot.teams.replies import TYPING, Json, Rendered, Renderer, spoken_in
from bot.teams.speech import Speech

MESSAGE = "application/vnd.microsoft.activity.message"
TYPING_TIMEOUT = 2.0

_log = logging.getLogger(__name__)


class Conversation(Protocol):
    """What Fyren says; `bot.conversation.service.FyrenConversation` is one."""

    async def respond(self, turn: Turn) -> Sequence[Reply]:
        """The replies to a turn, in the order to send them."""

    async def delivered(self, answer_id: str, turn: Turn, activity_id: str) -> None:
        """An answer was sent under this message id, which a later thumb will name."""

    async def shown(self, key: str, turn: Turn, activity_id: str) -> None:
        """A card was sent under this message id, by which a DoneReply can replace it later."""

    async def file(self, key: str, turn: Turn) -> FileReply | None:
        """The file that was offered under a key, as it is now; None where there is none for this person."""


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

    `turn_timeout` is in seconds: after that the person gets an apology instead of silence. So is `invoke_patience`:
    after that nobody reads a press's answer any more.
    """

    def __init__(
        self,
        conversation: Conversation,
        texts: Texts,
        *,
        turn_timeout: float,
        invoke_patience: float = math.inf,
        default_language: str = "sv",
        pictures: Pictures | None = None,
    ) -> None:
        self._conversation = conversation
        self._texts = texts
        self._speech = Speech(texts, default_language)
        self._renderer = Renderer(texts, pictures)
        self._turn_timeout = turn_timeout
        # A little less: what is both answered and sent does no harm, what is neither does.
        self._late = invoke_patience * 0.9

    async def take(self, turn: Turn, outlet: Outlet, *, said: str | None = None) -> None:
        """A turn without an invoke's answer.

        `said` is what a person said by a button that leaves no trace in the chat: it is repeated, so that the answer
        stands under its question.
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
            language = spoken_in(replies, self._speech.language(turn))
            replies.insert(0, TextReply(self._texts.say("teams.asked", language, question=said)))
        await self._send(replies, turn, outlet, replaced=turn.pressed)

    async def press(self, turn: Turn, outlet: Outlet) -> Json:
        """A card action or a thumb; the body of the invoke's HTTP answer. What is said beyond it is sent.

        A press is answered with what its card becomes, else with what the person must see at once.
        """
        clock = asyncio.get_running_loop().time
        given_up = clock() + self._late
        outcome = await self._converse(turn)
        if outcome.apology and isinstance(turn.event, Action):
            if clock() >= given_up:
                await self._send(outcome.replies, turn, outlet)
            return message_answer(outcome.apology)
        done = next((reply for reply in outcome.replies if _replaces(reply, turn.pressed)), None)
        # The first of equal lines is the pressed card's, so it is told apart by identity.
        await self._send([reply for reply in outcome.replies if reply is not done], turn, outlet)
        if isinstance(turn.event, Feedback):
            return {}
        if isinstance(done, DoneReply):
            if turn.pressed and clock() >= given_up:
                await self._send([done], turn, outlet, replaced=turn.pressed)
            return card_answer(done_card(done))
        notice = next((reply.text for reply in outcome.replies if isinstance(reply, NoticeReply)), None)
        return message_answer(notice or self._texts.say("teams.received", self._speech.language(turn)))

    def working(self, turn: Turn) -> Json | None:
        """The body for an invoke whose outcome comes later, as a message."""
        if isinstance(turn.event, FileConsent):
            return None
        if isinstance(turn.event, Feedback):
            return {}
        return message_answer(self._texts.say("teams.working", self._speech.language(turn)))

    async def _converse(self, turn: Turn) -> _Outcome:
        try:
            async with asyncio.timeout(self._turn_timeout):
                return _Outcome(await self._conversation.respond(turn))
        except Exception:  # noqa: BLE001 - a turn's outer edge: a person gets an apology, never silence
            apology = self._speech.apology(turn)
            return _Outcome([apology], apology.text)

    async def _send(self, replies: Sequence[Reply], turn: Turn, outlet: Outlet, *, replaced: str = "") -> None:
        """Send, or update what a DoneReply names; one that names nothing replaces the message `replaced`, if any."""
        try:
            for reply, rendered in self._rendered(replies, turn):
                target = (reply.message or replaced) if isinstance(reply, DoneReply) else ""
                if target:
                    await self._update(target, rendered, outlet)
                else:
                    await self._deliver(rendered, turn, outlet)
        except Unreachable as error:
            _log.info("conversation %s cannot be reached (HTTP %s)", turn.conversation, error.status)
        except Exception:  # noqa: BLE001 - a turn's outer edge: a person gets an apology, never silence
            await self._send_apology(turn, outlet)

    def _rendered(self, replies: Sequence[Reply], turn: Turn) -> list[tuple[Reply, Rendered]]:
        rendered = self._renderer.render(replies, turn.scope, self._speech.language(turn))
        return list(zip(replies, rendered, strict=True))

    @staticmethod
    async def _update(activity: str, rendered: Rendered, outlet: Outlet) -> None:
        try:
            await outlet.update(activity, rendered.payload)
        except TeamsError as error:
            # The person may have deleted the message; what is new must come all the same.
            _log.warning("a card could not become its line (%s)", error)

    async def _deliver(self, rendered: Rendered, turn: Turn, outlet: Outlet) -> None:
        activity = await outlet.send(rendered.payload)
        if not activity:
            return
        try:
            if rendered.answer is not None:
                await self._conversation.delivered(rendered.answer, turn, activity)
            if rendered.key:
                await self._conversation.shown(rendered.key, turn, activity)
        except Exception:  # noqa: BLE001 - the reply has arrived: an apology now would be wrong
            sent = rendered.key or rendered.answer
            _log.exception("%s was sent, but its message id could not be noted", sent)

    async def _send_apology(self, turn: Turn, outlet: Outlet) -> None:
        apology = self._speech.apology(turn)
        for _, rendered in self._rendered([apology], turn):
            try:
                await outlet.send(rendered.payload)
            except TeamsError as error:
                _log.warning("the apology could not be sent either (%s)", error)

    @staticmethod
    async def _show_typing(outlet: Outlet) -> None:
        # The indicator is a courtesy: the answer neither fails with it nor waits long for it.
        with contextlib.suppress(TeamsError, TimeoutError):
            async with asyncio.timeout(TYPING_TIMEOUT):
                await outlet.send(TYPING)


def _replaces(reply: Reply, pressed: str) -> bool:
    """Whether a reply is what the pressed card becomes."""
    return isinstance(reply, DoneReply) and (reply.message is None or (bool(pressed) and reply.message == pressed))


def card_answer(card: Json) -> Json:
    """An invoke's answer that replaces the pressed card."""
    return {"statusCode": 200, "type": CARD, "value": card}


def message_answer(text: str) -> Json:
    """An invoke's answer that shows a line to the person who pressed."""
    return {"statusCode": 200, "type": MESSAGE, "value": text}
