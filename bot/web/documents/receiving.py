"""An upload as it comes over the network: its fields, and its files straight to disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from aiohttp import BodyPartReader, ClientError, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.documents.errors import Refusal, UploadRefused
from bot.documents.uploads import Upload
from bot.web.csrf import UPLOAD

FILES: Final = "files"
CHUNK: Final = 256 * 1024
"""Bytes that are read at a time, and so held in memory."""
FIELDS: Final = 10
HEAD: Final = 1024 * 1024
"""Bytes of a body beside its files' own, at the most."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that the next bytes may take, and all of an upload."""

    chunk: float = 30.0
    whole: float = 1800.0


async def receive(request: web.Request, upload: Upload, patience: Patience) -> dict[str, str]:
    """Take all files of the request; its other fields.

    Raises UploadRefused, HTTPRequestTimeout where they come too slowly, HTTPBadRequest where they end too early or are
    no form.
    """
    if (request.content_length or 0) > upload.caps.job + HEAD:
        raise UploadRefused(Refusal.TOO_LARGE)
    try:
        async with asyncio.timeout(patience.whole):
            return await _receive(request, upload, patience)
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (ValueError, RuntimeError, HttpProcessingError, ClientError, ConnectionError, EOFError):
        raise web.HTTPBadRequest from None


async def _receive(request: web.Request, upload: Upload, patience: Patience) -> dict[str, str]:
    fields: dict[str, str] = {}
    while True:
        async with asyncio.timeout(patience.chunk):
            part = await request[UPLOAD].next()
        if part is None:
            return fields
        if not isinstance(part, BodyPartReader):
            raise ValueError("a form in a form")
        if part.name == FILES:
            if part.filename:  # a form without a file sends one without a name
                await upload.take(part.filename, _chunks(part, patience))
        elif len(fields) < FIELDS:
            async with asyncio.timeout(patience.chunk):
                fields[part.name or ""] = (await part.read()).decode()


async def _chunks(part: BodyPartReader, patience: Patience) -> AsyncIterator[bytes]:
    while True:
        async with asyncio.timeout(patience.chunk):
            chunk = await part.read_chunk(CHUNK)
        if chunk:
            yield bytes(chunk)
        elif part.at_eof():
            return
