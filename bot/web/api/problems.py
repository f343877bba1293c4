"""Errors of the read API, all in one form: `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.access.errors import AccessStoreFailed
from bot.conversation.texts import Texts
from bot.exports.documents import Problem
from bot.maturity.errors import StoreFailed
from bot.results.errors import EditionInvalid
from bot.web.languages import accepted

PREFIX: Final = "/api/"
MEDIA: Final = "application/problem+json"
STATUSES: Final[Mapping[int, str]] = {
    400: "query",
    401: "key",
    403: "forbidden",
    404: "missing",
    405: "method",
    406: "media",
    503: "unavailable",
}
"""The kinds of problems, by status; also keys of the catalogue, and what the description lists."""
RETRY: Final = "10"
_KEPT: Final = ("Allow", "Retry-After", "WWW-Authenticate")

_log = logging.getLogger(__name__)


def problems(texts: Texts, default: str) -> Middleware:
    """The middleware: what is raised below `/api/` becomes a problem. `default` is the language of who names none."""

    @web.middleware
    async def tell(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(PREFIX):
            return await handler(request)
        language = accepted(request.headers.get("Accept-Language", ""), default)
        try:
            return await handler(request)
        except web.HTTPException as error:
            if error.status not in STATUSES:
                raise
            wrong = error.text or "" if error.status == 400 else ""
            headers = {name: value for name, value in error.headers.items() if name in _KEPT}
            return answer(error.status, texts, language, headers, wrong)
        except (AccessStoreFailed, StoreFailed, EditionInvalid) as error:
            _log.error("%s could not be answered: %s", request.path, error)
            return answer(503, texts, language, {"Retry-After": RETRY})

    return tell


def answer(
    status: int, texts: Texts, language: str, headers: Mapping[str, str] | None = None, wrong: str = ""
) -> web.Response:
    """A problem. `wrong` are the parameters that could not be read."""
    kind = STATUSES[status]
    detail = texts.say(f"api.problem.{kind}.detail", language, **({"wrong": wrong} if kind == "query" else {}))
    problem = Problem(
        type=f"/api/docs#{kind}",
        title=texts.say(f"api.problem.{kind}.title", language),
        status=status,
        detail=detail,
    )
    return web.Response(
        body=problem.model_dump_json().encode(), status=status, content_type=MEDIA, headers=dict(headers or {})
    )
