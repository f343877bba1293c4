"""Word tables to rows of texts: merged cells repeated, deleted rows left out, tables inside cells flattened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ingest.loaders.office.docx_styles import fill_of
from ingest.loaders.office.docx_text import Paragraph, TextReader
from ingest.loaders.office.xml_parts import MC, W, chosen
from ingest.loaders.setting import MARKED

_THROUGH = frozenset(f"{W}{name}" for name in ("customXml", "ins", "moveTo"))
_WIDEST = 200
"""Columns; a span over more than this is a lie."""


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
    return all(len(list(_inside(row, f"{W}tc"))) == 1 for row in _inside(element, f"{W}tr"))


def cells_of(element: Element) -> Iterator[Element]:
    """Every cell of a table, in reading order."""
    for row in _inside(element, f"{W}tr"):
        yield from _inside(row, f"{W}tc")


def read_table(element: Element, reader: TextReader, ground: str, colored: bool) -> Table:
    """Read a table. `colored`: its style may fill cells, so that light letters prove nothing."""
    table = Table([], [])
    above: dict[int, str] = {}
    for row in _inside(element, f"{W}tr"):
        properties = row.find(f"{W}trPr")
        deleted = properties is not None and properties.find(f"{W}del") is not None
        texts: list[str] = []
        first = last = reader.page
        texts += [""] * min(_number(properties, "gridBefore"), _WIDEST)
        for cell in _inside(row, f"{W}tc"):
            reader.page = first  # each cell of a row begins where the row does
            text = _cell(cell, reader, ground, colored, table.paragraphs)
            last = max(last, reader.page)
            tied = cell.find(f"{W}tcPr/{W}vMerge")
            if tied is not None and tied.get(f"{W}val", "continue") != "restart":
                text = text or above.get(len(texts), "")
            span = min(max(_number(cell.find(f"{W}tcPr"), "gridSpan"), 1), _WIDEST)
            if len(texts) + span <= _WIDEST:
                texts += [text] * span
        reader.page = last
        if not deleted:
            table.rows.append(texts)
            above = dict(enumerate(texts))
    return table


def ground_of(cell: Element, ground: str, colored: bool) -> str:
    """The colour behind a cell's text; `marked` where only the table's style knows."""
    fill = fill_of(cell.find(f"{W}tcPr"))
    if fill not in (None, "auto"):
        return str(fill)
    return MARKED if colored else ground


def _cell(cell: Element, reader: TextReader, ground: str, colored: bool, paragraphs: list[Paragraph]) -> str:
    ground = ground_of(cell, ground, colored)
    texts: list[str] = []
    for block in _blocks(cell):
        if block.tag == f"{W}p":
            paragraph = reader.paragraph(block, ground)
            paragraphs.append(paragraph)
            texts.append(paragraph.text)
        else:
            inner = read_table(block, reader, ground, colored)
            paragraphs += inner.paragraphs
            texts += [" ".join(dict.fromkeys(filter(None, row))) for row in inner.rows]
    return " ".join(" ".join(texts).split())


def _blocks(parent: Iterable[Element]) -> Iterator[Element]:
    for child in parent:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        else:
            yield from _blocks(_through(child))


def _inside(parent: Iterable[Element], tag: str) -> Iterator[Element]:
    """The children with a tag, those in content controls and tracked insertions too."""
    for child in parent:
        if child.tag == tag:
            if child.find(f"{W}tcPr/{W}cellDel") is None:
                yield child
        else:
            yield from _inside(_through(child), tag)


def _through(element: Element) -> Iterable[Element]:
    """What is inside an element that only wraps others; nothing for any other element."""
    if element.tag == f"{W}sdt":
        return element.findall(f"{W}sdtContent/*")
    if element.tag == f"{MC}AlternateContent":
        return chosen(element)
    return element if element.tag in _THROUGH else ()


def _number(properties: Element | None, name: str) -> int:
    element = properties.find(f"{W}{name}") if properties is not None else None
    value = element.get(f"{W}val", "0") if element is not None else "0"
    return int(value) if value.isdecimal() else 0


def fills_cells(styles: Element | None, style: str) -> bool:
    """Whether a table style fills cells with a colour."""
    for element in styles if styles is not None else ():
        if element.tag == f"{W}style" and element.get(f"{W}styleId") == style:
            fills = [shading.get(f"{W}fill", "auto") for shading in element.iter(f"{W}shd")]
            return any(fill not in ("auto", "FFFFFF") for fill in fills)
    return False
