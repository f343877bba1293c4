"""Word files (.docx): headings by style, lists with their numbers, tables, notes, text boxes, pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

from ingest.loaders.base import refuse_endless, slug
from ingest.loaders.counting import item_label
from ingest.loaders.flow import Flow
from ingest.loaders.office.docx_numbering import Label, Numbering
from ingest.loaders.office.docx_styles import Styles
from ingest.loaders.office.docx_tables import cells_of, fills_cells, ground_of, is_box, read_table
from ingest.loaders.office.docx_text import Paragraph, TextReader
from ingest.loaders.office.kind import main_part, require_kind, require_text
from ingest.loaders.office.package import Package, damage_rejects, open_package
from ingest.loaders.office.properties import office_properties
from ingest.loaders.office.xml_parts import (
    MC,
    A,
    W,
    chosen,
    is_on,
    parse,
    parse_if_there,
    related,
    relations,
    xml_bytes,
)
from ingest.loaders.setting import MARKED, WHITE
from ingest.loaders.stated_date import stated_date
from ingest.loaders.titling import titled
from ingest.model import LoadedDocument

_THROUGH = frozenset(f"{W}{name}" for name in ("customXml", "ins", "moveTo", "smartTag"))
_RENDERED = b"lastRenderedPageBreak"
_FULL_PAGE = 5_000
"""Characters; hardly any page has more, so that a file that says so has made pages up."""
_LISTING_STYLES = ("toc ", "table of figures", "index ", "table of authorities")


class DocxLoader:
    """Loader for Word files since 2007."""

    name = "docx"
    suffixes = frozenset({".docx", ".dotx"})

    def sniff(self, head: bytes) -> bool:
        """A zip file is told by what is in it, which its first bytes do not show."""
        return False

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file.

        Raises DocumentRejected: WRONG_TYPE, MACROS, ENCRYPTED, UNSAFE, TOO_LARGE, UNREADABLE, EMPTY, NO_TEXT_LAYER
        (pictures only).
        """
        package = open_package(path)
        with damage_rejects():
            require_kind(package, self.name)
            properties = office_properties(package)
            body = _Body(package, properties.pages)
            blocks = body.flow.blocks()
        require_text(blocks, package, "word/media/")
        title, blocks = titled(properties.title, body.title, blocks, relative)
        return LoadedDocument(
            id=slug(relative),
            title=title,
            blocks=blocks,
            as_of=stated_date(blocks) or properties.saved,
            hidden=body.reader.hidden,
            pages=body.pages,
        )


class _Body:
    """Walks the text from beginning to end."""

    def __init__(self, package: Package, pages: int) -> None:
        main = main_part(package)
        self._package = package
        self._parts = {link.id: link.target for link in relations(package, main)}
        raw = xml_bytes(package, main)
        root = parse(package, main)
        refuse_endless(sum(len(text.text or "") for text in root.iter(f"{W}t")), sum(1 for _ in root.iter(f"{W}p")))
        self._style_part = parse_if_there(package, related(package, main, "styles"))
        self._styles = Styles(self._style_part)
        self._numbering = Numbering(parse_if_there(package, related(package, main, "numbering")))
        self._notes = {kind: _notes(package, related(package, main, kind)) for kind in ("footnotes", "endnotes")}
        self._pending: Paragraph | None = None
        self.title = ""
        counted = _counts_pages(raw, root, pages)
        self.reader = TextReader(self._styles, rendered=_RENDERED in raw, page=1 if counted else 0)
        self.flow = Flow()
        background = root.find(f"{W}background")
        ground = background.get(f"{W}color", WHITE) if background is not None else WHITE
        self._walk(root.findall(f"{W}body/*"), ground if ground != "auto" else WHITE)
        self._settle()
        self.pages = max(self.reader.page, pages) if counted else pages if pages > 1 else 0

    def _walk(self, elements: Iterable[Element], ground: str) -> None:
        for element in elements:
            if element.tag == f"{W}p":
                self._paragraph(element, ground)
            elif element.tag == f"{W}tbl":
                self._table(element, ground)
            elif element.tag == f"{W}sdt":
                if not _is_listing(element):
                    self._walk(element.findall(f"{W}sdtContent/*"), ground)
            elif element.tag == f"{MC}AlternateContent":
                self._walk(chosen(element), ground)
            elif element.tag in _THROUGH:
                self._walk(element, ground)

    def _paragraph(self, element: Element, ground: str) -> None:
        paragraph = self.reader.paragraph(element, ground)
        before, self._pending = self._pending, None
        if before is not None:
            before.parts += paragraph.parts
            before.pages |= paragraph.pages
            before.notes += paragraph.notes
            before.boxes += paragraph.boxes
            before.diagrams += paragraph.diagrams
            before.letters += paragraph.letters
            before.runs_on = paragraph.runs_on
            paragraph = before
        if paragraph.runs_on:
            self._pending = paragraph
        else:
            self._take(paragraph)

    def _settle(self) -> None:
        if self._pending is not None:
            self._take(self._pending)
            self._pending = None

    def _take(self, paragraph: Paragraph) -> None:
        text, pages = paragraph.text, tuple(sorted(paragraph.pages))
        names = self._styles.names(paragraph.style)
        if names[0].startswith(_LISTING_STYLES):
            return
        level = self._styles.heading_level(paragraph.style, paragraph.setting)
        label = self._label(paragraph) if text.strip() else None
        if "title" in names and not self.title and text.strip():
            self.title = text
        elif level:
            self.flow.heading(f"{label.text} {text}" if label else text, level, pages)
        elif label:
            look = replace(paragraph.look, indent=paragraph.setting.indent or label.indent)
            self.flow.item(f"{item_label(label.text)}{text}", label.depth, pages, look)
        else:
            self.flow.paragraph(text, pages, paragraph.look)
        self._attached(paragraph)

    def _label(self, paragraph: Paragraph) -> Label | None:
        numbered = paragraph.setting.numbered
        if numbered is None or numbered[0] == "0":
            return None
        from_style = self._styles.paragraph(paragraph.style).numbered
        number = numbered[0] or (from_style[0] if from_style else "")
        return self._numbering.label(number, numbered[1], paragraph.style if numbered == from_style else "")

    def _attached(self, paragraph: Paragraph) -> None:
        """What hangs on a paragraph: notes and text boxes."""
        pages = tuple(sorted(paragraph.pages))[-1:]
        for kind, identity in paragraph.notes:
            note = self._notes[kind].pop(identity, None)
            if note is not None:
                page = self.reader.page
                texts = [self.reader.paragraph(part, WHITE).text for part in note.iter(f"{W}p")]
                self.reader.page = page
                self.flow.note(" ".join(texts), pages)
        for box in paragraph.boxes:
            self._walk(box, MARKED)
            self._settle()
        for identity in paragraph.diagrams:
            drawing = parse_if_there(self._package, self._parts.get(identity, ""))
            for text in drawing.iter(f"{A}p") if drawing is not None else ():
                self.flow.item("".join(part.text or "" for part in text.iter(f"{A}t")), 0, pages)

    def _table(self, element: Element, ground: str) -> None:
        self._settle()
        style = element.find(f"{W}tblPr/{W}tblStyle")
        colored = style is not None and fills_cells(self._style_part, style.get(f"{W}val", ""))
        if is_box(element):
            for cell in cells_of(element):
                self._walk(cell, ground_of(cell, ground, colored))
            return
        table = read_table(element, self.reader, ground, colored)
        self.flow.table(table.rows, table.pages)
        for paragraph in table.paragraphs:
            self._attached(paragraph)


def _notes(package: Package, part: str) -> dict[str, Element]:
    root = parse_if_there(package, part)
    ordinary = (note for note in (root if root is not None else ()) if note.get(f"{W}type", "normal") == "normal")
    return {note.get(f"{W}id", ""): note for note in ordinary}


def _is_listing(control: Element) -> bool:
    """Whether a content control holds a table of contents; one that shows its own prompt holds nothing."""
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    prompt = is_on(control.find(f"{W}sdtPr/{W}showingPlcHdr"), f"{W}val")
    return bool(prompt) or (gallery is not None and gallery.get(f"{W}val", "") == "Table of Contents")


def _counts_pages(raw: bytes, root: Element, pages: int) -> bool:
    """Whether the file tells its pages: Word left marks, or its set breaks account for all the pages there can be."""
    if _RENDERED in raw:
        return True
    letters = sum(len(text.text or "") for text in root.iter(f"{W}t"))
    breaks = [one for one in root.iter(f"{W}br") if one.get(f"{W}type") == "page"]
    breaks += root.iter(f"{W}pageBreakBefore")
    sections = root.findall(f".//{W}pPr/{W}sectPr")
    counted = len(breaks) + len(sections) + 1
    return (bool(breaks) or pages == 1) and counted >= pages and letters <= counted * _FULL_PAGE
