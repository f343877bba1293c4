"""Rows of a table as lines gave them, to one table: over page breaks too, where printing repeats and divides rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.cleaning.lines import Line

_PIPED = re.compile(r"\s*\|.+\|\s*")
_MOST_HEADS = 3
"""Rows of a table's head that a page break is expected to repeat."""


def is_row(line: Line) -> bool:
    """Whether a line is one of a table: cells told apart by place, by bars or by tabs."""
    return len(line.cells) > 1 or bool(_PIPED.fullmatch(line.text)) or line.text.strip().count("\t") > 0


def rows_of(lines: Sequence[Line]) -> list[list[str]]:
    """The cells of each row, without what a page break added.

    The head is dropped where the next page repeats it. A row that a page break divides goes on in the first row of the
    next page: in some of its columns, and not in the first one, or within a sentence.
    """
    result: list[list[str]] = []
    page, heads = lines[0].page if lines else 0, 0
    for line in lines:
        row = _cells(line)
        if not any(cell.strip("-: ") for cell in row):
            continue
        turned = line.page != page
        if turned:
            page, heads = line.page, 1
        if heads and heads <= _MOST_HEADS and len(result) > heads - 1 and _same(row, result[heads - 1]):
            heads += 1
            continue
        if heads and result and _goes_on(result[-1], row):
            result[-1] = ["\n".join(filter(None, parts)) for parts in zip(result[-1], row, strict=True)]
        else:
            result.append(row)
        heads = 0
    return result


def _same(row: Sequence[str], other: Sequence[str]) -> bool:
    return [cell.split() for cell in row] == [cell.split() for cell in other]


def _goes_on(above: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a page's first row is the rest of the row above."""
    filled = [(before.rstrip(), cell.lstrip()) for before, cell in zip(above, row, strict=False) if cell]
    if len(above) != len(row) or not filled or not all(before for before, _ in filled):
        return False
    if any(cell[:1].islower() and before[-1:] not in ".!?:" for before, cell in filled):
        return not row[0] or all(cell[:1].islower() for _, cell in filled)
    return not row[0] and bool(above[0]) and len(filled) * 2 <= len(row)


def _cells(line: Line) -> list[str]:
    if line.cells:
        return list(line.cells)
    separator = "|" if _PIPED.fullmatch(line.text) else "\t"
    return [cell.strip() for cell in line.text.strip().strip("|").split(separator)]
