"""Pages that a word processor saved: their heads and feet, their title, and paragraphs set as headings."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from ingest.loaders.web.styles import parsed
from ingest.loaders.web.tree import names, tag, text_of

_PROCESSOR = re.compile(r"libreoffice|openoffice|staroffice|microsoft word|aspose|wps office", re.IGNORECASE)
_TITLES = frozenset({"title", "msotitle", "mso-title"})
_ROLES = frozenset({"header", "footer"})
_OPENING = 12
"""Paragraphs in which the title is looked for."""
_LARGE = 1.25
"""How much larger than any other a title is set."""
_LONGEST = 200
_POINTS = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s*pt")
_HEAVY = frozenset({"bold", "bolder", "600", "700", "800", "900"})


def is_processed(tree: HtmlElement) -> bool:
    """Whether the page says that a word processor made it."""
    metas = (meta for meta in tree.iter("meta") if (meta.get("name") or "").lower() == "generator")
    return any(_PROCESSOR.search(meta.get("content") or "") for meta in metas)


def drop_heads(tree: HtmlElement) -> None:
    """Take out what was printed at the head and foot of every page."""
    for part in list(tree.iter("div")):
        if (part.get("title") or "").lower() in _ROLES and part.getparent() is not None:
            part.drop_tree()


def title_of(tree: HtmlElement) -> str:
    """The paragraph in the style for titles, or the one in the opening that is set largest by far; empty for none."""
    opening = list(tree.iter("p"))[:_OPENING]
    for paragraph in opening:
        if any(name.lower() in _TITLES for name in names(paragraph)):
            return text_of(paragraph)
    sized = [(_points(paragraph), text_of(paragraph)) for paragraph in opening if text_of(paragraph)]
    if not sized:
        return ""
    largest, text = max(sized, key=lambda pair: pair[0])
    others = max((size for size, other in sized if other != text), default=0.0)
    return text if largest >= 16.0 and largest >= _LARGE * max(others, 11.0) and len(text) <= _LONGEST else ""


def _points(paragraph: HtmlElement) -> float:
    """The smallest letter height that is given inside a paragraph, in points; 0 where none is."""
    found = [_POINTS.match(parsed(part.get("style") or "").get("font-size", "")) for part in paragraph.iter()]
    return min((float(match.group(1)) for match in found if match), default=0.0)


def is_bold(element: HtmlElement) -> bool:
    """Whether all the text of an element is set in bold."""
    waiting = [element]
    seen = False
    while waiting:
        part = waiting.pop()
        if (part.text or "").strip():
            return False
        for child in part:
            if (child.tail or "").strip():
                return False
            if not tag(child):
                continue
            if tag(child) in ("b", "strong") or parsed(child.get("style") or "").get("font-weight") in _HEAVY:
                seen = seen or bool(text_of(child))
            else:
                waiting.append(child)
    return seen
