"""What the Teams side says by itself: in which language, and how it apologises."""

from __future__ import annotations

import logging
import secrets

from bot.conversation.replies import TextReply
from bot.conversation.texts import LANGUAGES, Texts
from bot.conversation.turn import Action, Message, Turn
from bot.telemetry.turn_notes import apologised

_log = logging.getLogger(__name__)


class Speech:
    """Texts of the catalogue for a turn; `default_language` where the client names none that Fyren speaks."""

    def __init__(self, texts: Texts, default_language: str) -> None:
        self._texts = texts
        self._default_language = default_language

    def language(self, turn: Turn) -> str:
        """The language of texts that answer no words."""
        primary = turn.locale.replace("_", "-").split("-")[0].lower()
        return primary if primary in LANGUAGES else self._default_language

    def apology(self, turn: Turn) -> TextReply:
        """Logs the exception at hand under a reference that the person can quote."""
        reference = secrets.token_hex(2).upper()
        _log.exception("reference %s: a turn failed", reference, extra={"reference": reference})
        apologised()
        key = "error.apology" if isinstance(turn.event, Message | Action) else "teams.apology"
        return TextReply(self._texts.say(key, self.language(turn), reference=reference))
