"""Sites of the web on this machine: real TLS for made-up names, which a made-up name service leads to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from ingest.web_sources.allow_list import AllowList, site_of
from ingest.web_sources.fetching import Web
from ingest.web_sources.limits import WebLimits
from ingest.web_sources.resolver import OpenResolver
from tests.fakes.teams import Tls, serving

PUBLIC: Final = "93.184.215.14"
HOSTS: Final = ("www.example.se", "docs.example.se", "www.annan.se", "inne.example.se")
AGENT: Final = "Fyren/1.0"
LIMITS: Final = WebLimits(page=20_000, archive=40_000, map=20_000, whole=100_000, pages=20, pause=0.01, read=5.0)

Answer = web.Response | str | bytes | Callable[[web.Request], Awaitable[web.StreamResponse]]
Pages = dict[str, Answer | list[Answer]]


class Names(AbstractResolver):
    """A name service: what each name leads to, one answer after the other, the last one for good."""

    def __init__(self, answers: Mapping[str, list[list[str]]]) -> None:
        self.answers = {host: list(each) for host, each in answers.items()}
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        found = self.answers.get(host, [[PUBLIC]] if host in HOSTS else [])
        if not found:
            raise OSError("no such name")
        addresses = found.pop(0) if len(found) > 1 else found[0]
        return [_result(host, each, port) for each in addresses]

    async def close(self) -> None:
        """Nothing is open."""


class Detour(AbstractResolver):
    """What passes the check of addresses on the open network is served on this machine instead."""

    def __init__(self, names: Names, port: int) -> None:
        self._checked, self._port = OpenResolver(names), port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        await self._checked.resolve(host, port, family)
        return [_result(host, "127.0.0.1", self._port)]

    async def close(self) -> None:
        await self._checked.close()


@dataclass(slots=True)
class Sites:
    """What is asked, and what is answered: by `host/path?query`. Everything else is not there."""

    pages: Pages
    requests: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    names: Names = field(default_factory=lambda: Names({}))
    port: int = 0
    now: int = 0
    most_at_once: int = 0
    slept: list[float] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = f"{request.host}{request.path_qs}"
        self.requests.append(name)
        self.headers.append(dict(request.headers))
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        try:
            answer = self.pages.get(name, web.Response(status=404))
            if isinstance(answer, list):
                answer = answer.pop(0) if len(answer) > 1 else answer[0]
            if isinstance(answer, web.Response):
                return _again(answer)
            if isinstance(answer, str):
                return web.Response(text=answer, content_type="text/html")
            if isinstance(answer, bytes):
                return web.Response(body=answer)
            return await answer(request)
        finally:
            self.now -= 1

    def of(self, path: str) -> int:
        """How often a page was asked for."""
        return self.requests.count(path)

    def web(self, *sites: str, limits: WebLimits = LIMITS) -> Web:
        """How the program reaches these sites, of which the named ones are allowed."""
        allowed = AllowList(tuple(map(site_of, sites or ("www.example.se",))))
        return Web(
            allowed, AGENT, limits, resolver=lambda: Detour(self.names, self.port), tls=_tls().client, sleep=self.sleep
        )

    async def sleep(self, seconds: float) -> None:
        """Only note it."""
        self.slept.append(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def web_sites(pages: Mapping[str, Answer | list[Answer]]) -> AsyncIterator[Sites]:
    """Sites that answer over https on this machine."""
    sites = Sites(dict(pages))
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", sites.handle)
    async with serving(app, _tls().server) as port:
        sites.port = port
        yield sites


def html(title: str, text: str) -> str:
    """A page as sites write them."""
    return (
        f'<!DOCTYPE html><html lang="sv"><head><title>{title}</title></head>'
        f"<body><main><h1>{title}</h1><p>{text}</p></main></body></html>"
    )


def site_map(*pages: str | tuple[str, str], index: bool = False) -> str:
    """A map of pages, or of maps; each with the moment when it changed where that is given."""
    root, item = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    entries = [(each, "") if isinstance(each, str) else each for each in pages]
    rows = "".join(
        f"<{item}><loc>{url}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</{item}>"
        for url, changed in entries
    )
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</{root}>'


def to(location: str, status: int = 302) -> web.Response:
    """A redirect."""
    return web.Response(status=status, headers={"Location": location})


def _again(answer: web.Response) -> web.Response:
    return web.Response(status=answer.status, headers=answer.headers, body=answer.body)


@lru_cache(maxsize=1)
def _tls() -> Tls:
    return Tls.make(*HOSTS)


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
