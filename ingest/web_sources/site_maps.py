"""Site maps and their indexes, by the protocol of sitemaps.org (0.90): which pages a site has, and when they changed.

A document type, in which entities would be declared, is refused, and what is inflated is counted. Blocks: call it in a
thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.parsers import expat

from ingest.errors import DocumentRejected, Reason
from ingest.web_sources.inflating import MAGIC, Inflater

_CHUNK: Final = 65_536
_HEAD: Final = 4096
_LONGEST: Final = 4096
"""Characters of an address that are read; the protocol allows half of them."""
_DEEPEST: Final = 20
"""Elements in each other; the protocol has three."""
_ROOTS: Final = {"urlset": "url", "sitemapindex": "sitemap"}
MOST_ENTRIES: Final = 50_000
"""Entries that the protocol allows in a map."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page, or another map. `changed` is as the site writes it, an ISO date or moment; empty where it does not."""

    url: str
    changed: str = ""


@dataclass(frozen=True, slots=True)
class SiteMap:
    """What a map leads to: pages, or other maps where it is an index."""

    entries: tuple[Entry, ...]
    is_index: bool = False


def is_site_map(path: Path) -> bool:
    """Whether a file is a site map, by its content: the first element says so."""
    reader = _Reader()
    try:
        with path.open("rb") as file:
            for piece in _inflated(iter([file.read(_HEAD)]), 64 * _HEAD, cut=True):
                reader.feed(piece)
    except DocumentRejected:
        return reader.root in _ROOTS or reader.declares_type  # one that is refused is one, too
    return reader.root in _ROOTS


def read_site_map(path: Path, most: int, entries: int = MOST_ENTRIES) -> SiteMap:
    """Read a map of at most so many bytes, inflated, and so many entries.

    Raises DocumentRejected: SITE_MAP, TOO_LARGE, UNSAFE.
    """
    reader = _Reader(entries)
    with path.open("rb") as file:
        for piece in _inflated(iter(lambda: file.read(_CHUNK), b""), most):
            reader.feed(piece)
    reader.feed(b"", last=True)
    return SiteMap(tuple(reader.entries), reader.root == "sitemapindex")


def _inflated(chunks: Iterator[bytes], most: int, *, cut: bool = False) -> Iterator[bytes]:
    inflater: Inflater | None = None
    size = 0
    for number, chunk in enumerate(chunks):
        if number == 0 and chunk.startswith(MAGIC):
            inflater = Inflater()
        try:
            for piece in [chunk] if inflater is None else inflater.feed(chunk):
                size += len(piece)
                if size > most:
                    raise DocumentRejected(Reason.TOO_LARGE, f"a site map of more than {most / 1e6:g} MB")
                yield piece
        except ValueError as error:
            raise DocumentRejected(Reason.SITE_MAP, str(error)) from error
    if inflater is not None and not cut:
        try:
            inflater.end()
        except ValueError as error:
            raise DocumentRejected(Reason.SITE_MAP, str(error)) from error


class _Reader:
    """Follows the elements, whatever their namespace."""

    def __init__(self, most: int = MOST_ENTRIES) -> None:
        self._most = most
        self.entries: list[Entry] = []
        self.root = ""
        self.declares_type = False
        self._open: list[str] = []
        self._url: list[str] = []
        self._changed: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        """Raises DocumentRejected: UNSAFE, SITE_MAP."""
        try:
            self._parser.Parse(piece, last)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise DocumentRejected(Reason.SITE_MAP, str(error)) from error

    def _doctype(self, name: str, *_: object) -> None:
        self.declares_type = name.rpartition(":")[2] in _ROOTS
        raise DocumentRejected(Reason.UNSAFE, "the site map declares a document type, which may declare entities")

    def _start(self, name: str, _: object) -> None:
        local = name.rpartition(" ")[2]
        if not self._open:
            self.root = local
            if local not in _ROOTS:
                raise DocumentRejected(Reason.SITE_MAP, f"begins with <{local[:60]}>")
        self._open.append(local)
        if len(self._open) > _DEEPEST:
            raise DocumentRejected(Reason.UNSAFE, "too many elements in each other")
        if len(self._open) == 2:
            self._url, self._changed = [], []

    def _text(self, text: str) -> None:
        if len(self._open) == 3 and self._open[1] == _ROOTS[self.root]:
            kept = {"loc": self._url, "lastmod": self._changed}.get(self._open[2])
            if kept is not None and sum(map(len, kept)) < _LONGEST:
                kept.append(text[:_LONGEST])

    def _end(self, _: str) -> None:
        self._open.pop()
        url = "".join(self._url).strip()
        if len(self._open) == 1 and url:
            if len(self.entries) == self._most:
                raise DocumentRejected(Reason.SITE_MAP, f"more than {self._most} entries")
            self.entries.append(Entry(url, "".join(self._changed).strip()[:40]))
            self._url = []
