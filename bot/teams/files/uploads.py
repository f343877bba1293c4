"""HTTP out: a file to the storage that Teams names, once, and to no other place."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from http import HTTPStatus

import aiohttp
from yarl import URL

from bot.conversation.card import FileReply
from bot.teams.config import TeamsConfig
from bot.teams.errors import UploadFailed
from bot.teams.files.consent import UploadTarget
from bot.teams.files.upload_urls import UploadUrls
from bot.teams.sending.pauses import ATTEMPTS, Pauses, retry_after

RETRIED = frozenset({412, 429, 500, 502, 503, 504})
"""Putting the same bytes in the same place again does no harm, so more is tried again than with messages."""


class FileUploads:
    """Puts files. One for the whole process; safe to share between tasks."""

    def __init__(
        self, session: aiohttp.ClientSession, config: TeamsConfig, *, jitter: Callable[[], float] = random.random
    ) -> None:
        self._session = session
        self._urls = UploadUrls(config)
        self._timeout = aiohttp.ClientTimeout(total=config.upload_timeout, connect=config.connect_timeout)
        self._pauses = Pauses.of(config, jitter)

    def require(self, target: UploadTarget) -> None:
        """Raises UploadFailed unless both addresses of the target are ones that this bot deals with."""
        self._urls.require(target.upload_url)
        self._urls.require(target.content_url)

    async def put(self, target: UploadTarget, file: FileReply) -> None:
        """Put the file's content. Raises UploadFailed."""
        self.require(target)
        url = self._urls.require(target.upload_url)
        for attempt in range(1, ATTEMPTS + 1):
            status, wanted = await self._once(url, file)
            if status is not None and HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
                return
            if attempt == ATTEMPTS or (status is not None and status not in RETRIED):
                raise UploadFailed(f"the storage at {url.host} answered {status or 'nothing'}")
            await asyncio.sleep(self._pauses.after(attempt, wanted))

    async def _once(self, url: URL, file: FileReply) -> tuple[int | None, float | None]:
        """Status (None where the connection broke), and the pause that the storage asks for."""
        size = len(file.content)
        # No bearer token: the address itself admits.
        headers = {"Content-Type": file.media_type, "Content-Range": f"bytes 0-{size - 1}/{size}"}
        try:
            async with self._session.put(
                url, data=file.content, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as response:
                return response.status, retry_after(response.headers.get("Retry-After"))
        except (aiohttp.ClientError, TimeoutError):
            return None, None
