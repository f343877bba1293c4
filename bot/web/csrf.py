"""Forms come from this service's own pages: by what the browser says, and by a token that only those pages hold."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Collection
from typing import Final

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.access.sessions import octets
from bot.web.errors import ForeignForm
from bot.web.sessions import form_token_of

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD: Final = "form_token"
FORM_TYPE: Final = "application/x-www-form-urlencoded"
UPLOAD_TYPE: Final = "multipart/form-data"
UPLOAD: Final = web.RequestKey("upload", MultipartReader)
"""An upload of this service's own page, read up to behind its token; files follow."""
FORM_LIMIT: Final = 64 * 1024
"""Bytes of a form; `create_app` sets it as the most that is read of any body."""
FORM_TIMEOUT: Final = 10.0
"""Seconds in which a form has to be here."""

_log = logging.getLogger(__name__)


async def require_own_form(request: web.Request, origins: Collection[str], *, token: bool) -> None:
    """Raises ForeignForm for a form from elsewhere, and for one without the session's token where it needs it.

    Reads the form, so HTTPRequestEntityTooLarge, HTTPRequestTimeout and HTTPUnsupportedMediaType come from here too.
    """
    _require_from_here(request, origins)
    if request.content_type != FORM_TYPE:
        raise web.HTTPUnsupportedMediaType
    try:
        async with asyncio.timeout(FORM_TIMEOUT):
            form = await request.post()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (ValueError, LookupError):  # text that is not in the encoding it names, or one that does not exist
        raise web.HTTPBadRequest from None
    if token:
        _require_token(request, form.get(FIELD))


async def require_own_upload(request: web.Request, origins: Collection[str]) -> None:
    """The same for a form with files, of which nothing but the token is read, which has to come first.

    What is left is in the request under UPLOAD.
    """
    _require_from_here(request, origins)
    if request.content_type != UPLOAD_TYPE:
        raise web.HTTPUnsupportedMediaType
    try:
        async with asyncio.timeout(FORM_TIMEOUT):
            reader = await request.multipart()
            part = await reader.next()
            first = isinstance(part, BodyPartReader) and part.name == FIELD
            given = (await part.read()).decode() if isinstance(part, BodyPartReader) and first else None
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (ValueError, RuntimeError, HttpProcessingError):  # no boundary, another one, or no text
        raise web.HTTPBadRequest from None
    _require_token(request, given)
    request[UPLOAD] = reader


def _require_from_here(request: web.Request, origins: Collection[str]) -> None:
    if not _from_here(request, origins):
        _log.warning("a form for %s came from elsewhere: %s", request.path, request.headers.get("Origin", "unsaid"))
        raise ForeignForm


def _require_token(request: web.Request, given: object) -> None:
    expected = form_token_of(request)
    if not (expected and isinstance(given, str) and hmac.compare_digest(octets(given), octets(expected))):
        _log.warning("a form for %s had no token, or another session's", request.path)
        raise ForeignForm


def _from_here(request: web.Request, origins: Collection[str]) -> bool:
    """Whether the browser says so. Browsers name the origin with every form; whoever does not is none, or hides it."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return site == "same-origin" and request.headers.get("Origin") in origins
