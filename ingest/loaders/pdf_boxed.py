"""Puts the text of a page into the cells of its grids, each grid as one table in reading order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.cleaning.lines import SPLIT
from ingest.cleaning.rows import parted
from ingest.loaders.pdf_grid import Grid
from ingest.loaders.pdf_tables import Row, Table
from ingest.loaders.pdf_text import TextLine, tidy

_FULL = 0.66
"""Share of a cell's width from which on a word may be too wide for it; the rest is margin, and widths are estimates."""
_AT_EDGE = 4
"""Lines above or below the text of a page, beside which a single row is the piece of a table on the page next to it."""
_Key = tuple[int, int]
_Part = tuple[TextLine | None, TextLine | None]


@dataclass(slots=True)
class _Cell:
    """Its lines as drawn, about how wide each is, and their places among the page's lines."""

    lines: list[str] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


def boxed(lines: Sequence[TextLine], grids: Sequence[Grid]) -> tuple[list[TextLine], list[Table]]:
    """The lines, those of each grid moved together, and the tables that they are.

    A grid is left alone where it is none of a table: with text in one column only, or in one row amid a page.
    """
    result, found = list(lines), list[Table]()
    begun = [(min(_inside(lines, grid), default=-1), grid) for grid in grids]
    for first, grid in sorted((one for one in begun if one[0] >= 0), key=lambda one: one[0]):
        held = [_held(line, grid) for line in result]
        inside = [index for index, (within, _) in enumerate(held) if within is not None]
        if not inside or any(table.start <= inside[0] < table.end for table in found):
            continue
        first = inside[0]
        moved = [within for within, _ in held if within is not None]
        table = _table(first, moved, grid)
        if table is None or (len(table.rows) == 1 and first > _AT_EDGE and inside[-1] < len(held) - 1 - _AT_EDGE):
            continue
        others = [(index, outside) for index, (_, outside) in enumerate(held) if outside is not None]
        before = [line for index, line in others if index < first]
        result = [*before, *moved, *(line for index, line in others if index >= first)]
        found.append(table)
    return result, found


def _inside(lines: Sequence[TextLine], grid: Grid) -> list[int]:
    return [index for index, line in enumerate(lines) if _held(line, grid)[0] is not None]


def _held(line: TextLine, grid: Grid) -> _Part:
    """A line's part inside the grid, and its part outside."""
    within = [grid.holds(part.x + 1.0, part.y + 0.2 * part.size) for part in line.fragments]
    if not any(within):
        return None, line
    if all(within):
        return line, None
    inside = tuple(part for part, is_in in zip(line.fragments, within, strict=True) if is_in)
    outside = tuple(part for part, is_in in zip(line.fragments, within, strict=True) if not is_in)
    return TextLine(inside), TextLine(outside)


def _table(start: int, lines: Sequence[TextLine], grid: Grid) -> Table | None:
    squares = [[_square(grid, part.x, part.y + 0.2 * part.size) for part in line.fragments] for line in lines]
    undivided = _undivided(lines, grid)
    cells: dict[_Key, _Cell] = {}
    across = 0
    for index, (line, places) in enumerate(zip(lines, squares, strict=True)):
        keys = [_key(grid, place, undivided) for place in places]
        across += len(set(keys)) > 1
        for part, piece, key in zip(line.fragments, line.pieces(), keys, strict=True):
            cell = cells.setdefault(key, _Cell())
            if cell.places[-1:] == [start + index]:
                cell.lines[-1] += piece
                cell.widths[-1] += part.right - part.x
            else:
                cell.lines.append(piece)
                cell.widths.append(part.right - part.x)
                cell.places.append(start + index)
    if across > 2 * len(grid.cells):
        return None  # rows without lines between them
    shows_blanks = any(line.endswith(" ") for cell in cells.values() for line in cell.lines[:-1])
    rows: list[Row] = []
    for number, squares_of_row in enumerate(grid.cells):
        row = Row()
        for column in range(len(squares_of_row)):
            key = _key(grid, (number, column), undivided)
            if key in cells:
                cell = cells[key]
                room = grid.columns[column + 1] - grid.columns[column]
                row.columns[column] = [_text(cell, room, shows_blanks)]
                row.lines = sorted({*row.lines, *cell.places})
        if row.columns:
            rows.append(row)
    width = len(grid.columns) - 1
    if len(rows) < 2:
        is_table = bool(rows) and len(rows[0].columns) > (1 if start > _AT_EDGE else 0)
    else:
        is_table = len(parted([row.texts(width) for row in rows]).rows) > 1
    if not is_table:
        return None
    return Table(start, start + len(lines), tuple(pairwise(grid.columns)), tuple(rows))


def _square(grid: Grid, x: float, y: float) -> tuple[int, int]:
    return grid.square(x + 1.0, y)


def _undivided(lines: Sequence[TextLine], grid: Grid) -> set[int]:
    """Cells over several columns that only seem to be one: lines are drawn around the row and not between its cells."""
    found: set[int] = set()
    for line in lines:
        squares = [_square(grid, left, line.y + 0.2 * line.size) for left, _, _ in line.cells()]
        held = [(grid.cells[row][column], column) for row, column in squares]
        numbers = [number for number, _ in set(held)]
        found |= {number for number in numbers if numbers.count(number) > 1}
    return found


def _key(grid: Grid, square: tuple[int, int], undivided: set[int]) -> _Key:
    """The cell that a square belongs to; a column of one that is undivided."""
    row, column = square
    number = grid.cells[row][column]
    return (number, column) if number in undivided else (number, -1)


def _text(cell: _Cell, width: float, shows_blanks: bool) -> str:
    """A cell's lines as one text.

    Programs break a word that is wider than its cell without a hyphen. Where they draw the blank at which they break a
    line otherwise (`shows_blanks`), a word that fills a line to its end without one goes on in the next.
    """
    text = tidy(cell.lines[0])
    for number, line in enumerate(cell.lines[1:]):
        before = cell.lines[number]
        is_word = before.strip().isalpha() and before[-1:].isalpha() and line[:1].islower()
        is_split = shows_blanks and is_word and cell.widths[number] > _FULL * width
        text += (SPLIT if is_split else "\n") + tidy(line)
    return text
