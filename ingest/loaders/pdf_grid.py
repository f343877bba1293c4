"""Tables whose cells are boxed in: the grid that lines on a page make, and the text that stands in each cell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.loaders.pdf_rules import Rule, Rules

_NEAR = 3.0
"""Points by which lines may miss each other and still meet."""
_WIDEST = 60
"""Columns; more are the squares of a drawing."""
_MOST_SQUARES = 3_000
"""Squares of a grid; more are those of a chart, and finding its cells takes long."""
_MOST_CROSSINGS = 200_000
"""Pairs of lines that may cross, for the same reason."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Edges of columns from the left and of rows from the top, and which cell each square belongs to.

    `cells[row][column]` are numbers; squares without a line between them have the same.
    """

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    cells: tuple[tuple[int, ...], ...]

    def holds(self, x: float, y: float) -> bool:
        """Whether a place on the page is inside."""
        return self.columns[0] < x < self.columns[-1] and self.rows[-1] < y < self.rows[0]

    def square(self, x: float, y: float) -> tuple[int, int]:
        """Row and column of a place inside."""
        column = min(bisect_right(self.columns, x) - 1, len(self.columns) - 2)
        return min(bisect_right([-edge for edge in self.rows], -y) - 1, len(self.rows) - 2), max(column, 0)


def grids_of(rules: Rules) -> list[Grid]:
    """Every grid of two columns or more; those of one row may be what a page break cut off a table."""
    lying, standing = _joined(rules.lying), _joined(rules.standing)
    if len(lying) * len(standing) > _MOST_CROSSINGS:
        return []
    found: list[Grid] = []
    for group in _meeting(lying, standing):
        lines = [lying[index] for index in group if index < len(lying)]
        uprights = [standing[index - len(lying)] for index in group if index >= len(lying)]
        rows = _places([rule.at for rule in lines], [end for rule in uprights for end in (rule.start, rule.end)])
        columns = _places([rule.at for rule in uprights], [end for rule in lines for end in (rule.start, rule.end)])
        if len(rows) >= 2 and 2 < len(columns) <= _WIDEST and len(rows) * len(columns) <= _MOST_SQUARES:
            found.append(_grid(columns, rows[::-1], lines, uprights))
    return [grid for grid in found if len(grid.columns) > 2 and len(grid.rows) > 1]


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Lines drawn in pieces as one."""
    result: list[Rule] = []
    by_place: dict[int, list[Rule]] = {}
    at = None
    place = 0
    for rule in sorted(rules, key=lambda rule: rule.at):
        if at is None or rule.at - at > _NEAR:
            at, place = rule.at, place + 1
        by_place.setdefault(place, []).append(rule)
    for group in by_place.values():
        last: Rule | None = None
        for rule in sorted(group, key=lambda rule: rule.start):
            if last is not None and rule.start - last.end <= _NEAR:
                last = Rule(last.at, last.start, max(last.end, rule.end))
                result[-1] = last
            else:
                last = rule
                result.append(rule)
    return result


def _meeting(lying: Sequence[Rule], standing: Sequence[Rule]) -> list[list[int]]:
    """Groups of lines that touch each other; those that stand are counted on from those that lie."""
    parents = list(range(len(lying) + len(standing)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    for number, upright in enumerate(standing, start=len(lying)):
        for index, line in enumerate(lying):
            crosses = line.start - _NEAR <= upright.at <= line.end + _NEAR
            if crosses and upright.start - _NEAR <= line.at <= upright.end + _NEAR:
                parents[root(number)] = root(index)
    groups: dict[int, list[int]] = {}
    for index in range(len(parents)):
        groups.setdefault(root(index), []).append(index)
    return [group for group in groups.values() if len(group) > 4]


def _places(values: Iterable[float], ends: Sequence[float]) -> list[float]:
    """Distinct places, those that are nearly the same as one.

    Where the lines across end farther out, the outermost line is missing, as at a page break, and there is its place.
    """
    result: list[float] = []
    for value in sorted((*values, min(ends), max(ends))):
        if not result or value - result[-1] > _NEAR:
            result.append(value)
    return result


def _grid(columns: list[float], rows: list[float], lying: Sequence[Rule], standing: Sequence[Rule]) -> Grid:
    height, width = len(rows) - 1, len(columns) - 1
    cells = [[row * width + column for column in range(width)] for row in range(height)]

    def merge(kept: int, gone: int) -> None:
        for line in cells:
            line[:] = [kept if number == gone else number for number in line]

    for row in range(height):
        middle = (rows[row] + rows[row + 1]) / 2
        for column in range(1, width):
            one, other = cells[row][column - 1], cells[row][column]
            if one != other and not _is_drawn(standing, columns[column], middle):
                merge(one, other)
    for column in range(width):
        middle = (columns[column] + columns[column + 1]) / 2
        for row in range(1, height):
            one, other = cells[row - 1][column], cells[row][column]
            if one != other and not _is_drawn(lying, rows[row], middle):
                merge(one, other)
    return _plain(columns, rows, cells)


def _is_drawn(rules: Sequence[Rule], at: float, across: float) -> bool:
    return any(abs(rule.at - at) <= _NEAR and rule.start <= across <= rule.end for rule in rules)


def _plain(columns: list[float], rows: list[float], cells: list[list[int]]) -> Grid:
    """Without rows and columns that nothing divides from those before them."""
    kept = [row for row in range(len(cells)) if row == 0 or cells[row] != cells[row - 1]]
    rows = [rows[row] for row in kept] + rows[-1:]
    cells = [cells[row] for row in kept]
    across = list(zip(*cells, strict=True))
    wide = [column for column in range(len(across)) if column == 0 or across[column] != across[column - 1]]
    columns = [columns[column] for column in wide] + columns[-1:]
    return Grid(tuple(columns), tuple(rows), tuple(tuple(line[column] for column in wide) for line in cells))
