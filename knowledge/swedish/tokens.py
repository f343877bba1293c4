"""Words, figures and paragraph signs of Swedish administrative text.

A general tokenizer loses what this text lives on: `17 %`, `5,5`, `26.2`, `2024/1689`, `§ 4 a`, `NIS 2`, `SML-IT`.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple


class TokenKind(StrEnum):
    """What a token is, as far as its shape tells."""

    WORD = "word"
    NUMBER = "number"
    PERCENT = "percent"
    REFERENCE = "reference"
    CODE = "code"


class Token(NamedTuple):
    """One token: normalised `text`, and where it stands in the normalised input.

    A tuple, as a search makes thousands of them and a frozen dataclass takes three times as long.
    """

    text: str
    kind: TokenKind
    start: int
    end: int
    capital: bool = False


_PATTERN = re.compile(
    r"""
      (?P<reference>\d{4}[/:]\d+ | §§? | \d+\.\d+(?:\.\d+)+)
    | (?P<percent>(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:[.,]\d+)?(?=\s?(?:%|procent\b|percent\b)))
    | (?P<number>\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:[.,]\d+)? | \d+(?:[.,:]\d+)* )
    | (?P<code>[^\W\d_]+\d+[^\W_]* | [^\W\d_]{2,5}[-–‑]\d(?![^\W_]))
    | (?P<word>[^\W\d_]+(?:[-–‑'’][^\W_]+)*)
    """,
    re.VERBOSE,
)
_KINDS = {kind.value: kind for kind in TokenKind}
_SPACES = re.compile(r"[ \u00a0\u202f]")
_FOLD = str.maketrans(
    {"é": "e", "è": "e", "ê": "e", "á": "a", "à": "a", "ü": "u", "ó": "o", "–": "-", "‑": "-", "’": "'"}
)


def normalise(text: str) -> str:
    """NFC: composed å, ä, ö, whatever the source used. Positions of tokens refer to this form."""
    return unicodedata.normalize("NFC", text)


def fold(word: str) -> str:
    """Lower case, accents off except å, ä, ö; one kind of hyphen and apostrophe."""
    lowered = word.lower()
    return lowered if lowered.isascii() else lowered.translate(_FOLD)


def tokenize(text: str) -> list[Token]:
    """Tokens in reading order.

    Numbers lose their thousands spaces and use a decimal point; a percentage is its bare number with kind PERCENT,
    whether written `17 %` or `17 procent`. A numbered name loses its hyphen: `NIS-2` is `nis2`. `§§` is `§`.
    """
    found: list[Token] = []
    for match in _PATTERN.finditer(text):
        kind = _KINDS[str(match.lastgroup)]
        raw = match.group()
        numeric = kind in (TokenKind.NUMBER, TokenKind.PERCENT)
        value = _SPACES.sub("", raw).replace(",", ".") if numeric else fold(raw)
        if kind is TokenKind.CODE:
            value = value.replace("-", "")
        elif raw == "§§":
            value = "§"
        found.append(Token(value, kind, match.start(), match.end(), raw[0].isupper()))
    return found


_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”»)]?\s+(?=[A-ZÅÄÖÉ0-9\"”«(–-])|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:bl\.a|t\.ex|d\.v\.s|m\.m|o\.s\.v|m\.fl|s\.k|f\.d|e\.d|fr\.o\.m|t\.o\.m|p\.g\.a|i\.o\.m|kap|art|st|nr|ca|resp|"
    r"inkl|exkl|max|min|kl|jfr|prop|dnr|tel|bl|dvs|osv|tex|mfl|fig|avs|[A-ZÅÄÖ]))\.[\"”»)]?\s*$"
)


_NUMBERED = re.compile(r"^\W*\d{1,3}\.$")
_PAGE = re.compile(r"(?<![\w:])(?:s|sid)\.$")
"""What ends no sentence: the number of a list item, and the `s.` before the number of a page."""


def sentences(text: str) -> list[str]:
    """Sentences and list lines, stripped, in order; abbreviations such as `bl.a.` do not end one."""
    pieces: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        candidate = text[start : match.end()].rstrip()
        if "\n" not in match.group() and (
            _ABBREVIATION.search(candidate)
            or _NUMBERED.match(candidate)
            or (text[match.end()].isdigit() and _PAGE.search(candidate))
        ):
            continue
        pieces.append(candidate.strip())
        start = match.end()
    pieces.append(text[start:].strip())
    return [piece for piece in pieces if piece]
