"""Requests: for what, how long, and with which status; and why the Teams endpoint turned one away."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.teams.receiving.endpoint import PATH
from bot.telemetry.metrics import REFUSED, REQUESTS
from bot.telemetry.ports import Telemetry
from bot.telemetry.turn_notes import TurnNotes, noted

REASONS: Final[Mapping[int, str]] = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    408: "slow",
    413: "too_large",
    415: "media_type",
    429: "too_many",
    500: "broken",
    503: "unavailable",
}
HEALTH: Final = frozenset({"/healthz", "/readyz"})


def measured_requests(telemetry: Telemetry) -> Middleware:
    """The outermost middleware. A turn's trace, and what the log knows of it, begin here; no address is told."""

    @web.middleware
    async def measure(request: web.Request, handler: Handler) -> web.StreamResponse:
        teams = request.path == PATH
        area = "teams" if teams else "health" if request.path in HEALTH else "pages"
        status, started = 500, perf_counter()
        try:
            if not teams:
                response = await handler(request)
            else:
                with noted(TurnNotes()), telemetry.span("request") as span:
                    response = await handler(request)
                    span.note("status", response.status)
            status = response.status
        except web.HTTPException as error:
            status = error.status
            raise
        finally:
            telemetry.observe(REQUESTS, perf_counter() - started, area, str(status))
            if teams and status >= 400:
                telemetry.count(REFUSED, REASONS.get(status, str(status)))
        return response

    return measure
