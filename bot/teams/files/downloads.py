"""HTTP in by our own call: a file that a person sent, from the storage that Teams names and from no other place."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

import aiohttp
from yarl import URL

from bot.teams.config import TeamsConfig
from bot.teams.errors import DownloadFailed
from bot.teams.files.file_hosts import AddressRefused, FileHosts
from bot.teams.sending.pauses import ATTEMPTS, Pauses, retry_after
from bot.webhooks.checked_resolver import CheckedResolver

RETRIED: Final = frozenset({408, 429, 500, 502, 503, 504})
PIECE: Final = 256 * 1024
"""Bytes that are read at once at most."""
AT_ONCE: Final = 4
"""Connections for files; all else has its own."""

Take = Callable[[AsyncIterator[bytes]], Awaitable[None]]
"""Takes a file's pieces as they come. It counts them, and what it raises ends the download."""


class _Broken(Exception):
    """An attempt that may be made again. `pause` is the seconds that the storage asks for."""

    def __init__(self, message: str, pause: float | None = None) -> None:
        super().__init__(message)
        self.pause = pause


class FileDownloads:
    """Fetches files. One for the whole process; safe to share between tasks."""

    def __init__(
        self, session: aiohttp.ClientSession, config: TeamsConfig, *, jitter: Callable[[], float] = random.random
    ) -> None:
        self._session = session
        self._hosts = FileHosts(config.download_hosts)
        self._timeout = aiohttp.ClientTimeout(
            total=config.download_timeout, connect=config.connect_timeout, sock_read=config.download_silence
        )
        self._pauses = Pauses.of(config, jitter)

    async def fetch(self, address: str, take: Take) -> None:
        """Give a file's pieces to `take`, which is called anew for every attempt.

        Raises DownloadFailed, and what `take` raises.
        """
        try:
            url = self._hosts.require(address)
        except AddressRefused as error:
            raise DownloadFailed(str(error)) from error
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await self._once(url, take)
            except _Broken as broken:
                if attempt == ATTEMPTS:
                    raise DownloadFailed(f"the storage at {url.host} did not give a file: {broken}") from broken
                await asyncio.sleep(self._pauses.after(attempt, broken.pause))
            else:
                return

    async def _once(self, url: URL, take: Take) -> None:
        # No bearer token: the address itself admits. Nothing compressed: what is counted is what there is.
        headers = {"Accept-Encoding": "identity"}
        try:
            async with self._session.get(
                url, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as response:
                status = response.status
                if status in RETRIED:
                    raise _Broken(f"status {status}", retry_after(response.headers.get("Retry-After")))
                if status != HTTPStatus.OK or response.headers.get("Content-Encoding", "identity") != "identity":
                    raise DownloadFailed(f"the storage at {url.host} answered {status}")
                await take(_pieces(response))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _Broken(type(error).__name__) from error


async def _pieces(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    async for piece in response.content.iter_chunked(PIECE):
        yield piece


@asynccontextmanager
async def open_downloads(
    config: TeamsConfig, *, ssl_context: ssl.SSLContext | None = None
) -> AsyncIterator[FileDownloads]:
    """Downloads over connections of their own, which lead to addresses on the open network only.

    `ssl_context` is the trust for calls, None the system's.
    """
    connector = aiohttp.TCPConnector(limit=AT_ONCE, ssl=ssl_context or True, resolver=CheckedResolver())
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": "Fyren"},
        auto_decompress=False,
    ) as session:
        yield FileDownloads(session, config)
