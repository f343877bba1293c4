"""The one-time link of this machine: long, short-lived, used once, never in a request line, and not guessed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.access.roles import Role
from bot.access.sessions import id_of
from bot.web.signin.errors import Reason, SigninRefused
from bot.web.signin.local import LOCKED, VALID, LocalLink
from bot.web.signin.pages import SigninPages
from tests.fakes.site import Site
from tests.unit.web.conftest import Client


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def refusal(link: LocalLink, code: str) -> Reason:
    with pytest.raises(SigninRefused) as caught:
        link.redeem(code)
    assert not code or code not in str(caught.value), "the log must not have it"
    return caught.value.reason


def test_w02_a_link_is_long_works_once_and_for_ten_minutes() -> None:
    clock = Clock()
    link = LocalLink(clock=clock)
    assert refusal(link, "") is Reason.WRONG_CODE, "before a link was made none works"
    code = link.issue()
    assert len(code) == 43, "256 bits"
    visitor = link.redeem(code)
    assert visitor.roles == {Role.FEDERATION, Role.ADMINISTRATOR}
    assert refusal(link, code) is Reason.WRONG_CODE
    late = link.issue()
    clock.now += VALID
    assert refusal(link, late) is Reason.WRONG_CODE
    earlier, later = link.issue(), link.issue()
    assert refusal(link, earlier) is Reason.WRONG_CODE, "one link at a time"
    assert link.redeem(later) == visitor


def test_w02_what_is_kept_is_a_hash_and_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []

    def compare(one: str, other: str) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr("bot.web.signin.local.hmac.compare_digest", compare)
    link = LocalLink()
    code = link.issue()
    assert not any(code in str(getattr(link, name, "")) for name in vars(link))
    refusal(link, "guess")
    link.redeem(code)
    assert compared == [(id_of("guess"), id_of(code)), (id_of(code), id_of(code))]


def test_w02_ten_wrong_codes_in_a_minute_lock_everybody_out_even_with_the_right_one() -> None:
    clock = Clock()
    link = LocalLink(clock=clock)
    for _ in range(30):
        assert refusal(link, "slow guess") is Reason.WRONG_CODE
        clock.now += 6.7
    clock.now += 60
    for _ in range(10):
        assert refusal(link, "quick guess") is Reason.WRONG_CODE
        clock.now += 0.1
    code = link.issue()
    assert refusal(link, code) is Reason.LOCKED
    clock.now += LOCKED - 2
    assert refusal(link, link.issue()) is Reason.LOCKED
    clock.now += 2
    assert link.redeem(link.issue()).signed_in


class Machine:
    """This machine: pages with a link, and a browser."""

    def __init__(self, site: Site, link: LocalLink, client: Client) -> None:
        self.site, self.link, self.client = site, link, client

    @property
    def origin(self) -> str:
        return f"http://{self.client.host}:{self.client.port}"

    async def post(self, code: str, **headers: str) -> tuple[int, str]:
        sent = {"Origin": self.origin, "Accept": "text/html", **headers}
        response = await self.client.post("/sign-in/local", data={"code": code}, headers=sent, allow_redirects=False)
        return response.status, response.headers.get("Location") or await response.text()


@pytest.fixture
async def machine() -> AsyncIterator[Machine]:
    site = await asyncio.to_thread(Site)
    link = LocalLink()
    SigninPages(site.pages, site.cookies, site.audit, local=link).attach(site.routes)
    async with TestClient(TestServer(site.app)) as client:
        yield Machine(site, link, client)


async def test_w02_the_posted_code_signs_in_and_the_page_for_it_works_without_a_script(machine: Machine) -> None:
    page = await (await machine.client.get("/sign-in/local")).text()
    assert re.search(r'<form method="post" action="/sign-in/local" id="local">', page)
    assert re.search(r'<label for="code">Kod</label>\s*<input id="code" name="code" required', page)
    assert re.search(r'<script src="/static/signin\.js\?v=\w+" defer></script>', page)
    assert await machine.post(f" {machine.link.issue()}\n") == (303, "/")
    assert len(machine.site.sessions.kept) == 1
    assert machine.site.audit.actions() == ["signed_in"]


async def test_w02_a_code_in_the_address_opens_nothing(machine: Machine) -> None:
    code = machine.link.issue()
    for path in (f"/sign-in/local?code={code}", f"/sign-in/local/{code}", f"/sign-in?code={code}"):
        response = await machine.client.get(path)
        assert response.status in (200, 404)
        assert code not in (await response.text()).replace(f"code={code}&", ""), "but in a link to the other language"
        assert machine.site.sessions.kept == {}
    status, _ = await machine.post("")
    assert status == 403
    assert (await machine.post(code))[0] == 303


async def test_w02_guessing_over_http_is_locked_out_and_told_so(machine: Machine) -> None:
    for _ in range(10):
        assert (await machine.post("guess"))[0] == 403
    status, page = await machine.post(machine.link.issue())
    assert (status, "För många felaktiga koder" in page) == (429, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "fyren.example.se", "Origin": "http://fyren.example.se"},
        {"Host": "rebound.evil.example:3978", "Origin": "http://rebound.evil.example:3978"},
        {"Origin": "https://evil.example"},
        {"X-Forwarded-For": "10.0.0.1"},
        {"Forwarded": "for=10.0.0.1"},
    ],
    ids=lambda headers: next(iter(headers.values())),
)
async def test_w02_the_code_counts_on_this_machine_only(machine: Machine, headers: dict[str, str]) -> None:
    status, _ = await machine.post(machine.link.issue(), **headers)
    assert status in (403, 404)
    assert machine.site.sessions.kept == {}


async def test_w02_without_a_link_there_is_no_such_sign_in() -> None:
    site = await asyncio.to_thread(Site)
    SigninPages(site.pages, site.cookies, site.audit).attach(site.routes)
    async with TestClient(TestServer(site.app)) as client:
        machine = Machine(site, LocalLink(), client)
        assert (await machine.post(machine.link.issue()))[0] == 404
        page = await (await client.get("/sign-in")).text()
        assert "ingen inloggning är inställd" in page
        assert "<form" not in page
        assert (await client.get("/sign-in/start")).status == 404
        assert (await client.get("/sign-in/callback")).status == 404
