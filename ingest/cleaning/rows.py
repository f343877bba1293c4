"""Rows of cells to a table as blocks hold it: Markdown pipe rows with the header first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parted:
    """What a grid of cells holds: lines `above` the table (or instead of one), and the table's rows."""

    above: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def parted(rows: Sequence[Sequence[str]]) -> Parted:
    """Drop what is empty, level the rows, and tell titles over all columns from the table under them."""
    width = max((len(row) for row in rows), default=0)
    level = [(*row, *[""] * (width - len(row))) for row in rows if any(row)]
    kept = [column for column in range(width) if any(row[column] for row in level)]
    grid = [tuple(row[column] for column in kept) for row in level]
    start = 0
    while start < len(grid) and (len(kept) < 2 or _is_title(grid[start])):
        start += 1
    above = tuple(row[0] for row in grid[:start])
    if len(grid) - start == 1:
        return Parted((*above, " ".join(dict.fromkeys(filter(None, grid[start])))), ())
    return Parted(above, tuple(grid[start:]))


def _is_title(row: tuple[str, ...]) -> bool:
    """One text over all columns, as merged cells give it."""
    return len(set(row)) == 1


def pipe_rows(rows: Sequence[Sequence[str]]) -> str:
    """`| a | b |` a row; bars inside cells become slashes."""
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)
