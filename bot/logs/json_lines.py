"""Lines of the log as JSON, one object a line, for systems that collect logs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Final

from bot.logs.masking import MaskingFormatter, harmless
from bot.telemetry.turn_notes import current_turn

_FIELDS: Final = ("reference", "trace")
"""Attributes of a record that are told where it has them: the reference that a person was given, the trace's id."""


class JsonFormatter(MaskingFormatter):
    """`time`, `level`, `logger` and `message`; `conversation` (a pseudonym) in a turn, `reference` and `trace` where
    there are any, `exception` and `stack`. What somebody wrote, and what identifies a person, is masked in each."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message holds."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": harmless(record.getMessage()),
        }
        turn = current_turn()
        if turn is not None and turn.conversation:
            told["conversation"] = turn.conversation
        told |= {name: str(value) for name in _FIELDS if (value := getattr(record, name, None)) is not None}
        if record.exc_info:
            told["exception"] = harmless(self.formatException(record.exc_info))
        if record.stack_info:
            told["stack"] = harmless(record.stack_info)
        return json.dumps(told, ensure_ascii=False)


def write_json() -> None:
    """Let the handlers of the root logger write JSON; for after they have been configured."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonFormatter())
