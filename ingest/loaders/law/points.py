"""Points of acts in HTML: each a table or a grid of two columns, its mark in the first and its text in the second."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from ingest.loaders.law.blocks import Item, is_label
from ingest.loaders.web.tables import is_layout, pipe_rows
from ingest.loaders.web.tree import MAX_DEPTH, names, tag, text_of

_INLINE_TAGS = "a b bdi bdo big cite em font i ins mark q s small span strong sub sup u"
_INLINE = frozenset(_INLINE_TAGS.split())
_NOTE = re.compile(r"#(?:nt[rc]|E\d|f|note)[\w.-]*", re.IGNORECASE)
_SPACED = re.compile(r"\s+([,.;)])(?!\.)")
_EMPTY = re.compile(r"\s*\(\s*\)|[▼►]\s?[A-Z]\d{0,3}\b|[◄►▼]")


@dataclass(frozen=True, slots=True)
class Rows:
    """A table of its own, as pipe rows."""

    text: str


def running_text(element: HtmlElement) -> Iterator[str | HtmlElement]:
    """The texts of an element and the elements that stand by themselves in it, in order, without the marks of notes."""
    words: list[str] = []
    for piece in _flat(element, 0):
        if isinstance(piece, str):
            words.append(piece)
            continue
        yield from _told(words)
        words = []
        yield piece
    yield from _told(words)


def _told(words: list[str]) -> Iterator[str]:
    text = _SPACED.sub(r"\1", " ".join(_EMPTY.sub("", "".join(words)).split()))
    if text:
        yield text


def _flat(element: HtmlElement, depth: int) -> Iterator[str | HtmlElement]:
    yield element.text or ""
    for child in element:
        name = tag(child)
        if name == "br":
            yield " "
        elif name in _INLINE and not _is_note_mark(child):
            if depth < MAX_DEPTH:
                yield from _flat(child, depth + 1)
            else:
                yield text_of(child)
        elif name and name not in _INLINE:
            yield child
        yield child.tail or ""


def _is_note_mark(element: HtmlElement) -> bool:
    if {"oj-note-tag", "note-tag", "modref", "arrow"} & set(names(element)):
        return True
    return tag(element) == "a" and _NOTE.fullmatch(element.get("href") or "") is not None


def pieces_of(element: HtmlElement, depth: int) -> list[Item | Rows] | None:
    """The points of an element, or its table; None for anything else."""
    if tag(element) == "table":
        pairs = _table_points(element)
        if pairs is None:
            return None if is_layout(element) else [Rows(pipe_rows(element))]
        return [_item(label, cell, depth) for label, cell in pairs]
    if "grid-list" in names(element):
        return [_item(label, cell, depth) for label, cell in _grid_points(element)] or None
    return None


def _table_points(table: HtmlElement) -> list[tuple[str, HtmlElement]] | None:
    """Marks and cells where every row is a point; a first empty cell only moves it in."""
    found: list[tuple[str, HtmlElement]] = []
    if {"oj-table", "table"} & set(names(table)):
        return None
    for row in table.iter("tr"):
        if next(row.iterancestors("table")) is not table:
            continue
        cells = [cell for cell in row if tag(cell) in ("td", "th") and text_of(cell)]
        if not cells:
            continue
        if len(cells) != 2 or not is_label(text_of(cells[0])):
            return None
        found.append((text_of(cells[0]), cells[1]))
    return found or None


def _grid_points(grid: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    label = ""
    for child in grid:
        if "grid-list-column-1" in names(child):
            label = text_of(child)
        elif "grid-list-column-2" in names(child):
            yield label, child
            label = ""


def _item(label: str, cell: HtmlElement, depth: int) -> Item:
    """A point with the points in it; text after those follows as one of them."""
    words: list[str] = []
    inner: list[Item] = []
    _gather(cell, depth, words, inner)
    return Item(label.strip(), " ".join(words), tuple(inner))


def _gather(cell: HtmlElement, depth: int, words: list[str], inner: list[Item]) -> None:
    if depth > MAX_DEPTH:
        words.append(text_of(cell))
        return
    for piece in running_text(cell):
        if isinstance(piece, str):
            if inner:
                inner.append(Item("", piece))
            else:
                words.append(piece)
            continue
        found = pieces_of(piece, depth + 1)
        if found is None:
            _gather(piece, depth + 1, words, inner)
        for each in found or ():
            inner.append(each if isinstance(each, Item) else Item("", " ".join(each.text.split())))
