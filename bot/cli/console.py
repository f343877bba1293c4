"""Where a command writes: results to standard output, notes to standard error."""

from __future__ import annotations

import json
import shutil
import sys
from io import TextIOWrapper
from typing import Any

from bot.conversation.texts import LANGUAGES, Texts

NARROWEST, WIDEST = 30, 100
"""Characters of a line."""


class CommandFailed(Exception):
    """A command cannot do what it was asked; the message is complete, in the reader's language."""


class Console:
    """`json` is whether results are wanted as JSON; `language` is set once the settings are known."""

    def __init__(self, texts: Texts, *, json: bool, language: str = LANGUAGES[0]) -> None:
        self.texts = texts
        self.json = json
        self.language = language

    @property
    def interactive(self) -> bool:
        """Whether a person sits at both ends."""
        return sys.stdin.isatty() and sys.stdout.isatty()

    @property
    def width(self) -> int:
        """Characters of a line: the terminal's, where results go to one, within what is easy to read."""
        columns = shutil.get_terminal_size((WIDEST, 24)).columns if sys.stdout.isatty() else WIDEST
        return min(WIDEST, max(NARROWEST, columns))

    def say(self, key: str, **values: object) -> str:
        """A text of the catalogue in the console's language."""
        return self.texts.say(key, self.language, **values)

    def line(self, text: str = "") -> None:
        """One line of result, written out at once so that a reader at the other end of a pipe is not kept waiting."""
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def data(self, value: dict[str, Any]) -> None:
        """One result as one line of JSON."""
        self.line(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def note(self, text: str) -> None:
        """One line beside the results."""
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    def fail(self, key: str, **values: object) -> CommandFailed:
        """The exception that ends a command with this text."""
        return CommandFailed(self.say(key, **values))


def speak_utf8() -> None:
    """Minimal installations have an ASCII locale; å, ä and ö must come through all the same."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)
