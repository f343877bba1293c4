"""What is answered where no page could be: a page for people, a line for programs, and never what went wrong inside."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.access.errors import AccessStoreFailed
from bot.web.access import DECLARED
from bot.web.errors import ForeignForm, SessionEnded
from bot.web.rendering import Pages

KINDS: Final[Mapping[int, str]] = {
    400: "unreadable",
    401: "signed_out",
    403: "forbidden",
    404: "missing",
    405: "method",
    408: "slow",
    413: "large",
    415: "unreadable",
    503: "unavailable",
}
KEPT: Final = frozenset({"Allow", "Retry-After", "WWW-Authenticate"})
RETRY: Final = "10"
"""Seconds after which a browser may try again where the database did not answer."""

_log = logging.getLogger(__name__)


def mishaps(pages: Pages) -> Middleware:
    """The outermost middleware: turns what was raised into an answer."""

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            return await _told(pages, request, error.status, _kind(error), headers=_kept(error))
        except AccessStoreFailed as error:
            _log.error("%s could not be shown: %s", request.path, error)
            return await _told(pages, request, 503, "unavailable", headers={"Retry-After": RETRY})
        except ConnectionError:
            if request.transport is not None and not request.transport.is_closing():
                return await broken(request)  # it was another connection than the visitor's
            _log.info("%s %s was broken off by whoever sent it", request.method, request.path)
            return web.Response(status=400)  # nobody gets it
        except Exception:  # noqa: BLE001 - the outer edge of all pages; only a defect ends here
            return await broken(request)

    async def broken(request: web.Request) -> web.Response:
        reference = secrets.token_hex(2).upper()
        said = "reference %s: %s %s failed", reference, request.method, request.path
        _log.exception(*said, extra={"reference": reference})
        return await _told(pages, request, 500, "broken", reference=reference)

    return answer


def _kind(error: web.HTTPException) -> str:
    if isinstance(error, ForeignForm):
        return "foreign_form"
    if isinstance(error, SessionEnded):
        return "session_ended"
    return KINDS.get(error.status, "other")


def _kept(error: web.HTTPException) -> dict[str, str]:
    """The headers that say something beside the body, such as which methods are allowed."""
    return {
        name: value for name, value in error.headers.items() if name in ("Allow", "Retry-After", "WWW-Authenticate")
    }


async def _told(
    pages: Pages,
    request: web.Request,
    status: int,
    kind: str,
    *,
    headers: Mapping[str, str] | None = None,
    reference: str = "",
) -> web.Response:
    declared = request.app[DECLARED].get(request.match_info.route)
    response: web.Response
    if (declared is not None and declared.data) or "text/html" not in request.headers.get("Accept", ""):
        told = {"error": kind} | ({"reference": reference} if reference else {})
        response = web.json_response(told, status=status)
    else:
        response = await pages.show(request, "error.html", status=status, kind=kind, reference=reference)
    response.headers.update(headers or {})
    return response
