"""PDF: the text layer with positions, laid out to headings, paragraphs, lists and tables; pages are kept."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import DependencyError, LimitReachedError

from ingest.cleaning.clean import clean_lines
from ingest.cleaning.lines import Line
from ingest.cleaning.vocabulary import reference_words
from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import is_pdf, slug
from ingest.loaders.pdf_boxed import boxed
from ingest.loaders.pdf_damage import DAMAGE
from ingest.loaders.pdf_drawing import Fonts
from ingest.loaders.pdf_facts import largest, metadata_title, saved
from ingest.loaders.pdf_grid import grids_of
from ingest.loaders.pdf_lines import page_lines
from ingest.loaders.pdf_outline import outline_of, with_outline
from ingest.loaders.pdf_rules import rules_of
from ingest.loaders.pdf_tables import Table, tables
from ingest.loaders.pdf_text import TextLine, lines_of
from ingest.loaders.stated_date import stated_date
from ingest.loaders.titling import titled
from ingest.model import LoadedDocument
from ingest.recognition.page import RecognisedPage

MAX_PAGES = 3000
_MOST_BELOW = 10_000
"""Pages that one entry of the list of pages may stand for; a file that says more makes them up."""
_A4 = 842.0


def read(path: Path, relative: str, known: Mapping[int, RecognisedPage]) -> LoadedDocument:
    """The file, with what is `known` of pages without text. Raises DocumentRejected as the loader does."""
    with path.open("rb") as file:
        head = file.read(1024)
        if not is_pdf(head):
            raise DocumentRejected(Reason.WRONG_TYPE, "not a PDF file, whatever its name")
        file.seek(0)
        # Its own offsets count from the header, whatever a download or a mail program put in front of that.
        junk = head.index(b"%PDF-")
        reader = _opened(BytesIO(file.read()[junk:]) if junk else file)
        count = len(reader.pages)
        lines, failed = _lines(reader)
        legible = {line.page for line in lines if any(map(str.isalpha, line.text))}
        recognised = {n: page for n, page in known.items() if n not in legible and n <= count}
        rest = [n for n in range(1, count + 1) if n not in legible and n not in recognised]
        unread = tuple(n for n in rest if n in failed or _shows_something(reader, n))
        if not legible and not recognised:
            if not any(map(bool, map(_content, reader.pages))):
                raise DocumentRejected(Reason.EMPTY, f"{count} pages with nothing on them")
            # Without a picture, letters may be drawn as lines, which only shows when the page is looked at.
            raise DocumentRejected(Reason.NO_TEXT_LAYER, f"{count} pages without text", unread or tuple(rest))
        lines = _with_recognised(lines, recognised)
        lines = with_outline(lines, outline_of(reader))
        proposed, changed = metadata_title(reader), saved(reader)
    cleaned = clean_lines(lines, reference_words())
    title, blocks = titled(proposed, "", cleaned.blocks, relative, set_largest=largest(lines), by_heading=False)
    return LoadedDocument(
        id=slug(relative),
        title=title,
        blocks=blocks,
        as_of=stated_date(blocks) or changed,
        unread=unread,
        recognised=tuple(sorted(recognised)),
        pages=count,
    )


def _opened(file: Any) -> PdfReader:
    try:
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentRejected(Reason.ENCRYPTED, "a password is needed")
        _refuse_thick(_said_pages(reader))
        pages = len(reader.pages)
        _refuse_cover(reader, pages)
    except (DependencyError, NotImplementedError) as error:  # both of ways to encrypt that are not read
        raise DocumentRejected(Reason.ENCRYPTED, str(error)) from error
    except DAMAGE as error:
        raise _damaged(error) from error
    if pages == 0:
        raise DocumentRejected(Reason.UNREADABLE, "no pages")
    _refuse_thick(pages)
    return reader


def _said_pages(reader: PdfReader) -> int:
    """How many pages the file says it has, if its list bears that out: going through all of them takes long."""
    tree: Any = reader.root_object["/Pages"]
    kids = len(tree.get("/Kids", ()))
    said = tree.get("/Count", 0)
    if not isinstance(said, int) or said > _MOST_BELOW * kids:
        return kids
    return max(said, kids)


def _refuse_thick(pages: int) -> None:
    if pages > MAX_PAGES:
        raise DocumentRejected(Reason.TOO_LARGE, f"{pages} pages, limit {MAX_PAGES}")


def _refuse_cover(reader: PdfReader, pages: int) -> None:
    """Files whose one page says no more than that they are to be opened in another program."""
    root = reader.root_object
    if root.get("/NeedsRendering") and "/XFA" in root.get("/AcroForm", {}).get_object():
        raise DocumentRejected(Reason.WRONG_TYPE, "a form that only Adobe's programs show (XFA)")
    if pages == 1 and "/Collection" in root:
        raise DocumentRejected(Reason.WRONG_TYPE, "a portfolio: the documents are attached to it")


def _damaged(error: Exception) -> DocumentRejected:
    reason = Reason.TOO_LARGE if isinstance(error, LimitReachedError) else Reason.UNREADABLE
    return DocumentRejected(reason, f"{type(error).__name__}: {error}"[:200])


def _lines(reader: PdfReader) -> tuple[list[Line], frozenset[int]]:
    """The lines of all pages, and the pages that cannot be read. Raises DocumentRejected where none can."""
    lines: list[Line] = []
    failed: set[int] = set()
    fonts = Fonts()
    for number, page in enumerate(reader.pages, 1):
        try:
            lines += _page_lines(page, number, fonts)
        except DAMAGE as error:
            failed.add(number)
            if len(failed) == len(reader.pages):
                raise _damaged(error) from error
    return lines, frozenset(failed)


def _content(page: PageObject) -> bytes:
    """What is drawn on a page, as it is written; something, where it is damaged."""
    try:
        found = page.get_contents()
        return found.get_data().strip() if found is not None else b""
    except DAMAGE:
        return b"damaged"


def _with_recognised(lines: list[Line], recognised: Mapping[int, RecognisedPage]) -> list[Line]:
    """The document in the order of its pages; what little else stood on a recognised page is in its picture too."""
    if not recognised:
        return lines
    result = [line for line in lines if line.page not in recognised]
    for number, page in recognised.items():
        found = {table.start: table for table in tables(page.lines)}
        result += page_lines(page.lines, found, number, page.height)
    return sorted(result, key=lambda line: line.page)  # which leaves the lines of a page in their order


def _shows_something(reader: PdfReader, number: int) -> bool:
    """Whether a page without text has a picture, as a scanned one does; what is damaged counts as if it had."""
    try:
        resources = reader.pages[number - 1].get("/Resources")
        return resources is not None and bool(resources.get_object().get("/XObject"))
    except DAMAGE:
        return True


def _page_lines(page: PageObject, number: int, fonts: Fonts) -> list[Line]:
    lines: list[TextLine] = []
    if page.rotation:
        turned = PdfWriter().add_page(page)  # a page of a reader cannot be turned
        turned.transfer_rotation_to_content()
        lines = lines_of(turned, fonts)
        page = turned if lines else page  # which is shown lying on its side
    printed, found = _with_tables(page, lines or lines_of(page, fonts))
    return page_lines(printed, found, number, _height(page))


def _height(page: PageObject) -> float:
    """In points, by which running heads are told; as of A4 where the page has none that is one."""
    try:
        return float(page.mediabox.height)
    except DAMAGE:
        return _A4


def _with_tables(page: PageObject, lines: list[TextLine]) -> tuple[list[TextLine], dict[int, Table]]:
    """The page's lines and the tables that begin among them; its drawing is looked at where there may be some."""
    cells = [line.cells() for line in lines]
    if not any(len(parts) > 1 for parts in cells):
        return lines, {}
    lines, in_boxes = boxed(lines, grids_of(rules_of(page)))
    return lines, {table.start: table for table in (*in_boxes, *tables(lines, in_boxes))}
