"""OpenDocument texts: what a reader sees is read, in order and whole, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.model import BlockKind, LoadedDocument
from tests.contract.loaders import files
from tests.contract.loaders.reading import read, texts, whole
from tests.fakes import office_files
from tests.fakes.office_files import odt_body

TEXT = "Nämnden beslutar om planen för nästa år."


def load(tmp_path: Path, body: str, styles: str = "", pages: int = 0) -> LoadedDocument:
    """Read a body that was written by hand."""
    return read(odt_body(tmp_path / "a.odt", body, styles, pages))


def p(inside: str, style: str = "") -> str:
    """A paragraph."""
    return f'<text:p text:style-name="{style}">{inside}</text:p>'


def style(name: str, family: str = "text", text: str = "", paragraph: str = "") -> str:
    """An automatic style."""
    return (
        f'<style:style style:name="{name}" style:family="{family}"><style:text-properties {text}/>'
        f"<style:paragraph-properties {paragraph}/></style:style>"
    )


def test_a_note_stands_at_the_end_and_its_mark_nowhere(tmp_path: Path) -> None:
    document = read(office_files.noted_odt(tmp_path / "a.odt"))
    assert texts(document, BlockKind.PARAGRAPH) == [files.FIRST, files.LAST, office_files.NOTE]
    assert (document.blocks[-2].text, document.blocks[-1].pages) == ("Fotnoter", (1,))


@pytest.mark.parametrize(
    "properties", ['text:display="none"', 'fo:color="#ffffff"', 'fo:font-size="1pt"', 'fo:color="#fefefe"']
)
def test_what_nobody_sees_is_left_out_and_counted(tmp_path: Path, properties: str) -> None:
    body = p(f'{TEXT}<text:span text:style-name="T1">Lyd mig</text:span>')
    document = load(tmp_path, body, style("T1", text=properties))
    assert (whole(document), document.hidden) == (TEXT, len("Lydmig"))


def test_hidden_sections_paragraphs_and_deleted_text_are_left_out(tmp_path: Path) -> None:
    body = (
        f"<text:tracked-changes><text:changed-region><text:deletion>{p('borttaget')}</text:deletion>"
        f'</text:changed-region></text:tracked-changes>{p(TEXT)}<text:section text:display="none">{p("gömt")}'
        f"</text:section>{p('<text:hidden-paragraph text:is-hidden=' + chr(34) + 'true' + chr(34) + '/>dolt')}"
        f"<text:table-of-content><text:index-body>{p('1 Inledning 3')}</text:index-body></text:table-of-content>"
        f"{p('Text<office:annotation>' + p('en kommentar') + '</office:annotation> efter.')}"
    )
    document = load(tmp_path, body)
    assert texts(document, BlockKind.PARAGRAPH) == [TEXT, "Text efter."]
    assert document.hidden == len("gömtdolt")


def test_blanks_tabs_links_and_boxes_are_text(tmp_path: Path) -> None:
    box = f"<draw:frame><draw:text-box>{p('I rutan.')}</draw:text-box></draw:frame>"
    body = p(f'Ett<text:s text:c="3"/>två<text:tab/>tre<text:line-break/><text:a>länk</text:a>{box}')
    assert texts(load(tmp_path, body), BlockKind.PARAGRAPH) == ["Ett två tre länk", "I rutan."]


def test_lists_have_their_numbers_and_levels_and_go_on(tmp_path: Path) -> None:
    numbered = (
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" '
        'style:num-suffix="."/><text:list-level-style-bullet text:level="2"/></text:list-style>'
    )

    def listed(inside: str, more: str = "") -> str:
        return f'<text:list text:style-name="L1" {more}>{inside}</text:list>'

    def item(inside: str) -> str:
        return f"<text:list-item>{inside}</text:list-item>"

    inner = f"<text:list>{item(p('inuti'))}</text:list>"
    body = p("Planen ska:") + listed(item(p("antas") + inner) + item(p("följas upp") + p("varje år")))
    body += (
        p("Mellan.")
        + listed(item(p("gå vidare")), 'text:continue-numbering="true"')
        + p("Sist.")
        + listed(item(p("om")))
    )
    assert texts(load(tmp_path, body, numbered), BlockKind.LIST) == [
        "Planen ska:\n- 1) antas\n  - inuti\n- 2) följas upp varje år",
        "- 3) gå vidare",
        "- 1) om",
    ]


def test_headings_are_numbered_as_the_outline_says(tmp_path: Path) -> None:
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1"/><text:outline-level-style '
        'text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style>'
    )
    headings = (("Ansvar", 1), ("Nämnd", 2), ("Plan", 1), ("Tider", 2))
    body = "".join(f'<text:h text:outline-level="{level}">{text}</text:h>' for text, level in headings) + p(TEXT)
    assert texts(load(tmp_path, body, outline), BlockKind.HEADING) == ["1 Ansvar", "1.1 Nämnd", "2 Plan", "2.1 Tider"]


def test_merged_cells_are_repeated(tmp_path: Path) -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}>{p(text)}</table:table-cell>"

    covered = "<table:covered-table-cell/>"
    rows = (
        cell("Kommun") + cell("Antal", 'table:number-columns-spanned="2"') + covered,
        cell("Åmål", 'table:number-rows-spanned="2"') + cell("1") + cell("2"),
        covered + cell("3") + cell("4"),
    )
    body = (
        p(TEXT) + f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in rows)}</table:table>"
    )
    (text,) = texts(load(tmp_path, body), BlockKind.TABLE)
    assert text.split("\n") == ["| Kommun | Antal | Antal |", "| Åmål | 1 | 2 |", "| Åmål | 3 | 4 |"]


def test_set_breaks_tell_pages_where_they_account_for_all(tmp_path: Path) -> None:
    broken = style("P1", "paragraph", paragraph='fo:break-before="page"')
    body = p(TEXT) + p("Andra sidan.", "P1")
    assert [block.pages for block in load(tmp_path, body, broken).blocks] == [(1,), (2,)]
    document = load(tmp_path, body, broken, pages=7)
    assert ([block.pages for block in document.blocks], document.pages) == ([(), ()], 7)


def test_a_table_that_repeats_itself_without_end_is_bounded(tmp_path: Path) -> None:
    cell = '<table:table-cell table:number-columns-repeated="1000000000"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1000000000">{cell}</table:table-row>'
    document = load(tmp_path, p(TEXT) + f"<table:table>{row}{row}</table:table>")
    assert len(whole(document)) < 10_000
