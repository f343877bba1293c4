"""Puts together what a file with a structure of its own holds: headings, paragraphs, items and tables to blocks.

Marks that authors typed by hand (`•`, `1.`, bold lines for headings) are read as in a printed page, so that a file and
its print give the same blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from ingest.cleaning.bullets import bullet, count_mark, is_dash, item_text, neighbour, split_lead_in
from ingest.cleaning.footnotes import worth_keeping
from ingest.cleaning.lines import Line
from ingest.cleaning.rows import parted, pipe_rows
from ingest.cleaning.titles import HeadingStyles
from ingest.errors import DocumentRejected, Reason
from ingest.loaders.encoding import plain
from ingest.model import Block, BlockKind

NOTES_HEADING = "Fotnoter"
_LARGEST_TABLE = 20_000_000
"""Characters."""
_INDENTED = 8.0
"""Points by which an item stands further in than one of the level above."""


class _Sort(Enum):
    HEADING = auto()
    PARAGRAPH = auto()
    ITEM = auto()
    TABLE = auto()


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph is set: letter height and indent in points (0 = not known), and whether all of it is bold."""

    size: float = 0.0
    bold: bool = False
    indent: float = 0.0


@dataclass(frozen=True, slots=True)
class _Piece:
    sort: _Sort
    text: str
    pages: tuple[int, ...]
    level: int = 0
    look: Look = Look()


class Flow:
    """Takes the pieces of a document in reading order; `blocks` gives what they amount to."""

    def __init__(self) -> None:
        self._pieces: list[_Piece] = []
        self._notes: list[_Piece] = []

    def heading(self, text: str, level: int, pages: tuple[int, ...] = ()) -> None:
        """Add a heading of level 1-6 (deeper ones count as 6)."""
        self._add(_Sort.HEADING, text, pages, level=min(max(level, 1), 6))

    def paragraph(self, text: str, pages: tuple[int, ...] = (), look: Look = Look()) -> None:
        """Add a paragraph."""
        self._add(_Sort.PARAGRAPH, text, pages, look=look)

    def item(self, text: str, depth: int, pages: tuple[int, ...] = (), look: Look = Look()) -> None:
        """Add an item of a list; a number in front of it is part of its text, as `2) `."""
        self._add(_Sort.ITEM, text, pages, level=min(max(depth, 0), 8), look=look)

    def table(self, rows: Sequence[Sequence[str]], pages: tuple[int, ...] = ()) -> None:
        """Add a table; what is no table (one column, a title over all columns) becomes paragraphs.

        Raises DocumentRejected(TOO_LARGE) where merged cells make more text of it than a document has.
        """
        if sum(len(cell) for row in rows for cell in row) > _LARGEST_TABLE:
            raise DocumentRejected(Reason.TOO_LARGE, f"a table of more than {_LARGEST_TABLE / 1e6:.0f} MB")
        found = parted([[_clean(cell) for cell in row] for row in rows])
        for text in found.above:
            self.paragraph(text, pages)
        if found.rows:
            self._pieces.append(_Piece(_Sort.TABLE, pipe_rows(found.rows), pages))

    def note(self, text: str, pages: tuple[int, ...] = ()) -> None:
        """Add a footnote or endnote; notes come at the end, as they do for a printed page."""
        text = _clean(text)
        if worth_keeping(text):
            self._notes.append(_Piece(_Sort.PARAGRAPH, text, pages))

    def blocks(self) -> tuple[Block, ...]:
        """Everything taken so far as blocks."""
        pieces = self._with_headings([self._as_item(index) for index in range(len(self._pieces))])
        result: list[Block] = []
        index = 0
        while index < len(pieces):
            piece = pieces[index]
            end = index + 1
            if piece.sort is _Sort.ITEM:
                while end < len(pieces) and pieces[end].sort is _Sort.ITEM:
                    end += 1
                _append_list(result, pieces[index:end])
            else:
                result.append(Block(_KIND[piece.sort], piece.text, level=piece.level, pages=piece.pages))
            index = end
        if self._notes:
            result.append(Block(BlockKind.HEADING, NOTES_HEADING, level=1))
            result += [Block(BlockKind.PARAGRAPH, note.text, pages=note.pages) for note in self._notes]
        return tuple(result)

    def _add(self, sort: _Sort, text: str, pages: tuple[int, ...], level: int = 0, look: Look = Look()) -> None:
        text = _clean(text)
        if text:
            self._pieces.append(_Piece(sort, text, pages, level, look))

    def _as_item(self, index: int) -> _Piece:
        """A paragraph that an author made an item by typing a bullet or a number in front."""
        piece = self._pieces[index]
        if piece.sort is not _Sort.PARAGRAPH:
            return piece
        mark = bullet(piece.text)
        if mark and is_dash(mark):
            around = self._around(index)
            listed = any(bullet(text) == mark for text in around) or (around and around[0].endswith(":"))
        else:
            number = count_mark(piece.text)
            others = {count_mark(text) for text in self._around(index)} if number else set()
            listed = bool(mark) or (bool(number) and bool({neighbour(number, 1), neighbour(number, -1)} & others))
        return replace(piece, sort=_Sort.ITEM, text=item_text(piece.text)) if listed else piece

    def _around(self, index: int) -> list[str]:
        near = self._pieces[max(0, index - 1) : index] + self._pieces[index + 1 : index + 2]
        return [piece.text for piece in near if piece.sort is _Sort.PARAGRAPH]

    def _with_headings(self, pieces: list[_Piece]) -> list[_Piece]:
        """Paragraphs set larger or bold become headings: below the one before where real headings are used."""
        lines = [Line(piece.text, size=piece.look.size, bold=piece.look.bold) for piece in pieces if _is_set(piece)]
        styles = HeadingStyles.of(lines)
        has_real = any(piece.sort is _Sort.HEADING for piece in pieces)
        level = 0
        for index, piece in enumerate(pieces):
            if piece.sort is _Sort.HEADING:
                level = piece.level
            follows = index + 1 < len(pieces) and _type(pieces[index + 1]) != _type(piece)
            line = Line(piece.text, size=piece.look.size, bold=piece.look.bold)
            if piece.sort is _Sort.PARAGRAPH and piece.look.size and follows and styles.marks(line):
                found = min(level + 1, 6) if has_real else styles.level(line, piece.text)
                pieces[index] = replace(piece, sort=_Sort.HEADING, level=found)
        return pieces


_KIND = {_Sort.HEADING: BlockKind.HEADING, _Sort.PARAGRAPH: BlockKind.PARAGRAPH, _Sort.TABLE: BlockKind.TABLE}


def _is_set(piece: _Piece) -> bool:
    return piece.look.size > 0 and piece.sort in (_Sort.PARAGRAPH, _Sort.ITEM)


def _type(piece: _Piece) -> tuple[float, bool]:
    return piece.look.size, piece.look.bold


def _levels(items: Sequence[_Piece]) -> list[int]:
    """The level of each item from 0: as the file says, or by indent where each level is a list of its own."""
    if len({item.level for item in items}) > 1:
        base = min(item.level for item in items)
        return [item.level - base for item in items]
    steps: list[float] = []
    for indent in sorted({item.look.indent for item in items}):
        if not steps or indent - steps[-1] > _INDENTED:
            steps.append(indent)
    return [sum(step <= item.look.indent for step in steps) - 1 for item in items]


def _append_list(result: list[Block], items: Sequence[_Piece]) -> None:
    """Add a list, under the sentence before it where that announces one."""
    rows = [f"{'  ' * level}- {item.text}" for level, item in zip(_levels(items), items, strict=True)]
    pages = {page for item in items for page in item.pages}
    if result and result[-1].kind is BlockKind.PARAGRAPH:
        rest, lead = split_lead_in(result[-1].text)
        if lead:
            above = result.pop()
            if rest:
                result.append(replace(above, text=rest))
            rows.insert(0, lead)
            pages |= set(above.pages)
    result.append(Block(BlockKind.LIST, "\n".join(rows), pages=tuple(sorted(pages))))


def _clean(text: str) -> str:
    return " ".join(plain(text).split())
