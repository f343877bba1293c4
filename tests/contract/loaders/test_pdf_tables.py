"""Tables of printed pages: cells in boxes or lined up, over several lines and pages, keep their places."""

from __future__ import annotations

from pathlib import Path

from fpdf import FPDF

from ingest.model import BlockKind
from tests.contract.loaders import files
from tests.contract.loaders.reading import read, texts

SENTENCE = "Nämnden beslutar varje år om en plan för verksamheten och följer upp den i bokslutet."
WIDTHS = (30, 60, 40)


def lines_in(pdf: FPDF, width: float, text: str) -> int:
    """Over how many lines a cell goes."""
    found = pdf.multi_cell(width, 5, text, dry_run=True, output="LINES")
    assert isinstance(found, list)
    return len(found)


def boxes(pdf: FPDF, rows: list[tuple[str, ...]]) -> None:
    """Rows as word processors print them: cell by cell, each with a box around it, none divided by a page break."""
    pdf.set_font("Helvetica", size=10)
    for row in rows:
        height = 5 * max(lines_in(pdf, width, text) for width, text in zip(WIDTHS, row, strict=True))
        if pdf.get_y() + height > 250:
            pdf.add_page()
        left, top = pdf.l_margin, pdf.get_y()
        for width, text in zip(WIDTHS, row, strict=True):
            pdf.rect(left, top, width, height)
            pdf.set_xy(left, top)
            pdf.multi_cell(width, 5, text, align="L")
            left += width
        pdf.set_xy(pdf.l_margin, top + height)


def lines(path: Path) -> list[list[str]]:
    """The lines of each table."""
    return [text.split("\n") for text in texts(read(path), BlockKind.TABLE)]


def test_cells_over_several_lines_and_empty_ones_keep_their_places(tmp_path: Path) -> None:
    pdf = files.report(head="")
    boxes(pdf, [("Nr", "Åtgärd", "Ansvarig"), ("1.1", SENTENCE, ""), ("1.2", "Kort", "Nämnden för teknik och miljö")])
    pdf.output(str(tmp_path / "a.pdf"))
    assert lines(tmp_path / "a.pdf") == [
        ["| Nr | Åtgärd | Ansvarig |", f"| 1.1 | {SENTENCE} |  |", "| 1.2 | Kort | Nämnden för teknik och miljö |"]
    ]


def test_a_head_that_the_next_page_repeats_stands_once(tmp_path: Path) -> None:
    head = ("Nr", "Åtgärd", "Ansvarig")
    rows = [(str(number), SENTENCE, "Nämnden") for number in range(1, 21)]
    pdf = files.report(head="")
    boxes(pdf, [head, *rows[:11]])
    pdf.add_page()
    boxes(pdf, [head, *rows[11:]])
    pdf.output(str(tmp_path / "a.pdf"))
    (table,) = lines(tmp_path / "a.pdf")
    assert table == [f"| {' | '.join(row)} |" for row in (head, *rows)]


def test_a_row_that_a_page_break_divides_is_one(tmp_path: Path) -> None:
    pdf = files.report(head="")
    first, second = SENTENCE[: SENTENCE.index("och")].strip(), SENTENCE[SENTENCE.index("och") :]
    boxes(pdf, [("Nr", "Åtgärd", "Ansvarig"), ("1", "Kort", "Alla"), ("2", first, "Nämnden")])
    pdf.add_page()
    boxes(pdf, [("", second, ""), ("3", "Sist", "Alla")])
    pdf.output(str(tmp_path / "a.pdf"))
    (table,) = lines(tmp_path / "a.pdf")
    assert table[2:] == [f"| 2 | {SENTENCE} | Nämnden |", "| 3 | Sist | Alla |"]


def test_a_cell_over_two_columns_stands_in_both(tmp_path: Path) -> None:
    pdf = files.report(head="")
    pdf.set_font("Helvetica", size=10)
    with pdf.table(col_widths=(40, 30, 30)) as table:
        head = table.row()
        head.cell("Förvaltning")
        head.cell("Antal", colspan=2)
        for row in (("Namn", "2024", "2025"), ("Skola", "410", "422")):
            table.row(row)
    pdf.output(str(tmp_path / "a.pdf"))
    assert lines(tmp_path / "a.pdf") == [
        ["| Förvaltning | Antal | Antal |", "| Namn | 2024 | 2025 |", "| Skola | 410 | 422 |"]
    ]


def test_columns_without_lines_around_them_are_told_by_their_places(tmp_path: Path) -> None:
    pdf = files.report(head="")
    pdf.set_font("Helvetica", size=10)
    rows = (("Roll", "Uppdrag", "Namn"), ("Chef", SENTENCE, "Anna"), ("Ombud", SENTENCE, "Bo"))
    with pdf.table(borders_layout="NONE", col_widths=(20, 50, 30), first_row_as_headings=False) as table:
        for row in rows:
            table.row(row)
    pdf.output(str(tmp_path / "a.pdf"))
    assert lines(tmp_path / "a.pdf") == [[f"| {' | '.join(row)} |" for row in rows]]


def test_the_date_that_a_document_gives_itself_counts_before_its_file_s(tmp_path: Path) -> None:
    pdf = files.report(head="")
    pdf.paragraph("Antagen av kommunfullmäktige 2024-05-17")
    pdf.paragraph(files.FIRST)
    pdf.output(str(tmp_path / "a.pdf"))
    assert read(tmp_path / "a.pdf").as_of == "2024-05-17"
