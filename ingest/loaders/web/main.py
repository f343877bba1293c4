"""Finds the part of a page that it was written for, and takes out what surrounds it on every page of a site."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from ingest.loaders.web.tables import is_layout
from ingest.loaders.web.tree import names, tag, text_of

ENOUGH = 25
"""Words that a part must have beside its links to be the main one."""

_AROUND = frozenset({"nav", "aside", "dialog", "menu", "footer"})
_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog", "menu", "menubar",
     "toolbar", "tablist"}
)  # fmt: skip
_PARTS = frozenset({"div", "section", "article", "main", "form", "center", "table", "tbody", "tr", "td"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CONTROLS = frozenset({"button", "input", "select", "textarea", "label", "progress", "meter"})
_SURE_LISTED = """
cookie cookies consent cookiebar breadcrumb breadcrumbs brodsmulor brodsmula skiplink skiplinks sharebar delaknappar
socialmedia sitemap pagination pager pagenavigation sidebar sidofalt sidomeny sidospalt navbar undermeny huvudmeny
topbar footer sidfot readspeaker feedback rating related relaterat relaterade toolbar advert newsletter nyhetsbrev
popup modal toc contentinfo lyssna widget widgets
"""
_SURE = frozenset(_SURE_LISTED.split())
_LIKELY_LISTED = """
header sidhuvud nav navigation menu meny submenu skip share sharing dela social print banner search sok sokruta
language sprak
"""
_LIKELY = frozenset(_LIKELY_LISTED.split())
"""Names that parts of the content have as well (`section-header`): believed where links make up most of the words."""
_MAIN_NAMES_LISTED = """
main main-content maincontent maincontentarea content-main page-content pagecontent content innehall
huvudinnehall article-content articlebody article-body sv-main sv-layout-main entry-content post-content
node-content body-text text-content
"""
_MAIN_NAMES = frozenset(_MAIN_NAMES_LISTED.split())
_PARTED = re.compile(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])|[^A-Za-zåäöÅÄÖ]+")
_ENDS = re.compile(
    r"(?:hjälpte|hittade|fick) (?:du|den här|denna|sidan|informationen|dig)\b.{0,60}|"
    r"dela (?:sidan|artikeln|innehåll\w*|på).{0,30}|relatera(?:t|de|d)\b.{0,40}|"
    r"(?:läs|se) (?:även|också|mer)(?: här| om)?|related\b.{0,30}|share this.{0,20}|was this page helpful.{0,10}|"
    r"tipsa\b.{0,20}|senaste nytt|fler nyheter|andra har också läst",
    re.IGNORECASE,
)


def main_part(tree: HtmlElement) -> HtmlElement:
    """The element that holds the content; menus, banners, trails, asides and forms in it are gone from the tree."""
    bodies = tree.xpath("//body")
    body = bodies[0] if bodies else tree
    _drop_around(body)
    chosen = _marked(body)
    part = chosen if chosen is not None else _densest(body)
    _drop_ends(part)
    return part


def _drop_around(body: HtmlElement) -> None:
    """Take out what surrounds content, unless it holds the content itself (sites do call their page `has-menu`)."""
    words = _words(body)
    half = sum(words.values()) / 2
    waiting = [body]
    while waiting:
        element = waiting.pop()
        for child in list(element):
            if tag(child) == "button" and (tag(element) in _HEADINGS or child.get("aria-expanded") is not None):
                child.tag = "span"  # the heading of what it folds out
                waiting.append(child)
            elif not tag(child) or tag(child) in _CONTROLS:
                child.drop_tree()
            elif _is_around(child) and not _holds_content(child, words, half):
                child.tail = f" {child.tail or ''}"
                child.drop_tree()
            else:
                waiting.append(child)


def _words(body: HtmlElement) -> dict[HtmlElement, int]:
    """How many words stand in each element itself, without those in it; elements without any are left out."""
    found: dict[HtmlElement, int] = {}
    for element in body.iter():
        count = len((element.text or "").split()) if tag(element) else 0
        count += sum(len((child.tail or "").split()) for child in element)
        if count:
            found[element] = count
    return found


def _is_around(element: HtmlElement) -> bool:
    name = tag(element)
    if name in _AROUND or element.get("role", "").lower() in _ROLES or element.get("aria-modal") == "true":
        return True
    if name in ("main", "article", "table", "tr", "td", "th", "p", *_HEADINGS):
        return False
    words = {word for each in (*names(element), element.get("id") or "") for word in _apart(each)}
    if words & _SURE:
        return True
    return (name == "header" or bool(words & _LIKELY)) and _prose(element) * 2 <= len(text_of(element).split())


def _apart(name: str) -> set[str]:
    return {word.lower() for word in _PARTED.split(name) if word} | {name.lower()}


def _holds_content(element: HtmlElement, words: dict[HtmlElement, int], half: float) -> bool:
    """Whether it is around the content only in that it holds it: the main part, the one heading, or most words."""
    for each in element.iter("main", "article", "h1"):
        if tag(each) == "main" or (tag(each) == "h1" and tag(element) != "nav") or _prose(each) >= ENOUGH:
            return True
    return sum(words.get(each, 0) for each in element.iter()) > half and _prose(element) >= ENOUGH


def _prose(element: HtmlElement) -> int:
    """Words beside links."""
    linked = sum(len(text_of(link).split()) for link in element.iter("a"))
    return len(text_of(element).split()) - linked


def _marked(body: HtmlElement) -> HtmlElement | None:
    """The part that the page itself calls its main one: by tag or role first, by name second, by `article` last."""
    by_role = [each for each in body.iter() if tag(each) == "main" or each.get("role", "").lower() == "main"]
    by_name = [
        each
        for each in body.iter("div", "section", "td", "article", "form")
        if any(name.lower() in _MAIN_NAMES for name in (*names(each), each.get("id") or ""))
        or each.get("itemprop", "").lower() == "articlebody"
    ]
    articles = list(body.iter("article"))
    whole = _prose(body)
    for group in (by_role, by_name, articles if len(articles) == 1 else []):
        best = max(group, key=_prose, default=None)
        if best is not None and (prose := _prose(best)) >= min(ENOUGH, whole) and prose * 3 >= whole:
            return best
    return None


def _densest(body: HtmlElement) -> HtmlElement:
    """Where the prose stands: the smallest part that holds nearly all of it."""
    part = body
    whole = _prose(body)
    while True:
        heading = len(list(part.iter("h1")))
        inner = max((child for child in part if tag(child)), key=_prose, default=None)
        if inner is None or tag(inner) not in _PARTS or (tag(inner) == "table" and not is_layout(inner)):
            return part
        if _prose(inner) < 0.85 * whole or len(list(inner.iter("h1"))) < heading:
            return part
        part = inner


def _drop_ends(part: HtmlElement) -> None:
    """What pages ask and offer below their text, under its heading up to the end of the element that holds both."""
    for heading in list(part.iter(*_HEADINGS[1:])):
        if heading.getparent() is None or not _ENDS.fullmatch(text_of(heading)):
            continue
        for after in list(heading.itersiblings()):
            if tag(after) in _HEADINGS:
                break
            after.drop_tree()
        heading.drop_tree()
