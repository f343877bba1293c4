"""Splits Swedish compounds with the words that an index itself holds.

A part helps retrieval only where it is a term of the index, so the index's own vocabulary is the right lexicon:
`portföljstyrningen` gives `portfölj` and `styrning` as soon as both occur on their own somewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from knowledge.swedish.stems import LONGEST, stem

MIN_PART = 4
"""Letters; shorter parts (`is`, `tal`, `ort`) split words that are no compounds."""
MIN_WORD = 8
MAX_PARTS = 4
_LINKS = ("", "s", "e", "o", "a", "u", "-")
# Final elements that are words of their own yet act as suffixes; splitting them off adds noise only.
_NOT_LAST = frozenset(
    stem(word) for word in ("ning", "else", "skap", "ande", "ende", "mässig", "aktig", "heten", "liga", "lighet")
)


class CompoundSplitter:
    """Splits words into known parts. `words` are analysed terms (stems) that stand on their own in the texts."""

    def __init__(self, words: Collection[str], splits: Mapping[str, tuple[str, ...]] | None = None) -> None:
        """`splits` holds what is known already, so that a reopened index need not split its own words again."""
        self._known = frozenset(word for word in words if len(word) >= MIN_PART and word.isalpha())
        self._splits = dict(splits or {})
        self._split = lru_cache(maxsize=16_384)(self._split_uncached)

    def split(self, word: str) -> tuple[str, ...]:
        """The stems of the parts of a folded word, in order; empty where it is no compound of known words."""
        if not MIN_WORD <= len(word) <= LONGEST or not word.isalpha():
            return ()
        known = self._splits.get(word)
        return self._split(word) if known is None else known

    def _split_uncached(self, word: str) -> tuple[str, ...]:
        best = self._best(word, MAX_PARTS, first=True)
        return best if best is not None and len(best) > 1 else ()

    def _best(self, word: str, parts: int, *, first: bool = False) -> tuple[str, ...] | None:
        """Fewest parts win; among equals the longest last part, which is the head of a Swedish compound."""
        candidates: list[tuple[str, ...]] = []
        whole = self._term(word)
        if whole is not None and not first and whole not in _NOT_LAST:
            candidates.append((whole,))
        if parts > 1 and not candidates:
            for cut in range(MIN_PART, len(word) - MIN_PART + 1):
                head = self._first(word[:cut])
                if head is None:
                    continue
                rest = self._best(word[cut:], parts - 1)
                if rest is not None:
                    candidates.append((head, *rest))
        return min(candidates, key=lambda found: (len(found), -len(found[-1])), default=None)

    def _term(self, piece: str) -> str | None:
        term = stem(piece)
        if term in self._known:
            return term
        return piece if piece in self._known else None

    def _first(self, piece: str) -> str | None:
        """A leading part may end in a linking letter: `säkerhets-`, `gatu-`, `människo-`."""
        for link in _LINKS:
            if link and not piece.endswith(link):
                continue
            bare = piece[: len(piece) - len(link)] if link else piece
            if len(bare) >= MIN_PART:
                term = self._term(bare)
                if term is not None:
                    return term
        return None
