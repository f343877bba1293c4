"""Positions in a list as people write them: `4`, `4.`, `nr 4`, `alternativ 4`, `fyra`, `fyran`, `det fjärde`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.maturity.typed import words

_SPELT = {
    word: number
    for number, spelt in enumerate(
        (
            *(
                "en ett ettan etta forsta one first",
                "tva tvaan tvaa andra two second",
                "tre trean trea tredje three third",
            ),
            *("fyra fyran fjarde four fourth", "fem femman femma femte five fifth", "sex sexan sexa sjatte six sixth"),
            *("sju sjuan sjua sjunde seven seventh", "atta attan attonde eight eighth"),
            *("nio nian nia nionde nine ninth", "tio tian tia tionde ten tenth"),
        ),
        start=1,
    )
    for word in spelt.split()
}
_ARTICLES = frozenset({"en", "ett", "one", "andra", "second"})
"""Numbers that are more often something else."""
_BEFORE = frozenset({"det", "den", "the"})
_LEADS = frozenset({"nr", "nummer", "no", "number", "alternativ", "alternativet", "alt", "option", "svar", "answer"})
_TAILS = frozenset({"alternativ", "alternativet", "option", "one", "answer"})
_ELSE = re.compile(r"[^\s\w.)(:#!?,;*'\"\u20e3\ufe0f]|(?<=\d)[.,:]\s?\d")
"""What makes a number something else than a position: `4-5`, `4,5`, `-4`, `4 %`."""
_NOUN = re.compile(r"(?<=\d):?(?:an|a|e)\b", re.IGNORECASE)
"""`4:an`, `2a`, `3:e`."""
_MOST_DIGITS = 9


def spelt(word: str, *, bare: bool = True) -> int | None:
    """The number that a folded word stands for. Without `bare`, not those that are more often an article."""
    if word.isdecimal():
        return int(word) if len(word) <= _MOST_DIGITS else None
    return None if not bare and word in _ARTICLES else _SPELT.get(word)


def position(text: str) -> int | None:
    """The number, where the whole text is nothing but a position. It may be outside any list."""
    plain = _NOUN.sub("", text)
    return None if _ELSE.search(plain) else position_in(words(plain))


def position_in(typed: Sequence[str]) -> int | None:
    """The same for folded words."""
    rest = list(typed)
    introduced = bool(rest) and rest[0] in _BEFORE
    rest = rest[introduced:]
    while len(rest) > 1 and rest[0] in _LEADS:
        rest, introduced = rest[1:], True
    if len(rest) == 2 and rest[1] in _TAILS:
        rest, introduced = rest[:1], True
    if len(rest) != 1 or (rest[0] in ("andra", "second") and not introduced):
        return None
    return spelt(rest[0])
