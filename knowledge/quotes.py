"""A quote of one passage, and how much of several quotes a chat reader reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.model import Passage
from knowledge.pieces import Piece, Role

MAX_LENGTH = 860
"""Characters of quoted text in one answer; with lead and markers it stays below about 900."""
MARKER = 5
"""Characters of a marker and the space before it."""
_LAST_FIGURES = re.compile(r"(?:\s+\S*\d\S*)+$")


@dataclass(frozen=True, slots=True)
class Quote:
    """Units of one passage, in the source's order."""

    passage: Passage
    pieces: tuple[Piece, ...]
    is_cut: bool = False
    """Whether the last unit goes on in the passage: it alone was longer than an answer may be."""

    @property
    def is_list(self) -> bool:
        """Whether it is a list or table rather than running text."""
        return len(self.pieces) > 1 and any(piece.role in (Role.ITEM, Role.ROW) for piece in self.pieces)

    @property
    def length(self) -> int:
        """Characters, markers included."""
        return length(self.pieces)


def length(pieces: Sequence[Piece]) -> int:
    """Characters that units take in an answer, markers included."""
    return sum(len(piece.text) + MARKER for piece in pieces)


def fitted(quotes: Sequence[Quote], last: int = 0) -> tuple[Quote, ...]:
    """The quotes within what a chat reader reads; the `last` ones stay whole, and those before them make room.

    The first unit always stays, cut where it alone is longer than an answer may be. A list loses items from its end.
    """
    kept = quotes[len(quotes) - last :] if last else ()
    return (*_within(quotes[: len(quotes) - last], MAX_LENGTH - sum(quote.length for quote in kept)), *kept)


def _within(quotes: Sequence[Quote], room: int) -> tuple[Quote, ...]:
    if quotes and len(quotes[0].pieces[0].text) + MARKER > MAX_LENGTH:
        first = quotes[0].pieces[0]
        return (Quote(quotes[0].passage, (replace(first, text=_beginning(first.text)),), is_cut=True),)
    kept: list[Quote] = []
    left = room
    for quote in quotes:
        pieces: list[Piece] = []
        for piece in quote.pieces:
            left -= len(piece.text) + MARKER
            if left < 0 and (pieces or kept):
                break
            pieces.append(piece)
        if pieces:
            kept.append(Quote(quote.passage, tuple(pieces)))
        if left < 0:
            break
    return tuple(kept)


def _beginning(text: str) -> str:
    """As many whole words as an answer holds. Figures at the end go: `12` of `12 873` is another number."""
    whole = text[: MAX_LENGTH - 10]
    head, space, _ = whole.rpartition(" ")
    return _LAST_FIGURES.sub("", head if space else whole).rstrip(" ,;:–-")
