"""Takes out of a page what its readers do not see, and counts it: instructions to a machine like to stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from ingest.loaders.encoding import invisible, plain
from ingest.loaders.web.styles import Ink, Sheet, removes
from ingest.loaders.web.tree import names, tag

_CODE = frozenset({"script", "style", "link", "meta", "base", "param", "head"})
"""Not text at all: left out, and not counted."""
_UNSEEN = frozenset({"template", "noscript", "noframes", "iframe", "object", "datalist", "title", "desc"})
_FOR_SCREEN_READERS = re.compile(
    r"(?:sr|screen-?reader)-(?:only|text)|visually-?hidden(?:-focusable)?|assistive-?text|u-hidden(?:-visually)?|"
    r"is-hidden|hidden|d-none|hide|invisible|offscreen|element-invisible",
    re.IGNORECASE,
)
_ICON_TAGS = frozenset({"i", "span", "b", "em", "svg"})


def drop_hidden(tree: HtmlElement) -> int:
    """Take out hidden elements, comments, texts of pictures and characters without a shape; how many characters.

    Text for screen readers only is hidden too. `aria-hidden` hides nothing from eyes: pages set it on everything behind
    a dialog, and only on single words (the names of icons) is it followed.
    """
    sheet = Sheet(" ".join(style.text or "" for style in tree.iter("style")))
    hidden = 0
    waiting: list[tuple[HtmlElement, Ink]] = [(tree, Ink().under(sheet.of(tree)))]
    while waiting:
        element, ink = waiting.pop()
        for child in list(element):
            name = tag(child)
            if not name:
                hidden += len((child.text or "").strip())
                _drop(child)
            elif name in _CODE:
                _drop(child)
            elif name in _UNSEEN or _is_marked(child) or removes(styles := sheet.of(child)):
                hidden += len(" ".join("".join(child.itertext()).split()))
                _drop(child)
            elif _is_icon(child, name):
                _drop(child)
            else:
                waiting.append((child, ink.under(styles)))
        hidden += _clean(element, ink)
    return hidden


def _clean(element: HtmlElement, ink: Ink) -> int:
    """Set the element's own text in order, or take it out where its ink shows nothing."""
    hidden = 0
    for place, text in _own(element):
        shown = "" if ink.is_invisible and text.strip() else plain(text)
        hidden += len(text.strip()) if ink.is_invisible else invisible(text)
        if place is None:
            element.text = shown
        else:
            place.tail = shown or " "
    return hidden + len((element.get("alt") or "").strip())


def _own(element: HtmlElement) -> Iterator[tuple[HtmlElement | None, str]]:
    if element.text:
        yield None, element.text
    for child in element:
        if child.tail:
            yield child, child.tail


def _is_marked(element: HtmlElement) -> bool:
    """By the page itself: `hidden`, or a class that is called after it."""
    if element.get("hidden") is not None:
        return True
    if element.get("type", "").lower() == "hidden":
        return True
    return any(_FOR_SCREEN_READERS.fullmatch(name) for name in names(element))


def _is_icon(element: HtmlElement, name: str) -> bool:
    if element.get("aria-hidden", "").lower() != "true" or name not in _ICON_TAGS:
        return name == "svg"
    text = "".join(element.itertext()).strip()
    return len(text) <= 30 and " " not in text


def _drop(element: HtmlElement) -> None:
    """Without its inside, but with what stands after it."""
    element.tail = f" {element.tail or ''}" if tag(element) not in ("", *_ICON_TAGS) else element.tail
    element.drop_tree()
