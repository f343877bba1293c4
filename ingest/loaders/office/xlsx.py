"""Workbooks (.xlsx): a heading for each sheet, its position as page; tables with their headers, texts around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import slug
from ingest.loaders.flow import Flow
from ingest.loaders.office.kind import require_kind
from ingest.loaders.office.package import damage_rejects, open_package
from ingest.loaders.office.properties import office_properties
from ingest.loaders.office.xlsx_sheet import Cell, Grid, read_sheet
from ingest.loaders.office.xlsx_workbook import Workbook
from ingest.loaders.stated_date import stated_date
from ingest.loaders.titling import titled
from ingest.model import Block, BlockKind, LoadedDocument

_NAMELESS = re.compile(r"(?:blad|sheet|ark|taul|tabelle)\s?\d+", re.IGNORECASE)
_FIGURES = re.compile(r"[-\d\s,.:%]*\d[-\d\s,.:%]*(?:kr|tkr|mnkr|%)?")
_LONGEST_TITLE = 100
_Row = dict[int, Cell]


class XlsxLoader:
    """Loader for Excel files since 2007."""

    name = "xlsx"
    suffixes = frozenset({".xlsx", ".xltx"})

    def sniff(self, head: bytes) -> bool:
        """A zip file is told by what is in it, which its first bytes do not show."""
        return False

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file; formulas give the values that were saved with them.

        Raises DocumentRejected: WRONG_TYPE, MACROS, ENCRYPTED, UNSAFE, TOO_LARGE, UNREADABLE, EMPTY, NO_TEXT_LAYER
        (pictures and charts only).
        """
        package = open_package(path)
        flow = Flow()
        hidden = 0
        unread: list[int] = []
        with damage_rejects():
            require_kind(package, self.name)
            properties = office_properties(package)
            workbook = Workbook(package)
            shown = [sheet for sheet in workbook.sheets if not sheet.hidden]
            for page, sheet in enumerate(workbook.sheets, start=1):
                grid = read_sheet(package, sheet.part, workbook) if sheet.kind == "worksheet" else Grid(drawn=True)
                if sheet.hidden:
                    hidden += grid.hidden + sum(_letters(row) for row in grid.rows.values())
                    continue
                hidden += grid.hidden
                if not grid.rows:
                    unread += [page] if grid.drawn else []
                    continue
                if len(shown) > 1 or not _NAMELESS.fullmatch(sheet.name):
                    flow.heading(sheet.name, 1, (page,))
                _lay_out(grid, flow, page)
            blocks = flow.blocks()
        if not blocks and unread:
            raise DocumentRejected(Reason.NO_TEXT_LAYER, f"{len(unread)} sheets without text")
        title, blocks = titled(properties.title, _first_line(blocks), blocks, relative, by_heading=len(shown) == 1)
        return LoadedDocument(
            id=slug(relative),
            title=title,
            blocks=blocks,
            as_of=stated_date(blocks) or properties.saved,
            hidden=hidden,
            unread=tuple(unread),
            pages=len(workbook.sheets),
        )


def _first_line(blocks: Sequence[Block]) -> str:
    """The line that stands over everything else on the first sheet, as a title does."""
    first = next((block for block in blocks if block.kind is not BlockKind.HEADING), None)
    titles = first is not None and first.kind is BlockKind.PARAGRAPH and not first.text.endswith((".", ":"))
    return first.text if first is not None and titles and len(first.text) <= _LONGEST_TITLE else ""


@dataclass(slots=True)
class _Table:
    columns: tuple[int, ...]
    rows: list[_Row]


def _lay_out(grid: Grid, flow: Flow, page: int) -> None:
    """Tables and the lines of text above, between and below them; an empty row ends either."""
    table: _Table | None = None
    for region in _regions(grid):
        start, end = 0, len(region)
        while start < end and _is_line(region[start]):
            start += 1
        while end > start and _is_line(region[end - 1]):
            end -= 1
        body = region[start:end]
        columns = tuple(sorted({column for row in body for column in row}))
        goes_on = table is not None and not start and set(columns) <= set(table.columns) and _has_figures(body)
        if table is not None and goes_on:
            table.rows += body
        else:
            _write(table, flow, page)
            table = None
            for row in region[:start]:
                flow.paragraph(_line(row), (page,))
            table = _Table(columns, body) if body else None
        if region[end:]:
            _write(table, flow, page)
            table = None
            for row in region[end:]:
                flow.paragraph(_line(row), (page,))
    _write(table, flow, page)


def _regions(grid: Grid) -> list[list[_Row]]:
    regions: list[list[_Row]] = []
    before = -1
    for number in sorted(grid.rows):
        if number != before + 1:
            regions.append([])
        regions[-1].append(grid.rows[number])
        before = number
    return regions


def _is_line(row: _Row) -> bool:
    """Whether a row holds one text only, however many cells that is merged over."""
    return len({cell.origin for cell in row.values()}) == 1


def _line(row: _Row) -> str:
    return next(iter(row.values())).text


def _has_figures(rows: Sequence[_Row]) -> bool:
    """Whether the first row holds figures beside its first cell: then it is no header."""
    cells = [rows[0][column].text for column in sorted(rows[0])] if rows else []
    return any(_FIGURES.fullmatch(text) for text in cells[1:])


def _write(table: _Table | None, flow: Flow, page: int) -> None:
    if table is not None:
        texts = [[row[column].text if column in row else "" for column in table.columns] for row in table.rows]
        heads = _heads(table.rows)
        if heads > 1:
            texts[:heads] = [
                [" ".join(dict.fromkeys(filter(None, parts))) for parts in zip(*texts[:heads], strict=True)]
            ]
        flow.table(texts, (page,))


def _heads(rows: Sequence[_Row]) -> int:
    """Rows of the header: more than one where groups of columns, merged, stand beside cells merged downwards."""
    heads = 1
    while heads < len(rows) - 1 and _has_groups(rows[heads - 1]) and not _has_figures(rows[heads : heads + 1]):
        if not any(cell == rows[heads - 1].get(column) for column, cell in rows[heads].items()):
            break
        heads += 1
    return heads


def _has_groups(row: _Row) -> bool:
    return 1 < len({cell.origin for cell in row.values()}) < len(row)


def _letters(row: _Row) -> int:
    return sum(len("".join(cell.text.split())) for cell in row.values())
