"""HTML bytes to a tree, bounded in size and depth; nothing is fetched, and no entity of the file's own is known."""

from __future__ import annotations

import re

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.base import HEAD_BYTES, require_text
from ingest.loaders.encoding import raw

MAX_BYTES = 25_000_000
"""Larger pages are rejected, in bytes: a tree takes many times its file."""
MAX_DEPTH = 200
"""Elements that stand deeper are read as running text."""
MAX_ELEMENTS = 300_000
"""A page with more is a database; a statute book has a tenth of that."""
MAX_ATTRIBUTES = 300
"""Of one tag: the parser compares each with all before it."""

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,2000}(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_XML = re.compile(r"\s*<\?xml[^>]{0,500}\?>")
_ATTRIBUTE = r"""(?:[\s/]*+[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]++))?+)"""
# Each match takes in all that it has looked at, so that the whole page is looked at once.
_CROWDED = re.compile(
    r"<(?:(?:script|style)\b.*?(?:</(?:script|style)|\Z)"
    rf"|[a-z][^\s/>]*+{_ATTRIBUTE}{{0,{MAX_ATTRIBUTES}}}+({_ATTRIBUTE})?)",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_START = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


def is_html(head: bytes) -> bool:
    """Whether the first bytes are those of a page, whatever its encoding."""
    plain = head.replace(b"\x00", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head[:4] else head
    return _START.match(plain.removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip("\xff\xfe")) is not None


def page_text(data: bytes) -> str:
    """The page's characters. Raises DocumentRejected (WRONG_TYPE, UNREADABLE, TOO_LARGE)."""
    if len(data) > MAX_BYTES:
        raise DocumentRejected(Reason.TOO_LARGE, f"{len(data) / 1e6:.0f} MB of HTML, limit {MAX_BYTES / 1e6:.0f} MB")
    require_text(data[:HEAD_BYTES])
    declared = _DECLARED.search(data[:HEAD_BYTES])
    return raw(data, declared.group(1).decode("ascii", "ignore") if declared else "")


def tree_of(text: str) -> HtmlElement:
    """The page's tree. Raises DocumentRejected (EMPTY, UNREADABLE, TOO_LARGE)."""
    text = _CONTROL.sub("", _DOCTYPE.sub("", _XML.sub("", text, count=1), count=1))
    if not text.strip():
        raise DocumentRejected(Reason.EMPTY, "no text")
    if any(match[1] for match in _CROWDED.finditer(text)):
        raise DocumentRejected(Reason.UNREADABLE, f"a tag with more than {MAX_ATTRIBUTES} attributes")
    # Deep pages are let in so that none loses its end without a word; what is deeper still ends the reading below.
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, AssertionError, ValueError) as error:
        raise DocumentRejected(Reason.UNREADABLE, f"{type(error).__name__}: {error}"[:200]) from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise DocumentRejected(Reason.UNREADABLE, "tags nested too deeply")
    elements = int(tree.xpath("count(//*)"))
    if elements > MAX_ELEMENTS:
        raise DocumentRejected(Reason.TOO_LARGE, f"{elements} elements, limit {MAX_ELEMENTS}")
    if "&#" in text:
        _without_control(tree)
    return tree


def _without_control(tree: HtmlElement) -> None:
    """Take out the characters that a reference may name and a tree may hold, but that nothing may be set to."""
    for element in tree.iter():
        if element.text and _CONTROL.search(element.text):
            element.text = _CONTROL.sub("", element.text)
        if element.tail and _CONTROL.search(element.tail):
            element.tail = _CONTROL.sub("", element.tail)


def tag(element: HtmlElement) -> str:
    """The element's name; empty for comments and the like."""
    return element.tag.lower() if isinstance(element.tag, str) else ""


def names(element: HtmlElement) -> tuple[str, ...]:
    """The element's classes."""
    return tuple((element.get("class") or "").split())


def text_of(element: HtmlElement) -> str:
    """All text inside, blanks set in order."""
    return " ".join("".join(element.itertext()).split())
