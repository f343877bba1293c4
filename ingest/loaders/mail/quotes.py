"""Tells what a message itself says from the earlier messages that are quoted below it.

Quotes are left out, since every reply would repeat the whole exchange, with all who took part in it. Where a message
has hardly any words of its own, as when it only passes another on, the quoted text is kept without its header lines.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from ingest.loaders.web.tree import names, tag, text_of

FEW = 12
"""Words of its own below which a message passes another on; a greeting and a name have about as many."""

_BEGINS = re.compile(
    r"^[ \t]*(?:-{2,}\s*(?:ursprungligt meddelande|original message|vidarebefordrat (?:meddelande|brev)|"
    r"forwarded message|vidarebefordrat).*|_{20,}|(?:den|on)\s.{4,120}\s(?:skrev|wrote).{0,80}:|"
    r"\d{4}-\d\d-\d\d.{0,100}\sskrev.{0,80}:)[ \t]*$|"
    r"^[ \t]*\*?(?:från|from):\*?[^\n]+\n+[ \t]*\*?(?:skickat|sent|datum|date):",
    re.IGNORECASE | re.MULTILINE,
)
_HEADER = re.compile(
    r"\*?(?:från|from|skickat|sent|datum|date|till|to|kopia|cc|ämne|subject|prioritet|importance|bifogade filer|"
    r"attachments):\*?\s.*",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"(?:ämne|subject):", re.IGNORECASE)
_QUOTES = frozenset({"gmail_quote", "gmail_quote_container", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote"})
_BELOW = frozenset({"divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container"})
"""Ids after which everything is quoted."""


def own_text(text: str) -> str:
    """A plain message without its quotes."""
    text = text.replace("\r\n", "\n")
    match = _BEGINS.search(text)
    own = "\n".join(line for line in text[: match.start() if match else None].split("\n") if line[:1] != ">")
    if len(own.split()) >= FEW:
        return own
    lines = (line.lstrip("> ") if line[:1] == ">" else line for line in text.split("\n"))
    return "\n".join(line for line in lines if not _HEADER.fullmatch(line.strip()) and not _BEGINS.fullmatch(line))


def drop_quotes(tree: HtmlElement) -> None:
    """Take the quotes out of an HTML message."""
    found: list[HtmlElement] = []
    for element in tree.iter():
        if not tag(element):
            continue
        if element.get("id") in _BELOW:
            found += [element, *element.itersiblings()]
        elif _QUOTES & set(names(element)) or (tag(element) == "blockquote" and element.get("type") == "cite"):
            found.append(element)
    quoted = sum(len(text_of(each).split()) for each in _outermost(found))
    if found and len(text_of(tree).split()) - quoted >= FEW:
        for element in _outermost(found):
            element.drop_tree()
    else:
        _drop_headers(found)


def _outermost(elements: list[HtmlElement]) -> list[HtmlElement]:
    chosen = set(elements)
    unique = list(dict.fromkeys(elements))
    return [each for each in unique if tag(each) and not any(above in chosen for above in each.iterancestors())]


def _drop_headers(quotes: list[HtmlElement]) -> None:
    """The lines that say who wrote to whom; each is an element, or a run of lines parted by breaks."""
    for quote in quotes:
        for element in reversed(list(quote.iter("div", "p", "font", "span"))):
            text = text_of(element)
            if len(text) < 800 and re.match(r"\*?(?:från|from):", text, re.IGNORECASE) and _SUBJECT.search(text):
                element.drop_tree()
