"""Tables of an OpenDocument text to rows of texts: merged cells repeated, tables inside cells flattened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ingest.loaders.office.odt_styles import TEXT, OdtStyles
from ingest.loaders.office.odt_text import INDEXES, OdtReader, Paragraph

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_GROUPS = frozenset(f"{TABLE}{name}" for name in ("table-header-rows", "table-rows", "table-row-group"))
_CELLS = frozenset((f"{TABLE}table-cell", f"{TABLE}covered-table-cell"))
_WIDEST = 200
"""Columns; a repetition over more than this is a lie."""


@dataclass(slots=True)
class Table:
    """`rows` of texts; `paragraphs` in reading order, for their notes, boxes and pages."""

    rows: list[list[str]]
    paragraphs: list[Paragraph]

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages that it stands on."""
        return tuple(sorted({page for paragraph in self.paragraphs for page in paragraph.pages}))


def is_box(element: Element) -> bool:
    """Whether a table has one column only: a frame around text, which is read as if it were not there."""
    return all(sum(_repeated(cell) for cell in row if cell.tag in _CELLS) == 1 for row in _rows(element))


def cells_of(element: Element, styles: OdtStyles, ground: str) -> Iterator[tuple[Element, str]]:
    """Every cell of a table with the colour behind it."""
    for row in _rows(element):
        for cell in row:
            if cell.tag in _CELLS:
                yield cell, _ground(cell, styles, ground)


def read_table(element: Element, reader: OdtReader, styles: OdtStyles, ground: str) -> Table:
    """Read a table."""
    table = Table([], [])
    spans: dict[int, tuple[int, str]] = {}  # column -> the row before which a span ends, and its text
    for number, row in enumerate(_rows(element, reader)):
        texts: list[str] = []
        first = last = reader.page
        for cell in row:
            if cell.tag not in _CELLS:
                continue
            reader.page = first  # each cell of a row begins where the row does
            text = _cell(cell, reader, styles, ground, table.paragraphs)
            last = max(last, reader.page)
            place = len(texts)
            if cell.tag == f"{TABLE}table-cell":
                ends = number + _number(cell, "number-rows-spanned")
                across = min(_number(cell, "number-columns-spanned"), _WIDEST)
                spans |= dict.fromkeys(range(place, place + across), (ends, text))
            for column in range(place, min(place + _repeated(cell), _WIDEST)):
                ends, spanned = spans.get(column, (0, ""))
                texts.append(spanned if cell.tag == f"{TABLE}covered-table-cell" and number < ends else text)
        reader.page = last
        table.rows.append(texts)
    return table


def _cell(cell: Element, reader: OdtReader, styles: OdtStyles, ground: str, paragraphs: list[Paragraph]) -> str:
    ground = _ground(cell, styles, ground)
    texts: list[str] = []
    for block in _blocks(cell):
        if block.tag == f"{TABLE}table":
            inner = read_table(block, reader, styles, ground)
            paragraphs += inner.paragraphs
            texts += [" ".join(dict.fromkeys(filter(None, row))) for row in inner.rows]
        else:
            paragraph = reader.paragraph(block, ground)
            paragraphs.append(paragraph)
            texts.append(paragraph.text)
    return " ".join(" ".join(texts).split())


def _blocks(parent: Iterable[Element]) -> Iterator[Element]:
    """Paragraphs and tables, those in lists and sections too."""
    for child in parent:
        if child.tag in (f"{TEXT}p", f"{TEXT}h", f"{TABLE}table"):
            yield child
        elif child.tag.startswith(TEXT) and child.tag not in INDEXES:
            yield from _blocks(child)


def _rows(parent: Iterable[Element], reader: OdtReader | None = None) -> Iterator[Element]:
    """The rows, one by one, so that a page break between two of them counts before the second is read."""
    for child in parent:
        if child.tag == f"{TABLE}table-row":
            yield child
        elif child.tag == f"{TEXT}soft-page-break" and reader is not None:
            reader.next_page()
        elif child.tag in _GROUPS:
            yield from _rows(child, reader)


def _ground(cell: Element, styles: OdtStyles, ground: str) -> str:
    own = styles.setting("table-cell", cell.get(f"{TABLE}style-name", "")).ground
    return own if own not in (None, "auto") else ground


def _repeated(cell: Element) -> int:
    return max(1, _number(cell, "number-columns-repeated"))


def _number(cell: Element, name: str) -> int:
    value = cell.get(f"{TABLE}{name}", "1")
    return int(value) if value.isdecimal() else 1
