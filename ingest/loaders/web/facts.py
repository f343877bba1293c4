"""What a page says of itself: its title without the site's name, when it was last changed, and its own address."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from ingest.loaders.encoding import plain
from ingest.loaders.web.tree import text_of

LONGEST_TITLE = 300

_CHANGED = (
    "article:modified_time", "og:updated_time", "dcterms.modified", "dc.date.modified", "dc.modified", "datemodified",
    "last-modified", "last_modified", "revised", "date.modified", "epi.changed",
)  # fmt: skip
_PUBLISHED = (
    "article:published_time", "dcterms.issued", "dcterms.date", "dcterms.created", "dc.date.issued",
    "dc.date.created", "dc.date", "datepublished", "pubdate", "publishdate", "date",
)  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_OTHER_MONTHS = {"may": 5, "oct": 10}
_ISO = re.compile(r"\b((?:19|20)\d\d)-?([01]\d)-?([0-3]\d)")
_WRITTEN = re.compile(r"\b([0-3]?\d)(?::?e)?\.?\s+([a-z]{3,9})\.?,?\s+((?:19|20)\d\d)\b", re.IGNORECASE)
_SLASHED = re.compile(r"\b([0-3]?\d)/([01]?\d)[ -]((?:19|20)\d\d)\b")
_TOLD = re.compile(
    r"(?:senast(?: ?\w+)? )?(?:uppdatera[dt]|ändra[dt]|granska[dt]|reviderad|last (?:updated|modified|changed))"
    r"(?: den| av [^\d]{1,60}| on)?\s*:?\s*(.{0,40})",
    re.IGNORECASE,
)
_TOLD_FIRST = re.compile(r"(?:publicera[dt]|sidan skapad|published)(?: den| on)?\s*:?\s*(.{0,40})", re.IGNORECASE)
_IN_SCRIPT = re.compile(r'"dateModified"\s*:\s*"([^"]{8,40})"')
_SEPARATOR = re.compile(r"\s+(?:[|–—·•»:/]{1,2}|-)\s+")
_ADDRESS = re.compile(r"https?://[^\s<>\"']{3,600}")
_SAVED = re.compile(r"saved from url=\(\d+\)(https?://\S+)")


@dataclass(frozen=True, slots=True)
class Facts:
    """`title` is empty and the others are None where the page does not say.

    `made` is when a word processor saved the page, which its text may know better.
    """

    title: str
    as_of: str | None
    url: str | None
    made: str | None = None


def facts_of(tree: HtmlElement) -> Facts:
    """Read them from the whole page, before anything is taken out of it."""
    metas = _metas(tree)
    made = day_in(metas.get("changed", "")) or day_in(metas.get("created", ""))
    return Facts(_title(tree, metas), _as_of(tree, metas), _url(tree, metas), made)


def _metas(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = (meta.get(key) or "").strip().lower()
            if name and meta.get("content"):
                found.setdefault(name, meta.get("content", "").strip())
    return found


def _title(tree: HtmlElement, metas: dict[str, str]) -> str:
    site = _line(metas.get("og:site_name", ""))
    page = _line(next((text_of(title) for title in tree.iter("title")), ""))
    for heading in _first_headings(tree):
        text = _line(text_of(heading))
        if 1 < len(text) <= LONGEST_TITLE and text.casefold() != site.casefold():
            return text
    shared = without_site(_line(metas.get("og:title", "") or metas.get("dc.title", "")), site)
    return (shared or without_site(page, site))[:LONGEST_TITLE]


def _first_headings(tree: HtmlElement) -> Iterable[HtmlElement]:
    """`h1` of the main part before those of the page's head, where some sites put their own name."""
    headings: Sequence[HtmlElement] = list(tree.iter("h1"))
    inner = [each for each in headings if not any(above.tag in ("header", "nav") for above in each.iterancestors())]
    return inner or (headings if len(headings) == 1 else ())


def without_site(title: str, site: str) -> str:
    """A title without the site's name, which stands before or behind a bar or a dash."""
    parts = [part for part in _SEPARATOR.split(title) if part.strip()]
    if len(parts) < 2:
        return title
    others = [part for part in parts if part.casefold() != site.casefold()] if site else parts
    if len(others) < len(parts):
        return " – ".join(others) or title
    # Sites end their titles with their name; only a last part that reads as one is taken off.
    ends = re.search(r"kommun\b|region\b|\.se\b|myndighet|förbund|stad\b|sverige\b", parts[-1], re.IGNORECASE)
    return " – ".join(parts[:-1]) if ends or len(parts[-1]) < len(parts[0]) else title


def _as_of(tree: HtmlElement, metas: dict[str, str]) -> str | None:
    told = " ".join(" ".join(text for body in tree.iter("body") for text in body.itertext()).split())
    marked = {each.get("itemprop", "").lower(): each for each in tree.iter("time", "span", "p") if each.get("itemprop")}
    scripts = " ".join(script.text or "" for script in tree.iter("script") if "ld+json" in script.get("type", ""))
    stated = (
        *(metas.get(name, "") for name in _CHANGED),
        *(_stamp(marked[name]) for name in ("datemodified",) if name in marked),
        *_IN_SCRIPT.findall(scripts)[:1],
        *_TOLD.findall(told)[:5],
        *(metas.get(name, "") for name in _PUBLISHED),
        *(_stamp(marked[name]) for name in ("datepublished",) if name in marked),
        *_TOLD_FIRST.findall(told)[:3],
        *(_stamp(time) for time in list(tree.iter("time"))[:1]),
    )
    return next((day for day in map(day_in, stated) if day is not None), None)


def _stamp(element: HtmlElement) -> str:
    return element.get("datetime") or element.get("content") or text_of(element)


def day_in(text: str) -> str | None:
    """The first date of a text as ISO date: `2025-03-04`, `4 mars 2025` or `4/3 2025`."""
    if match := _ISO.search(text):
        year, month, day = map(int, match.groups())
    elif match := _WRITTEN.search(text):
        name = match.group(2).lower()[:3]
        month = _MONTHS.index(name) + 1 if name in _MONTHS else _OTHER_MONTHS.get(name, 0)
        year, day = int(match.group(3)), int(match.group(1))
    elif match := _SLASHED.search(text):
        day, month, year = map(int, match.groups())
    else:
        return None
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:  # 31 February and the like
        return None


def _url(tree: HtmlElement, metas: dict[str, str]) -> str | None:
    links = (link.get("href", "") for link in tree.iter("link") if link.get("rel", "").lower() == "canonical")
    saved = (match.group(1) for comment in tree.getroottree().xpath("/comment()|//comment()[position()<3]")
             if (match := _SAVED.search(comment.text or "")))  # fmt: skip
    for address in (*links, metas.get("og:url", ""), *saved):
        if match := _ADDRESS.fullmatch(address.strip()):
            return match.group()
    return None


def _line(text: str) -> str:
    return " ".join(plain(text).split())
