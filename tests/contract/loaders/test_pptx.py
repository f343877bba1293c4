"""Presentations: what is on the slides is read in order; notes, hidden slides and what stands beside them are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Inches, Pt

from ingest.errors import Reason
from ingest.model import BlockKind, LoadedDocument
from tests.contract.loaders.reading import read, rejection, texts, whole
from tests.fakes import office_files

TEXT = "Kommunerna samverkar om upphandling av gemensamma system."


def load(tmp_path: Path, *fill: Callable[[Deck, Slide], None]) -> LoadedDocument:
    """Make a slide for each function and read the presentation."""
    return read(made(tmp_path, *fill))


def made(tmp_path: Path, *fill: Callable[[Deck, Slide], None], layout: int = 6) -> Path:
    """A presentation with a slide for each function."""
    deck = Presentation()
    for one in fill:
        one(deck, deck.slides.add_slide(deck.slide_layouts[layout]))
    path = tmp_path / "a.pptx"
    deck.save(str(path))
    return path


def box(slide: Slide, text: str, left: float = 1, top: float = 1) -> TextFrame:
    """A text box."""
    frame: TextFrame = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(3), Inches(0.5)).text_frame
    frame.text = text
    return frame


def plain(deck: Deck, slide: Slide) -> None:
    """A slide with a text."""
    box(slide, TEXT)


def test_shapes_are_read_in_rows_and_groups_stay_together(tmp_path: Path) -> None:
    def fill(deck: Deck, slide: Slide) -> None:
        box(slide, "sist", top=5)
        box(slide, "till höger", left=5, top=1.02)
        box(slide, "till vänster", top=1.1)
        group = slide.shapes.add_group_shape()
        group.shapes.add_textbox(Inches(3), Inches(4), Inches(1), Inches(1)).text_frame.text = "grupp två"
        group.shapes.add_textbox(Inches(1), Inches(3), Inches(1), Inches(1)).text_frame.text = "grupp ett"

    assert texts(load(tmp_path, fill), BlockKind.PARAGRAPH) == [
        "till vänster",
        "till höger",
        "grupp ett",
        "grupp två",
        "sist",
    ]


def test_a_slide_without_title_gets_a_heading_of_its_own(tmp_path: Path) -> None:
    document = load(tmp_path, plain, plain)
    assert [(b.text, b.pages) for b in document.blocks if b.kind is BlockKind.HEADING] == [
        ("Bild 1", (1,)),
        ("Bild 2", (2,)),
    ]


def test_levels_of_bullets_are_kept_and_text_boxes_have_none(tmp_path: Path) -> None:
    def fill(deck: Deck, slide: Slide) -> None:
        title, frame = slide.shapes.title, slide.placeholders[1].text_frame
        assert title is not None
        title.text = "Mål"
        frame.text = "först"
        inner = frame.add_paragraph()
        inner.text, inner.level = "inuti", 1
        box(slide, TEXT, top=7)

    document = read(made(tmp_path, fill, layout=1))
    assert texts(document, BlockKind.LIST) == ["- först\n  - inuti"]
    assert texts(document, BlockKind.PARAGRAPH) == [TEXT]


def test_notes_hidden_slides_and_hidden_or_tiny_text_are_counted_and_left_out(tmp_path: Path) -> None:
    def hidden_slide(deck: Deck, slide: Slide) -> None:
        box(slide, "dold bild")
        slide._element.set("show", "0")

    def fill(deck: Deck, slide: Slide) -> None:
        plain(deck, slide)
        notes = slide.notes_slide.notes_text_frame
        assert notes is not None
        notes.text = "tala tyst"
        box(slide, "utanför", left=30)
        box(slide, "osynlig", top=3)
        shape = slide.shapes[-1]
        shape._element.nvSpPr.cNvPr.set("hidden", "1")
        box(slide, "mikro", top=4).paragraphs[0].runs[0].font.size = Pt(1)

    document = load(tmp_path, hidden_slide, fill)
    assert texts(document, BlockKind.PARAGRAPH) == [TEXT]
    assert document.hidden == len("doldbildtalatystutanförosynligmikro")
    assert document.pages == 2


def test_letters_as_white_as_the_slide_are_hidden_and_others_are_not(tmp_path: Path) -> None:
    def white(frame: TextFrame) -> None:
        frame.paragraphs[0].runs[0].font.color.rgb = RGBColor.from_string("FFFFFF")  # type: ignore[no-untyped-call]  # python-pptx has it untyped

    def fill(deck: Deck, slide: Slide) -> None:
        plain(deck, slide)
        white(box(slide, "Lyd mig", top=2))
        filled = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(1), Inches(4), Inches(8), Inches(2))
        filled.fill.solid()
        filled.fill.fore_color.rgb = RGBColor.from_string("002060")  # type: ignore[no-untyped-call]  # python-pptx has it untyped
        white(box(slide, "På mörk platta", top=4.5))

    document = load(tmp_path, fill)
    assert texts(document, BlockKind.PARAGRAPH) == [TEXT, "På mörk platta"]
    assert document.hidden == len("Lydmig")


def test_the_texts_of_a_smart_art_drawing_are_items(tmp_path: Path) -> None:
    path = made(tmp_path, plain)
    slide = office_files.part(path, "ppt/slides/slide1.xml").decode()
    frame = (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="9" name="d"/></p:nvGraphicFramePr><a:graphic><a:graphicData '
        f'uri="http://schemas.openxmlformats.org/drawingml/2006/diagram">{office_files.DIAGRAM}</a:graphicData>'
        "</a:graphic></p:graphicFrame></p:spTree>"
    )
    office_files.rewritten(path, {"ppt/slides/slide1.xml": slide.replace("</p:spTree>", frame).encode()})
    document = read(office_files.with_diagram(path, "ppt/slides/slide1.xml"))
    assert texts(document, BlockKind.LIST) == ["- Besluta\n- Följa upp"]


def test_merged_cells_of_a_table_are_repeated(tmp_path: Path) -> None:
    def fill(deck: Deck, slide: Slide) -> None:
        table = slide.shapes.add_table(3, 3, Inches(1), Inches(2), Inches(6), Inches(2)).table
        for row, cells in enumerate((("Kommun", "Antal", ""), ("Åmål", "1", "2"), ("", "3", "4"))):
            for column, text in enumerate(cells):
                table.cell(row, column).text = text
        table.cell(0, 1).merge(table.cell(0, 2))
        table.cell(1, 0).merge(table.cell(2, 0))

    (text,) = texts(load(tmp_path, fill), BlockKind.TABLE)
    assert text.split("\n") == ["| Kommun | Antal | Antal |", "| Åmål | 1 | 2 |", "| Åmål | 3 | 4 |"]


class TestPictures:
    @pytest.fixture
    def picture(self, tmp_path: Path) -> Callable[[Deck, Slide], None]:
        Image.new("RGB", (20, 20)).save(tmp_path / "a.png")

        def fill(deck: Deck, slide: Slide) -> None:
            slide.shapes.add_picture(str(tmp_path / "a.png"), Inches(1), Inches(1))

        return fill

    def test_a_slide_of_pictures_only_is_named(self, tmp_path: Path, picture: Callable[[Deck, Slide], None]) -> None:
        document = load(tmp_path, plain, picture)
        assert document.unread == (2,)
        assert TEXT in whole(document)

    def test_i06_a_presentation_of_pictures_only_says_so(
        self, tmp_path: Path, picture: Callable[[Deck, Slide], None]
    ) -> None:
        assert rejection(made(tmp_path, picture)).reason is Reason.NO_TEXT_LAYER
