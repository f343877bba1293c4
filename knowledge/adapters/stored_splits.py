"""How an index's own words are split, looked up in a sorted list: nothing is made of the list when it is opened.

Only a long word that stands in no text of the index is split anew. The first such word makes the splitter ready, which
takes some tenths of a second where there are hundreds of thousands of words; the index is open and in use by then.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import Lock
from types import MappingProxyType

from knowledge.swedish.compounds import MIN_WORD, CompoundSplitter
from knowledge.swedish.steps import Steps

KEPT = 65_536
NOBODYS = ""
"""Stands for the owner where a document is open to everybody."""
_TAB = "\t"


@dataclass(frozen=True, slots=True)
class SplitLines:
    """What an owner's documents add for those who may read them: words, and lines of how long words are split."""

    words: tuple[str, ...]
    lines: tuple[str, ...]


_NONE: Mapping[str, SplitLines] = MappingProxyType({})


class StoredSplits:
    """Splits words like the `CompoundSplitter` that the lines come from; safe to share between threads."""

    def __init__(
        self, words: Sequence[str], lines: Sequence[str], steps: Steps, owned: Mapping[str, SplitLines] = _NONE
    ) -> None:
        """`words` are what compounds may be split into; a line is a long word, a tab, and its parts between spaces.

        `owned` is what owners add. All of it counts here; `only` leaves out what is not for everybody to read.
        """
        self._common = words, lines
        self._owned = owned
        self._words = sorted({*words, *(word for one in owned.values() for word in one.words)}) if owned else words
        self._lines = _merged(lines, [owned[owner].lines for owner in sorted(owned)]) if owned else lines
        self._steps = steps
        self._lock = Lock()
        self._splitter: CompoundSplitter | None = None
        # It does not know these splits, so that they go when nobody holds them any more.
        self._known = lru_cache(maxsize=KEPT)(partial(_looked_up, self._lines))

    def split(self, word: str) -> tuple[str, ...]:
        """The stems of the parts of a folded word, in order; empty where it is no compound of known words."""
        if len(word) < MIN_WORD:
            return ()
        known = self._known(word)
        return self._anew().split(word) if known is None else known

    def only(self, owners: Collection[str]) -> StoredSplits:
        """Splits as if there were no documents but the federation's and those of these owners."""
        return StoredSplits(
            *self._common, self._steps, {owner: one for owner, one in self._owned.items() if owner in owners}
        )

    def _anew(self) -> CompoundSplitter:
        with self._lock:
            if self._splitter is None:
                pairs = (line.split(_TAB, 1) for line in self._lines)
                splits = {word: tuple(parts.split()) for word, parts in pairs}
                self._splitter = CompoundSplitter(self._words, splits, steps=self._steps)
            return self._splitter


def _looked_up(lines: Sequence[str], word: str) -> tuple[str, ...] | None:
    begin = word + _TAB
    place = bisect_left(lines, begin)
    if place == len(lines) or not lines[place].startswith(begin):
        return None
    return tuple(lines[place][len(begin) :].split())


def _merged(lines: Sequence[str], others: Sequence[Sequence[str]]) -> list[str]:
    """One line a word; where two owners' documents make different parts of it, the first one's."""
    found = {line.split(_TAB, 1)[0]: line for more in reversed(others) for line in more}
    return sorted((*lines, *found.values()))


def lines_of(splits: Mapping[str, Sequence[str]]) -> list[str]:
    """The lines of a splitter's words. A tab sorts before every letter, so whole lines sort as their words do."""
    return sorted(f"{word}{_TAB}{' '.join(parts)}" for word, parts in splits.items())
