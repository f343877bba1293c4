"""Typed words in the form in which they are compared: without case, accents, punctuation and typing slips."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from knowledge.swedish.stems import stem

LONGEST = 400
"""Characters up to which a message is read as an answer. Of a longer one nothing is read: half of it may say the
opposite of the whole."""
BREAK = "|"
"""Stands between the words where punctuation ends a clause."""

_APOSTROPHES = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
_CLAUSE_ENDS = re.compile(r"[.,;:!?()\n…]+|(?<=\s)[-–—](?=\s)")
_WORDS = re.compile(r"[a-z0-9]+|\|")
_ONE_SLIP = 5
_TWO_SLIPS = 9


def readable(text: str) -> bool:
    """Whether the text is short enough to be read as an answer."""
    return len(text.strip()) <= LONGEST


def folded(text: str) -> str:
    """Small letters without accents: å and ä are a, ö is o, as on a keyboard that lacks them."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words(text: str) -> tuple[str, ...]:
    """The words and figures of a text, folded; hyphens part words, apostrophes do not."""
    return tuple(word for word in clauses(text) if word != BREAK)


def clauses(text: str) -> tuple[str, ...]:
    """The same, with BREAK where a clause ends."""
    joined = _APOSTROPHES.sub("", folded(text).replace(BREAK, " "))
    return tuple(_WORDS.findall(_CLAUSE_ENDS.sub(f" {BREAK} ", joined)))


def same_word(typed: str, meant: str) -> bool:
    """Whether two folded words are the same but for inflection."""
    return typed == meant or (len(meant) >= _ONE_SLIP and len(typed) >= _ONE_SLIP and stem(typed) == stem(meant))


def slips(typed: str, meant: str) -> int | None:
    """How many typing slips a folded word is from the one that was meant; None where it is another word.

    One is forgiven from five letters on, two from nine. The first letter must be right: it is seldom mistyped, and in
    Swedish it is what parts `ostrukturerad` from `strukturerad`.
    """
    if same_word(typed, meant):
        return 0
    allowed = 2 if len(meant) >= _TWO_SLIPS else 1
    if len(meant) < _ONE_SLIP or not typed or typed[0] != meant[0] or typed.isdecimal():
        return None
    distance = OSA.distance(typed, meant, score_cutoff=allowed)
    return distance if distance <= allowed else None


def slips_between(typed: Sequence[str], meant: Sequence[str]) -> int | None:
    """The slips of all words together; None where they are other words.

    Spaces and hyphens do not matter (`välfungerande`), but a word too many does: it may be `ej`.
    """
    if len(typed) == len(meant):
        counts = [slips(each, wanted) for each, wanted in zip(typed, meant, strict=True)]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None
    if len(typed) == 1:
        return slips(typed[0], "".join(meant))
    return 0 if "".join(typed) == "".join(meant) else None
