"""Texts of Formex elements: running text without notes, points with the points inside them, and tables."""

from __future__ import annotations

from collections.abc import Iterator

import lxml.html
from lxml import etree

from ingest.loaders.encoding import plain
from ingest.loaders.law.blocks import Item
from ingest.loaders.web.tables import pipe_rows

_APART = frozenset({"P", "LIST", "DLIST", "NP", "TBL", "GR.TBL", "ALINEA", "ITEM", "TXT", "QUOT.S", "DIV.CONSID"})
_LEFT_OUT = frozenset({"NOTE", "INCL.ELEMENT", "BIB.INSTANCE", "NO.P"})

Piece = tuple[str, str | Item]
"""What a piece is (`text`, `item` or `table`), and itself."""


def name(element: etree._Element | None) -> str:
    """The element's name without a namespace; empty for entities and for None."""
    if element is None or not isinstance(element.tag, str):
        return ""
    return element.tag.rpartition("}")[2]


def child(element: etree._Element | None, wanted: str) -> etree._Element | None:
    """The first child of a name."""
    return next((each for each in element if name(each) == wanted), None) if element is not None else None


def elements(root: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """All elements of a name, whatever their namespace, in order."""
    return (each for each in root.iter() if name(each) == wanted)


def text_of(element: etree._Element | None) -> str:
    """All text inside in one line, without notes."""
    return _line(_words(element)) if element is not None else ""


def _line(words: Iterator[str]) -> str:
    return " ".join(plain("".join(words)).split())


def _words(element: etree._Element) -> Iterator[str]:
    """Depth is bounded by the parser, which reads no file with more than 256 levels."""
    yield element.text or ""
    for each in element:
        yield from _word(each)
        yield each.tail or ""


def _word(each: etree._Element) -> Iterator[str]:
    if name(each) in ("QUOT.START", "QUOT.END"):
        code = each.get("CODE", "")
        yield chr(int(code, 16)) if len(code) == 4 and all(digit in "0123456789abcdefABCDEF" for digit in code) else ""
    elif name(each) and name(each) not in _LEFT_OUT - {"NO.P"}:
        yield " " if name(each) in _APART else ""
        yield from _words(each)
        yield " " if name(each) in (*_APART, "NO.P") else ""


def content_of(element: etree._Element) -> Iterator[Piece]:
    """An element's texts, points and tables, in order; what it quotes from other acts is one text."""
    if name(element) == "NP":
        yield "item", _point(element)
        return
    if name(element) in ("TBL", "GR.TBL"):
        yield from _table(element)
        return
    if name(element) == "QUOT.S":
        yield "text", text_of(element)
        return
    if name(element) == "ITEM" and child(element, "NP") is None:
        yield "item", Item("", text_of(element))
        return
    words = [element.text or ""]
    for each in element:
        if name(each) in _APART:
            yield "text", _line(iter(words))
            words = []
            yield from content_of(each)
        else:
            words += _word(each)
        words.append(each.tail or "")
    yield "text", _line(iter(words))


def _point(element: etree._Element) -> Item:
    """A numbered point; texts after the points inside it follow as points without a number."""
    text: list[str] = []
    inner: list[Item] = []
    for each in element:
        if name(each) in _LEFT_OUT:
            continue
        for _, piece in content_of(each):
            if isinstance(piece, Item):
                inner.append(piece)
            elif piece and inner:
                inner.append(Item("", piece))
            elif piece:
                text.append(piece)
    return Item(text_of(child(element, "NO.P")), " ".join(text), tuple(inner))


def _table(element: etree._Element) -> Iterator[Piece]:
    """Each table's title as text, and its rows; spans work as they do in HTML, and are followed in the same way."""
    for table in [element] if name(element) == "TBL" else elements(element, "TBL"):
        yield "text", text_of(child(table, "TITLE"))
        grid = lxml.html.Element("table")
        for row in elements(table, "ROW"):
            line = lxml.html.Element("tr")
            grid.append(line)
            for cell in (each for each in row if name(each) == "CELL"):
                place = lxml.html.Element("th" if row.get("TYPE") == "HEADER" else "td")
                place.text = text_of(cell)
                for span in ("colspan", "rowspan"):
                    place.set(span, cell.get(span.upper(), "1"))
                line.append(place)
        yield "table", pipe_rows(grid)
