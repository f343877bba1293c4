"""The terms of an index, to be looked up by more than their spelling: without dots, inside longer ones, with a slip.

What is proportional to the vocabulary is done once for an index, and nothing of it for a question: a look-up bisects
the sorted terms (or their endings), and the few that remain are compared letter by letter.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

MIN_LENGTH = 5
"""Shorter words have too many neighbours: `data` and `dato`, `roll` and `koll`."""
LONG = 9
"""From this length on two edits are forgiven."""
MOST_LONGER = 12
"""Longer words that a look-up gives, the shortest ones."""
_LONGER_BY = 3
_ENDING = 6
_BITS = 10
_VARIANTS = {"a": "aåä", "o": "oö"}
_BLOCK = 8_192
"""Terms whose letters are looked at together: as many as stay in the processor's cache."""
_AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class _Shapes:
    """Of every term, in their order: its length and a bit for every letter; and the terms sorted by their endings."""

    lengths: NDArray[np.int32]
    letters: NDArray[np.uint64]
    by_ending: NDArray[np.int32]
    endings: NDArray[np.int64]


class Vocabulary:
    """The terms of one index; immutable and safe to share between threads."""

    def __init__(self, terms: Sequence[str]) -> None:
        """`terms` in any order; sorted ones cost least."""
        self._terms = tuple(sorted(terms))
        self._made: _Shapes | None = None
        self._lock = Lock()

    def __contains__(self, term: object) -> bool:
        if not isinstance(term, str):
            return False
        place = bisect_left(self._terms, term)
        return place < len(self._terms) and self._terms[place] == term

    def __len__(self) -> int:
        return len(self._terms)

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def prepare(self) -> None:
        """Make now what the first misspelt word would otherwise wait for (about 0.1 s for 300,000 terms)."""
        self._shapes()

    def plain(self, term: str) -> tuple[str, ...]:
        """Terms that differ in missing dots and rings, and in hyphens, only: `vast` finds `väst`.

        `itdirektör` finds `it-direktör` and the other way round. A dot that is there is meant: `väst` is not `vast`.
        """
        bare = term.replace("-", "")
        if not bare:
            return ()
        found: list[str] = []
        waiting = [("", 0, 0, len(self._terms))]
        while waiting:
            prefix, used, low, high = waiting.pop()
            if used == len(bare) and self._terms[low] == prefix != term:
                found.append(prefix)
            following = (_VARIANTS.get(bare[used], bare[used]) if used < len(bare) else "") + "-"
            for letter in following:
                longer = prefix + letter
                first = bisect_left(self._terms, longer, low, high)
                if first < high and self._terms[first].startswith(longer):
                    last = bisect_left(self._terms, longer + _AFTER_ALL, first, high)
                    waiting.append((longer, used + (letter != "-"), first, last))
        return tuple(sorted(found))

    def longer(self, term: str) -> tuple[str, ...]:
        """Longer terms that begin or end with a word, by three letters or more; the shortest ones first."""
        if len(term) < MIN_LENGTH or not term.isalpha():
            return ()
        least = len(term) + _LONGER_BY
        start, end = bisect_left(self._terms, term), bisect_left(self._terms, term + _AFTER_ALL)
        found = {word for word in self._terms[start:end] if len(word) >= least}
        found.update(word for word in self._ending_with(term) if len(word) >= least)
        return tuple(nsmallest(MOST_LONGER, found, key=lambda word: (len(word), word)))

    def corrections(self, term: str, limit: int = 3) -> tuple[str, ...]:
        """The nearest terms, in order; empty where nothing is near enough, and for a word that is a term itself.

        One edit (insertion, deletion, substitution, swap of neighbours) for words of five letters or more, two from
        nine. An edit of the first letter is accepted only where the rest agrees to the letter.
        """
        if len(term) < MIN_LENGTH or not term.isalpha() or term in self:
            return ()
        allowed = 2 if len(term) >= LONG else 1
        near = dict.fromkeys(self._first_letter_slips(term), 1)
        for word in self._alike(term, allowed):
            distance = OSA.distance(term, word, score_cutoff=allowed)
            if distance <= allowed:
                near[word] = distance
        nearest = min(near.values(), default=0)
        return tuple(sorted(word for word, distance in near.items() if distance == nearest)[:limit])

    def _first_letter_slips(self, term: str) -> Iterator[str]:
        """Terms that become the word by one edit of their first letter: wrong, left out, put before, or swapped."""
        rest = term[1:]
        for word in self._ending_with(rest):
            if len(word) == len(term) or (len(word) == len(term) + 1 and word[1:] == term):
                yield word
        for word in (rest, term[1] + term[0] + term[2:]):
            if len(word) >= MIN_LENGTH - 1 and word in self:
                yield word

    def _alike(self, term: str, allowed: int) -> Iterator[str]:
        """Terms with the same first letter, about the same length, and about the same letters.

        An edit exchanges at most one letter for another, and so changes at most two bits.
        """
        shapes = self._shapes()
        low, high = bisect_left(self._terms, term[0]), bisect_left(self._terms, term[0] + _AFTER_ALL)
        shortest = max(MIN_LENGTH - 1, len(term) - allowed)
        lengths = shapes.lengths[low:high]
        kept = np.flatnonzero((lengths >= shortest) & (lengths <= len(term) + allowed))
        differing = np.bitwise_count(shapes.letters[low:high][kept] ^ np.uint64(_letter_bits(term)))
        for place in kept[differing <= 2 * allowed]:
            yield self._terms[low + int(place)]

    def _ending_with(self, ending: str) -> Iterator[str]:
        shapes = self._shapes()
        known = ending[: -_ENDING - 1 : -1]
        least = sum(_code(letter) << _BITS * (_ENDING - 1 - place) for place, letter in enumerate(known))
        low, high = np.searchsorted(shapes.endings, (least, least + (1 << _BITS * (_ENDING - len(known)))))
        for place in shapes.by_ending[low:high]:
            word = self._terms[int(place)]
            if word.endswith(ending):
                yield word

    def _shapes(self) -> _Shapes:
        if self._made is None:
            with self._lock:
                if self._made is None:
                    self._made = _shapes(self._terms)
        return self._made


def _code(letter: str) -> int:
    """A number below 2**_BITS, never nought; letters may share one."""
    return ord(letter) % ((1 << _BITS) - 1) + 1


def _letter_bits(word: str) -> int:
    bits = 1
    for letter in word:
        bits |= 1 << ord(letter) % 64
    return bits


def _shapes(terms: Sequence[str]) -> _Shapes:
    lengths = np.fromiter(map(len, terms), dtype=np.int32, count=len(terms))
    # A nought after every term gives each one letter at least, as `reduceat` wants it, and the first bit to all.
    joined = "".join(f"{term}\0" for term in terms) or "\0"
    text = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    ends = np.cumsum(lengths + 1, dtype=np.int64) - 1
    bits = np.left_shift(np.uint64(1), np.arange(64, dtype=np.uint64))
    letters = np.zeros(len(terms), dtype=np.uint64)
    for first in range(0, len(terms), _BLOCK):
        block = slice(first, first + _BLOCK)
        begin, end = ends[first] - lengths[first], ends[block][-1] + 1
        letters[block] = np.bitwise_or.reduceat(bits[text[begin:end] & 63], ends[block] - lengths[block] - begin)
    keys = np.zeros(len(terms), dtype=np.int64)
    for place in range(_ENDING):
        letter = text[np.maximum(ends - 1 - place, 0)] % ((1 << _BITS) - 1) + 1
        keys = keys << _BITS | np.where(lengths > place, letter, 0)
    order = np.argsort(keys).astype(np.int32)
    return _Shapes(lengths, letters, order, keys[order])
