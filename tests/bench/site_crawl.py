"""Fetches whatever can be reached on the web pages, and how long each takes."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin, urlsplit

import aiohttp

TRIES: Final = 3
"""How often each address is fetched; the slowest counts, which is mostly the first."""
LINKS: Final[Mapping[str, int]] = {"page": 8, "chart": 40, "export": 60}
"""Addresses that are fetched of one route at most: with other filters, for other items and municipalities."""

_PART: Final = re.compile(r"\{(\w+)[^}]*\}")


@dataclass(slots=True)
class Fetched:
    """What was fetched of one route."""

    kind: str
    addresses: int = 0
    slowest: float = 0.0
    slowest_address: str = ""
    bytes: int = 0


class Crawl:
    """Fetches a few addresses of each route. `paths` are the routes' paths as they were declared; `beside` begins the
    paths of what links lead to and is not looked at."""

    def __init__(self, session: aiohttp.ClientSession, url: str, paths: Iterable[str], *, beside: str = "") -> None:
        self._session = session
        self._beside = beside
        self._url = url
        self._patterns = {path: _pattern(path) for path in paths}
        self._seen: set[str] = set()
        self._of_route: Counter[str] = Counter()
        self.routes: dict[str, Fetched] = {}
        self.wrong: list[str] = []

    async def all(self, first: Iterable[str]) -> None:
        """From these addresses on."""
        waiting = list(first)
        while waiting:
            address = waiting.pop(0)
            route = self.route_of(address)
            if address in self._seen or route is None or self._of_route[route] >= LINKS[_kind(route)]:
                continue
            if self._beside and address.startswith(self._beside):
                continue
            self._seen.add(address)
            waiting += [each for each in await self._fetch(address, route) if each not in self._seen]

    def route_of(self, address: str) -> str | None:
        """The route that answers, fixed paths before those with parts that vary."""
        path = urlsplit(address).path
        found = [name for name, pattern in self._patterns.items() if pattern.fullmatch(path)]
        return min(found, key=lambda name: name.count("{"), default=None)

    async def _fetch(self, address: str, route: str) -> list[str]:
        links: list[str] = []
        for _ in range(TRIES):
            begun = time.perf_counter()
            async with self._session.get(self._url + address, allow_redirects=False) as response:
                body = await response.read()
                took = time.perf_counter() - begun
            if response.status not in (200, 303, 304, 404):
                self.wrong.append(f"{response.status} {address}")
                return []
            if response.status != 200:
                return []
            done = self.routes.setdefault(route, Fetched(_kind(route)))
            done.bytes = max(done.bytes, len(body))
            if took > done.slowest:
                done.slowest, done.slowest_address = took, address
            if response.content_type == "text/html":
                links = self._links(address, body.decode())
        self._of_route[route] += 1
        self.routes[route].addresses += 1
        return links

    def _links(self, address: str, page: str) -> list[str]:
        parser = _Links()
        parser.feed(page)
        whole = (urljoin(self._url + address, each) for each in parser.found)
        ours = (urlsplit(each) for each in whole if each.startswith(f"{self._url}/"))
        return [each.path + (f"?{each.query}" if each.query else "") for each in ours]


def _pattern(path: str) -> re.Pattern[str]:
    fixed = (re.escape(part) for part in re.split(r"\{[^}]*\}", path))
    return re.compile("[^/]+".join(fixed))


def _kind(route: str) -> str:
    if route.endswith(".svg"):
        return "chart"
    return "export" if re.search(r"/exports/\{|^/api/v|^/open-data/", route) else "page"


def seeds(paths: Iterable[str], known: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Addresses of every route whose parts are all known, once for each of the ways to fill them in."""
    ways = list(known)
    for path in paths:
        names = _PART.findall(path)
        yield from (_filled(path, way) for way in ways if all(name in way for name in names))


def _filled(path: str, way: Mapping[str, str]) -> str:
    return _PART.sub(lambda match: way[match[1]], path)


class _Links(HTMLParser):
    """Every address that a page has links, pictures and forms for."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        for name in ("href", "src", "srcset"):
            value = told.get(name)
            if value:
                self.found.append(value.split()[0])
