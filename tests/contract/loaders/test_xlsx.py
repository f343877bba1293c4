"""Workbooks: tables with the figures that a reader sees, and nothing of what is hidden."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from ingest.loaders.office.number_formats import shown_number
from ingest.model import BlockKind, LoadedDocument
from tests.contract.loaders.reading import read, texts, whole

HEAD = ("Kommun", "Antal", "Andel")


def load(tmp_path: Path, fill: Callable[[Any], None], name: str = "Ärenden") -> LoadedDocument:
    """Fill a sheet and read the workbook. The sheet is Any, as openpyxl has no types."""
    book = Workbook()
    sheet = book.active
    sheet.title = name
    fill(sheet)
    path = tmp_path / "a.xlsx"
    book.save(path)
    return read(path)


def test_figures_and_dates_are_shown_as_swedish_readers_see_them(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(("Kommun", "Kostnad", "Andel", "Beslut", "Start", "Aktiv", "Nummer"))
        sheet.append(("Åmål", 1234567.5, 0.125, datetime.date(2025, 3, 14), datetime.time(9, 30), True, 7))
        row = sheet[2]
        row[1].number_format, row[2].number_format, row[6].number_format = '#,##0.00\\ "kr"', "0.0%", "000"

    (text,) = texts(load(tmp_path, fill), BlockKind.TABLE)
    assert text.split("\n")[1] == "| Åmål | 1 234 567,50 kr | 12,5 % | 2025-03-14 | 09:30:00 | SANT | 007 |"


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.1 + 0.2, "General", "0,3"),
        (1250.0, "General", "1250"),
        (-1250.4, "#,##0", "-1 250"),
        (-1250.4, '#,##0;"minus" #,##0', "minus 1 250"),
        (0.0, '#,##0;-#,##0;"–"', "–"),
        (2.5, "0", "3"),
        (1234.5, "0.0#", "1234,5"),
        (12_500_000.0, '#,##0.0,,"\xa0mnkr"', "12,5\xa0mnkr"),
        (46621.0, "000\\ 00", "466 21"),
        (45730.0, "yyyy-mm-dd", "2025-03-14"),
        (45730.5, "yyyy-mm-dd hh:mm", "2025-03-14 12:00"),
        (45730.0, "mmm\\-yy", "2025-03"),
        (45730.0, "[$-41D]d mmmm yyyy", "2025-03-14"),
        (1.5, "[h]:mm", "36:00"),
        (7.0, ";;;", None),
        (7.0, "[Red]0.0", "7,0"),
        (-1.0, "yyyy-mm-dd", "-1"),
        (0.5, "# ?/?", "0,5"),
    ],
)
def test_number_formats(value: float, code: str, shown: str | None) -> None:
    assert shown_number(value, code) == shown


def test_texts_around_a_table_are_paragraphs_and_its_header_is_its_first_row(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet["B2"] = "Ärenden per kommun"
        sheet.merge_cells("B2:D2")
        for row, cells in enumerate((HEAD, ("Åmål", 7, 0.5), ("Tanum", 9, 0.5)), start=4):
            for column, value in enumerate(cells, start=2):
                sheet.cell(row, column, value)
        sheet["B7"] = "Källa: kommunernas egna uppgifter."

    document = load(tmp_path, fill)
    assert document.title == "Ärenden per kommun"
    blocks = document.blocks[1:]
    assert [(block.kind, block.text) for block in blocks] == [
        (BlockKind.TABLE, "| Kommun | Antal | Andel |\n| Åmål | 7 | 0,5 |\n| Tanum | 9 | 0,5 |"),
        (BlockKind.PARAGRAPH, "Källa: kommunernas egna uppgifter."),
    ]
    assert {block.pages for block in blocks} == {(1,)}


def test_an_empty_row_inside_a_table_does_not_end_it(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        for row in (HEAD, ("Åmål", 7, 1), (), ("Tanum", 9, 2), (), ("Fråga", "Svar", "Datum"), ("Hur", "Så", "i dag")):
            sheet.append(row)

    assert texts(load(tmp_path, fill), BlockKind.TABLE) == [
        "| Kommun | Antal | Andel |\n| Åmål | 7 | 1 |\n| Tanum | 9 | 2 |",
        "| Fråga | Svar | Datum |\n| Hur | Så | i dag |",
    ]


def test_merged_cells_are_repeated_over_rows_and_columns(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        for row in (("Kommun", "Antal", None), ("Åmål", 1, 2), (None, 3, 4)):
            sheet.append(row)
        sheet.merge_cells("B1:C1")
        sheet.merge_cells("A2:A3")

    (text,) = texts(load(tmp_path, fill), BlockKind.TABLE)
    assert text.split("\n") == ["| Kommun | Antal | Antal |", "| Åmål | 1 | 2 |", "| Åmål | 3 | 4 |"]


def test_hidden_rows_columns_sheets_and_letters_are_counted_and_left_out(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        for row in ((*HEAD, "dold"), ("Åmål", 7, 1, "x"), ("gömd", 1, 1, "y"), ("Tanum", 9, 2, "z")):
            sheet.append(row)
        sheet.column_dimensions["D"].hidden = True
        sheet.row_dimensions[3].hidden = True
        sheet["A6"] = "Lyd mig"
        sheet["A6"].font = Font(color="FFFFFFFF")
        sheet["A7"] = 5
        sheet["A7"].number_format = ";;;"
        sheet["A8"] = "Syns på mörkt"
        sheet["A8"].font = Font(color="FFFFFFFF")
        sheet["A8"].fill = PatternFill("solid", fgColor="FF1F3864")
        sheet["B2"].comment = Comment("en kommentar", "någon")
        other = sheet.parent.create_sheet("Gömt")
        other.append(("hemligt",))
        other.sheet_state = "hidden"

    document = load(tmp_path, fill)
    assert texts(document, BlockKind.TABLE) == ["| Kommun | Antal | Andel |\n| Åmål | 7 | 1 |\n| Tanum | 9 | 2 |"]
    assert texts(document, BlockKind.PARAGRAPH) == ["Syns på mörkt"]
    assert document.hidden == len("doldxyzgömd11Lydmig5hemligt")
    assert document.pages == 2


def test_formulas_give_their_saved_values_and_errors_nothing(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(HEAD)
        sheet.append(("Åmål", "=1+1", "#N/A"))
        sheet["C2"].data_type = "e"

    assert "=" not in whole(load(tmp_path, fill))
    assert "N/A" not in whole(load(tmp_path, fill))


def test_the_line_over_the_first_table_is_the_title_and_else_the_file_names_many_sheets(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        for row in (("Ärenden per kommun 2024",), (), HEAD, ("Åmål", 7, 1)):
            sheet.append(row)

    assert load(tmp_path, fill).title == "Ärenden per kommun 2024"

    def fill_two(sheet: Any) -> None:
        for each in (sheet, sheet.parent.create_sheet("Mer")):
            each.append(HEAD)
            each.append(("Åmål", 7, 1))

    assert load(tmp_path, fill_two).title == "a"


def test_a_sheet_without_a_name_of_its_own_has_no_heading(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(HEAD)
        sheet.append(("Åmål", 7, 1))

    assert texts(load(tmp_path, fill, name="Blad1"), BlockKind.HEADING) == []


def test_a_header_of_groups_and_their_columns_is_one_row(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(("Nämnd", "2026", None, "2027", None))
        sheet.append((None, "Intäkter", "Kostnader", "Intäkter", "Kostnader"))
        sheet.append(("Socialnämnden", 45, 512, 46, 524))
        sheet.append(("Kommunstyrelsen", 12, 98, 12, 101))
        for area in ("A1:A2", "B1:C1", "D1:E1"):
            sheet.merge_cells(area)

    (text,) = texts(load(tmp_path, fill), BlockKind.TABLE)
    assert text.split("\n")[:2] == [
        "| Nämnd | 2026 Intäkter | 2026 Kostnader | 2027 Intäkter | 2027 Kostnader |",
        "| Socialnämnden | 45 | 512 | 46 | 524 |",
    ]


def test_rows_that_share_a_merged_cell_are_no_header(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(("Nämnd", "Ansvar", "Delegat"))
        sheet.append(("Socialnämnden", "Avtal", "Chef"))
        sheet.append((None, "Vite", "Jurist"))
        sheet.merge_cells("A2:A3")

    (text,) = texts(load(tmp_path, fill), BlockKind.TABLE)
    assert [line.count("Socialnämnden") for line in text.split("\n")] == [0, 1, 1]
