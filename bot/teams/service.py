"""One turn: show that Fyren is at it, converse, render, send; and when that breaks, say so with a reference.

An answer that takes its time grows before the person's eyes in a personal chat, and can be stopped anywhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.conversation.card import DoneReply, FileReply, NoticeReply
from bot.conversation.help import ASK
from bot.conversation.replies import Reply, TextReply
from bot.conversation.stopping import StopWords
from bot.conversation.texts import Texts
from bot.conversation.turn import Action, Feedback, FileConsent, Message, Scope, Turn
from bot.teams.cards.elements import CARD, done_card
from bot.teams.cards.figure_card import Pictures
from bot.teams.errors import TeamsError
from bot.teams.receiving.under_way import Running, UnderWay
from bot.teams.sending.delivering import Delivering
from bot.teams.sending.outlet import Outlet
from bot.teams.sending.replies import TYPING, Json, Renderer, spoken_in
from bot.teams.speech import Speech
from bot.teams.streaming.payloads import shown
from bot.teams.streaming.refusals import RefusedStreams
from bot.teams.streaming.stream import AnswerStream
from knowledge.composing.ports import Advance, Tell
from knowledge.language import language_of

MESSAGE = "application/vnd.microsoft.activity.message"
TYPING_TIMEOUT = 2.0
TYPING_AFTER = 0.2
"""Seconds that an answer may take before it is shown that it comes: one that is there at once needs no announcing, and
Teams counts every message that is sent."""

_log = logging.getLogger(__name__)


class Conversation(Protocol):
    """What Fyren says; `bot.conversation.service.FyrenConversation` is one."""

    async def respond(self, turn: Turn, tell: Tell | None = None) -> Sequence[Reply]:
        """The replies to a turn, in the order to send them; `tell` is told how far an answer is."""

    async def delivered(self, answer_id: str, turn: Turn, activity_id: str) -> None:
        """An answer was sent under this message id, which a later thumb will name."""

    async def shown(self, key: str, turn: Turn, activity_id: str) -> None:
        """A card was sent under this message id, by which a DoneReply can replace it later."""

    async def file(self, key: str, turn: Turn) -> FileReply | None:
        """The file that was offered under a key, as it is now; None where there is none for this person."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What to say, and the apology's text where it is one. `stopped` where the person wanted no more."""

    replies: Sequence[Reply]
    apology: str = ""
    stopped: bool = False


class TurnService:
    """Takes turns; a conversation's turns are ordered by the conversation itself. Between turns it only knows which
    answers are under way, and where streams were refused.

    `turn_timeout` is in seconds: after that the person gets an apology instead of silence. So is `invoke_patience`:
    after that nobody reads a press's answer any more; and `typing_after`: a message that takes longer is seen to be
    answered. 0 shows that at once.
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
        typing_after: float = TYPING_AFTER,
    ) -> None:
        self._conversation = conversation
        self._texts = texts
        self._speech = Speech(texts, default_language)
        self._delivering = Delivering(conversation, self._speech, Renderer(texts, pictures))
        self._turn_timeout = turn_timeout
        self._typing_after = typing_after
        # A little less: what is both answered and sent does no harm, what is neither does.
        self._late = invoke_patience * 0.9
        self._stop_words = StopWords(texts)
        self._under_way = UnderWay()
        self._refused = RefusedStreams(time.monotonic)

    async def take(self, turn: Turn, outlet: Outlet, *, said: str | None = None) -> None:
        """A turn without an invoke's answer.

        `said` is what a person said by a button that leaves no trace in the chat: it is repeated, so that the answer
        stands under its question.
        """
        if isinstance(turn.event, Message) and self._stop_words.holds(turn.event.text) and self._under_way.stop(turn):
            return  # the answer that was stopped says so
        stream, running = self._begin(turn, outlet, streamed=not said)
        try:
            if isinstance(turn.event, Message):
                # Beside the conversation, not before it: a slow connector must not slow the answer down.
                answered = asyncio.Event()
                typing = asyncio.create_task(self._show_typing(outlet, answered, stream))
                try:
                    outcome = await self._converse(turn, running)
                finally:
                    answered.set()
                    await typing
            else:
                outcome = await self._converse(turn, running)
            replies = list(outcome.replies)
            if said:
                language = spoken_in(replies, self._speech.language(turn))
                replies.insert(0, TextReply(self._texts.say("teams.asked", language, question=said)))
            await self._delivering.send(
                replies, turn, outlet, replaced=turn.pressed, stream=stream, stopped=outcome.stopped
            )
        finally:
            await self._end(turn, stream, running)

    async def press(self, turn: Turn, outlet: Outlet) -> Json:
        """A card action or a thumb; the body of the invoke's HTTP answer. What is said beyond it is sent.

        A press is answered with what its card becomes, else with what the person must see at once.
        """
        stream, running = self._begin(turn, outlet)
        try:
            return await self._pressed(turn, outlet, stream, running)
        finally:
            await self._end(turn, stream, running)

    async def _pressed(self, turn: Turn, outlet: Outlet, stream: AnswerStream | None, running: Running) -> Json:
        clock = asyncio.get_running_loop().time
        given_up = clock() + self._late
        outcome = await self._converse(turn, running)
        if outcome.apology and isinstance(turn.event, Action):
            if clock() >= given_up or (stream is not None and stream.opened):
                await self._delivering.send(outcome.replies, turn, outlet, stream=stream)
            return message_answer(outcome.apology)
        done = next((reply for reply in outcome.replies if _replaces(reply, turn.pressed)), None)
        # The first of equal lines is the pressed card's, so it is told apart by identity.
        beside = [reply for reply in outcome.replies if reply is not done]
        await self._delivering.send(beside, turn, outlet, stream=stream, stopped=outcome.stopped)
        if isinstance(turn.event, Feedback):
            return {}
        if isinstance(done, DoneReply):
            if turn.pressed and clock() >= given_up:
                await self._delivering.send([done], turn, outlet, replaced=turn.pressed)
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

    def received(self, turn: Turn) -> Json | None:
        """The body for an invoke that was answered before."""
        if isinstance(turn.event, FileConsent):
            return None
        if isinstance(turn.event, Feedback):
            return {}
        return message_answer(self._texts.say("teams.received", self._speech.language(turn)))

    def _begin(self, turn: Turn, outlet: Outlet, *, streamed: bool = True) -> tuple[AnswerStream | None, Running]:
        """A turn that can be stopped, and the stream for its answer where there may be one."""
        running = Running()
        self._under_way.add(turn, running)
        place = turn.sender.tenant, turn.conversation
        if not streamed or turn.scope is not Scope.PERSONAL or place in self._refused:
            return None, running
        language = self._language(turn)

        def word(advance: Advance) -> str:
            return shown(advance, self._texts, language)

        stream = AnswerStream(
            outlet, word, refused=lambda: self._refused.add(place), cancelled=lambda: running.stop(silent=True)
        )
        running.hear(stream.tell)
        return stream, running

    async def _end(self, turn: Turn, stream: AnswerStream | None, running: Running) -> None:
        self._under_way.remove(turn, running)
        if stream is not None:
            await stream.close()

    async def _converse(self, turn: Turn, running: Running) -> _Outcome:
        try:
            async with asyncio.timeout(self._turn_timeout):
                replies = await running.run(self._conversation.respond(turn, running.tell))
        except Exception:  # noqa: BLE001 - a turn's outer edge: a person gets an apology, never silence
            apology = self._speech.apology(turn)
            return _Outcome([apology], apology.text)
        if replies is not None:
            return _Outcome(replies)
        _log.info("a person stopped an answer")
        said = () if running.silent else (TextReply(self._texts.say("stream.stopped", self._language(turn))),)
        return _Outcome(said, stopped=True)

    def _language(self, turn: Turn) -> str:
        """The language that a question will be answered in."""
        asked = _asked(turn)
        return language_of(asked) if asked else self._speech.language(turn)

    async def _show_typing(self, outlet: Outlet, answered: asyncio.Event, stream: AnswerStream | None) -> None:
        if self._typing_after:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._typing_after):
                    await answered.wait()
            if answered.is_set() or (stream is not None and stream.opened):
                return
        # The indicator is a courtesy: the answer neither fails with it nor waits long for it.
        with contextlib.suppress(TeamsError, TimeoutError):
            async with asyncio.timeout(TYPING_TIMEOUT):
                await outlet.send(TYPING)


def _asked(turn: Turn) -> str:
    """The words of a question, by which the language is told that it will be answered in."""
    match turn.event:
        case Message(text):
            return text
        case Action(verb, data) if verb == ASK:
            return data.get("question", "")
    return ""


def _replaces(reply: Reply, pressed: str) -> bool:
    """Whether a reply is what the pressed card becomes."""
    return isinstance(reply, DoneReply) and (reply.message is None or (bool(pressed) and reply.message == pressed))


def card_answer(card: Json) -> Json:
    """An invoke's answer that replaces the pressed card."""
    return {"statusCode": 200, "type": CARD, "value": card}


def message_answer(text: str) -> Json:
    """An invoke's answer that shows a line to the person who pressed."""
    return {"statusCode": 200, "type": MESSAGE, "value": text}
