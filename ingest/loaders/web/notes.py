"""Footnotes of a page: the marks that point at them, and the notes below the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from ingest.loaders.web.tree import names, tag, text_of

_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[ivx]{1,6}|[*†‡]{1,3}|[a-z])[\])]?")
_TARGET = re.compile(
    r"#_?(?:fn|ftn|edn|note|fotnot|footnote|endnote|not|sdfootnote|sdendnote)\w*[-_:.]?\w*", re.IGNORECASE
)
_NOTES = re.compile(r"footnotes?(?:-list)?|fotnot(?:er)?|endnotes?", re.IGNORECASE)
_NOTE = re.compile(r"(?:sdfootnote|sdendnote|ftn|edn|_ftn|_edn)\d+", re.IGNORECASE)
_LEADING = re.compile(r"\s*(?:[\[(]?(?:\d{1,3}|[ivx]{1,6})[\]).]?|\^|↑|↩)\s+")
_BACK = re.compile(r"\s*[↩↑^]\ufe0e?\s*$")
_ROLES = frozenset({"doc-endnotes", "doc-footnote", "doc-endnote"})


def is_mark(element: HtmlElement) -> bool:
    """Whether an element is the mark of a footnote, and no text."""
    if tag(element) not in ("sup", "a", "span", "small"):
        return False
    if element.get("role", "").lower() in ("doc-noteref", "doc-backlink"):
        return True
    links = [element] if tag(element) == "a" else list(element.iter("a"))
    is_linked = any(_TARGET.fullmatch(link.get("href") or "") for link in links)
    return is_linked and _MARK.fullmatch(text_of(element)) is not None


def is_notes(element: HtmlElement) -> bool:
    """Whether an element holds footnotes, one or all of them."""
    if element.get("role", "").lower() in _ROLES or "mso-element:footnote" in (element.get("style") or "").lower():
        return True
    if _NOTE.fullmatch(element.get("id") or ""):
        return True
    return any(_NOTES.fullmatch(name) for name in (*names(element), element.get("id") or "") if name)


def notes_in(element: HtmlElement) -> Iterator[str]:
    """The notes that an element holds, without their numbers."""
    parts = [part for part in element.iter("li") if text_of(part)]
    if not parts:
        parts = [part for part in element if tag(part) == "div" and is_notes(part)]
    if not parts and not _NOTE.fullmatch(element.get("id") or ""):
        parts = [part for part in element.iter("p") if text_of(part)]
    for part in parts or [element]:
        yield _BACK.sub("", _LEADING.sub("", text_of(part), count=1))
