"""The cells of a sheet as a reader sees them, read row by row; only cells with something in them cost anything."""

from __future__ import annotations

import io
import math
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import product
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.office.attribute_values import whole
from ingest.loaders.office.number_formats import general, shown_number
from ingest.loaders.office.package import MAX_PART, Package
from ingest.loaders.office.serial_dates import iso_moment
from ingest.loaders.office.xlsx_workbook import Workbook, rich_text
from ingest.loaders.office.xml_parts import S, xml_bytes

MAX_CELLS = 1_000_000
"""Cells that are written in a sheet, empty ones too."""
MAX_FILLED = 200_000
"""Cells with something in them, those that merging repeats included."""
_LAST_COLUMN = 16_384
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_TRUTH = {"1": "SANT", "0": "FALSKT"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, and the place that it was written at: another one for what merging repeats."""

    text: str
    origin: tuple[int, int]


@dataclass(slots=True)
class Grid:
    """Visible cells by row and column (from 1), the number of hidden characters, and whether pictures are there."""

    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    hidden: int = 0
    drawn: bool = False


@dataclass(slots=True)
class _Raw:
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    unseen: int = 0
    drawn: bool = False


def read_sheet(package: Package, part: str, workbook: Workbook) -> Grid:
    """Read a sheet. Raises DocumentRejected(TOO_LARGE and others), ParseError."""
    data = xml_bytes(package, part, MAX_PART)
    written = data.count(b"<c ") + data.count(b"<c>") + data.count(b"<c/") + data.count(b":c ")
    if written > MAX_CELLS:
        raise DocumentRejected(Reason.TOO_LARGE, f"{written} cells in a sheet, limit {MAX_CELLS}")
    raw = _raw(data, workbook, colored=b"tablePart " in data)
    grid = Grid(hidden=raw.unseen, drawn=raw.drawn)
    columns = _hidden_columns(raw)
    for place, cell in _merged(raw).items():
        row, column = place
        if row in raw.hidden_rows or column in columns:
            grid.hidden += len("".join(cell.text.split())) if cell.origin == place else 0
        else:
            grid.rows.setdefault(row, {})[column] = cell
    return grid


def _raw(data: bytes, workbook: Workbook, *, colored: bool) -> _Raw:
    """`colored`: a table style may fill cells, so that white letters prove nothing."""
    raw = _Raw()
    number = 0
    for _, element in ElementTree.iterparse(io.BytesIO(data)):  # noqa: S314 - no declaration passes xml_bytes
        tag = element.tag
        if tag == f"{S}row":
            number = _row(raw, element, number + 1, workbook, colored=colored)
            element.clear()
        elif tag == f"{S}col" and (element.get("hidden") in ("1", "true") or element.get("width") == "0"):
            raw.hidden_columns.append((whole(element.get("min")), whole(element.get("max"))))
        elif tag == f"{S}mergeCell":
            raw.merged += _area(element.get("ref", ""))
        elif tag in (f"{S}drawing", f"{S}picture"):
            raw.drawn = True
    return raw


def _row(raw: _Raw, element: Element, number: int, workbook: Workbook, *, colored: bool) -> int:
    """Take a row; its number, which is `number` where it does not say."""
    stated = element.get("r", "")
    number = int(stated) if stated.isdecimal() else number
    if element.get("hidden") in ("1", "true") or element.get("ht") == "0":
        raw.hidden_rows.add(number)
    column = 0
    for cell in element:
        place = _place(cell.get("r", ""))
        column = place[1] if place else column + 1
        if len(cell):  # most cells of many sheets have a style and nothing in them
            _take(raw, cell, (number, column), workbook, colored=colored)
    return number


def _take(raw: _Raw, element: Element, place: tuple[int, int], workbook: Workbook, *, colored: bool) -> None:
    style = workbook.style(element.get("s"))
    value = _value(element, workbook, style.code)
    if value is None or (style.unseen and not colored):
        raw.unseen += len("".join((value or element.findtext(f"{S}v") or "").split()))
        return
    if value.strip():
        raw.cells[place] = Cell(" ".join(value.split()), place)
        if len(raw.cells) > MAX_FILLED:
            raise DocumentRejected(Reason.TOO_LARGE, f"more than {MAX_FILLED} filled cells in a sheet")


def _value(element: Element, workbook: Workbook, code: str) -> str | None:
    """A cell's text; empty for errors such as #N/A, None for a number that its format shows as nothing."""
    kind = element.get("t", "n")
    if kind == "inlineStr":
        inline = element.find(f"{S}is")
        return rich_text(inline) if inline is not None else ""
    value = (element.findtext(f"{S}v") or "").strip() if kind != "str" else element.findtext(f"{S}v") or ""
    if not value or kind == "e":
        return ""
    if kind == "s":
        return workbook.texts[int(value)]
    if kind == "b":
        return _TRUTH.get(value, "")
    if kind == "d":
        return iso_moment(value)
    if kind == "str":
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    if not math.isfinite(number):
        return ""
    return shown_number(number, code, since_1904=workbook.since_1904) if abs(number) < 1e15 else general(number)


def _hidden_columns(raw: _Raw) -> set[int]:
    columns: set[int] = set()
    reached = 0
    for first, last in sorted(raw.hidden_columns):
        end = min(last, _LAST_COLUMN)
        columns.update(range(max(first, reached + 1), end + 1))
        reached = max(reached, end)
    return columns


def _merged(raw: _Raw) -> dict[tuple[int, int], Cell]:
    """The cells, each merged one repeated over the rows and columns in use."""
    if not raw.merged or not raw.cells:
        return raw.cells
    cells = dict(raw.cells)
    rows = sorted({row for row, _ in raw.cells})
    columns = sorted({column for _, column in raw.cells})
    covered = 0
    for top, left, bottom, right in raw.merged:
        cell = raw.cells.get((top, left))
        if cell is None:
            continue
        down = rows[bisect_left(rows, top) : bisect_right(rows, bottom)]
        across = columns[bisect_left(columns, left) : bisect_right(columns, right)]
        covered += len(down) * len(across)
        if covered > MAX_FILLED:
            raise DocumentRejected(Reason.TOO_LARGE, f"more than {MAX_FILLED} merged cells in a sheet")
        for place in product(down, across):
            cells.setdefault(place, cell)
    return cells


def _area(reference: str) -> list[tuple[int, int, int, int]]:
    first, _, last = reference.partition(":")
    start, end = _place(first), _place(last or first)
    return [(*start, *end)] if start and end else []


def _place(reference: str) -> tuple[int, int] | None:
    """`B7` gives (7, 2)."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - 64
    return int(match.group(2)), column
