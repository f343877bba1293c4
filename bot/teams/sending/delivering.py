"""A turn's replies on their way: sent one after the other, into the answer's stream where there is one, and noted."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol

from bot.conversation.card import DoneReply
from bot.conversation.replies import AnswerReply, Reply, TextReply
from bot.conversation.turn import Turn
from bot.teams.errors import TeamsError, Unreachable
from bot.teams.sending.outlet import Outlet
from bot.teams.sending.replies import Rendered, Renderer
from bot.teams.speech import Speech
from bot.teams.streaming.payloads import stopped_after
from bot.teams.streaming.stream import AnswerStream

_log = logging.getLogger(__name__)


class Noting(Protocol):
    """Who is told what was sent."""

    async def delivered(self, answer_id: str, turn: Turn, activity_id: str) -> None:
        """An answer was sent under this message id."""

    async def shown(self, key: str, turn: Turn, activity_id: str) -> None:
        """A card was sent under this message id."""


class Delivering:
    """Sends replies; an apology where that breaks."""

    def __init__(self, conversation: Noting, speech: Speech, renderer: Renderer) -> None:
        self._conversation = conversation
        self._speech = speech
        self._renderer = renderer

    async def send(
        self,
        replies: Sequence[Reply],
        turn: Turn,
        outlet: Outlet,
        *,
        replaced: str = "",
        stream: AnswerStream | None = None,
        stopped: bool = False,
    ) -> None:
        """Send, or update what a DoneReply names; one that names nothing replaces the message `replaced`, if any.

        A `stream` ends with the answer, or with what is said instead of it.
        """
        try:
            if stream is not None:
                await stream.close()
            ending = _ending(replies) if stream is not None and stream.opened else None
            for reply, rendered in self._rendered(replies, turn):
                target = (reply.message or replaced) if isinstance(reply, DoneReply) else ""
                if stream is not None and reply is ending:
                    if not await self._finish(stream, rendered, turn, stopped=stopped):
                        return
                elif target:
                    await self._update(target, rendered, outlet)
                else:
                    await self._deliver(rendered, turn, outlet)
        except Unreachable as error:
            _log.info("a conversation cannot be reached (HTTP %s)", error.status)
        except Exception:  # noqa: BLE001 - a turn's outer edge: a person gets an apology, never silence
            await self._send_apology(turn, outlet, stream)

    async def _finish(self, stream: AnswerStream, rendered: Rendered, turn: Turn, *, stopped: bool) -> bool:
        """Whether there may be more: not where the person has stopped the stream."""
        payload = stopped_after(rendered.payload, stream.shown) if stopped else rendered.payload
        activity = await stream.finish(payload)
        if activity is None:
            return False
        await self._note(rendered, turn, activity)
        return True

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
        await self._note(rendered, turn, await outlet.send(rendered.payload))

    async def _note(self, rendered: Rendered, turn: Turn, activity: str) -> None:
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

    async def _send_apology(self, turn: Turn, outlet: Outlet, stream: AnswerStream | None) -> None:
        apology = self._speech.apology(turn)
        for _, rendered in self._rendered([apology], turn):
            try:
                if stream is not None and not stream.finished:
                    await stream.finish(rendered.payload)
                else:
                    await outlet.send(rendered.payload)
            except TeamsError as error:
                _log.warning("the apology could not be sent either (%s)", error)


def _ending(replies: Sequence[Reply]) -> Reply | None:
    """What an answer's stream ends with: the answer, else the first line, else whatever comes first."""
    answers = (reply for reply in replies if isinstance(reply, AnswerReply))
    lines = (reply for reply in replies if isinstance(reply, TextReply))
    return next(answers, None) or next(lines, None) or next(iter(replies), None)
