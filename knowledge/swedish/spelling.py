"""Typing errors on rare words only: a word that the index does not hold may be a misspelling of one that it does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

MIN_LENGTH = 5
"""Shorter words have too many neighbours: `data` and `dato`, `roll` and `koll`."""
LONG = 9
"""From this length on two edits are forgiven."""


_PLAIN = str.maketrans("åäö", "aao", "-")


@lru_cache(maxsize=8)
def _by_plain(vocabulary: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word in vocabulary:
        plain = word.translate(_PLAIN)
        if plain != word:
            found[plain] = (*found.get(plain, ()), word)
    return found


def plain_spellings(term: str, vocabulary: tuple[str, ...]) -> tuple[str, ...]:
    """Terms that differ in dots, rings and hyphens only: `vast` finds `väst`, `itdirektör` `it-direktör`."""
    return _by_plain(vocabulary).get(term.translate(_PLAIN), ())


def corrections(term: str, vocabulary: Sequence[str], limit: int = 3) -> tuple[str, ...]:
    """The nearest terms of the vocabulary, nearest first; empty where nothing is near enough.

    One edit (insertion, deletion, substitution, swap of neighbours) for terms of five letters or more, two from nine.
    A different first letter is accepted only where the rest agrees to the letter.
    """
    if len(term) < MIN_LENGTH or not term.isalpha():
        return ()
    allowed = 2 if len(term) >= LONG else 1
    found = process.extract(term, vocabulary, scorer=OSA.distance, score_cutoff=allowed, limit=limit * 4)
    near = [
        (distance, word)
        for word, distance, _ in found
        if len(word) >= MIN_LENGTH - 1 and (word[0] == term[0] or word[1:] == term[1:])
    ]
    if not near:
        return ()
    nearest = min(distance for distance, _ in near)
    return tuple(word for distance, word in near if distance == nearest)[:limit]
