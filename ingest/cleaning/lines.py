"""A line of an extracted page: what paged and wrapped sources are made of before they become blocks."""

from __future__ import annotations

from dataclasses import dataclass

PARAGRAPH_GAP = 0.45
"""Free space above a line, in line steps, from which on it starts a paragraph."""

SPLIT = "\u00ad\n"
"""Line end at which a program may have broken a word that was too wide for its cell: without a hyphen."""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line.

    `page` is 0 where the source has no pages. `gap` is the free space above it in ordinary line steps (0 = the next
    line of the same paragraph, 1 = one empty line). `x` and `y` are its place and `size` the letter height in points,
    all 0 where the source is plain text. `cells` holds the texts of a table row whose columns were told apart by
    position. `edge` marks a line in the top or bottom margin zone of its page. `level` is above 0 for a heading that
    the file's own bookmarks name.
    """

    text: str
    page: int = 0
    gap: float = 0.0
    x: float = 0.0
    y: float = 0.0
    size: float = 0.0
    bold: bool = False
    cells: tuple[str, ...] = ()
    edge: bool = False
    level: int = 0
