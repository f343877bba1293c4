"""Personal identity numbers and contact data out of the log, should a message or an error ever quote a person."""

from __future__ import annotations

import logging

from knowledge.masking import masked


class MaskingFormatter(logging.Formatter):
    """Masks what another formatter makes of a record: message, exception and stack. The record stays as it is, for
    handlers that look at it themselves."""

    def __init__(self, formatter: logging.Formatter | None = None) -> None:
        super().__init__()
        self._formatter = formatter or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        """The line or lines to write."""
        return masked(self._formatter.format(record))


def mask_log() -> None:
    """Mask what the handlers of the root logger write; for after they have been configured."""
    for handler in logging.getLogger().handlers:
        if not isinstance(handler.formatter, MaskingFormatter):
            handler.setFormatter(MaskingFormatter(handler.formatter))
