"""Security headers on every response, errors included."""

from __future__ import annotations

from typing import Final

from aiohttp import web

_NOTHING: Final = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
POLICY: Final = f"{_NOTHING}form-action 'none'"
"""What may be loaded by what is no page of ours: nothing but what belongs to this service, and no script."""
PAGE_POLICY: Final = f"{_NOTHING}script-src 'self'; form-action 'none'"
"""A page: the service's own scripts too, and no form."""
FORM_POLICY: Final = f"{_NOTHING}script-src 'self'; form-action 'self'"
"""A page with a form, which goes to this service only."""

LIVE_POLICY: Final = f"{FORM_POLICY}; connect-src 'self'"
"""The same for a page whose script hears from this service while it is open."""

HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Other services learn nothing; with `no-referrer` browsers would not say either that a form is from here.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Browsers heed it over HTTPS only, which a proxy in front of the service provides.
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cache-Control": "no-store",
}


def attach(app: web.Application) -> None:
    """Set the headers on all that `app` answers; a page that sets one itself keeps its own."""
    app.on_response_prepare.append(_prepare)


async def _prepare(request: web.Request, response: web.StreamResponse) -> None:
    dress(response)


def dress(response: web.StreamResponse) -> None:
    """Set the headers on an answer."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # Which server and version this is helps nobody but those who look for its weaknesses.
    response.headers["Server"] = "Fyren"
