"""Acts as EUR-Lex sets them in HTML: the Official Journal's page, old and new, and consolidated versions.

The classes of the three differ by a prefix or altogether, but name the same things: titles, articles, their titles,
paragraphs, points in tables or grids.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import slug
from ingest.loaders.law.acts import act_facts, with_address
from ingest.loaders.law.blocks import Item, LawBlocks
from ingest.loaders.law.points import Rows, pieces_of, running_text
from ingest.loaders.web.facts import Facts
from ingest.loaders.web.tree import MAX_DEPTH, names, tag, text_of
from ingest.model import BlockKind, LoadedDocument
from knowledge.model import DocumentKind

_ACT_IDS = ("docHtml", "TexteOnly", "document1")
_SITE = frozenset({"nav", "footer", "aside", "header", "form", "button"})
_ARTICLE = frozenset({"ti-art", "title-article-norm"})
_ARTICLE_TITLE = frozenset({"sti-art", "stitle-article-norm"})
_DIVISION = frozenset({"ti-section-1", "title-division-1"})
_DIVISION_TITLE = frozenset({"ti-section-2", "title-division-2"})
_ACT_TITLE = frozenset({"doc-ti", "title-doc-first", "title-doc-last"})
_ANNEX = frozenset({"title-annex-1"})
_ANNEX_TITLE = frozenset({"title-annex-2"})
_TITLES = _ARTICLE | _ARTICLE_TITLE | _DIVISION | _DIVISION_TITLE | _ACT_TITLE | _ANNEX | _ANNEX_TITLE
_SUBHEADING = re.compile(r"s?ti-(?:grseq|tbl)(?:-\d)?|title-(?:gr-seq|table)(?:-level)?-?\d?|ti-annotation")
_LEFT_OUT = re.compile(
    r"note|footnote\w*|modref|arrow|separator.*|hd-.*|disclaimer|reference|title-fam-member.*|doc-end|final|"
    r"signatory|title-toc|toc-.*|title-doc-oj-reference|note-tag|super-note|linksToc|eli-toc"
)
_PARAGRAPH = re.compile(r"(\d{1,3}[a-z]?)\.(?:\s+(\S.*))?", re.DOTALL)
_POINT = re.compile(r"(\(?(?:\d{1,3}|[a-z]{1,2}|[ivx]{1,5})\)|[–—])\s+(\S.*)", re.DOTALL)
_DIVISION_LABEL = re.compile(r"(?:kapitel|avdelning|avsnitt|chapter|title|section|part)\s+\w+$", re.IGNORECASE)
_RECITAL = re.compile(r"\(?(\d{1,3}[a-z]?)\)?\.?")
_ANNEX_LABEL = re.compile(r"(?:BILAGA|ANNEX|Bilaga|Annex)\b\s*[IVXLC\d]*\s*[A-Z]?$")


def is_act(tree: HtmlElement) -> bool:
    """Whether a page is set as EUR-Lex sets acts: it has articles of its classes."""
    return any(_ARTICLE & kinds(each) for each in tree.iter("p", "div"))


def read_act(tree: HtmlElement, facts: Facts, hidden: int, relative: str) -> LoadedDocument:
    """The act. Raises DocumentRejected(EMPTY)."""
    references = (each for each in tree.iter("p", "div", "td") if "reference" in names(each))
    reference = " ".join((*(text_of(each) for each in references), facts.url or ""))[:2000]
    first = next(text_of(each) for each in tree.iter("p", "div") if _ARTICLE & kinds(each))
    swedish = not first.lower().startswith("article")
    reader = _Reader(LawBlocks(swedish=swedish))
    reader.read(_inside_site(tree))
    blocks = reader.out.blocks
    if not any(block.kind is not BlockKind.HEADING for block in blocks):
        raise DocumentRejected(Reason.EMPTY, "an act without articles")
    act = with_address(act_facts(reader.title or facts.title, reference, swedish=swedish), facts.url)
    return LoadedDocument(
        id=act.id or slug(relative),
        title=act.title or facts.title,
        blocks=blocks,
        kind=DocumentKind.REGULATION,
        source=act.source,
        as_of=act.as_of or facts.as_of,
        url=act.url,
        aliases=act.aliases,
        hidden=hidden,
    )


def _inside_site(tree: HtmlElement) -> HtmlElement:
    """The act's own part where the page was saved with the site around it."""
    return next((each for each in tree.iter("div") if each.get("id") in _ACT_IDS), tree)


def kinds(element: HtmlElement) -> frozenset[str]:
    """The element's classes without the prefix that newer pages of the Official Journal have."""
    return frozenset(name.removeprefix("oj-") for name in names(element))


class _Reader:
    """Walks the page. Before the first article or chapter stand title and recitals, after the articles annexes."""

    def __init__(self, out: LawBlocks) -> None:
        self.out = out
        self.title = ""
        self._place = "title"
        self._last = (0, "")

    def read(self, tree: HtmlElement) -> None:
        """Tell everything, in order."""
        self._walk(tree, 0)

    def _walk(self, element: HtmlElement, depth: int) -> None:
        if depth > MAX_DEPTH:
            self._line(text_of(element))
            return
        for piece in running_text(element):
            if isinstance(piece, str):
                self._line(piece)
            else:
                self._take(piece, depth + 1)

    def _take(self, element: HtmlElement, depth: int) -> None:
        own = kinds(element)
        if tag(element) in _SITE or any(_LEFT_OUT.fullmatch(each) for each in own):
            return
        if not self._heading(element, own):
            found = pieces_of(element, depth)
            if found is None or (self._place == "title" and any(isinstance(each, Rows) for each in found)):
                found = None
                self._walk(element, depth)
            for each in found or ():
                self._piece(each)

    def _heading(self, element: HtmlElement, own: frozenset[str]) -> bool:
        """Whether the element was a title of some sort, and has been told."""
        if own & _ARTICLE:
            self._place, self._last = "article", (0, "")
            self.out.article(text_of(element))
        elif own & _ARTICLE_TITLE or own & _DIVISION_TITLE or own & _ANNEX_TITLE:
            self.out.add_title(text_of(element))
        elif own & _DIVISION and self._place != "annex":
            self._place = "article"
            self.out.division(text_of(element))
        elif own & _ANNEX or (own & _ACT_TITLE and self._place in ("article", "annex")):
            self._annex(text_of(element))
        elif own & _ACT_TITLE:
            if self._place == "title" and text_of(element) not in self.title:
                self.title = f"{self.title} {text_of(element)}".strip()
        elif "eli-title" in own and not any(_TITLES & kinds(each) for each in element.iter()):
            self.out.add_title(text_of(element))
        elif any(_SUBHEADING.fullmatch(each) for each in own) or own & _DIVISION:
            if self._place != "annex" and _DIVISION_LABEL.match(text_of(element)):
                self._place = "article"
                self.out.division(text_of(element))
            elif self._place in ("article", "annex"):
                self.out.add_title(text_of(element))
        else:
            return False
        return True

    def _annex(self, text: str) -> None:
        if self._place == "annex" and not _ANNEX_LABEL.match(text):
            self.out.add_title(text)
            return
        self._place = "annex"
        self.out.annex(text)

    def _piece(self, piece: Item | Rows) -> None:
        if isinstance(piece, Rows):
            if self._place in ("article", "annex"):
                self.out.table(piece.text)
        elif self._place in ("title", "recitals"):
            match = _RECITAL.fullmatch(piece.label.strip())
            if match:
                self._place = "recitals"
                self.out.recital(match.group(1))
                self.out.text(piece.text)
                self.out.items(piece.inner)
        else:
            self.out.items((piece,))

    def _line(self, text: str) -> None:
        if self._place in ("title", "recitals"):
            match = re.match(r"\((\d{1,3}[a-z]?)\)\s+(\S.*)", text, re.DOTALL)
            if match:
                self._piece(Item(match.group(1), match.group(2)))
            return
        match = _PARAGRAPH.fullmatch(text) if self.out.article_number else None
        if match and self._last < (place := _ordered(match.group(1))) and place[0] <= self._last[0] + 30:
            self._last = place
            self.out.paragraph(match.group(1))
            text = match.group(2) or ""
        point = _POINT.fullmatch(text)
        if point:
            self.out.items((Item(point.group(1), point.group(2)),))
        else:
            self.out.text(text)


def _ordered(number: str) -> tuple[int, str]:
    digits = re.match(r"\d+", number)
    return (int(digits.group()), number[digits.end() :]) if digits else (0, number)
