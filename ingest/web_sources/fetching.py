"""Fetches pages over https: from listed sites at addresses on the open network, counted, and as the sites ask for it.

No cookies, no credentials, no proxy of the environment. Every redirect is checked like the first address.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from ingest.errors import AddressRefused, DocumentRejected, Reason
from ingest.web_sources.addresses import Address, address_from
from ingest.web_sources.allow_list import AllowList
from ingest.web_sources.hosts import AT_ONCE, Host, Sleep
from ingest.web_sources.inflating import Inflater
from ingest.web_sources.limits import WebLimits
from ingest.web_sources.resolver import InsideNetwork, OpenResolver
from ingest.web_sources.retries import BUSY, Passing, retries, seconds_of
from ingest.web_sources.robots import MOST, PATH, Robots, robots_of

Result = TypeVar("Result")
REDIRECTS: Final = 5
_ONWARD: Final = (301, 302, 303, 307, 308)
_CHUNK: Final = 65_536
_ACCEPT: Final = {"Accept": "*/*", "Accept-Encoding": "gzip", "Accept-Language": "sv, en;q=0.5"}


@dataclass(frozen=True, slots=True)
class Web:
    """How the web is reached. `agent` is how requests name themselves; `tls` holds authorities beside the usual ones,
    and `sleep` is how pauses are made."""

    allowed: AllowList = field(default_factory=AllowList)
    agent: str = "Fyren"
    limits: WebLimits = field(default_factory=WebLimits)
    resolver: Callable[[], AbstractResolver] = OpenResolver
    tls: ssl.SSLContext | None = None
    sleep: Sleep = asyncio.sleep


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: `address` is the one that answered, `kind` the media type that it gave, `size` in bytes."""

    address: Address
    kind: str
    size: int


class Fetcher:
    """An asynchronous context manager, for one run. What it fetches counts together against the limit of all."""

    def __init__(self, web: Web) -> None:
        self._web, self._limits = web, web.limits
        self._hosts: dict[str, Host] = {}
        self._fetched = 0
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=self._web.resolver(), ssl=self._web.tls or True, limit_per_host=AT_ONCE, use_dns_cache=False
        )
        limits = self._limits
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=limits.total, sock_connect=limits.connect, sock_read=limits.read),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._web.agent, **_ACCEPT},
            auto_decompress=False,
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def fetch(self, address: Address, path: Path, most: int) -> Fetched:
        """Write a page of at most so many bytes, inflated, to `path`, following redirects.

        Raises DocumentRejected: ADDRESS (a redirect leads where nothing may be fetched, or the name into a network),
        ROBOTS, NOT_THERE, UNREACHABLE, TOO_LARGE, NO_SPACE.
        """
        return await self._follow(address, path, most)

    async def _follow(self, address: Address, path: Path, most: int, *, rules: bool = False) -> Fetched:
        for _ in range(REDIRECTS + 1):
            try:
                self._web.allowed.checked(address, whole=rules)
            except AddressRefused as error:
                raise DocumentRejected(Reason.ADDRESS, str(error)) from error
            host = self._hosts.setdefault(address.origin, Host(self._web.sleep))
            if not rules and not (await self._rules(address, host, path)).allows(address.asked):
                raise DocumentRejected(Reason.ROBOTS, address.url)
            answer = await self._attempts(address, host, path, most)
            if isinstance(answer, Fetched):
                return answer
            try:
                address = address_from(address, answer)
            except AddressRefused as error:
                raise DocumentRejected(Reason.ADDRESS, f"redirect: {error}") from error
        raise DocumentRejected(Reason.UNREACHABLE, f"more than {REDIRECTS} redirects")

    async def _rules(self, address: Address, host: Host, path: Path) -> Robots:
        """The rules of a site, fetched once; where they cannot be had, nothing is read (RFC 9309, 2.3.1.4)."""
        async with host.reading_rules:
            if host.rules is None and not host.closed:
                there = path.with_suffix(".robots")
                text = ""
                try:
                    await self._follow(Address(address.host, address.port, PATH), there, MOST, rules=True)
                    text = await asyncio.to_thread(there.read_text, "utf-8", "replace")
                except DocumentRejected as error:
                    if error.reason is not Reason.NOT_THERE:
                        host.close(error.reason, f"{PATH}: {error.detail}")
                if not host.closed:
                    host.rules = await asyncio.to_thread(robots_of, text, self._web.agent)
            if host.closed or host.rules is None:
                raise host.refusal()
            return host.rules

    async def _attempts(self, address: Address, host: Host, path: Path, most: int) -> Fetched | str:
        """The page, or where it redirects to."""
        try:
            async for attempt in retries(self._limits.pause, self._web.sleep):
                with attempt:
                    async with host.turn():
                        answer = await self._attempt(address, host, path, most)
                        host.failures = 0
                        return answer
        except Passing as error:
            host.failed(error.detail)
            raise DocumentRejected(Reason.UNREACHABLE, error.detail) from error
        raise AssertionError("the last attempt returns or raises")

    async def _attempt(self, address: Address, host: Host, path: Path, most: int) -> Fetched | str:
        assert self._session is not None  # noqa: S101 - only inside the context
        try:
            async with self._session.get(URL(address.url, encoded=True), allow_redirects=False) as response:
                if response.status == 200:
                    kind = response.content_type if "Content-Type" in response.headers else ""
                    return Fetched(address, kind, await self._write(response, path, most))
                location = response.headers.get("Location", "")
                if response.status in _ONWARD and location:
                    return location
                self._refuse(response, host)
        except (aiohttp.ClientSSLError, aiohttp.InvalidURL) as error:
            raise DocumentRejected(Reason.UNREACHABLE, type(error).__name__) from error
        except aiohttp.ClientConnectorDNSError as error:
            if isinstance(error.os_error, InsideNetwork):
                raise DocumentRejected(Reason.ADDRESS, str(error.os_error)) from error
            raise Passing("the name was not found") from error
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise Passing(type(error).__name__) from error
        raise AssertionError("a status that is none of these is refused")

    def _refuse(self, response: aiohttp.ClientResponse, host: Host) -> None:
        status = f"HTTP {response.status}"
        if response.status not in BUSY:
            raise DocumentRejected(Reason.UNREACHABLE if response.status >= 500 else Reason.NOT_THERE, status)
        asked = seconds_of(response.headers.get("Retry-After"))
        if asked > self._limits.longest_pause:
            host.close(Reason.UNREACHABLE, f"{status}, to be asked again in {asked:.0f} s")
            raise host.refusal()
        host.wait(asked)
        raise Passing(status)

    async def _write(self, response: aiohttp.ClientResponse, path: Path, most: int) -> int:
        if (response.content_length or 0) > most:
            raise DocumentRejected(Reason.TOO_LARGE, f"{response.content_length} bytes, limit {most}")
        size = 0
        file = await _on_disk(lambda: path.open("wb"))
        try:
            async for piece in self._pieces(response, most):
                size += len(piece)
                self._fetched += len(piece)
                if size > most:
                    raise DocumentRejected(Reason.TOO_LARGE, f"more than {most} bytes")
                if self._fetched > self._limits.whole:
                    raise DocumentRejected(Reason.TOO_LARGE, f"more than {self._limits.whole} bytes in all")
                await _on_disk(partial(file.write, piece))
        finally:
            await asyncio.shield(asyncio.to_thread(file.close))
        return size

    async def _pieces(self, response: aiohttp.ClientResponse, most: int) -> AsyncIterator[bytes]:
        """The body, inflated."""
        coding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in ("identity", "", "gzip", "x-gzip"):
            raise DocumentRejected(Reason.UNREACHABLE, f"Content-Encoding: {coding[:40]}")
        inflater = Inflater() if coding.endswith("gzip") else None
        sent = 0
        try:
            async for chunk in response.content.iter_chunked(_CHUNK):
                sent += len(chunk)
                if sent > most:  # also where next to nothing comes out of it
                    raise DocumentRejected(Reason.TOO_LARGE, f"more than {most} bytes")
                for piece in [chunk] if inflater is None else inflater.feed(chunk):
                    yield piece
            if inflater is not None:
                inflater.end()
        except ValueError as error:
            raise DocumentRejected(Reason.UNREACHABLE, str(error)) from error


async def _on_disk(work: Callable[[], Result]) -> Result:
    try:
        return await asyncio.to_thread(work)
    except OSError as error:
        raise DocumentRejected(Reason.NO_SPACE, error.strerror or "the disk") from error
