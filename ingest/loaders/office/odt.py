"""OpenDocument texts (.odt): headings, lists with their numbers, tables, notes, text boxes, pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import refuse_endless, slug
from ingest.loaders.counting import item_label
from ingest.loaders.flow import Flow
from ingest.loaders.office.attribute_values import whole
from ingest.loaders.office.kind import require_kind, require_text
from ingest.loaders.office.odt_styles import OFFICE, TEXT, Counter, Level, OdtStyles
from ingest.loaders.office.odt_tables import TABLE, cells_of, is_box, read_table
from ingest.loaders.office.odt_text import DRAW, OdtReader, Paragraph, boxes_of, is_hidden_section, letters_of
from ingest.loaders.office.package import Package, damage_rejects, open_package
from ingest.loaders.office.properties import iso_date
from ingest.loaders.office.xml_parts import parse, parse_if_there
from ingest.loaders.setting import MARKED, WHITE
from ingest.loaders.stated_date import stated_date
from ingest.loaders.titling import titled
from ingest.model import LoadedDocument

_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_THROUGH = frozenset(f"{TEXT}{name}" for name in ("section", "numbered-paragraph"))
_DEEPEST = 10


class OdtLoader:
    """Loader for OpenDocument texts, as LibreOffice writes them."""

    name = "odt"
    suffixes = frozenset({".odt", ".ott"})

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
            meta = parse_if_there(package, "meta.xml")
            statistic = meta.find(f".//{_META}document-statistic") if meta is not None else None
            pages = statistic.get(f"{_META}page-count", "") if statistic is not None else ""
            body = _Body(package, whole(pages))
            blocks = body.flow.blocks()
        require_text(blocks, package, "Pictures/")
        title, blocks = titled(_told(meta, f"{_DUBLIN}title"), body.title, blocks, relative)
        saved = iso_date(_told(meta, f"{_DUBLIN}date")) or iso_date(_told(meta, f"{_META}creation-date"))
        return LoadedDocument(
            id=slug(relative),
            title=title,
            blocks=blocks,
            as_of=stated_date(blocks) or saved,
            hidden=body.reader.hidden,
            pages=body.pages,
        )


class _Body:
    """Walks the text from beginning to end."""

    def __init__(self, package: Package, pages: int) -> None:
        root = parse(package, "content.xml")
        text = root.find(f"{OFFICE}body/{OFFICE}text")
        if text is None:
            raise DocumentRejected(Reason.UNREADABLE, "the file has no text part")
        refuse_endless(0, sum(1 for name in ("p", "h") for _ in text.iter(f"{TEXT}{name}")))
        self._styles = OdtStyles((parse_if_there(package, "styles.xml"), root))
        self._headings = Counter()
        self._lists: dict[str, Counter] = {}
        self.title = ""
        self.flow = Flow()
        soft = next(text.iter(f"{TEXT}soft-page-break"), None) is not None
        counted = soft or pages == 1 or self._set_breaks(text) + 1 >= max(pages, 2)
        self.reader = OdtReader(self._styles, 1 if counted else 0)
        self._walk(text, WHITE)
        self.pages = max(self.reader.page, pages)

    def _set_breaks(self, text: Element) -> int:
        names = [element.get(f"{TEXT}style-name", "") for tag in ("p", "h") for element in text.iter(f"{TEXT}{tag}")]
        return sum(self._styles.breaks(name) or self._styles.breaks(name, after=True) for name in names[1:])

    def _walk(self, elements: Iterable[Element], ground: str) -> None:
        for element in elements:
            tag = element.tag
            if tag in (f"{TEXT}p", f"{TEXT}h"):
                self._paragraph(element, ground)
            elif tag == f"{TEXT}list":
                self._list(element, ground, depth=1, style="")
            elif tag == f"{TABLE}table":
                self._table(element, ground)
            elif tag == f"{TEXT}soft-page-break":
                self.reader.next_page()
            elif tag in _THROUGH:
                if is_hidden_section(element):
                    self.reader.hidden += letters_of(element)
                else:
                    self._walk(element, ground)
            elif tag.startswith(DRAW):
                for box in boxes_of(element):
                    self._walk(box, MARKED)

    def _paragraph(self, element: Element, ground: str, label: str = "") -> None:
        paragraph = self.reader.paragraph(element, ground)
        style = element.get(f"{TEXT}style-name", "")
        pages = tuple(sorted(paragraph.pages))
        level = self._level(element, style)
        text = paragraph.text
        names = self._styles.chain("paragraph", style) or [style]
        if not text.strip():
            pass
        elif "Title" in names and not self.title:
            self.title = text
        elif level:
            number = label or self._headings.label(level, self._styles.outline, _start(element))
            self.flow.heading(f"{number} {text}", level, pages)
        else:
            self.flow.paragraph(text, pages, paragraph.look)
        self._attached(paragraph)

    def _level(self, element: Element, style: str) -> int:
        level = element.get(f"{TEXT}outline-level", "")
        if element.tag == f"{TEXT}h":
            return whole(level, 1)
        return self._styles.outline_level(style)

    def _list(self, element: Element, ground: str, depth: int, style: str) -> None:
        """Items with their numbers; a heading in a list is a numbered heading."""
        style = element.get(f"{TEXT}style-name") or style
        levels = self._styles.levels(style)
        goes_on = element.get(f"{TEXT}continue-numbering") == "true" or element.get(f"{TEXT}continue-list") is not None
        if depth == 1 and not goes_on:
            self._lists[style] = Counter()
        counter = self._lists.setdefault(style, Counter())
        for item in element:
            if item.tag not in (f"{TEXT}list-item", f"{TEXT}list-header"):
                continue
            own = [child for child in item if child.tag in (f"{TEXT}p", f"{TEXT}h")]
            label = ""
            if own and item.tag == f"{TEXT}list-item":
                label = counter.label(depth, levels, _start(item))
            self._item(own, ground, label, depth, levels.get(depth, Level()).indent)
            for child in item:
                if child.tag == f"{TEXT}list" and depth < _DEEPEST:
                    self._list(child, ground, depth + 1, style)
                elif child.tag not in (f"{TEXT}p", f"{TEXT}h", f"{TEXT}list"):
                    self._walk([child], ground)

    def _item(self, own: list[Element], ground: str, label: str, depth: int, indent: float) -> None:
        """An item's paragraphs are joined, as they are read together."""
        headings = [child for child in own if self._level(child, child.get(f"{TEXT}style-name", ""))]
        for heading in headings:
            self._paragraph(heading, ground, label)
        read = [self.reader.paragraph(child, ground) for child in own if child not in headings]
        text = " ".join(paragraph.text for paragraph in read)
        if text.strip():
            pages = tuple(sorted({page for paragraph in read for page in paragraph.pages}))
            self.flow.item(f"{item_label(label)}{text}", depth - 1, pages, replace(read[0].look, indent=indent))
        for paragraph in read:
            self._attached(paragraph)

    def _attached(self, paragraph: Paragraph) -> None:
        pages = tuple(sorted(paragraph.pages))[-1:]
        for note in paragraph.notes:
            texts = [self.reader.paragraph(part, WHITE).text for part in note.iter(f"{TEXT}p")]
            self.flow.note(" ".join(texts), pages)
        for box in paragraph.boxes:
            self._walk(box, MARKED)

    def _table(self, element: Element, ground: str) -> None:
        if is_box(element):
            for cell, behind in cells_of(element, self._styles, ground):
                self._walk(cell, behind)
            return
        table = read_table(element, self.reader, self._styles, ground)
        self.flow.table(table.rows, table.pages)
        for paragraph in table.paragraphs:
            self._attached(paragraph)


def _start(element: Element) -> int | None:
    value = element.get(f"{TEXT}start-value", "")
    return int(value) if value.isdecimal() else None


def _told(meta: Element | None, tag: str) -> str:
    element = meta.find(f".//{tag}") if meta is not None else None
    return (element.text or "").strip() if element is not None else ""
