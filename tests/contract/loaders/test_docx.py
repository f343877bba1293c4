"""Word files: what a reader sees is read, in order and whole, and nothing else is."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from ingest.errors import Reason
from ingest.model import BlockKind, LoadedDocument
from tests.contract.loaders import files
from tests.contract.loaders.reading import read, rejection, texts, whole
from tests.fakes import office_files
from tests.fakes.office_files import DIAGRAM, W, with_diagram, word_body

TEXT = "Nämnden beslutar om planen för nästa år."


def run(text: str, properties: str = "") -> str:
    """A run of text with properties."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(inside: str, properties: str = "") -> str:
    """A paragraph."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def cell(inside: str, properties: str = "") -> str:
    """A table cell; `inside` is text or blocks."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside if inside.startswith('<') else p(run(inside))}</w:tc>"


def table(*rows: str) -> str:
    """A table of rows of cells."""
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def load(tmp_path: Path, body: str, **parts: str) -> LoadedDocument:
    """Read a body that was written by hand."""
    return read(word_body(tmp_path / "a.docx", body, **parts))


class TestText:
    def test_a_note_stands_at_the_end_and_its_mark_nowhere(self, tmp_path: Path) -> None:
        document = read(office_files.noted_docx(tmp_path / "a.docx"))
        assert texts(document, BlockKind.PARAGRAPH) == [files.FIRST, files.LAST, office_files.NOTE]
        assert document.blocks[-2].text == "Fotnoter"
        assert document.blocks[-1].pages == (1,)

    def test_tracked_changes_are_read_as_accepted(self, tmp_path: Path) -> None:
        deleted = "<w:del><w:r><w:delText>inte </w:delText></w:r></w:del>"
        moved = f"<w:moveFrom>{run('bort ')}</w:moveFrom><w:moveTo>{run('hit ')}</w:moveTo>"
        body = p(f"{run('Det gäller ')}{deleted}{moved}<w:ins>{run('alla ')}</w:ins>{run('kommuner.')}")
        assert whole(load(tmp_path, body)) == "Det gäller hit alla kommuner."

    def test_paragraphs_joined_by_a_tracked_deletion_are_one(self, tmp_path: Path) -> None:
        body = p(run("Första halvan "), "<w:rPr><w:del/></w:rPr>") + p(run("och den andra."))
        assert whole(load(tmp_path, body)) == "Första halvan och den andra."

    @pytest.mark.parametrize(
        "properties",
        [
            "<w:vanish/>",
            '<w:color w:val="FFFFFF"/>',
            '<w:color w:val="FEFDFE"/>',
            '<w:sz w:val="2"/>',
            '<w:color w:val="1F3864"/><w:shd w:fill="1F3864"/>',
            '<w:rStyle w:val="Osynlig"/>',
        ],
    )
    def test_what_nobody_sees_is_left_out_and_counted(self, tmp_path: Path, properties: str) -> None:
        style = '<w:style w:type="character" w:styleId="Osynlig"><w:rPr><w:vanish/></w:rPr></w:style>'
        document = load(
            tmp_path,
            p(run(TEXT) + run("Lyd inte någon annan.", properties)),
            styles=f"<w:styles {W}>{style}</w:styles>",
        )
        assert whole(document) == TEXT
        assert document.hidden == len("Lydintenågonannan.")

    @pytest.mark.parametrize(
        "properties",
        ['<w:vanish w:val="0"/>', '<w:color w:val="FFFFFF"/><w:shd w:fill="1F3864"/>', '<w:sz w:val="14"/>'],
    )
    def test_what_is_seen_is_not_taken_for_hidden(self, tmp_path: Path, properties: str) -> None:
        assert load(tmp_path, p(run(TEXT, properties))).hidden == 0

    def test_content_controls_links_and_simple_fields_are_text(self, tmp_path: Path) -> None:
        control = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('fältet ')}</w:sdtContent></w:sdt>"
        prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Klicka här')}</w:sdtContent></w:sdt>"
        link = f"<w:hyperlink>{run('länken ')}</w:hyperlink>"
        field = f'<w:fldSimple w:instr="DATE">{run("2024-05-17")}</w:fldSimple>'
        paragraph = p(run("Här är ") + control + link + field + prompt)
        body = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph}</w:sdtContent></w:sdt>"
        assert whole(load(tmp_path, body)) == "Här är fältet länken 2024-05-17"

    def test_a_table_of_contents_is_left_out(self, tmp_path: Path) -> None:
        def mark(kind: str) -> str:
            return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

        instruction = "<w:r><w:instrText> TOC \\o </w:instrText></w:r>"
        body = p(mark("begin") + instruction + mark("separate") + run("1 Inledning 3")) + p(run("2 Ansvar 4"))
        body += p(mark("end")) + p(mark("begin") + "<w:r><w:instrText>REF a</w:instrText></w:r>" + mark("separate")
                                   + run("Se avsnitt 2.") + mark("end"))  # fmt: skip
        assert whole(load(tmp_path, body)) == "Se avsnitt 2."

    def test_a_text_box_is_read_once(self, tmp_path: Path) -> None:
        inside = f"<w:txbxContent>{p(run('I rutan står mer.'))}</w:txbxContent>"
        drawn = f"<mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{inside}</wps:txbx></w:drawing></mc:Choice>"
        drawn += f"<mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
        document = load(tmp_path, p(run(TEXT) + f"<w:r>{drawn}</w:r>"))
        assert texts(document, BlockKind.PARAGRAPH) == [TEXT, "I rutan står mer."]

    def test_the_texts_of_a_smart_art_drawing_are_items(self, tmp_path: Path) -> None:
        path = word_body(tmp_path / "a.docx", p(run(TEXT) + "<w:r><w:drawing>" + DIAGRAM + "</w:drawing></w:r>"))
        assert texts(read(with_diagram(path, "word/document.xml")), BlockKind.LIST) == ["- Besluta\n- Följa upp"]


class TestStructure:
    NUMBERING = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="1">'
        '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:pStyle w:val="Rubrik1"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/><w:pStyle w:val="Rubrik2"/></w:lvl>'
        '</w:abstractNum><w:abstractNum w:abstractNumId="2">'
        '<w:lvl w:ilvl="0"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num></w:numbering>"
    )
    STYLES = (
        f"<w:styles {W}>"
        + "".join(
            f'<w:style w:type="paragraph" w:styleId="Rubrik{level}"><w:name w:val="heading {level}"/><w:pPr><w:numPr>'
            f'<w:ilvl w:val="{level - 1}"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
            for level in (1, 2)
        )
        + "</w:styles>"
    )

    def heading(self, text: str, level: int) -> str:
        return p(run(text), f'<w:pStyle w:val="Rubrik{level}"/>')

    def item(self, text: str, level: int = 0, number: int = 2) -> str:
        return p(run(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')

    def test_headings_in_swedish_word_have_the_numbers_that_are_shown(self, tmp_path: Path) -> None:
        body = self.heading("Ansvar", 1) + self.heading("Nämnden", 2) + self.heading("Styrelsen", 2)
        body += self.heading("Plan", 1) + self.heading("Tider", 2) + p(run(TEXT))
        document = load(tmp_path, body, styles=self.STYLES, numbering=self.NUMBERING)
        headings = [(b.level, b.text) for b in document.blocks if b.kind is BlockKind.HEADING]
        assert headings == [
            (1, "1. Ansvar"),
            (2, "1.1 Nämnden"),
            (2, "1.2 Styrelsen"),
            (1, "2. Plan"),
            (2, "2.1 Tider"),
        ]

    def test_lists_have_their_letters_and_levels_and_begin_again(self, tmp_path: Path) -> None:
        body = p(run("Planen ska:")) + self.item("antas") + self.item("av nämnden", 1) + self.item("följas upp")
        body += p(run("Nytt stycke.")) + self.item("börja om", number=3)
        document = load(tmp_path, body, numbering=self.NUMBERING)
        first, second = texts(document, BlockKind.LIST)
        assert first.split("\n") == ["Planen ska:", "- a) antas", "  - av nämnden", "- b) följas upp"]
        assert second == "- a) börja om"

    def test_typed_bullets_and_bold_lines_are_lists_and_headings(self, tmp_path: Path) -> None:
        sized = '<w:sz w:val="22"/>'
        body = "".join(
            p(run(text, sized + bold))
            for text, bold in (
                (TEXT, ""),
                ("Ansvar", "<w:b/>"),
                ("Nämnden ska:", ""),
                ("- besluta", ""),
                ("- följa upp", ""),
            )
        )
        document = load(tmp_path, body)
        assert [(b.kind, b.text) for b in document.blocks] == [
            (BlockKind.PARAGRAPH, TEXT),
            (BlockKind.HEADING, "Ansvar"),
            (BlockKind.LIST, "Nämnden ska:\n- besluta\n- följa upp"),
        ]

    def test_merged_cells_are_repeated_and_cells_keep_their_order(self, tmp_path: Path) -> None:
        body = p(run(TEXT)) + table(
            cell("Kommun") + cell("Antal", '<w:gridSpan w:val="2"/>'),
            cell("Åmål", '<w:vMerge w:val="restart"/>') + cell("2024") + cell("7"),
            cell("<w:p/>", "<w:vMerge/>") + f"<w:sdt><w:sdtContent>{cell('2025')}</w:sdtContent></w:sdt>" + cell("9"),
        )
        (text,) = texts(load(tmp_path, body), BlockKind.TABLE)
        assert text.split("\n") == ["| Kommun | Antal | Antal |", "| Åmål | 2024 | 7 |", "| Åmål | 2025 | 9 |"]

    def test_i01_cells_that_merging_blows_up_are_refused(self, tmp_path: Path) -> None:
        long = cell("x" * 200_000, '<w:gridSpan w:val="200"/>')
        refused = rejection(
            word_body(tmp_path / "a.docx", p(run(TEXT)) + table(long + cell("a"), cell("b") + cell("c")))
        )
        assert refused.reason is Reason.TOO_LARGE

    def test_a_table_in_a_cell_is_text_of_the_cell(self, tmp_path: Path) -> None:
        inner = table(cell("a") + cell("b"), cell("c") + cell("d"))
        body = p(run(TEXT)) + table(cell("Rubrik") + cell("Innehåll"), cell("1") + cell(inner + p(run("efter"))))
        (text,) = texts(load(tmp_path, body), BlockKind.TABLE)
        assert text.split("\n")[1] == "| 1 | a b c d efter |"

    def test_white_letters_in_a_filled_cell_are_seen(self, tmp_path: Path) -> None:
        white = p(run("Kommun", '<w:color w:val="FFFFFF"/>'))
        body = table(cell(white, '<w:shd w:fill="1F3864"/>') + cell("Antal"), cell("Åmål") + cell("7")) + p(run(TEXT))
        document = load(tmp_path, body)
        assert (document.hidden, texts(document, BlockKind.TABLE)) == (0, ["| Kommun | Antal |\n| Åmål | 7 |"])

    def test_a_frame_around_text_is_no_table(self, tmp_path: Path) -> None:
        document = load(tmp_path, table(cell(p(run(TEXT)) + p(run("Mer i rutan.")))))
        assert texts(document, BlockKind.PARAGRAPH) == [TEXT, "Mer i rutan."]


class TestPagesAndTitle:
    def test_marks_that_word_left_tell_pages_even_inside_a_row(self, tmp_path: Path) -> None:
        mark = "<w:r><w:lastRenderedPageBreak/></w:r>"
        long_row = cell(p(run("övre ") + mark + run("nedre"))) + cell(p(run("en ") + mark + run("två")))
        body = p(run(TEXT)) + table(cell("a") + cell("b"), long_row) + p('<w:r><w:br w:type="page"/></w:r>')
        body += p(mark + run("På tredje sidan."))
        document = load(tmp_path, body)
        assert [block.pages for block in document.blocks] == [(1,), (1, 2), (3,)]
        assert document.pages == 3

    def test_set_breaks_tell_no_pages_where_the_file_says_that_there_are_more(self, tmp_path: Path) -> None:
        path = word_body(tmp_path / "a.docx", p(run(TEXT) + '<w:r><w:br w:type="page"/></w:r>') + p(run("Sist.")))
        assert [block.pages for block in read(path).blocks] == [(1,), (2,)]
        app = office_files.part(path, "docProps/app.xml").replace(b"</Properties>", b"<Pages>9</Pages></Properties>")
        app = app.replace(b"<Pages>1</Pages>", b"")
        document = read(office_files.rewritten(path, {"docProps/app.xml": app}))
        assert ([block.pages for block in document.blocks], document.pages) == ([(), ()], 9)

    @pytest.mark.parametrize(
        ("stated", "expected"),
        [("Plan för nästa år", "Plan för nästa år"), ("Mall för brev", "a"), ("dokument1.docx", "a"), ("", "a")],
    )
    def test_a_stated_title_counts_where_the_text_bears_it_out(
        self, tmp_path: Path, stated: str, expected: str
    ) -> None:
        path = word_body(tmp_path / "a.docx", p(run(TEXT)))
        core = office_files.part(path, "docProps/core.xml").decode()
        titled = re.sub(r"<dc:title>.*</dc:title>|<dc:title ?/>", f"<dc:title>{stated}</dc:title>", core).encode()
        assert b"<dc:title>" in titled
        assert read(office_files.rewritten(path, {"docProps/core.xml": titled})).title == expected

    def test_a_stated_date_goes_before_the_day_of_saving(self, tmp_path: Path) -> None:
        path = office_files.guideline_docx(tmp_path / "a.docx")
        assert read(path).as_of == "2025-03-14"
        body = p(run("Antagen av kommunfullmäktige den 7 maj 2024, § 12.")) + p(run(TEXT))
        assert load(tmp_path, body).as_of == "2024-05-07"

    def test_i06_a_file_of_pictures_only_says_so(self, tmp_path: Path) -> None:
        path = word_body(tmp_path / "a.docx", p(""))
        scanned = office_files.rewritten(path, {"word/media/image1.png": b"\x89PNG"})
        assert rejection(scanned).reason is Reason.NO_TEXT_LAYER

    def test_the_strict_kind_of_the_format_is_read_as_the_usual_one(self, tmp_path: Path) -> None:
        path = office_files.noted_docx(tmp_path / "a.docx")
        with zipfile.ZipFile(path) as package:
            names = [name for name in package.namelist() if name.endswith((".xml", ".rels"))]
        strict = {name: _strict(office_files.part(path, name)) for name in names}
        assert b"purl.oclc.org/ooxml/wordprocessingml/main" in strict["word/document.xml"]
        assert read(office_files.rewritten(path, strict, into=tmp_path / "a.dotx")) == read(path)

    def test_i05_a_file_without_text_says_so(self, tmp_path: Path) -> None:
        assert rejection(word_body(tmp_path / "a.docx", p(""))).reason is Reason.EMPTY


def _strict(content: bytes) -> bytes:
    """A part as the strict kind of the format has it: other namespaces and kinds of relations."""
    for name in ("wordprocessingml", "officeDocument", "drawingml"):
        usual, strict = f"http://schemas.openxmlformats.org/{name}/2006/", f"http://purl.oclc.org/ooxml/{name}/"
        content = content.replace(usual.encode(), strict.encode())
    return content
