"""The weekly digest, turned on and off by what is written in the channel that it goes to."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.conversation.check.commands import bare
from bot.conversation.replies import Reply, TextReply
from bot.conversation.texts import LANGUAGES, Texts
from bot.conversation.turn import Turn
from bot.maturity.errors import StoreFailed
from bot.reminders.model import Channel
from bot.reminders.ports import Digests

_log = logging.getLogger(__name__)


class WeeklyFlow:
    """`is_the_channel` tells the federation's own channel by an address; in any other nothing is turned on or off."""

    def __init__(self, texts: Texts, digests: Digests, is_the_channel: Callable[[str], bool]) -> None:
        self._texts = texts
        self._digests = digests
        self._is_the_channel = is_the_channel
        self._meant = {
            bare(phrase): (wanted, language)
            for wanted, key in ((True, "reminders.weekly.here"), (False, "reminders.weekly.stop"))
            for language in LANGUAGES
            for phrase in texts.lines(key, language)
        }

    async def message(self, text: str, turn: Turn) -> list[Reply] | None:
        """The replies to cleaned words; None where they are not about the digest."""
        wanted, language = self._meant.get(bare(text), (None, ""))
        if wanted is None:
            return None
        if not self._is_the_channel(turn.address):
            return self._told("elsewhere", language)
        try:
            await self._digests.send_to(Channel(turn.address, language) if wanted else None)
        except StoreFailed as error:
            _log.error("where the weekly digest goes could not be stored: %s", error)
            return self._told("failed", language)
        return self._told("on_told" if wanted else "off_told", language)

    def _told(self, key: str, language: str) -> list[Reply]:
        return [TextReply(self._texts.say(f"reminders.weekly.{key}", language))]
