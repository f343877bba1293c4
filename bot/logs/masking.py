"""What a person wrote, personal identity numbers and contact data out of the log, should a line ever quote them."""

from __future__ import annotations

import logging

from bot.logs.words import without_words
from bot.telemetry.turn_notes import current_turn
from knowledge.masking import masked


def harmless(line: str) -> str:
    """A line without what identifies a person, and without the words of whoever's turn is under way."""
    turn = current_turn()
    return masked(without_words(line, turn.words) if turn is not None else line)


class MaskingFormatter(logging.Formatter):
    """Masks what another formatter makes of a record: message, exception and stack; and says which conversation it is
    about, by its pseudonym. The record stays as it is, for handlers that look at it themselves."""

    def __init__(self, formatter: logging.Formatter | None = None) -> None:
        super().__init__()
        self._formatter = formatter or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        """The line or lines to write."""
        turn = current_turn()
        about = f" (conversation {turn.conversation})" if turn is not None and turn.conversation else ""
        # Added last: what looks like a number of somebody's would be masked in it.
        first, line, rest = harmless(self._formatter.format(record)).partition("\n")
        return f"{first}{about}{line}{rest}"


def mask_log() -> None:
    """Mask what the handlers of the root logger write; for after they have been configured."""
    for handler in logging.getLogger().handlers:
        if not isinstance(handler.formatter, MaskingFormatter):
            handler.setFormatter(MaskingFormatter(handler.formatter))
