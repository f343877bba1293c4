"""Plain tables for the terminal: columns as wide as their widest cell, numbers to the right."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[object]], right: Collection[int] = ()) -> list[str]:
    """The lines of a table; trailing spaces are cut, so that copied lines are clean.

    `right`: columns, from 0, that are set to the right although their cells are texts.
    """
    numbers = [
        i in right or (bool(rows) and all(isinstance(row[i], int | float) for row in rows)) for i in range(len(head))
    ]
    cells = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    return [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numbers, strict=True)
        ).rstrip()
        for row in cells
    ]
