"""Nobody gets further than they may, and forms come from our own pages."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot.access.permissions import Permission
from bot.access.sessions import form_token, new_secret
from bot.access.visitor import ANYBODY, Visitor
from bot.web.access import declared, menu_for
from tests.fakes.site import Site
from tests.fakes.teams import serving
from tests.fakes.visitors import ADMINISTRATOR, CONTACT_A, FEDERATION, form, headers, signed_in
from tests.unit.web.conftest import Client, echo


def origin(client: Client) -> str:
    return f"http://{client.host}:{client.port}"


async def test_d09_who_is_not_signed_in_is_sent_to_the_sign_in_and_back(client: Client) -> None:
    response = await client.get("/of/orust?a=%C3%A5&b=1", headers=headers(""), allow_redirects=False)
    assert response.status == 303
    there = URL(response.headers["Location"])
    assert (there.path, dict(there.query)) == ("/sign-in", {"next": "/of/orust?a=%C3%A5&b=1"})
    assert (await client.post("/page", data={}, headers=headers(""))).status == 403
    program = await client.get("/data")
    assert (program.status, await program.json()) == (401, {"error": "signed_out"})
    assert program.headers["WWW-Authenticate"] == "Bearer"


async def test_d09_a_municipality_in_path_or_query_is_asked_about_each_time(site: Site, client: Client) -> None:
    secret = await signed_in(site.sessions, CONTACT_A)
    for path, status in (
        ("/of/uddevalla", 200),
        ("/of/lysekil", 403),
        ("/of/uddevalla?municipality=lysekil", 403),
        ("/of/uddevalla?municipality=uddevalla&municipality=lysekil", 403),
        ("/of/Uddevalla", 403),
        ("/of/%6cysekil", 403),
        ("/data", 200),
        ("/data?municipality=uddevalla", 200),
        ("/data?municipality=orust", 403),
        ("/page", 403),
    ):
        assert (await client.get(path, headers=headers(secret))).status == status, path


async def test_d09_a_route_without_a_declaration_is_served_to_nobody(site: Site) -> None:
    site.app.router.add_get("/forgotten", echo)
    secret = await signed_in(site.sessions, ADMINISTRATOR)
    async with TestClient(TestServer(site.app)) as client:
        assert (await client.get("/forgotten", headers=headers(secret))).status == 403


def test_routes_that_guard_themselves_are_vouched_for_and_no_later_ones(site: Site) -> None:
    site.app.router.add_post("/bot", echo)
    site.routes.vouch(Permission.SPEAK_AS_TEAMS)
    site.app.router.add_get("/later", echo)
    names = {each.path: each.needs for each in declared(site.app).values()}
    assert names["/bot"] is Permission.SPEAK_AS_TEAMS
    assert "/later" not in names
    assert names["/page"] is Permission.SEE_AUDIT_LOG


def test_the_menu_has_what_the_visitor_may_see(site: Site) -> None:
    assert [each.path for each in menu_for(site.app, ADMINISTRATOR)] == ["/page"]
    assert [*menu_for(site.app, FEDERATION), *menu_for(site.app, ANYBODY)] == []


async def test_w04_a_form_of_the_visitors_own_page_goes_through(site: Site, client: Client) -> None:
    secret = await signed_in(site.sessions, ADMINISTRATOR)
    sent = headers(secret) | {"Origin": origin(client), "Sec-Fetch-Site": "same-origin"}
    response = await client.post("/page", data=form(secret, ord="åäö"), headers=sent)
    told = await response.json()
    assert (response.status, told["subject"], told["form"]["ord"]) == (200, "m-1", "åäö")
    old_browser = headers(secret) | {"Origin": origin(client)}
    assert (await client.post("/page", data=form(secret), headers=old_browser)).status == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
    ids=str,
)
async def test_w04_a_form_from_elsewhere_is_refused(site: Site, client: Client, changed: dict[str, str]) -> None:
    secret = await signed_in(site.sessions, ADMINISTRATOR)
    sent = headers(secret) | {"Origin": origin(client)} | changed
    sent = {name: value for name, value in sent.items() if value}
    response = await client.post("/page", data=form(secret), headers=sent)
    assert response.status == 403
    assert "Formuläret togs inte emot" in await response.text()
    assert (await client.post("/anybody", data={}, headers=sent)).status == 403


@pytest.mark.parametrize("token", ["", "x", "another session's", "the cookie itself", "å"])
async def test_w04_a_form_without_its_sessions_token_is_refused(site: Site, client: Client, token: str) -> None:
    secret, other = [await signed_in(site.sessions, ADMINISTRATOR) for _ in range(2)]
    value = {"another session's": form_token(other), "the cookie itself": secret}.get(token, token)
    sent = headers(secret) | {"Origin": origin(client), "Content-Type": "application/x-www-form-urlencoded"}
    body = f"form_token={value}".encode()
    for data in (body, b""):
        assert (await client.post("/page", data=data, headers=sent)).status == 403


async def test_w04_only_a_form_is_read_as_one(site: Site, client: Client) -> None:
    secret = await signed_in(site.sessions, ADMINISTRATOR)
    sent = headers(secret) | {"Origin": origin(client)}
    upload = FormData(form(secret), default_to_multipart=True)
    upload.add_field("file", b"x", filename="x.txt")
    assert (await client.post("/page", data=upload, headers=sent)).status == 415
    assert (await client.post("/page", json=form(secret), headers=sent)).status == 415
    for odd in (b"form_token=\xff", b"form_token=%ff&a"):
        typed = sent | {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        assert (await client.post("/page", data=odd, headers=typed)).status in (400, 403)
    unknown = sent | {"Content-Type": "application/x-www-form-urlencoded; charset=klingon"}
    assert (await client.post("/page", data=b"a=b", headers=unknown)).status == 400


async def test_w04_a_form_of_a_session_that_is_over_says_so(client: Client) -> None:
    sent = headers(new_secret()) | {"Origin": origin(client)}
    response = await client.post("/page", data={"form_token": "x"}, headers=sent)
    assert response.status == 403
    assert "Du har loggats ut" in await response.text()


async def test_w08_a_body_over_the_cap_is_refused(site: Site, client: Client) -> None:
    secret = await signed_in(site.sessions, ADMINISTRATOR)
    sent = headers(secret) | {"Origin": origin(client), "Content-Type": "application/x-www-form-urlencoded"}
    response = await client.post("/page", data=b"a=" + b"x" * (64 * 1024), headers=sent)
    assert response.status == 413
    assert "Det är för stort" in await response.text()

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 8192

    assert (await client.post("/page", data=endless(), headers=sent)).status == 413


async def test_w08_a_body_that_never_comes_is_not_waited_for(
    site: Site, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.csrf.FORM_TIMEOUT", 0.05)
    secret = await signed_in(site.sessions, ADMINISTRATOR)
    sent = headers(secret) | {"Origin": origin(client), "Content-Type": "application/x-www-form-urlencoded"}
    enough = asyncio.Event()

    async def halting() -> AsyncIterator[bytes]:
        yield b"form_token="
        await enough.wait()

    response = await client.post("/page", data=halting(), headers=sent)
    enough.set()
    assert response.status == 408


async def test_w08_whoever_breaks_off_is_no_mishap(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    secret = await signed_in(site.sessions, ADMINISTRATOR)
    # Not aiohttp's server for tests, which ends whoever reads as soon as the visitor is gone.
    async with serving(site.app) as port:
        place = f"127.0.0.1:{port}"
        sent = headers(secret) | {
            "Host": place,
            "Origin": f"http://{place}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": "2000",
        }
        lines = ["POST /page HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", "form_token="]
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write("\r\n".join(lines).encode())
        await writer.drain()
        await asyncio.sleep(0.05)  # until it is read
        writer.close()
        await writer.wait_closed()
        for _ in range(100):
            if caplog.records:
                break
            await asyncio.sleep(0.01)
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "POST /page was broken off by whoever sent it")
    ]


@asynccontextmanager
async def with_keys() -> AsyncIterator[Client]:
    async def by_key(key: str) -> Visitor | None:
        return CONTACT_A if key == "right" else None

    site = await asyncio.to_thread(lambda: Site(by_key=by_key))
    site.routes.add("GET", "/data", echo, needs=Permission.SEE_MUNICIPALITY, data=True)
    site.routes.add("GET", "/page", echo, needs=Permission.SEE_MUNICIPALITY)
    async with TestClient(TestServer(site.app)) as client:
        yield client


async def test_d09_programs_reach_data_by_key_within_their_permission_and_no_page() -> None:
    async with with_keys() as client:
        for key, path, status in (
            ("Bearer right", "/data", 200),
            ("bearer right", "/data?municipality=uddevalla", 200),
            ("Bearer right", "/data?municipality=lysekil", 403),
            ("Bearer wrong", "/data", 401),
            ("Basic right", "/data", 401),
            ("Bearer", "/data", 401),
            ("Bearer right", "/page", 303),
        ):
            response = await client.get(path, headers={"Authorization": key}, allow_redirects=False)
            assert response.status == status, (key, path)


async def test_a_defect_tells_a_reference_and_nothing_else(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    response = await client.get("/broken", headers=headers(""))
    page = await response.text()
    assert response.status == 500
    assert "Något gick fel" in page
    assert "hemligt" not in page
    assert "Traceback" not in page
    [reference] = re.findall(r"reference (\w+):", caplog.text)
    assert reference in page
    program = await client.get("/broken")
    assert (program.status, (await program.json())["error"]) == (500, "broken")


async def test_d03_a_lost_database_closes_the_pages_that_need_it_and_no_others(site: Site, client: Client) -> None:
    secret = await signed_in(site.sessions, ADMINISTRATOR)
    site.sessions.broken = True
    response = await client.get("/page", headers=headers(secret))
    assert (response.status, response.headers["Retry-After"]) == (503, "10")
    assert (await client.get("/anybody", headers=headers(secret))).status == 200
