"""Personal identity numbers and contact data out of the log, should a message or an error ever quote a person."""

from __future__ import annotations

import logging

from knowledge.masking import masked

_FORMATTER = logging.Formatter()


class MaskingFilter(logging.Filter):
    """Masks the message, the exception and the stack of every record; it lets all of them through."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Changes the record as it stands, so that every later handler gets it masked as well."""
        record.msg, record.args = masked(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _FORMATTER.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = masked(record.exc_text)
        if record.stack_info:
            record.stack_info = masked(record.stack_info)
        return True


def mask_log() -> None:
    """Mask what the handlers of the root logger write; for after they have been configured."""
    for handler in logging.getLogger().handlers:
        if not any(isinstance(each, MaskingFilter) for each in handler.filters):
            handler.addFilter(MaskingFilter())
