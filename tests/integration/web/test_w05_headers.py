"""The security headers, letter by letter, on whatever the application answers."""

from __future__ import annotations

import pytest

from bot.access.visitor import ANYBODY
from bot.web.headers import FORM_POLICY, HEADERS, LIVE_POLICY, PAGE_POLICY, POLICY
from tests.fakes.visitors import ADMINISTRATOR, FEDERATION
from tests.integration.web.conftest import Whole
from tests.integration.web.test_d09_access_matrix import address, routes

pytestmark = pytest.mark.asyncio(loop_scope="package")

EXACTLY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Server": "Fyren",
}
POLICIES = {
    POLICY: "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'none'",
    PAGE_POLICY: "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "script-src 'self'; form-action 'none'",
    FORM_POLICY: "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "script-src 'self'; form-action 'self'",
    LIVE_POLICY: "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "script-src 'self'; form-action 'self'; connect-src 'self'",
}


def check(headers: dict[str, str], name: str) -> None:
    assert {each: headers.get(each) for each in EXACTLY} == EXACTLY, name
    assert headers["Content-Security-Policy"] in POLICIES, name
    public = headers["Cache-Control"].startswith("public")
    assert public or headers["Cache-Control"] == "no-store", name
    assert headers["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin" if public else "same-origin"), name
    assert "X-Powered-By" not in headers
    assert "aiohttp" not in str(headers)


async def test_w05_the_policies_are_these() -> None:
    for policy, letters in POLICIES.items():
        assert policy == letters
        assert "unsafe" not in policy
    assert HEADERS.keys() == EXACTLY.keys() - {"Server"} | {
        "Content-Security-Policy",
        "Cache-Control",
        "Cross-Origin-Resource-Policy",
    }


async def test_w05_every_route_has_them_for_whoever_asks(whole: Whole) -> None:
    for name in routes(whole.app):
        method, path = name.split()
        for visitor in (ANYBODY, FEDERATION, ADMINISTRATOR):
            _, _, headers = await whole.ask(method, address(path), visitor)
            check(headers, name)


async def test_w05_what_goes_wrong_has_them_too(whole: Whole) -> None:
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd", 404),
        ("DELETE", "/", 405),
        ("PUT", "/sign-in", 405),
        ("OPTIONS", "/", 405),
        ("TRACE", "/", 405),
        ("HEAD", "/", 200),
        ("HEAD", "/nowhere", 404),
    ):
        for visitor in (ANYBODY, FEDERATION):
            found, _, headers = await whole.ask(method, path, visitor)
            assert found == status, (method, path)
            check(headers, f"{method} {path}")


async def test_w05_what_is_too_large_has_them(whole: Whole) -> None:
    status, _, headers = await whole.ask("POST", "/sign-out", FEDERATION, a="x" * 70_000)
    assert status == 413
    check(headers, "413")
