"""The elements of a page to blocks: headings with levels, paragraphs, lists under their lead-in, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml.html import HtmlElement

from ingest.cleaning.bullets import bullet, is_dash, item_text, split_lead_in
from ingest.cleaning.footnotes import worth_keeping
from ingest.cleaning.rows import pipe_rows
from ingest.cleaning.titles import is_caption
from ingest.loaders.flow import NOTES_HEADING
from ingest.loaders.web.notes import is_mark, is_notes, notes_in
from ingest.loaders.web.processed import is_bold
from ingest.loaders.web.tables import caption, is_layout, table_parts
from ingest.loaders.web.tree import MAX_DEPTH, tag, text_of
from ingest.loaders.web.typed import with_typed_lists
from ingest.model import Block, BlockKind

_INLINE_TAGS = """
a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark nobr q rp rt ruby s samp small
span strike strong sub sup time tt u var wbr label output img picture source map area audio video track
"""
_INLINE = frozenset(_INLINE_TAGS.split())
_BREAK = "\x0b"
"""Stands for a line break: a character that the tree does not hold, and white space like the breaks of the file."""
_HEADING = re.compile(r"h[1-6]")
_LONGEST_BOLD = 90
"""Characters of a line in bold that may be a heading."""


def blocks_of(part: HtmlElement) -> list[Block]:
    """The blocks of an element, in reading order."""
    return _Reader().read(part)


class _Reader:
    """Walks the elements; running text is gathered until an element that stands by itself ends it."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._text: list[str] = []
        self._notes: list[str] = []
        self._level = 1

    def read(self, part: HtmlElement) -> list[Block]:
        self._inside(part, 0)
        self._end()
        self._blocks = with_typed_lists(self._blocks)
        notes = [Block(BlockKind.PARAGRAPH, note) for note in self._notes if worth_keeping(note)]
        return [*self._blocks, *([Block(BlockKind.HEADING, NOTES_HEADING, level=1)] if notes else []), *notes]

    def _inside(self, element: HtmlElement, depth: int) -> None:
        if depth > MAX_DEPTH:
            self._text.append(f" {text_of(element)} ")
            return
        self._text.append(element.text or "")
        for child in element:
            self._take(child, depth + 1)
            self._text.append(child.tail or "")

    def _take(self, element: HtmlElement, depth: int) -> None:
        name = tag(element)
        if name == "br":
            self._text.append(_BREAK)
        elif _is_inline(name):
            if not is_mark(element):
                self._inside(element, depth)
        elif name:
            self._end()
            self._block(element, name, depth)
            self._end()

    def _block(self, element: HtmlElement, name: str, depth: int) -> None:
        if _HEADING.fullmatch(name) or element.get("role", "").lower() == "heading":
            given = element.get("aria-level", "") if not _HEADING.fullmatch(name) else name[1]
            self._heading(text_of(element), int(given) if given in tuple("123456") else 2)
        elif name in ("ul", "ol"):
            self._list(list(_item_rows(element, 0)))
        elif name == "dl":
            self._list(list(_terms(element)))
        elif name == "table" and not is_layout(element):
            self._add(BlockKind.PARAGRAPH, caption(element))
            found = table_parts(element)
            for text in found.above:
                self._add(BlockKind.PARAGRAPH, text)
            self._add(BlockKind.TABLE, pipe_rows(found.rows))
        elif name == "summary" or (name == "p" and _is_bold(element)):
            self._heading(text_of(element), min(6, self._level + 1), remember=False)
        elif name in ("pre", "code"):
            self._add(BlockKind.PARAGRAPH, " ".join(text_of(element).split()))
        elif is_notes(element):
            self._notes += notes_in(element)
        else:
            self._inside(element, depth)

    def _heading(self, text: str, level: int, *, remember: bool = True) -> None:
        if text:
            self._level = level if remember else self._level
            self._blocks.append(Block(BlockKind.HEADING, text, level=level))

    def _list(self, rows: list[str]) -> None:
        if not rows:
            return
        if self._blocks and self._blocks[-1].kind is BlockKind.PARAGRAPH:
            rest, lead = split_lead_in(self._blocks[-1].text)
            if lead:
                above = self._blocks.pop()
                if rest:
                    self._blocks.append(replace(above, text=rest))
                rows = [lead, *rows]
        self._add(BlockKind.LIST, "\n".join(rows))

    def _end(self) -> None:
        """Running text becomes paragraphs; an empty line, set by two breaks, parts them."""
        text, self._text = "".join(self._text), []
        for piece in re.split(rf"{_BREAK}\s*{_BREAK}[\s{_BREAK}]*", text):
            line = " ".join(piece.split())
            mark = bullet(line)
            if mark and not is_dash(mark):
                self._bullet(item_text(line))
            else:
                self._add(BlockKind.PARAGRAPH, line)

    def _bullet(self, text: str) -> None:
        """A paragraph that begins with a bullet, as word processors set lists, goes on the list above it."""
        last = self._blocks[-1] if self._blocks else None
        if last is not None and last.kind is BlockKind.LIST:
            self._blocks[-1] = replace(last, text=f"{last.text}\n- {text}")
        else:
            self._list([f"- {text}"])

    def _add(self, kind: BlockKind, text: str) -> None:
        if any(letter.isalnum() for letter in text):
            self._blocks.append(Block(kind, text.strip()))


def _is_inline(name: str) -> bool:
    """Whether an element goes on in the line; so do the tags of word processors (`o:p`)."""
    return name in _INLINE or ":" in name


def _is_bold(element: HtmlElement) -> bool:
    """Whether a paragraph is one line in bold, as old pages set headings."""
    text = text_of(element)
    if not 1 < len(text) <= _LONGEST_BOLD or text.endswith((".", ":", ",", ";", "!")) or not text[0].isalnum():
        return False
    return is_bold(element) and not is_caption(text)


def _item_rows(listing: HtmlElement, depth: int) -> Iterator[str]:
    """`- item` lines; an item's paragraphs are joined, lists inside it follow indented."""
    number = _start(listing) if tag(listing) == "ol" else 0
    letters = listing.get("type", "") if tag(listing) == "ol" else ""
    for item in listing:
        if tag(item) in ("ul", "ol") and depth < MAX_DEPTH // 4:
            yield from _item_rows(item, depth + 1)  # a list right in a list, as old editors nest them
            continue
        if tag(item) != "li":
            continue
        own, inner = _parted(item)
        if own:
            mark = f"{_mark(number, letters)}) " if number else ""
            yield f"{'  ' * depth}- {mark}{own}"
        for each in inner:
            if depth < MAX_DEPTH // 4:
                yield from _item_rows(each, depth + 1)
            else:
                yield f"{'  ' * depth}- {text_of(each)}"
        number += 1 if number else 0


def _start(listing: HtmlElement) -> int:
    given = listing.get("start", "1")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 5 and int(given) else 1


def _mark(number: int, letters: str) -> str:
    return chr(ord("a") + number - 1) if letters in ("a", "A") and number <= 26 else str(number)


def _parted(item: HtmlElement) -> tuple[str, list[HtmlElement]]:
    """An item's own words, and the outermost lists inside it."""
    inner: list[HtmlElement] = []
    words: list[str] = [item.text or ""]
    waiting: list[HtmlElement | str] = []
    for child in reversed(item):
        waiting += [child.tail or "", child]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            words.append(each)
        elif tag(each) in ("ul", "ol"):
            inner.append(each)
        elif tag(each) and not is_mark(each):
            words += [" " if not _is_inline(tag(each)) else "", each.text or ""]
            if not _is_inline(tag(each)):
                waiting.append(" ")
            for child in reversed(each):
                waiting += [child.tail or "", child]
    return " ".join("".join(words).split()), inner


def _terms(listing: HtmlElement) -> Iterator[str]:
    """`- term: what it means` lines of a list of terms."""
    terms: list[str] = []
    for each in listing.iter("dt", "dd"):
        if tag(each) == "dt":
            terms.append(text_of(each).rstrip(":"))
        elif text := text_of(each):
            yield f"- {' / '.join(filter(None, terms))}: {text}" if any(terms) else f"- {text}"
            terms = []
