"""The workbook (XLSX): results, distributions, municipalities, change, code book, method, and what it is.

Every text is written as text and no cell as a formula or a link, whatever the text looks like.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.conversation.texts import Texts
from bot.exports.material import Material
from bot.exports.sheets import Look, Sheet, Value, sheets

LONGEST: Final = 32_767
"""Characters that a cell may hold."""

WIDEST: Final = 60
"""Characters that a column is wide at most; what is longer is wrapped."""

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMATS: Final = {Look.TEXT: "@", Look.COUNT: "0", Look.NUMBER: "0.0", Look.SHARE: "0.0%", Look.PROBABILITY: "0.000"}


def workbook(material: Material, texts: Texts, language: str) -> bytes:
    """The file. Takes a moment of the processor, so not for the event loop."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    edition = material.view.edition
    book.set_properties(
        {
            "title": texts.say("exports.title", language, label=edition.label),
            "author": texts.say("exports.about.program", language, version=material.program),
            "created": datetime.combine(edition.compiled, time(), UTC),
        }
    )
    # Whoever sorts files by machine finds out here that no model wrote this one.
    book.set_custom_property("ai_generated", False)
    formats = {look: book.add_format({"num_format": code, "valign": "top"}) for look, code in _FORMATS.items()}
    formats[Look.LONG] = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    head = book.add_format({"bold": True, "valign": "top", "text_wrap": True, "num_format": "@"})
    for sheet in sheets(material, texts, language):
        _write(book.add_worksheet(sheet.title), sheet, formats, head)
    book.close()
    return out.getvalue()


def _write(page: Worksheet, sheet: Sheet, formats: dict[Look, Format], head: Format) -> None:
    rows = [list(row) for row in sheet.rows]
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.title, head)
        page.set_column(place, place, _width(column.title, (row[place] for row in rows)))
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            _put(page, number, place, value, sheet.columns[place].look, formats)
    page.freeze_panes(1, sheet.frozen)
    if rows:
        page.autofilter(0, 0, len(rows), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _put(page: Worksheet, row: int, column: int, value: Value, look: Look, formats: dict[Look, Format]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        page.write_string(row, column, value[:LONGEST], formats[look if look is Look.LONG else Look.TEXT])
    else:
        page.write_number(row, column, value, formats[look])


def _width(title: str, values: Iterable[Value]) -> float:
    longest = max((len(str(each)) if isinstance(each, str) else 8 for each in values if each is not None), default=8)
    # A title may break between its words, so it counts half.
    return float(min(WIDEST, max(9, longest + 2, _half(title.split()))))


def _half(words: Sequence[str]) -> int:
    return max((len(word) for word in words), default=0) + 3
