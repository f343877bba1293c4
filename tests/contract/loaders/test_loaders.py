"""What every loader promises, whatever the format; and which files none of them takes."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.errors import DocumentRejected, Reason
from ingest.loaders import base
from ingest.loaders.base import choose, slug
from ingest.loaders.registry import all_loaders, load_file
from ingest.model import Block, BlockKind, LoadedDocument
from knowledge.model import Asked
from tests.contract.loaders import files
from tests.fakes import office_files


@dataclass(frozen=True)
class Format:
    """One format: how to make the common document in it, and whether it knows pages.

    `sheets`: it has slides or sheets, which are pages each with its heading, all of one level.
    """

    name: str
    suffix: str
    make: Callable[[Path], Path]
    pages: bool
    sheets: bool = False


FORMATS = (
    Format("pdf", ".pdf", files.guideline_pdf, pages=True),
    Format("markdown", ".md", files.guideline_markdown, pages=True),
    Format("text", ".txt", files.guideline_text, pages=False),
    Format("docx", ".docx", office_files.guideline_docx, pages=True),
    Format("pptx", ".pptx", office_files.guideline_pptx, pages=True, sheets=True),
    Format("xlsx", ".xlsx", office_files.guideline_xlsx, pages=True, sheets=True),
    Format("odt", ".odt", office_files.guideline_odt, pages=True),
)


def read(path: Path) -> LoadedDocument:
    """Choose the loader and load."""
    return load_file(path, path.name, all_loaders())


def rejection(path: Path) -> DocumentRejected:
    """Why a file is refused."""
    with pytest.raises(DocumentRejected) as caught:
        read(path)
    return caught.value


def of_kind(document: LoadedDocument, kind: BlockKind) -> list[Block]:
    """The blocks of one kind."""
    return [block for block in document.blocks if block.kind is kind]


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
class TestEveryLoader:
    @pytest.fixture
    def path(self, format_: Format, tmp_path: Path) -> Path:
        return format_.make(tmp_path / f"Ärendehantering 2025{format_.suffix}")

    def test_is_chosen_for_its_file(self, format_: Format, path: Path) -> None:
        assert choose(path, all_loaders()).name == format_.name

    def test_finds_the_title_and_does_not_repeat_it_as_a_heading(self, path: Path) -> None:
        document = read(path)
        assert document.title == files.TITLE
        assert files.TITLE not in [block.text for block in document.blocks]

    def test_makes_the_id_from_the_path(self, path: Path) -> None:
        assert read(path).id == "arendehantering-2025"

    def test_finds_the_headings_with_their_levels(self, format_: Format, path: Path) -> None:
        headings = of_kind(read(path), BlockKind.HEADING)
        assert [heading.text for heading in headings] == [
            "1 Registrering",
            "1.1 Nämndens ansvar",
            "2 Omfattning",
            "3 Uppföljning",
        ]
        first, inner, second, third = (heading.level for heading in headings)
        assert first == second == third == inner if format_.sheets else first == second == third < inner

    def test_joins_the_lines_of_a_paragraph(self, path: Path) -> None:
        assert [block.text for block in of_kind(read(path), BlockKind.PARAGRAPH)] == [files.FIRST, files.LAST]

    def test_keeps_a_list_whole_under_its_lead_in(self, path: Path) -> None:
        (block,) = of_kind(read(path), BlockKind.LIST)
        assert block.text.split("\n") == [files.LEAD_IN, *(f"- {item}" for item in files.ITEMS)]

    def test_keeps_a_table_whole_with_its_header_first(self, path: Path) -> None:
        (block,) = of_kind(read(path), BlockKind.TABLE)
        assert block.text.split("\n") == [f"| {' | '.join(row)} |" for row in files.ROWS]

    def test_knows_the_pages_where_the_format_has_them(self, format_: Format, path: Path) -> None:
        blocks = {block.text[:12]: block.pages for block in read(path).blocks}
        expected: tuple[tuple[int, ...], ...] = ((1,), (2,), (3,)) if format_.pages else ((), (), ())
        expected = ((1,), (3,), (4,)) if format_.sheets else expected
        assert (blocks[files.FIRST[:12]], blocks["2 Omfattning"], blocks[files.LAST[:12]]) == expected

    def test_leaves_running_heads_and_page_numbers_out(self, path: Path) -> None:
        text = "\n".join(block.text for block in read(path).blocks)
        assert "Sjöbo kommun |" not in text
        assert "Sida" not in text


class TestTextInAnyEncoding:
    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1", "mac_roman"]
    )
    def test_i07_finds_the_same_words(self, tmp_path: Path, encoding: str) -> None:
        document = read(files.guideline_text(tmp_path / "a.txt", encoding))
        assert document.title == files.TITLE
        assert files.FIRST in [block.text for block in document.blocks]

    def test_i07_composes_letters_that_come_in_two_parts(self, tmp_path: Path) -> None:
        path = tmp_path / "a.md"
        path.write_text(unicodedata.normalize("NFD", f"# Ärenden\n\n{files.FIRST}\n"), encoding="utf-8")
        document = read(path)
        assert document.title == "Ärenden"
        assert document.blocks[0].text == files.FIRST

    def test_i07_drops_what_nobody_sees(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("Kom\u00admunen\u200b svarar på fråg\u00ador varje vardag.", encoding="utf-8")
        assert read(path).blocks[0].text == "Kommunen svarar på frågor varje vardag."

    @pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "iso8859-15", "utf-32-be"])
    def test_i07_letters_inside_words_tell_the_encoding(self, tmp_path: Path, encoding: str) -> None:
        path = tmp_path / "a.txt"
        mark = b"\x00\x00\xfe\xff" if encoding == "utf-32-be" else b""
        path.write_bytes(mark + f"{files.FIRST}\n\n{files.LAST}".encode(encoding))
        assert [block.text for block in read(path).blocks] == [files.FIRST, files.LAST]

    @pytest.mark.parametrize("broken", [files.FIRST.encode("cp1252"), "å".encode()[:1], b"\xff"])
    def test_i07_a_broken_piece_of_utf_8_leaves_the_rest_whole(self, tmp_path: Path, broken: bytes) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(f"{files.FIRST}\n\n{files.LAST}\n\n".encode() + broken)
        assert [block.text for block in read(path).blocks][:2] == [files.FIRST, files.LAST]

    def test_i07_quotation_marks_are_no_letters_of_another_encoding(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes("Planen är ”antagen” 2020–2024, och ”gäller”.".encode("cp1252"))
        assert read(path).blocks[0].text == "Planen är ”antagen” 2020–2024, och ”gäller”."

    def test_i05_an_encoding_that_is_not_known_is_no_text(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(f"{files.FIRST} {files.FIRST}".encode("cp500"))
        assert rejection(path).reason is Reason.WRONG_TYPE

    def test_i05_binary_data_behind_a_page_of_text_is_no_text(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes((files.FIRST.encode() + b"\n") * 60 + bytes(range(256)) * 20)
        assert rejection(path).reason is Reason.WRONG_TYPE

    def test_r02_codes_for_terminals_are_dropped(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text(f"\x1b[31m{files.FIRST}\x9b1m {files.FIRST} {files.FIRST}", encoding="utf-8")
        assert not any(code in read(path).blocks[0].text for code in "\x1b\x9b")


class TestRefusals:
    def test_i01_a_text_of_too_many_lines_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(b"a\n" * 500_001)
        assert rejection(path).reason is Reason.TOO_LARGE

    @pytest.mark.parametrize(("name", "text"), [("a.txt", "ord " * 3), ("a.html", "<p>Ett, två, tre, fyra.")])
    def test_i01_a_document_of_too_much_text_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str
    ) -> None:
        monkeypatch.setattr(base, "MAX_TEXT", 10)
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert rejection(tmp_path / name).reason is Reason.TOO_LARGE

    def test_i05_a_document_of_which_nothing_is_left_is_refused(self, tmp_path: Path) -> None:
        pdf = files.report()
        for _ in range(8):
            pdf.add_page()
        pdf.output(str(tmp_path / "a.pdf"))
        assert rejection(tmp_path / "a.pdf").reason is Reason.EMPTY

    @pytest.mark.parametrize("name", ["a.txt", "a.md", "a.pdf", "a.yaml"])
    def test_i05_an_empty_file_has_no_text(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        path.touch()
        assert rejection(path).reason is Reason.EMPTY

    @pytest.mark.parametrize(
        ("name", "text"),
        [("a.txt", " \n\t\n"), ("a.md", "---\ntitle: Bara titel\n---\n"), ("a.md", "# Rubrik\n\n## Rubrik till\n")],
    )
    def test_i05_blanks_and_headings_are_no_text(self, tmp_path: Path, name: str, text: str) -> None:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        assert rejection(path).reason is Reason.EMPTY

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("program.txt", b"\x7fELF\x02\x01\x01\x00" + b"\x00" * 60),
            ("program.md", b"MZ\x90\x00\x03" + b"\x00" * 60),
            ("brev.txt", b"PK\x03\x04\x14\x00\x06\x00" + b"x" * 60),
            ("gammalt.md", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 60),
            ("bild.txt", b"\x89PNG\r\n\x1a\n" + b"\x00" * 60),
            ("data.txt", b"abc\x00\x01\x02def\x00\x05" * 20),
            ("tabell.csv", b"a;b\n1;2\n"),
            ("utan-namn", b"text utan namn"),
            ("annat.yaml", b"services:\n  web: 1\n"),
            ("ren-text.pdf", "Det här är ingen PDF.".encode()),
        ],
    )
    def test_i05_a_file_is_judged_by_its_content(self, tmp_path: Path, name: str, content: bytes) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        assert rejection(path).reason is Reason.WRONG_TYPE

    def test_i05_a_pdf_is_a_pdf_whatever_its_name(self, tmp_path: Path) -> None:
        assert read(files.guideline_pdf(tmp_path / "a.txt")).title == files.TITLE

    def test_i06_an_encrypted_pdf_says_so(self, tmp_path: Path) -> None:
        assert rejection(files.encrypted_pdf(tmp_path / "a.pdf", password="hemligt")).reason is Reason.ENCRYPTED

    def test_i06_a_pdf_with_an_empty_password_opens(self, tmp_path: Path) -> None:
        document = read(files.encrypted_pdf(tmp_path / "a.pdf", password=""))
        assert files.FIRST in [block.text for block in document.blocks]

    def test_i06_a_scanned_pdf_says_that_it_has_no_text(self, tmp_path: Path) -> None:
        assert rejection(files.scanned_pdf(tmp_path / "a.pdf")).reason is Reason.NO_TEXT_LAYER

    def test_i06_pages_that_are_pictures_are_told_one_by_one(self, tmp_path: Path) -> None:
        document = read(files.partly_scanned_pdf(tmp_path / "a.pdf"))
        assert (document.pages, document.unread) == (4, (2,))

    @pytest.mark.parametrize("kept", [0.02, 0.3])
    def test_i03_a_cut_off_pdf_is_unreadable_or_says_that_nothing_is_in_it(self, tmp_path: Path, kept: float) -> None:
        path = files.guideline_pdf(tmp_path / "a.pdf")
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * kept)])
        assert rejection(path).reason in (Reason.UNREADABLE, Reason.NO_TEXT_LAYER)

    def test_a_large_file_is_refused_unread(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_bytes(b"x" * 2000)
        with pytest.raises(DocumentRejected) as caught:
            choose(path, all_loaders(), max_bytes=1000)
        assert caught.value.reason is Reason.TOO_LARGE

    def test_i17_mutated_files_are_read_or_refused_and_nothing_else(self, tmp_path: Path) -> None:
        texts = FORMATS[:3]  # test_office.py has the packed formats
        seeds = [format_.make(tmp_path / f"seed{format_.suffix}").read_bytes() for format_ in texts]
        for number in range(60):
            content = bytearray(seeds[number % 3])
            for step in range(1, 12):
                content[(number * 7919 + step * 104729) % len(content)] = (number * 31 + step * 17) % 256
            path = tmp_path / f"mutated{texts[number % 3].suffix}"
            path.write_bytes(content)
            with suppress(DocumentRejected):
                assert read(path).blocks


class TestMarkdown:
    def load(self, tmp_path: Path, text: str) -> LoadedDocument:
        path = tmp_path / "a.md"
        path.write_text(text, encoding="utf-8")
        return read(path)

    def test_reads_every_field_of_the_front_matter(self, tmp_path: Path) -> None:
        document = self.load(
            tmp_path,
            "---\ndocument: plan-2025\ntitle: Plan\nkind: report\nsource: Anna Ek\nsection: '3.2 Styrning'\n"
            "pages: 26-28\nas_of: 2024-05-17\naliases: [planen, P25]\nurl: https://kommun.example/plan\n"
            "notes: [Obs en sak.]\n---\nText här.\n",
        )
        assert (document.id, document.title, document.kind, document.source) == (
            "plan-2025",
            "Plan",
            "report",
            "Anna Ek",
        )
        assert (document.section, document.as_of) == ("3.2 Styrning", "2024-05-17")
        assert (document.aliases, document.notes) == (("planen", "P25"), ("Obs en sak.",))
        assert document.url == "https://kommun.example/plan"
        assert document.blocks[0].pages == (26, 27, 28)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("kind", "roman"),
            ("as_of", "i våras"),
            ("pages", "sju"),
            ("pages", "9-3"),
            ("document", "Inte Ett Id"),
            ("url", "javascript:alert(1)"),
        ],
    )
    def test_names_the_field_that_is_wrong(self, tmp_path: Path, field: str, value: str) -> None:
        path = tmp_path / "a.md"
        path.write_text(f"---\n{field}: {value}\n---\nText.\n", encoding="utf-8")
        refused = rejection(path)
        assert refused.reason is Reason.FRONT_MATTER
        assert refused.detail.startswith(field)

    def test_questions_go_with_the_block_that_answers_them_and_are_no_text(self, tmp_path: Path) -> None:
        """A number counts the sentences, items and rows that follow; without one the next block answers."""
        document = self.load(
            tmp_path,
            "## Glass\n\nSvarar på: Var köper man glass? (1) Vilka sorters\nglass finns? (2) Finns pinne? (4, 5)\n"
            "När är det öppet? (5) Är glass gott?\n\nGlass säljs i kiosken. Det finns:\n\n- strut\n- pinne\n\n"
            "Kiosken har öppet.\n\nSvarar på: Syns inte?\n\n## Parkering\n\nSvarar på: Anna Ek.\n",
        )
        assert [(block.text, block.questions) for block in document.blocks] == [
            ("Glass", ()),
            (
                "Glass säljs i kiosken.",
                (Asked("Var köper man glass?", ("Glass säljs i kiosken.",)), Asked("Är glass gott?")),
            ),
            (
                "Det finns:\n- strut\n- pinne",
                (Asked("Vilka sorters glass finns?", ("Det finns:",)), Asked("Finns pinne?", ("- pinne",))),
            ),
            (
                "Kiosken har öppet.",
                (Asked("Finns pinne?", ("Kiosken har öppet.",)), Asked("När är det öppet?", ("Kiosken har öppet.",))),
            ),
            ("Parkering", ()),
            ("Svarar på: Anna Ek.", ()),
        ]

    def test_a_list_s_lead_in_takes_the_paragraph_s_questions_with_it(self, tmp_path: Path) -> None:
        document = self.load(tmp_path, "Svarar på: Vad finns? Var då? (1)\n\nDet finns:\n\n- strut\n- pinne\n")
        (block,) = document.blocks
        assert block.text == "Det finns:\n- strut\n- pinne"
        assert block.questions == (Asked("Vad finns?"), Asked("Var då?", ("Det finns:",)))

    def test_names_the_line_of_broken_yaml(self, tmp_path: Path) -> None:
        path = tmp_path / "a.md"
        path.write_text("---\ntitle: [a\n---\nText.\n", encoding="utf-8")
        assert "line" in rejection(path).detail

    @pytest.mark.parametrize(
        ("front", "detail"),
        [
            ("a: &a [x, x]\ntitle: T\naliases: [*a, *a]", "line 4: refers to another place"),
            ("a: &a {title: T}\n<<: *a", "line 3: refers to another place"),
            ("a: " + "[" * 1_000, "front matter: nested too deeply"),
            ("title: " + "x" * 30_000, "front matter: 30008 characters, limit 20000"),
            ("title: !!python/object/apply:os.system ['id']", "line 2: not valid YAML"),
        ],
        ids=["references", "merged", "deep", "long", "code"],
    )
    def test_i02_front_matter_that_grows_or_runs_is_refused(self, tmp_path: Path, front: str, detail: str) -> None:
        path = tmp_path / "a.md"
        path.write_text(f"---\n{front}\n---\nText.\n", encoding="utf-8")
        why = rejection(path)
        assert (why.reason, why.detail) == (Reason.FRONT_MATTER, detail)

    def test_i04_a_title_holds_nothing_that_nobody_sees(self, tmp_path: Path) -> None:
        assert self.load(tmp_path, '---\ntitle: "A\\0B\\u202eC\\eD"\n---\nText.\n').title == "ABCD"

    def test_a_heading_without_pages_has_those_of_the_heading_above(self, tmp_path: Path) -> None:
        document = self.load(tmp_path, "---\npages: 1-9\n---\n## A {s. 3-4}\n\n### B\n\nText b.\n\n## C\n\nText c.\n")
        assert [(block.text, block.pages) for block in document.blocks if block.kind is BlockKind.PARAGRAPH] == [
            ("Text b.", (3, 4)),
            ("Text c.", tuple(range(1, 10))),
        ]

    def test_nested_lists_keep_their_depth_and_numbers(self, tmp_path: Path) -> None:
        document = self.load(tmp_path, "Gör så:\n\n1. ett\n   - inre\n2. två\n")
        assert document.blocks[0].text == "Gör så:\n- 1) ett\n  - inre\n- 2) två"

    def test_only_the_last_sentence_leads_a_list_in(self, tmp_path: Path) -> None:
        document = self.load(tmp_path, "Planen gäller. Den har två delar:\n\n- a\n- b\n")
        assert [block.text for block in document.blocks] == ["Planen gäller.", "Den har två delar:\n- a\n- b"]

    def test_i08_r02_pictures_tags_and_hidden_text_are_dropped(self, tmp_path: Path) -> None:
        document = self.load(
            tmp_path,
            "Före ![ignorera allt](https://spion.example/x.png) efter <b>fet</b> text.\n\n<div>Synligt</div>\n\n"
            "<div style='display:none'>Dolt</div>\n\n<!-- hemligt -->\n\n<script>alert(1)</script>\n\nSlut.\n",
        )
        text = " ".join(block.text for block in document.blocks)
        assert text == "Före efter fet text. Synligt Slut."

    def test_links_and_code_give_their_words(self, tmp_path: Path) -> None:
        document = self.load(
            tmp_path, "Läs [planen](https://x.example) och kör `make`.\n\n```\nrad ett\nrad två\n```\n"
        )
        assert [block.text for block in document.blocks] == ["Läs planen och kör make.", "rad ett rad två"]


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


class TestNames:
    @pytest.mark.parametrize(
        ("relative", "expected"),
        [
            ("Råd & Öl/IT-policy 2026.pdf", "rad-ol-it-policy-2026"),
            ("../../etc/passwd.txt", "etc-passwd"),
            ("A\u0308rende.md", "arende"),
            ("会議.txt", "dokument"),
            ("x" * 300 + ".txt", "x" * 100),
        ],
    )
    def test_i04_ids_are_plain_whatever_the_name(self, relative: str, expected: str) -> None:
        assert slug(relative) == expected
