"""Turns that are answered with one line and nothing else: the bot is paused, or somebody sends too much."""

from __future__ import annotations

import logging
from http import HTTPStatus

from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext
from botbuilder.schema import ChannelAccount

from bot.conversation.replies import TextReply
from bot.conversation.texts import Texts
from bot.conversation.turn import Feedback, FileConsent
from bot.teams.errors import TeamsError
from bot.teams.handler import ContextOutlet
from bot.teams.sending.replies import Renderer
from bot.teams.service import message_answer

_log = logging.getLogger(__name__)


class CurtHandler(ActivityHandler):  # type: ignore[misc]  # botbuilder ships no types
    """Says `line`, a text in the person's `language`. Where it is `quiet`, only a press is answered."""

    def __init__(self, texts: Texts, line: str, language: str, *, quiet: bool = False) -> None:
        self._renderer = Renderer(texts)
        self._line = line
        self._language = language
        self._quiet = quiet

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Something written, or files."""
        await self._say(turn_context)

    async def on_members_added_activity(self, members_added: list[ChannelAccount], turn_context: TurnContext) -> None:
        """The bot was added."""
        await self._say(turn_context)

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        """The app was installed."""
        await self._say(turn_context)

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        """A press shows the line to whoever pressed; a thumb shows nothing, and what is about a file has no place."""
        event = turn_context.activity.turn.event
        if isinstance(event, FileConsent):
            await self._say(turn_context)
            return InvokeResponse(status=HTTPStatus.OK)
        body = {} if isinstance(event, Feedback) else message_answer(self._line)
        return InvokeResponse(status=HTTPStatus.OK, body=body)

    async def _say(self, context: TurnContext) -> None:
        if self._quiet:
            return
        turn = context.activity.turn
        [rendered] = self._renderer.render([TextReply(self._line)], turn.scope, self._language)
        try:
            await ContextOutlet(context).send(rendered.payload)
        except TeamsError as error:
            _log.warning("that nothing is answered now could not be told (%s)", error)
