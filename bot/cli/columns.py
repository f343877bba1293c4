"""A table of a card as lines of a terminal: aligned columns, long cells wrapped in theirs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest

GAP = 2
NARROWEST = 6
"""Characters that a column keeps, however little room there is."""


def columns(head: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Head and rows, without trailing spaces, on lines of at most `width` characters where that is possible."""
    widths = _fitted([max(map(len, column)) for column in zip(head, *rows, strict=True)], width)
    for row in (head, *rows):
        cells = [textwrap.wrap(cell, room) or [""] for cell, room in zip(row, widths, strict=True)]
        for parts in zip_longest(*cells, fillvalue=""):
            line = (" " * GAP).join(part.ljust(room) for part, room in zip(parts, widths, strict=True))
            yield line.rstrip()


def _fitted(widths: list[int], width: int) -> list[int]:
    """Widths that fit: the widest columns give way first."""
    fitted = [max(each, 1) for each in widths]
    over = sum(fitted) + GAP * (len(fitted) - 1) - width
    while over > 0:
        widest = max(range(len(fitted)), key=fitted.__getitem__)
        if fitted[widest] <= NARROWEST:
            break
        fitted[widest] -= 1
        over -= 1
    return fitted
