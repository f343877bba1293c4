"""Text that no spreadsheet takes for a formula (CWE-1236), whoever wrote it."""

from __future__ import annotations

import unicodedata
from typing import Final

MARK: Final = "'"
"""Put before a text that a spreadsheet might run; the convention by which spreadsheets themselves write plain text."""

_STARTS: Final = frozenset("=+-@|%\u2212")
"""What formulas begin with, and the commands of old ones. Full-width variants are the same after NFKC."""

_CONTROLS: Final = frozenset("\t\r\n")


def harmless(text: str) -> str:
    """The text as it may stand in a cell of a CSV file: with MARK where it could be taken for a formula.

    Spaces and characters that are not seen are looked past, since spreadsheets do so too.
    """
    return f"{MARK}{text}" if risky(text) else text


def risky(text: str) -> bool:
    """Whether a spreadsheet might take the text for more than text."""
    if text[:1] in _CONTROLS and text:
        return True
    seen = next((each for each in unicodedata.normalize("NFKC", text) if not _unseen(each)), "")
    return seen in _STARTS


def _unseen(character: str) -> bool:
    """Whether it is a space, or a character of control or format."""
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf")
