"""Swedish statutes, as the databases of the parliament and the government give them: plain text or a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml.html import HtmlElement

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.encoding import decode, plain, raw
from ingest.loaders.law.acts import known_acts
from ingest.loaders.law.sfs_blocks import blocks_of
from ingest.loaders.law.sfs_lines import units
from ingest.loaders.web.facts import day_in
from ingest.loaders.web.tree import MAX_DEPTH, names, tag, text_of
from ingest.model import BlockKind, LoadedDocument
from knowledge.model import DocumentKind

_NUMBER = re.compile(r"SFS[- ]?(?:nr|nummer)\W{0,5}\s*((?:1[6-9]|20)\d\d:\d{1,4})", re.IGNORECASE)
_TITLE = re.compile(
    r"^[ \t]*((?:[A-ZÅÄÖ][\w-]*[ -])?\w*(?:lag|förordning|balk|ordning|kungörelse|instruktion|form)\s+"
    r"\((?:1[6-9]|20)\d\d:\d{1,4}\)[^\n]*(?:\n[ \t]*[a-zåäö][^\n]*){0,4})",
    re.MULTILINE | re.IGNORECASE,
)
_ISSUED = re.compile(r"Utfärdad\W{1,5}\s*(\d{4}-\d\d-\d\d)")
_CHANGED = re.compile(r"Ändr(?:ad|ing införd)\W{1,5}\s*(?:t\.o\.m\.)?\s*SFS\s*(\d{4}:\d+)", re.IGNORECASE)
_REPEALED = re.compile(r"(?:Upphävd|Upphör att gälla|Författningen har upphävts)\W{1,5}\s*(\d{4}-\d\d-\d\d)")
_FIELD = re.compile(
    r"(?:SFS[- ]?nr|SFS-nummer|Departement(?:/myndighet)?|Myndighet|Utfärdad|Ändrad|Ändring införd|Omtryck|Upphävd|"
    r"Övrigt|Ikraft|Källa|Författningen har upphävts genom|Rubrik|Tidsbegränsad|"
    r"Länk|Svensk författningssamling)\b[^\n]{0,200}",
    re.IGNORECASE,
)
_BODY = frozenset({"body-text", "dokument", "component-law__content", "sfs", "statute"})


class SfsLoader:
    """Loader for a statute as plain text, told by the number and the title that stand above it."""

    name = "sfs"
    suffixes = frozenset[str]()

    def sniff(self, head: bytes) -> bool:
        """The number of Svensk författningssamling beside the title of a law."""
        if head.lstrip()[:1] in (b"<", b"%", b"{"):
            return False
        try:
            text = raw(head)
        except DocumentRejected:  # half a character at the end of UTF-16: not told from its head
            return False
        return _NUMBER.search(text[:2000]) is not None and _TITLE.search(text[:2000]) is not None

    def load(self, path: Path, relative: str) -> LoadedDocument:
        """Read the file. Raises DocumentRejected (EMPTY, WRONG_TYPE, UNREADABLE)."""
        text = decode(path.read_bytes())
        return statute(text, [block for block in re.split(r"\n[^\S\n]*\n", text) if block.strip()], hidden=0)


def is_statute(tree: HtmlElement) -> bool:
    """Whether a page is one of the databases' pages of a statute."""
    text = text_of(tree)
    if "§" not in text or "Utfärdad" not in text[:20_000] or _NUMBER.search(text[:20_000]) is None:
        return False
    return _title("\n".join(_blocks(tree))[:20_000]) != ""


def read_statute(tree: HtmlElement, hidden: int) -> LoadedDocument:
    """The statute of a page. Raises DocumentRejected(EMPTY)."""
    body = next(iter(tree.iter("body")), tree)
    whole = "\n".join(_blocks(body))
    found = [each for each in body.iter() if tag(each) and _BODY & {name.lower() for name in names(each)}]
    part = max(found, key=lambda each: len(text_of(each)), default=body)
    return statute(whole, list(_blocks(part)), hidden)


def statute(text: str, blocks: list[str], hidden: int) -> LoadedDocument:
    """The document of a statute: `text` tells its number and title, `blocks` are its text between empty lines.

    Raises DocumentRejected (EMPTY, UNREADABLE).
    """
    title, number = _title(text), _NUMBER.search(text)
    if number is None or not title:
        raise DocumentRejected(Reason.UNREADABLE, "a statute without number or title")
    kept = [" ".join(block.split("\n")) for block in _provisions(blocks, title)]
    built = blocks_of(units([" ".join(block.split()) for block in kept]))
    if not any(block.kind is not BlockKind.HEADING for block in built):
        raise DocumentRejected(Reason.EMPTY, "a statute without sections")
    act = known_acts().get(number.group(1))
    changed, repealed, issued = _CHANGED.search(text), _REPEALED.search(text), _ISSUED.search(text)
    notes = []
    if repealed:
        notes.append(f"Författningen är upphävd från och med den {repealed.group(1)}.")
    source = f"Svensk författningssamling, {title}" + (f", ändrad till och med {changed.group(1)}" if changed else "")
    return LoadedDocument(
        id=f"sfs-{number.group(1).replace(':', '-')}",
        title=f"{act.name} ({number.group(1)})" if act else title,
        blocks=built,
        kind=DocumentKind.REGULATION,
        source=source[:300],
        as_of=day_in(issued.group(1)) if issued and not changed else None,
        url="https://www.riksdagen.se/sv/dokument-och-lagar/dokument/svensk-forfattningssamling/"
        f"sfs-{number.group(1).replace(':', '-')}",
        aliases=tuple(dict.fromkeys((*(act.names if act else ()), number.group(1)))),
        notes=tuple(notes),
        hidden=hidden,
    )


def _title(text: str) -> str:
    match = _TITLE.search(text)
    if match is None:
        return ""
    lines = [line.strip() for line in match.group(1).split("\n")]
    kept = [line for place, line in enumerate(lines) if place == 0 or not _FIELD.match(line)]
    return " ".join(" ".join(kept).split())[:300]


def _provisions(blocks: list[str], title: str) -> Iterator[str]:
    """The blocks without what stands above the law: its title, number, dates and table of contents."""
    begun = False
    for block in blocks:
        flat = " ".join(block.split())
        if not begun:
            lines = [line for line in block.split("\n") if line.strip() and not _FIELD.match(line.strip())]
            rest = " ".join(" ".join(lines).split()).replace(title, "").strip(" ·-")
            begun = bool(rest) and (not rest[0].islower() or "§" in rest) and flat not in (title,)
            if not begun:
                continue
            block = "\n".join(lines)
        yield block


def _blocks(part: HtmlElement) -> Iterator[str]:
    """The texts between empty lines of a page; headings and sections stand apart, also where the page sets them in."""
    words: list[str] = []
    _gather(part, words, 0)
    text = re.sub(r"[^\S\n]+", " ", plain("".join(words)).replace("\n ", "\n"))
    yield from (block.strip() for block in re.split(r"\n\s*\n", text) if block.strip())


def _gather(element: HtmlElement, words: list[str], depth: int) -> None:
    if depth > MAX_DEPTH:
        words.append(text_of(element))
        return
    words.append(element.text or "")
    for child in element:
        name = tag(child)
        begins = name == "a" and "paragraf" in names(child)
        if name == "br":
            words.append("\n" + ("\n" if _begins_point(child.tail or "") else ""))
        elif name and "sfstoc" not in names(child):
            apart = begins or re.fullmatch(r"h[1-6]|p|div|li|table|section|hr|ul|ol", name)
            words.append("\n\n" if apart else "")
            _gather(child, words, depth + 1)
            words.append("\n\n" if apart and not begins else "")
        words.append(child.tail or "")


def _begins_point(text: str) -> bool:
    return re.match(r"\s*(?:\d{1,3}(?: [a-z])?\.|[a-z]\)|[–—-])\s", text) is not None
