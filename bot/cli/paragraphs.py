"""Text on lines of a terminal."""

from __future__ import annotations

import textwrap

WIDTH = 100


def wrapped(text: str, indent: str = "", width: int = WIDTH) -> str:
    """Paragraphs and list items wrapped by themselves, later lines indented; table rows are left as they are."""
    return "\n".join(
        line if line.startswith("|") else _filled(line, _hanging(line) or indent, width) for line in text.splitlines()
    )


def _filled(line: str, indent: str, width: int) -> str:
    # Addresses must stay whole, so that they can be clicked and copied.
    return textwrap.fill(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _hanging(line: str) -> str:
    return "  " if line.startswith("- ") else ""
