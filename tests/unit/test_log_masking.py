"""R08: what a log line holds of a person is masked where it is written, by real logging with real handlers."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from bot.logs.masking import MaskingFormatter, mask_log

NUMBER, MAIL, PHONE = "811218–9876", "anna.ek@example.se", "070-123 45 67"
SECRETS = (NUMBER, "811218", MAIL, PHONE)
MASKED = "[personnummer] [e-postadress] [telefonnummer]"


class Keeping(logging.Handler):
    """A handler that keeps the records themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger without its handlers, which come back afterwards."""
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []
    yield root
    root.handlers = handlers


def writing(root: logging.Logger, form: str | None) -> io.StringIO:
    """What a handler of the root logger writes in this form."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    if form is not None:
        handler.setFormatter(logging.Formatter(form))
    root.addHandler(handler)
    return written


def test_r08_arguments_extras_exceptions_and_stacks_are_masked_and_the_records_stay(root: logging.Logger) -> None:
    written = writing(root, "%(levelname)s %(name)s: %(message)s (%(person)s)")
    plain = writing(root, None)
    keeping = Keeping()
    root.addHandler(keeping)
    mask_log()
    args = (NUMBER, MAIL, PHONE)
    try:
        raise ValueError(f"no such person: {NUMBER} {MAIL} {PHONE}")
    except ValueError:
        logging.getLogger("tests.masking").exception(
            "not found: %s %s %s", *args, extra={"person": " ".join(args)}, stack_info=True
        )
    lines = written.getvalue().splitlines()
    assert lines[0] == f"ERROR tests.masking: not found: {MASKED} ({MASKED})"
    assert f"ValueError: no such person: {MASKED}" in lines
    assert "Stack (most recent call last):" in lines
    assert plain.getvalue().startswith(f"not found: {MASKED}\n")
    for secret in SECRETS:
        assert secret not in written.getvalue() + plain.getvalue()
    [record] = keeping.records
    assert (record.args, record.getMessage()) == (args, f"not found: {NUMBER} {MAIL} {PHONE}")
    assert record.__dict__["person"] == " ".join(args)
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == f"no such person: {NUMBER} {MAIL} {PHONE}"


def test_r08_masking_twice_is_masking_once(root: logging.Logger) -> None:
    writing(root, "%(message)s")
    mask_log()
    formatters = [handler.formatter for handler in root.handlers]
    mask_log()
    assert [handler.formatter for handler in root.handlers] == formatters
    assert all(isinstance(each, MaskingFormatter) for each in formatters)


def test_r08_the_moment_and_the_name_of_a_line_stay(root: logging.Logger) -> None:
    written = writing(root, "%(asctime)s %(levelname)s %(name)s: %(message)s")
    mask_log()
    record = logging.LogRecord("bot", logging.WARNING, "bot.py", 1, "GET %s 200 1234", ("/",), None)
    record.created, record.msecs = 1_780_000_000.123, 123.0
    root.handle(record)
    assert "[" not in written.getvalue()
    assert written.getvalue().endswith(",123 WARNING bot: GET / 200 1234\n")
