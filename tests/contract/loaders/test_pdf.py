"""PDF: paragraphs, notes, headings and questions as they are printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.model import BlockKind
from tests.contract.loaders import files
from tests.contract.loaders.reading import of_kind, read


class TestPdf:
    def test_hyphenated_lines_are_joined_and_real_hyphens_stay(self, tmp_path: Path) -> None:
        pdf = files.report(head="")
        pdf.set_font("Helvetica", size=11)
        for line in (
            "Kommunen antog sin digitaliserings-",
            "strategi i mars och ska nu införa it-",
            "och systemförvaltning tillsammans med SML-",
            "IT och andra.",
        ):
            pdf.cell(0, 5.5, line, new_x="LMARGIN", new_y="NEXT")
        pdf.output(str(tmp_path / "a.pdf"))
        (block,) = read(tmp_path / "a.pdf").blocks
        assert block.text == (
            "Kommunen antog sin digitaliseringsstrategi i mars och ska nu införa it- och systemförvaltning "
            "tillsammans med SML-IT och andra."
        )

    def test_raised_note_numbers_leave_the_words(self, tmp_path: Path) -> None:
        pdf = files.report(head="")
        pdf.set_font("Helvetica", size=11)
        pdf.write(5.5, "Rapporten bygger på tidigare samverkan")
        pdf.char_vpos = "SUP"
        pdf.write(5.5, "17")
        pdf.char_vpos = "LINE"
        pdf.write(5.5, " mellan kommunerna enligt NIS2 och 100 m")
        pdf.char_vpos = "SUP"
        pdf.write(5.5, "2")
        pdf.char_vpos = "LINE"
        pdf.write(5.5, " yta.")
        pdf.output(str(tmp_path / "a.pdf"))
        (block,) = read(tmp_path / "a.pdf").blocks
        assert block.text == "Rapporten bygger på tidigare samverkan mellan kommunerna enligt NIS2 och 100 m2 yta."

    def test_a_paragraph_goes_on_over_the_page_and_stands_on_both(self, tmp_path: Path) -> None:
        pdf = files.report(head="")
        pdf.set_auto_page_break(True, 28)
        areas = ("skolan", "omsorgen", "tekniken", "kulturen", "ekonomin", "personalen", "bygglovet", "näringslivet")
        texts = [
            " ".join(
                f"Nämnden för {area} och {other} samlar sina initiativ i en gemensam plan som antas varje höst av alla."
                for other in areas
            )
            for area in areas
        ]
        for text in texts:
            pdf.paragraph(text)
        pdf.output(str(tmp_path / "a.pdf"))
        paragraphs = of_kind(read(tmp_path / "a.pdf"), BlockKind.PARAGRAPH)
        assert (1, 2) in [block.pages for block in paragraphs]
        assert [block.text for block in paragraphs] == texts

    def test_headings_come_from_the_bookmarks_where_there_are_some(self, tmp_path: Path) -> None:
        pdf = files.report(head="")
        for level, name in ((0, "Inledning"), (1, "Syfte med planen"), (0, "Mål")):
            pdf.start_section(name, level=level)
            pdf.paragraph(name)
            pdf.paragraph(files.FIRST)
        pdf.output(str(tmp_path / "a.pdf"))
        headings = of_kind(read(tmp_path / "a.pdf"), BlockKind.HEADING)
        assert [(heading.text, heading.level) for heading in headings] == [
            ("Inledning", 1),
            ("Syfte med planen", 2),
            ("Mål", 1),
        ]

    def test_a_question_in_bold_heads_its_answer(self, tmp_path: Path) -> None:
        pdf = files.report(head="")
        for question in ("Vem beslutar om avgiften?", "Hur anmäler jag en incident?"):
            pdf.heading(question, 11)
            pdf.paragraph(files.FIRST)
        pdf.output(str(tmp_path / "faq.pdf"))
        document = read(tmp_path / "faq.pdf")
        assert [block.text for block in document.blocks] == [
            "Vem beslutar om avgiften?",
            files.FIRST,
            "Hur anmäler jag en incident?",
            files.FIRST,
        ]
        assert document.title == "faq"

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ("Microsoft Word - riktlinje_v3.docx", files.TITLE),
            ("Dokument1", files.TITLE),
            ("Mall för protokoll", files.TITLE),
            ("Riktlinje för ärenden i Sjöbo", "Riktlinje för ärenden i Sjöbo"),
        ],
    )
    def test_takes_the_metadata_title_only_if_the_pages_bear_it_out(
        self, tmp_path: Path, given: str, expected: str
    ) -> None:
        pdf = files.report(head="")
        pdf.set_title(given)
        pdf.heading(files.TITLE, 22)
        pdf.paragraph(files.FIRST)
        pdf.output(str(tmp_path / "a.pdf"))
        assert read(tmp_path / "a.pdf").title == expected

    def test_cells_over_several_lines_stay_one_cell(self, tmp_path: Path) -> None:
        long = "Uppstart av projektet och rekrytering av en projektledare till förvaltningen för hela perioden"
        pdf = files.report(head="")
        pdf.rows((("År", "Kommentar"), ("2023", long), ("2024", "Drift")))
        pdf.output(str(tmp_path / "a.pdf"))
        (block,) = of_kind(read(tmp_path / "a.pdf"), BlockKind.TABLE)
        assert block.text.split("\n")[1:] == [f"| 2023 | {long} |", "| 2024 | Drift |"]
