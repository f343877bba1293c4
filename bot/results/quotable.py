"""Whether a sentence that somebody wrote may be shown to others: it must point at nobody.

No list knows all names. So it is the other way round: a sentence is shown only where every word of it is an ordinary
Swedish word, by the dictionary. That turns down many harmless sentences, and three of a theme are enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.maturity.personal_data import holds_personal_number
from knowledge.swedish.lexicon import Lexicon
from knowledge.swedish.stems import STOP_WORDS, stem
from knowledge.swedish.tokens import Token, TokenKind, normalise, tokenize

LENGTHS: Final = range(20, 221)
"""Characters of a sentence that says something and is read."""
_FEWEST_WORDS = 4
_ACRONYM = re.compile(r"[A-ZÅÄÖ]{2,5}[0-9]?")
_UNLISTED = "it ai e gå går gått nå når nått se ser ge ger ta tar tro tror by ny nya nytt"
_SHORT = frozenset(_UNLISTED.split())
"""Words too short for the dictionary as it is read, and what compounds with a hyphen begin with."""
_GIVEN_NAMES = (
    "bo björn dag frid gun iris jo kai kaj lilja linn liv lo love maj my per rut saga sol sten stig tor viola"
)
_NAMES_TOO = frozenset(_GIVEN_NAMES.split())
"""Given names that are words besides, so that the dictionary does not tell them apart where a sentence begins."""
_ENDINGS = "ratns"
"""Of the forms that the dictionary does not list and no stem tells: `går`, `snart`."""
ADDRESS: Final = re.compile(r"@|https?:|www\.|\.(?:se|com|nu|org|net)\b", re.IGNORECASE)
"""What stands in the address of a person or a page."""
_DIGITS = re.compile(r"\d(?:[\s\-/.]?\d){3}")
"""Four digits or more in a row may be a telephone number, a case, or a date."""
_ONE_PERSON = re.compile(
    r"(?:chef|direktör|strateg|rektor|samordnare|ledare|utvecklare|handläggare|controller|sekreterare|tekniker|arkitekt"
    r"|ordförande|kommunalråd|lärare|sköterska|ingenjör|ombud)(?:e?ns?|ets?|s)?$"
    r"|^(?:min|mitt|mina|hon|han|hen|hennes|hans|hens|henne|honom)$"
)
"""Whoever holds a post in a small municipality is known by it, and so is who is told of as one."""


class Gate:
    """Lets through what points at nobody. `split` gives a compound's parts; without a dictionary nothing passes."""

    def __init__(self, lexicon: Lexicon, split: Callable[[str], tuple[str, ...]]) -> None:
        self._lexicon = lexicon
        self._split = split
        self._terms = lexicon.last | frozenset(lexicon.first.values())

    def quotable(self, sentence: str) -> bool:
        """Whether a sentence names no person and no place, holds no number to find somebody by, and can be read."""
        clean = normalise(sentence)
        if not self._lexicon or len(clean) not in LENGTHS:
            return False
        if ADDRESS.search(clean) or _DIGITS.search(clean) or holds_personal_number(clean):
            return False
        tokens = tokenize(clean)
        words = [token for token in tokens if token.kind in (TokenKind.WORD, TokenKind.CODE)]
        return len(words) >= _FEWEST_WORDS and all(self._is_plain(token, clean, token is tokens[0]) for token in words)

    def is_name(self, word: str) -> bool:
        """Whether a folded word is a proper name by the dictionary, and nothing else."""
        return word not in STOP_WORDS and word not in _SHORT and stem(word) in self._lexicon.names

    def _is_plain(self, token: Token, text: str, first: bool) -> bool:
        if _ONE_PERSON.search(token.text):
            return False
        if _ACRONYM.fullmatch(text[token.start : token.end]):
            return not self.is_name(token.text)
        if token.kind is TokenKind.CODE:
            return False
        if token.capital and not first:
            # `IT-stöd` and `AI-tjänster` are no names, `Anna-Lena` is one.
            head, _, rest = text[token.start : token.end].partition("-")
            if not rest.islower() or not _ACRONYM.fullmatch(head):
                return False
        if token.capital and (token.text in _NAMES_TOO or self.is_name(token.text)):
            return False
        return all(self._is_known(piece) for piece in token.text.split("-") if piece)

    def _is_known(self, word: str) -> bool:
        if self.is_name(word):
            return False
        return (
            word in STOP_WORDS
            or word in _SHORT
            or word in self._lexicon.whole
            or (word[-1] in _ENDINGS and word[:-1] in self._lexicon.whole)
            or stem(word) in self._terms
            or bool(self._split(word))
        )
