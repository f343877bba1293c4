"""Finds simple tables on a PDF page by columns that line up, and puts wrapped cells together again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.loaders.pdf_text import TextLine

_ALIGNED = 6.0
"""Points by which the left edges of a column may differ."""
_MARK = re.compile(r"[^\w\s]{1,2}|\(?(?:\d{1,2}|\w)[.)]|o")
_TOP = 4
"""Lines that may stand above the text of a page."""
_Cell = tuple[float, float, str]


@dataclass(slots=True)
class Row:
    """A table row: texts by column, and the lines that it was made of."""

    columns: dict[int, list[str]] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)

    def texts(self, count: int) -> tuple[str, ...]:
        """One text a column, empty where the row has none."""
        return tuple("\n".join(self.columns.get(column, [])) for column in range(count))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in order, from line `start` to before line `end`."""

    start: int
    end: int
    spans: tuple[tuple[float, float], ...]
    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.spans)


def tables(lines: Sequence[TextLine], known: Sequence[Table] = ()) -> list[Table]:
    """Every other table of the page than the known: two rows or more whose cells start in the same places."""
    cells = [line.cells() for line in lines]
    for each in known:
        cells[each.start : each.end] = [[]] * (each.end - each.start)
    found: list[Table] = []
    index = 0
    while index < len(lines):
        table = _table_at(lines, cells, index) if len(cells[index]) > 1 and not _is_bullet(cells[index]) else None
        if table is None:
            index += 1
        else:
            found.append(_with_rest(_with_header(table, lines, cells), lines, cells))
            index = table.end
    return found


def _with_header(table: Table, lines: Sequence[TextLine], cells: Sequence[Sequence[_Cell]]) -> Table:
    """A centred header does not start where its columns do, so it is looked for once the columns are known."""
    above = table.start - 1
    if above < 0 or len(cells[above]) != table.width or _far(Row(lines=[above]), lines, table.start):
        return table
    columns = _columns(cells[above], table.spans)
    if columns is None:
        return table
    header = Row({column: [cell[2]] for column, cell in zip(columns, cells[above], strict=True)}, [above])
    return Table(above, table.end, table.spans, (header, *table.rows))


def _is_bullet(cells: Sequence[_Cell]) -> bool:
    return len(cells) == 2 and _MARK.fullmatch(cells[0][2]) is not None


def _table_at(lines: Sequence[TextLine], cells: Sequence[Sequence[_Cell]], start: int) -> Table | None:
    spans = [(left, right) for left, right, _ in cells[start]]
    rows = [Row({column: [cell[2]] for column, cell in enumerate(cells[start])}, [start])]
    end = start + 1
    while end < len(lines) and cells[end] and not _far(rows[-1], lines, end):
        columns = _columns(cells[end], spans) or _beside(rows[-1], lines, end, cells[end], spans)
        if columns is None:
            break
        if _begins_row(rows[-1], columns, lines, end, cells[end]):
            rows.append(Row())
        for place, cell in zip(columns, cells[end], strict=True):
            rows[-1].columns.setdefault(place, []).append(cell[2])
            spans[place] = (min(spans[place][0], cell[0]), max(spans[place][1], cell[1]))
        rows[-1].lines.append(end)
        end += 1
    while len(rows) > 1 and list(rows[-1].columns) == [0]:
        end = rows.pop().lines[0]
    full = [row for row in rows if len(row.columns) > 1]
    if len(full) < 2 or len(full) * 2 < len(rows):
        return None
    return Table(start, end, tuple(spans), tuple(rows))


def _beside(
    row: Row, lines: Sequence[TextLine], index: int, cells: Sequence[_Cell], spans: list[tuple[float, float]]
) -> list[int] | None:
    """New columns, where a line is drawn to the right of a row at the height of its first lines; added to `spans`."""
    line, before = lines[index], lines[index - 1]
    top = max(lines[place].y for place in row.lines)
    is_beside = before.y + 0.5 * line.size < line.y <= top + 0.5 * line.size
    if not is_beside or min(left for left, _, _ in cells) < max(right for _, right in spans):
        return None
    first = len(spans)
    spans += [(left, right) for left, right, _ in cells]
    return list(range(first, len(spans)))


def _with_rest(table: Table, lines: Sequence[TextLine], cells: Sequence[Sequence[_Cell]]) -> Table:
    """The rest of a row that the page before began: lines at the top of the page that stand in one later column."""
    start = table.start
    while start > 0 and len(cells[start - 1]) == 1 and not _far(Row(lines=[start - 1]), lines, start):
        columns = _columns(cells[start - 1], table.spans)
        if not columns or columns == [0] or abs(cells[start - 1][0][0] - table.spans[columns[0]][0]) > _ALIGNED:
            break
        start -= 1
    if start == table.start or start > _TOP:
        return table
    rest = Row()
    for index in range(start, table.start):
        (column,) = _columns(cells[index], table.spans) or (1,)
        rest.columns.setdefault(column, []).append(cells[index][0][2])
        rest.lines.append(index)
    return Table(start, table.end, table.spans, (rest, *table.rows))


def _columns(cells: Sequence[_Cell], spans: Sequence[tuple[float, float]]) -> list[int] | None:
    """The column of each cell; None where one fits into none or reaches into two, as text below a table does."""
    places: list[int] = []
    for left, right, _ in cells:
        near = [
            column
            for column, span in enumerate(spans)
            if min(right, span[1]) - max(left, span[0]) > 0.3 * min(right - left, span[1] - span[0])
            or abs(left - span[0]) <= _ALIGNED
        ]
        if len(near) != 1 or near[0] in places:
            return None
        places.append(near[0])
    return places


def _far(row: Row, lines: Sequence[TextLine], index: int) -> bool:
    """Whether free space of more than two lines below a row, or another letter height, ends the table."""
    before, line = lines[index - 1], lines[index]
    return _foot(row, lines) - line.y > 3.6 * line.size or abs(before.size - line.size) > 1.6


def _foot(row: Row, lines: Sequence[TextLine]) -> float:
    """Where the lowest line of a row stands; the last one drawn may be the first of another cell."""
    return min(lines[place].y for place in row.lines)


def _begins_row(
    row: Row, columns: Sequence[int], lines: Sequence[TextLine], index: int, cells: Sequence[_Cell]
) -> bool:
    if 0 not in columns:
        return min(columns) in row.columns and lines[row.lines[-1]].y - lines[index].y > 2.0 * lines[index].size
    if len(row.columns) == 1 and 0 in row.columns:
        return False
    first = cells[0][2][:1]
    step = lines[row.lines[-1]].y - lines[index].y
    return not (first.islower() and len(columns) > 1 and 0 < step < 1.5 * lines[index].size)
