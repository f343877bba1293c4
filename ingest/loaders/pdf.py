"""PDF: the text layer with positions, laid out to headings, paragraphs, lists and tables; pages are kept."""

from __future__ import annotations

import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from ingest.cleaning.clean import clean_lines
from ingest.cleaning.lines import Line
from ingest.cleaning.vocabulary import reference_words
from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import readable_name, slug
from ingest.loaders.encoding import plain
from ingest.loaders.pdf_tables import tables
from ingest.loaders.pdf_text import gaps, is_edge, lines_of
from ingest.model import Block, BlockKind, LoadedDocument

MAX_PAGES = 3000
_MOST_OUTLINE = 2000
_POOR_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b.*|powerpoint[- ]presentation|"
    r"(?:untitled|namnlös|document|dokument|presentation)\s?-?\d*|.*\.(?:docx?|pptx?|xlsx?|pdf|indd|odt|rtf|dotx?|tmp|html?)|https?:.*|\W*\d[\d\W]*",
    re.IGNORECASE,
)
# What a damaged file makes pypdf raise besides its own errors.
_DAMAGE = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class PdfLoader:
    """Loader for PDF files with a text layer."""

    name = "pdf"
    suffixes = frozenset({".pdf"})

    def sniff(self, head: bytes) -> bool:
        """The header may be preceded by some bytes."""
        return b"%PDF-" in head[:1024]

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file. Raises DocumentRejected: ENCRYPTED, NO_TEXT_LAYER, UNREADABLE, WRONG_TYPE, TOO_LARGE."""
        with path.open("rb") as file:
            if not self.sniff(file.read(1024)):
                raise DocumentRejected(Reason.WRONG_TYPE, "not a PDF file, whatever its name")
            file.seek(0)
            reader = _opened(file)
            count = len(reader.pages)
            lines = list(_lines(reader))
            read = {line.page for line in lines if any(map(str.isalpha, line.text))}
            if not read:
                raise DocumentRejected(Reason.NO_TEXT_LAYER, f"{count} pages without text")
            unread = tuple(n for n in range(1, count + 1) if n not in read and _shows_something(reader, n))
            lines = _with_outline(lines, _outline(reader))
            proposed = _metadata_title(reader)
        cleaned = clean_lines(lines, reference_words())
        title, blocks = _titled(proposed, cleaned.blocks, lines, relative)
        return LoadedDocument(id=slug(relative), title=title, blocks=blocks, unread=unread, pages=count)


def _opened(file: Any) -> PdfReader:
    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentRejected(Reason.ENCRYPTED, "a password is needed")
        pages = len(reader.pages)
    except DependencyError as error:
        raise DocumentRejected(Reason.ENCRYPTED, str(error)) from error
    except _DAMAGE as error:
        raise DocumentRejected(Reason.UNREADABLE, f"{type(error).__name__}: {error}"[:200]) from error
    if pages == 0:
        raise DocumentRejected(Reason.UNREADABLE, "no pages")
    if pages > MAX_PAGES:
        raise DocumentRejected(Reason.TOO_LARGE, f"{pages} pages, limit {MAX_PAGES}")
    return reader


def _lines(reader: PdfReader) -> Iterator[Line]:
    """The lines of all pages; a page that cannot be read is left out, unless none can."""
    failed = 0
    for number in range(len(reader.pages)):
        try:
            yield from _page_lines(reader.pages[number], number + 1)
        except _DAMAGE as error:
            failed += 1
            if failed == len(reader.pages):
                raise DocumentRejected(Reason.UNREADABLE, f"{type(error).__name__}: {error}"[:200]) from error


def _shows_something(reader: PdfReader, number: int) -> bool:
    """Whether a page without text has a picture, as a scanned one does; what is damaged counts as if it had."""
    try:
        resources = reader.pages[number - 1].get("/Resources")
        return resources is not None and bool(resources.get_object().get("/XObject"))
    except _DAMAGE:
        return True


def _page_lines(page: PageObject, number: int) -> list[Line]:
    printed = lines_of(page)
    height = float(page.mediabox.height)
    spaces = gaps(printed)
    found = {table.start: table for table in tables(printed)}
    result: list[Line] = []
    index = 0
    while index < len(printed):
        line = printed[index]
        table = found.get(index)
        plain_line = Line(
            line.text,
            number,
            gap=spaces[index],
            x=line.x,
            y=line.y,
            size=line.size,
            bold=line.bold,
            edge=is_edge(line, height),
        )
        if table is None:
            result.append(plain_line)
            index += 1
            continue
        for row in table.rows:
            texts = row.texts(table.width)
            result.append(
                replace(plain_line, text=" ".join(filter(None, texts)), cells=texts, gap=spaces[row.lines[0]])
            )
        index = table.end
    return result


def _outline(reader: PdfReader) -> dict[int, list[tuple[int, str]]]:
    """Page -> levels and titles of the bookmarks that point at it; empty where there are none or they are damaged."""
    found: dict[int, list[tuple[int, str]]] = {}

    def walk(entries: Sequence[Any], level: int) -> None:
        for entry in entries[:_MOST_OUTLINE]:
            if isinstance(entry, list):
                if level < 6:
                    walk(entry, level + 1)
                continue
            page = reader.get_destination_page_number(entry)
            title = _key(str(entry.title or ""))
            if page is not None and page >= 0 and title:
                found.setdefault(page + 1, []).append((level, title))

    try:
        walk(reader.outline, 1)
    except _DAMAGE:
        return {}
    return found


def _key(text: str) -> str:
    """A heading without numbering, case and punctuation, for comparing bookmarks with lines."""
    words = re.findall(r"\w+", plain(text).casefold())
    while words and words[0].isdigit():
        words.pop(0)
    return " ".join(words)


def _with_outline(lines: list[Line], outline: dict[int, list[tuple[int, str]]]) -> list[Line]:
    """Mark the lines that bookmarks name as headings of the bookmark's level, joining headings over several lines."""
    if not outline:
        return lines
    result: list[Line] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        titles = {title: level for level, title in outline.get(line.page, ())}
        taken = 1
        for count in (1, 2, 3):
            chunk = [other for other in lines[index : index + count] if other.page == line.page]
            text = " ".join(other.text for other in chunk)
            level = titles.get(_key(text)) if len(chunk) == count and not line.cells else None
            if level is not None:
                line, taken = replace(line, text=text, level=level), count
                break
        result.append(line)
        index += taken
    return result


def _metadata_title(reader: PdfReader) -> str:
    try:
        title = reader.metadata.title if reader.metadata is not None else None
    except _DAMAGE:
        return ""
    text = " ".join(plain(str(title or "")).split())
    text = re.sub(r"^Microsoft (?:Word|PowerPoint) - ", "", text)
    return "" if len(text) < 4 or len(text) > 200 or _POOR_TITLE.fullmatch(text) else text


def _titled(
    proposed: str, blocks: tuple[Block, ...], lines: Sequence[Line], relative: str
) -> tuple[str, tuple[Block, ...]]:
    """The metadata's title where the first pages bear it out, else the largest text there, else the file's name."""
    opening = {word for line in lines if line.page <= 3 for word in _key(line.text).split()}
    words = _key(proposed).split()
    headings = [block for block in blocks[:12] if block.kind is BlockKind.HEADING and min(block.pages, default=1) <= 2]
    largest = _largest(lines)
    if words and sum(word in opening for word in words) * 2 > len(words):
        title = proposed
    elif largest:
        title = largest
    else:
        title = readable_name(relative)
    same = next((block for block in headings if _key(block.text) == _key(title)), None)
    rest = tuple(block for block in blocks if block is not same)
    return (title, rest) if any(block.kind is not BlockKind.HEADING for block in rest) else (title, blocks)


def _largest(lines: Sequence[Line]) -> str:
    """The text on the first two pages that is set larger than anything else in the document, if it reads as a title."""
    letters = Counter[float]()
    for line in lines:
        letters[line.size] += len(line.text)
    top = max(letters)
    if top < 1.15 * letters.most_common(1)[0][0]:
        return ""
    first = next(index for index, line in enumerate(lines) if line.size >= top - 0.3)
    end = first
    while end < len(lines) and lines[end].size >= top - 0.3 and lines[end].page == lines[first].page:
        end += 1
    text = " ".join(line.text for line in lines[first:end])
    again = any(line.size >= top - 0.3 for line in lines[end:])
    return text if lines[first].page <= 2 and not again and 3 < len(text) <= 200 else ""
