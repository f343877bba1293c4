"""Acts in Formex 4, the XML in which the Publications Office keeps them: the act itself, consolidated, or an annex."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lxml import etree

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import readable_name, slug
from ingest.loaders.law.acts import ActFacts, act_facts, celex_of
from ingest.loaders.law.blocks import Item, LawBlocks
from ingest.loaders.law.formex_text import child, content_of, elements, name, text_of
from ingest.loaders.web.facts import day_in
from ingest.model import BlockKind, LoadedDocument
from knowledge.model import DocumentKind

MAX_BYTES = 25_000_000
"""Larger files are rejected, in bytes."""

_ROOT = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*|<\?[^>]*\?>\s*)*"
    r"<(?:ACT|CONS\.ACT|ANNEX|CONS\.ANNEX)[\s>]",
    re.DOTALL,
)
_FILE = re.compile(r"L_((?:19|20)\d\d)(\d{5})[A-Z]{2}\b")
_PARAGRAPH = re.compile(r"\(?(\d{1,3}\s?[a-z]?)\)?\.?")


class FormexLoader:
    """Loader for Formex files, told by their outermost element."""

    name = "formex"
    suffixes = frozenset[str]()

    def sniff(self, head: bytes) -> bool:
        """An act, a consolidated act or an annex of one."""
        wide = b"\x00" in head[:4] or head[:2] in (b"\xff\xfe", b"\xfe\xff")
        plain = head.replace(b"\x00", b"").lstrip(b"\xff\xfe") if wide else head.removeprefix(b"\xef\xbb\xbf")
        return _ROOT.match(plain.decode("latin-1")) is not None

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file. Raises DocumentRejected (EMPTY, UNREADABLE, TOO_LARGE)."""
        root = _parsed(path.read_bytes())
        swedish = _is_swedish(root)
        out = LawBlocks(swedish=swedish)
        _Reader(out).read(root)
        blocks = out.blocks
        if not any(block.kind is not BlockKind.HEADING for block in blocks):
            raise DocumentRejected(Reason.EMPTY, "an act without text")
        facts = _facts(root, swedish)
        return LoadedDocument(
            id=facts.id or slug(relative),
            title=facts.title or readable_name(relative),
            blocks=blocks,
            kind=DocumentKind.REGULATION,
            source=facts.source,
            as_of=facts.as_of,
            url=facts.url,
            aliases=facts.aliases,
        )


def _parsed(data: bytes) -> etree._Element:
    """The tree. No entity of the file's own is resolved, nothing is fetched, and depth is bounded by the parser."""
    if len(data) > MAX_BYTES:
        raise DocumentRejected(Reason.TOO_LARGE, f"{len(data) / 1e6:.0f} MB of XML, limit {MAX_BYTES / 1e6:.0f} MB")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentRejected(Reason.UNREADABLE, f"{type(error).__name__}: {error}"[:200]) from error


def _is_swedish(root: etree._Element) -> bool:
    """Whether provisions are cited as in Swedish; English ones are cited in their own way."""
    language = next((text_of(each) for each in elements(root, "LG.DOC")), "")
    first = next((text_of(each) for each in elements(root, "TI.ART")), "")
    return language.upper() != "EN" and not first.lower().startswith("article")


def _facts(root: etree._Element, swedish: bool) -> ActFacts:
    title = _act_title(root)
    reference = ""
    for info in elements(root, "INFO.CONSLEG"):
        reference = f"0{info.get('CONSLEG.REF', '')}-{info.get('CONSLEG.DATE', '')}"
    if not _has_number(title):
        reference = reference or _reference(root)
    facts = act_facts(title, reference, swedish=swedish)
    dated = next((each.get("ISO", "") for each in elements(root, "DATE") if each.get("ISO")), "")
    return facts if facts.as_of else replace(facts, as_of=day_in(dated))


def _act_title(root: etree._Element) -> str:
    """The title of the act, not that of an annex: an annex is a part of its act, and has its title for a heading."""
    if name(root) in ("ANNEX", "CONS.ANNEX"):
        return ""
    for title in elements(root, "TITLE"):
        if name(title.getparent()) in ("ACT", "CONS.DOC", "CONS.ACT"):
            return " ".join(text_of(part) for part in title)
    return ""


def _has_number(title: str) -> bool:
    return re.search(r"\d{1,4}/\d{1,4}", title) is not None


def _reference(root: etree._Element) -> str:
    """The CELEX number of a file that has no title: from the number of its document, or from its name."""
    for number in elements(root, "NO.DOC"):
        current, year = text_of(child(number, "NO.CURRENT")), text_of(child(number, "YEAR"))
        if current.isdigit() and year.isdigit() and len(year) == 4 and len(current) < 5:
            return celex_of(int(year), int(current))
    match = next(
        (match for each in elements(root, "DOCUMENT.REF") if (match := _FILE.match(each.get("FILE", "")))), None
    )
    return celex_of(int(match[1]), int(match[2])) if match and int(match[2]) < 10_000 else ""


class _Reader:
    """Tells the act's parts in order. What it quotes from other acts is text, and no article of its own."""

    def __init__(self, out: LawBlocks) -> None:
        self._out = out

    def read(self, element: etree._Element) -> None:
        """Everything inside."""
        for each in [element] if name(element) in ("ANNEX", "CONS.ANNEX") else element:
            self._take(each)

    def _take(self, element: etree._Element) -> None:
        match name(element):
            case "CONSID":
                self._recital(element)
            case "DIVISION":
                self._out.division(*_titles(element))
                self._inside(element)
            case "ARTICLE":
                label = text_of(child(element, "TI.ART"))
                self._out.article(label, text_of(child(element, "STI.ART")))
                self._inside(element)
            case "PARAG":
                number = _PARAGRAPH.fullmatch(text_of(child(element, "NO.PARAG")))
                if number and self._out.article_number:
                    self._out.paragraph(number.group(1).replace(" ", ""))
                self._inside(element)
            case "ANNEX" | "CONS.ANNEX":
                self._out.annex(*_titles(element))
                self._inside(element)
            case "GR.SEQ":
                self._out.subheading(" ".join(filter(None, _titles(element))))
                self._inside(element)
            case "TITLE" | "TI.ART" | "STI.ART" | "NO.PARAG" | "BIB.INSTANCE" | "FINAL" | "NOTE" | "GR.VISA":
                pass
            case (
                "GR.CONSID.INIT"
                | "PREAMBLE.INIT"
                | "PREAMBLE.FINAL"
                | "INFO.CONSLEG"
                | "INFO.PROD"
                | "BIB.DATA"
                | "FAM.COMP"
            ):
                pass
            case "ALINEA" | "P" | "LIST" | "NP" | "TXT" | "TBL" | "GR.TBL" | "QUOT.S" | "ITEM" | "DLIST":
                self._content(element)
            case _:
                self._inside(element)

    def _inside(self, element: etree._Element) -> None:
        for each in element:
            self._take(each)

    def _recital(self, element: etree._Element) -> None:
        point = child(element, "NP")
        number = re.search(r"\d+\s?[a-z]?", text_of(child(point, "NO.P")))
        if number is None:
            return
        self._out.recital(number.group())
        self._content(element, without_number=True)

    def _content(self, element: etree._Element, *, without_number: bool = False) -> None:
        for kind, piece in content_of(element):
            if isinstance(piece, Item):
                if without_number:
                    self._out.text(piece.text)
                    self._out.items(piece.inner)
                    without_number = False
                else:
                    self._out.items((piece,))
            elif kind == "table":
                self._out.table(piece)
            else:
                self._out.text(piece)


def _titles(element: etree._Element) -> Iterator[str]:
    """Label and title of a division or an annex."""
    title = child(element, "TITLE")
    yield text_of(child(title, "TI")) or text_of(child(element, "TI"))
    yield text_of(child(title, "STI")) or text_of(child(element, "STI"))
