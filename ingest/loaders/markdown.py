"""Markdown with front matter, read through markdown-it's tokens; nothing is fetched, HTML and pictures are dropped."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.cleaning.bullets import split_lead_in
from ingest.errors import DocumentRejected, Reason
from ingest.loaders.asked import AskedLines
from ingest.loaders.base import readable_name, slug
from ingest.loaders.encoding import decode
from ingest.loaders.frontmatter import FrontMatter, pages_of, part
from ingest.model import Block, BlockKind, LoadedDocument

_PAGES = re.compile(r"\s*\{\s*(?:s|sid|sida|sidor|p)\.?\s*([\d\s,–—-]+)\}\s*$")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_UNQUOTED = frozenset({"script", "style", "template", "noscript", "head"})


class MarkdownLoader:
    """Loader for `.md`."""

    name = "markdown"
    suffixes = frozenset({".md", ".markdown"})

    def sniff(self, head: bytes) -> bool:
        """Markdown has no mark of its own."""
        return False

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file. Raises DocumentRejected (EMPTY, WRONG_TYPE, UNREADABLE, FRONT_MATTER)."""
        parted = part(decode(path.read_bytes()))
        front = parted.front or FrontMatter()
        blocks = blocks_of(parted.body, front.pages)
        if not any(block.kind is not BlockKind.HEADING for block in blocks):
            raise DocumentRejected(Reason.EMPTY, "no text below the headings" if blocks else "no text")
        title, blocks = _titled(front.title, blocks, relative)
        return LoadedDocument(
            id=front.document or slug(relative),
            title=title,
            blocks=tuple(blocks),
            kind=front.kind,
            source=front.source,
            section=front.section,
            as_of=_iso(front.as_of),
            url=front.url,
            aliases=front.aliases,
            notes=front.notes,
            valid_from=_iso(front.valid_from),
            valid_until=_iso(front.valid_until),
            review_by=_iso(front.review_by),
            responsible=front.responsible,
            owner=front.owner,
        )


def _iso(date: datetime.date | None) -> str | None:
    return date.isoformat() if date is not None else None


def blocks_of(body: str, pages: tuple[int, ...] = ()) -> list[Block]:
    """The blocks of Markdown text; `pages` are the pages of what stands before any heading that names its own."""
    return _Reader(pages).read(body)


def _titled(given: str | None, blocks: list[Block], relative: str) -> tuple[str, list[Block]]:
    """The title: as given, else the first heading, else the file's name. A heading that is the title is left out."""
    first = blocks[0] if blocks and blocks[0].kind is BlockKind.HEADING else None
    if given is None and first is None:
        return readable_name(relative), blocks
    title = given or (first.text if first else "")
    return title, blocks[1:] if first is not None and first.level == 1 and first.text == title else blocks


class _Reader:
    """Walks the tokens; remembers the pages that the nearest heading names."""

    def __init__(self, pages: tuple[int, ...]) -> None:
        self._all_pages = pages
        self._pages = pages
        self._levels: dict[int, tuple[int, ...]] = {}
        self._asked = AskedLines()
        self._blocks: list[Block] = []

    def read(self, body: str) -> list[Block]:
        tokens = MarkdownIt("commonmark").enable("table").parse(body)
        index = 0
        while index < len(tokens):
            end = _closing(tokens, index)
            self._take(tokens[index], tokens[index : end + 1])
            index = end + 1
        return self._blocks

    def _take(self, token: Token, span: Sequence[Token]) -> None:
        match token.type:
            case "heading_open":
                self._heading(int(token.tag[1:]), _inline(span[1]))
            case "paragraph_open":
                text = _inline(span[1])
                if not self._asked.take(text):
                    self._add(BlockKind.PARAGRAPH, text)
            case "bullet_list_open" | "ordered_list_open":
                self._list(span)
            case "table_open":
                self._add(BlockKind.TABLE, _table(span))
            case "fence" | "code_block":
                self._add(BlockKind.PARAGRAPH, " ".join(token.content.split()))
            case "html_block":
                self._add(BlockKind.PARAGRAPH, _without_tags(token.content))
            case "blockquote_open":
                self._quote(span[1:-1])
            case _:
                pass

    def _heading(self, level: int, text: str) -> None:
        match = _PAGES.search(text)
        self._asked.forget()
        if match:
            text = text[: match.start()].strip()
            try:
                self._pages = pages_of(match.group(1).strip())
            except ValueError as error:
                raise DocumentRejected(Reason.FRONT_MATTER, f"heading “{text}”: {error}") from error
        else:
            above = [pages for depth, pages in self._levels.items() if depth < level]
            self._pages = above[-1] if above else self._all_pages
        self._levels = {depth: pages for depth, pages in self._levels.items() if depth < level} | {level: self._pages}
        if text:
            self._blocks.append(Block(BlockKind.HEADING, text, level=level, pages=self._pages))

    def _list(self, span: Sequence[Token]) -> None:
        rows = _list_rows(span, 0)
        if not rows:
            return
        if self._blocks and self._blocks[-1].kind is BlockKind.PARAGRAPH:
            rest, lead = split_lead_in(self._blocks[-1].text)
            if lead:
                above = self._blocks.pop()
                self._blocks += _without_lead(above, rest)
                self._add(BlockKind.LIST, "\n".join(rows))
                listed = self._blocks.pop()
                asked = above.questions if not rest else tuple(one for one in above.questions if lead in one.answers)
                text = f"{lead}\n{listed.text}"
                self._blocks.append(replace(listed, text=text, questions=asked + listed.questions))
                return
        self._add(BlockKind.LIST, "\n".join(rows))

    def _quote(self, tokens: Sequence[Token]) -> None:
        index = 0
        while index < len(tokens):
            end = _closing(tokens, index)
            self._take(tokens[index], tokens[index : end + 1])
            index = end + 1

    def _add(self, kind: BlockKind, text: str) -> None:
        if text.strip():
            self._blocks.append(self._asked.settle(Block(kind, text.strip(), pages=self._pages)))


def _without_lead(block: Block, rest: str) -> list[Block]:
    """A paragraph whose last sentence went over to the list that it announces; nothing where there was no other."""
    kept = tuple(one for one in block.questions if not one.answers or any(part in rest for part in one.answers))
    return [replace(block, text=rest, questions=kept)] if rest else []


def _closing(tokens: Sequence[Token], index: int) -> int:
    """Where the token's element ends; the token itself where it has no inside."""
    depth = 0
    for place in range(index, len(tokens)):
        depth += tokens[place].nesting
        if depth <= 0:
            return place
    return len(tokens) - 1


def _inline(token: Token) -> str:
    """Text of an inline token: emphasis and links give their words, pictures and tags nothing."""
    parts: list[str] = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak") or (child.type == "html_inline" and child.content[:3] == "<br"):
            parts.append(" ")
    return " ".join("".join(parts).split())


def _list_rows(span: Sequence[Token], depth: int) -> list[str]:
    """`- item` lines; an item's paragraphs are joined, lists inside it follow indented."""
    ordered = span[0].type == "ordered_list_open"
    number = int(span[0].attrs.get("start", 1)) if ordered else 0
    rows: list[str] = []
    index = 1
    while index < len(span) - 1:
        end = _closing(span, index)
        own: list[str] = []
        inner: list[str] = []
        place = index + 1
        while place < end:
            stop = _closing(span, place)
            if span[place].type.endswith("_list_open"):
                inner += _list_rows(span[place : stop + 1], depth + 1)
            elif span[place].type == "html_block":
                own.append(_without_tags(span[place].content))
            else:
                own += [_inline(token) for token in span[place : stop + 1] if token.type == "inline"]
                own += [
                    " ".join(token.content.split())
                    for token in span[place : stop + 1]
                    if token.type in ("fence", "code_block")
                ]
            place = stop + 1
        text = " ".join(filter(None, own))
        if text:
            rows.append(f"{'  ' * depth}- {f'{number}) ' if ordered else ''}{text}")
        rows += inner
        number += 1
        index = end + 1
    return rows


def _table(span: Sequence[Token]) -> str:
    rows: list[list[str]] = []
    for token in span:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            rows[-1].append(_inline(token).replace("|", "/"))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows if any(row))


class _TextOnly(HTMLParser):
    """Collects what a reader of a HTML block would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        hidden = any(name == "hidden" or (name == "style" and "none" in (value or "")) for name, value in attrs)
        if tag not in _VOID and (self._silent or hidden or tag in _UNQUOTED):
            self._silent += 1
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag not in _VOID:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def _without_tags(html: str) -> str:
    parser = _TextOnly()
    parser.feed(html)
    parser.close()
    return " ".join("".join(parser.parts).split())
