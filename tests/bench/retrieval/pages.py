"""On which pages of a report a piece of its text lies, where the text itself has no pages.

Texts are compared letter by letter without spaces, as extraction breaks words and cleaning mends them.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

SHINGLE = 20
"""Letters that are looked up together: long enough to be rare, short enough to lie between two places mended."""
LOCATED = 0.5
"""Share of a text's letters that must be found in one stretch of the report for the text to count as located."""
SPREAD = 1.5
"""How many times longer than the text that stretch may be: what cleaning took out lies between."""
ON_PAGE = 0.1
"""Share of the found letters that must lie on a page for the text to be on it: less is the end of a sentence."""


class PageMap:
    """Locates passages and chunks of one report by their letters."""

    def __init__(self, pages: Iterable[tuple[int, str]]) -> None:
        """`pages` are the numbers of the report's pages with their texts, in order."""
        parts: list[str] = []
        self._starts: list[int] = []
        self._numbers: list[int] = []
        length = 0
        for number, text in pages:
            self._starts.append(length)
            self._numbers.append(number)
            parts.append(letters(text))
            length += len(parts[-1])
        whole = "".join(parts)
        self._places: dict[str, list[int]] = {}
        for at in range(len(whole) - SHINGLE + 1):
            self._places.setdefault(whole[at : at + SHINGLE], []).append(at)

    def locate(self, text: str) -> frozenset[int]:
        """The pages that the text lies on; empty where it is not found."""
        sought = letters(text)
        shingles = [sought[at : at + SHINGLE] for at in range(max(1, len(sought) - SHINGLE + 1))]
        found = sorted({place for shingle in shingles for place in self._places.get(shingle, ())})
        stretch = _densest(found, int(SPREAD * len(sought)) + SHINGLE)
        # A break in a word costs a whole shingle on either side, so letters are counted, not shingles.
        if not sought or _covered(stretch) < LOCATED * len(sought):
            return frozenset()
        counts = Counter(self._page(place) for place in stretch)
        return frozenset(page for page, count in counts.items() if count >= ON_PAGE * len(stretch))

    def _page(self, place: int) -> int:
        return self._numbers[bisect_right(self._starts, place) - 1]


def read_pages(text: Path, starts: Path) -> list[tuple[int, str]]:
    """The pages of a text file, by a table (`page`, `first_line`) of the line, from 1, at which each one starts."""
    lines = text.read_text(encoding="utf-8").split("\n")
    with starts.open(encoding="utf-8", newline="") as table:
        rows = [(int(row["page"]), int(row["first_line"]) - 1) for row in csv.DictReader(table)]
    ends = [start for _, start in rows[1:]] + [len(lines)]
    return [(page, "\n".join(lines[start:end])) for (page, start), end in zip(rows, ends, strict=True)]


def letters(text: str) -> str:
    """Letters and digits alone, in small letters: what neither extraction nor cleaning nor layout changes."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _densest(places: list[int], width: int) -> list[int]:
    """The places inside the window of that width which holds most of them."""
    best, first = (0, 0), 0
    for last, place in enumerate(places):
        while place - places[first] > width:
            first += 1
        best = max(best, (last - first + 1, -first))
    count, start = best[0], -best[1]
    return places[start : start + count]


def _covered(places: list[int]) -> int:
    """How many letters the shingles at these places cover together."""
    total, end = 0, -1
    for place in places:
        total += place + SHINGLE - max(place, end)
        end = place + SHINGLE
    return total
