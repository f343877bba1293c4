"""The long table as CSV, by RFC 4180, or as Swedish spreadsheets read it without being asked.

UTF-8 with a byte order mark, so that spreadsheets see å, ä and ö; lines end with CRLF; the first one names the columns.
A text that could be taken for a formula begins with an apostrophe; numbers are left as they are. What is not told, or
does not belong to a row, is empty. Truth values are `true` and `false`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from bot.exports.harmless import harmless
from bot.exports.rows import ExportRow

COLUMNS: Final = tuple(each.name for each in fields(ExportRow))
"""The columns' names, in their order; the same in every language, so that programs find them."""


class Dialect(StrEnum):
    """RFC4180: commas between fields, points in numbers. SV: semicolons between fields, commas in numbers."""

    RFC4180 = "rfc4180"
    SV = "sv"


@dataclass(frozen=True, slots=True)
class _Marks:
    delimiter: str
    decimal: str


_MARKS: Final = {Dialect.RFC4180: _Marks(",", "."), Dialect.SV: _Marks(";", ",")}


def csv_file(rows: Iterable[ExportRow], dialect: Dialect = Dialect.RFC4180) -> bytes:
    """The rows as a file. Numbers are written so that reading them gives the very same numbers."""
    marks = _MARKS[dialect]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=marks.delimiter, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(getattr(row, name), marks) for name in COLUMNS])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object, marks: _Marks) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).replace(".", marks.decimal)
    return harmless(value) if isinstance(value, str) else str(value)
