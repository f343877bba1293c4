"""A text with one kind of digit, dash and space, so that a number is found in whatever characters it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

WIDEST: Final = 4
"""Characters that one becomes at most. What would become more (`\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}`:
eighteen) stays as it is: such ligatures and units stand for words, in which no number hides."""

_DASHES: Final = "\N{MINUS SIGN}\N{HYPHEN BULLET}"
_BLANKS: Final = "\N{HANGUL FILLER}\N{HALFWIDTH HANGUL FILLER}\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}⠀"
"""Letters and symbols by name that leave a place empty."""
_PLAIN = re.compile(r"[\n\r\t -~À-ÖØ-öø-ÿ]*")
"""Most texts: every character becomes itself, or a space."""
_BREAK = re.compile(r"[\n\r\t]")


@dataclass(frozen=True, slots=True)
class PlainText:
    """The plain text, and where each of its characters starts and ends in the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def plain_text(text: str) -> PlainText:
    """The text in plain characters: no longer than `WIDEST` times the original."""
    if _PLAIN.fullmatch(text):
        return PlainText(_BREAK.sub(" ", text), range(len(text)), range(1, len(text) + 1))
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for place, character in enumerate(text):
        simple = _simple(character)
        if not simple and ends:
            ends[-1] = place + 1  # a mark goes with what it is on
        for one in simple:
            characters.append(one)
            starts.append(place)
            ends.append(place + 1)
    return PlainText("".join(characters), tuple(starts), tuple(ends))


@lru_cache(maxsize=4096)
def _simple(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp", "Zs") or character in _BLANKS:
        return " "
    if character.isascii():
        return character
    if category in ("Cf", "Me", "Mn"):
        return ""  # a zero-width character or a mark between two digits hides nothing
    if category == "Pd" or character in _DASHES:
        return "-"
    if category == "Nd":
        return str(unicodedata.decimal(character))
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) <= WIDEST else character
