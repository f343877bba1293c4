"""How an index's own words are split, looked up in a sorted list: nothing is made of the list when it is opened.

Only a long word that stands in no text of the index is split anew. The first such word makes the splitter ready, which
takes some tenths of a second where there are hundreds of thousands of words; the index is open and in use by then.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache
from threading import Lock

from knowledge.swedish.compounds import MIN_WORD, CompoundSplitter
from knowledge.swedish.steps import Steps

KEPT = 65_536
_TAB = "\t"


class StoredSplits:
    """Splits words like the `CompoundSplitter` that the lines come from; safe to share between threads."""

    def __init__(self, words: Sequence[str], lines: Sequence[str], steps: Steps) -> None:
        """`words` are what compounds may be split into; a line is a long word, a tab, and its parts between spaces."""
        self._words = words
        self._lines = lines
        self._steps = steps
        self._lock = Lock()
        self._splitter: CompoundSplitter | None = None
        self._known = lru_cache(maxsize=KEPT)(self._look_up)

    def split(self, word: str) -> tuple[str, ...]:
        """The stems of the parts of a folded word, in order; empty where it is no compound of known words."""
        if len(word) < MIN_WORD:
            return ()
        known = self._known(word)
        return self._anew().split(word) if known is None else known

    def _look_up(self, word: str) -> tuple[str, ...] | None:
        begin = word + _TAB
        place = bisect_left(self._lines, begin)
        if place == len(self._lines) or not self._lines[place].startswith(begin):
            return None
        return tuple(self._lines[place][len(begin) :].split())

    def _anew(self) -> CompoundSplitter:
        with self._lock:
            if self._splitter is None:
                pairs = (line.split(_TAB, 1) for line in self._lines)
                splits = {word: tuple(parts.split()) for word, parts in pairs}
                self._splitter = CompoundSplitter(self._words, splits, steps=self._steps)
            return self._splitter


def lines_of(splits: Mapping[str, Sequence[str]]) -> list[str]:
    """The lines of a splitter's words. A tab sorts before every letter, so whole lines sort as their words do."""
    return sorted(f"{word}{_TAB}{' '.join(parts)}" for word, parts in splits.items())
