"""Addresses and origins that a browser names, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.access.loopback import is_loopback

LONGEST: Final = 1000
"""Characters of an address to go back to."""
FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Via")
"""What proxies add: a request that has one of these began elsewhere, whatever else it looks like."""


def own_path(given: str) -> str:
    """Where to go after the sign-in: a path of this service, or the start page where it is anything else."""
    plain = given.startswith("/") and not given.startswith("//") and len(given) <= LONGEST
    odd = any(not character.isprintable() or character == "\\" for character in given)
    return given if plain and not odd else "/"


def is_local(request: web.Request) -> bool:
    """Whether a request was made on this machine, to this machine by name, and by nobody through a proxy.

    The name matters: a page from elsewhere can have its own name lead here, but not the browser call it localhost.
    """
    return (
        is_loopback(_host(request.host))
        and is_loopback(request.remote or "")
        and not any(name in request.headers for name in FORWARDED)
    )


def own_origins(public_url: str) -> Callable[[web.Request], Collection[str]]:
    """Tells the service's own origins as browsers name them: that of its public address, or else of this machine."""
    parts = urlsplit(public_url.lower())
    public = f"{parts.scheme}://{parts.netloc}"
    if public_url and not is_loopback(parts.hostname or ""):
        return lambda request: (public,)
    return lambda request: (f"http://{request.host.lower()}",) if is_loopback(_host(request.host)) else ()


def _host(given: str) -> str:
    """The host of a Host header, without its port; empty where it is none."""
    try:
        return urlsplit(f"//{given}").hostname or ""
    except ValueError:
        return ""
