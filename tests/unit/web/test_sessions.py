"""Sessions over HTTP: new secrets, real ends, cookies that go nowhere else."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from http.cookies import Morsel, SimpleCookie

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.access.permissions import Permission
from bot.access.sessions import form_token, id_of, new_secret
from bot.web.sessions import visitor_of
from tests.fakes.site import Site
from tests.fakes.visitors import ADMINISTRATOR, FEDERATION, cookie, headers, signed_in
from tests.unit.web.conftest import Client


def set_cookie(response: web.Response | object, name: str) -> Morsel[str]:
    """The cookie that a response sets."""
    jar: SimpleCookie = SimpleCookie()
    for line in response.headers.getall("Set-Cookie"):  # type: ignore[union-attr]  # a client's response
        jar.load(line)
    return jar[name]


async def served(site: Site) -> Client:
    """Pages that open and close sessions, as the sign-in does."""

    async def come(request: web.Request) -> web.Response:
        response = web.Response()
        await site.cookies.open(request, response, FEDERATION)
        return response

    async def leave(request: web.Request) -> web.Response:
        response = web.Response()
        await site.cookies.close(request, response)
        return response

    async def who(request: web.Request) -> web.Response:
        return web.Response(text=visitor_of(request).subject)

    for path, handler in (("/come", come), ("/leave", leave), ("/who", who)):
        site.routes.add("GET", path, handler, needs=Permission.BE_ANYBODY)
    return TestClient(TestServer(site.app))


@pytest.fixture
async def plain() -> Site:
    return await asyncio.to_thread(Site)


@pytest.mark.parametrize(
    ("public_url", "name", "secure"),
    [("", "fyren-session", ""), ("https://fyren.example.se", "__Host-fyren-session", True)],
)
async def test_w03_the_cookie_goes_back_to_this_host_only_and_no_script_reads_it(
    public_url: str, name: str, secure: object
) -> None:
    site = await asyncio.to_thread(lambda: Site(public_url=public_url))
    async with await served(site) as client:
        morsel = set_cookie(await client.get("/come"), name)
    assert (morsel["path"], morsel["domain"], morsel["secure"]) == ("/", "", secure)
    assert (morsel["httponly"], morsel["samesite"]) == (True, "Lax")
    assert (morsel["max-age"], morsel["expires"]) == ("", "")
    assert list(site.sessions.kept) == [id_of(morsel.value)], "only the hash is stored"


async def test_w03_the_secret_is_new_at_each_sign_in_and_the_old_one_dead(plain: Site) -> None:
    async with await served(plain) as client:
        first = await signed_in(plain.sessions, ADMINISTRATOR)
        fixed = cookie(new_secret())
        planted = set_cookie(await client.get("/come", cookies=fixed), "fyren-session").value
        assert planted not in fixed.values(), "a secret that was planted is not taken over"
        second = set_cookie(await client.get("/come", cookies=cookie(first)), "fyren-session").value
        assert second != first
        client.session.cookie_jar.clear()
        assert await (await client.get("/who", headers=headers(first))).text() == ""
        assert await (await client.get("/who", headers=headers(second))).text() == "f-1"


async def test_w03_signing_out_ends_the_session_here_and_takes_the_cookie(plain: Site) -> None:
    async with await served(plain) as client:
        secret = await signed_in(plain.sessions, FEDERATION)
        response = await client.get("/leave", headers=headers(secret))
        assert set_cookie(response, "fyren-session")["max-age"] == "0"
        assert plain.sessions.kept == {}
        assert await (await client.get("/who", headers=headers(secret))).text() == "", "a kept cookie opens nothing"


async def test_w03_a_session_ends_by_idling_and_by_age(plain: Site) -> None:
    async with await served(plain) as client:
        secret = await signed_in(plain.sessions, FEDERATION, now=plain.now)

        async def subject() -> str:
            return await (await client.get("/who", headers=headers(secret))).text()

        start = plain.now
        for minutes in range(0, 10 * 60, 29):
            plain.now = start + timedelta(minutes=minutes)
            assert await subject() == "f-1"
        plain.now = start + timedelta(hours=10)
        assert await subject() == ""
        assert plain.sessions.kept == {}, "it is deleted, not only ignored"
        idle = await signed_in(plain.sessions, FEDERATION, now=plain.now)
        plain.now += timedelta(minutes=30)
        assert await (await client.get("/who", headers=headers(idle))).text() == ""


async def test_w03_a_changed_cookie_opens_nothing(plain: Site) -> None:
    async with await served(plain) as client:
        secret = await signed_in(plain.sessions, FEDERATION)
        flipped = secret[:-1] + ("A" if secret[-1] != "A" else "B")
        for odd in (flipped, secret + "A", secret[:-1], secret.upper(), id_of(secret), form_token(secret), "x" * 4000):
            response = await client.get("/who", headers=headers(odd))
            assert (response.status, await response.text()) == (200, ""), odd
        raw = await client.get("/who", headers={"Cookie": b"fyren-session=\xff\xfe".decode("latin-1")})
        assert raw.status == 200


async def test_not_every_page_costs_a_write(plain: Site) -> None:
    async with await served(plain) as client:
        secret = await signed_in(plain.sessions, FEDERATION, now=plain.now)
        for _ in range(4):
            await client.get("/who", headers=headers(secret))
            plain.now += timedelta(seconds=25)
    assert plain.sessions.touches == 1


async def test_ended_sessions_are_deleted_in_the_background(plain: Site) -> None:
    await signed_in(plain.sessions, FEDERATION, now=plain.now - timedelta(minutes=31))
    await signed_in(plain.sessions, FEDERATION, now=plain.now - timedelta(minutes=29))
    assert await plain.cookies.forget_ended() == 1
    assert len(plain.sessions.kept) == 1
