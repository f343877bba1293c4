"""The turn in which a person says whether an offered file is wanted: it is made anew, put in its place, and shown."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

from bot.conversation.card import FileReply
from bot.conversation.replies import TextReply
from bot.conversation.texts import Texts
from bot.conversation.turn import FileConsent, Turn
from bot.teams.cards.file_cards import info_card
from bot.teams.errors import TeamsError, UploadFailed
from bot.teams.files.consent import UploadTarget
from bot.teams.sending.outlet import Outlet
from bot.teams.sending.replies import Json, Renderer
from bot.teams.service import Conversation
from bot.teams.speech import Speech

_log = logging.getLogger(__name__)


class Uploads(Protocol):
    """Where files go; `bot.teams.files.uploads.FileUploads` is one."""

    def require(self, target: UploadTarget) -> None:
        """Raises UploadFailed where no file is put there."""

    async def put(self, target: UploadTarget, file: FileReply) -> None:
        """Raises UploadFailed."""


class FileTurns:
    """Takes those turns. Nothing of a file is kept between the offer and the answer.

    `turn_timeout` is in seconds: after that the person gets an apology instead of silence.
    """

    def __init__(
        self,
        conversation: Conversation,
        texts: Texts,
        uploads: Uploads,
        *,
        turn_timeout: float,
        default_language: str = "sv",
    ) -> None:
        self._conversation = conversation
        self._texts = texts
        self._uploads = uploads
        self._speech = Speech(texts, default_language)
        self._renderer = Renderer(texts)
        self._turn_timeout = turn_timeout

    async def take(self, turn: Turn, target: UploadTarget | None, outlet: Outlet) -> None:
        """A turn whose event is a FileConsent; `target` is where the file goes, None where it is not wanted."""
        try:
            async with asyncio.timeout(self._turn_timeout):
                answer = await self._answer(turn, target)
        except UploadFailed as error:
            _log.warning("a file could not be put in its place (%s)", error)
            answer = self._text("teams.file.failed", turn)
        except Exception:  # noqa: BLE001 - a turn's outer edge: a person gets an apology, never silence
            answer = self._said(self._speech.apology(turn), turn)
        try:
            await outlet.send(answer)
        except TeamsError as error:
            _log.warning("what became of a file could not be told (%s)", error)

    async def _answer(self, turn: Turn, target: UploadTarget | None) -> Json:
        if not isinstance(turn.event, FileConsent) or target is None:
            return self._text("teams.file.declined", turn)
        self._uploads.require(target)
        file = await self._conversation.file(turn.event.key, turn)
        if file is None:
            return self._text("teams.file.gone", turn)
        await self._uploads.put(target, file)
        return {"type": "message", "attachments": [info_card(target, file.name)]}

    def _text(self, key: str, turn: Turn) -> Json:
        return self._said(TextReply(self._texts.say(key, self._speech.language(turn))), turn)

    def _said(self, reply: TextReply, turn: Turn) -> Json:
        [rendered] = self._renderer.render([reply], turn.scope, self._speech.language(turn))
        return rendered.payload
