"""Signing in as people do, by a real OpenID provider in another thread."""

from __future__ import annotations

import asyncio
import socket
import warnings
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession, CookieJar, web
from yarl import URL

from bot.access.roles import Role
from bot.access.sessions import id_of
from bot.app import create_app
from bot.composition import Parts, open_parts
from bot.conversation.texts import Texts
from bot.settings import Settings, variable

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("ignore"),  # the provider's own, from its thread
]

TENANT = "11111111-1111-1111-1111-111111111111"
PEOPLE: dict[str, dict[str, Any]] = {
    "strategist": {"roles": ["Fyren.Federation"], "tid": TENANT, "oid": "oid-f", "name": "Frida Förbund"},
    "contact": {"groups": ["g-1"], "tid": TENANT, "oid": "oid-c", "name": "Ulla Uddevalla"},
    "stranger": {"roles": ["Other.Role"], "tid": TENANT, "oid": "oid-s", "name": "Sven Främling"},
    "foreigner": {"roles": ["Fyren.Federation"], "tid": TENANT.replace("1", "2"), "oid": "oid-x"},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider whose people are PEOPLE."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is built on what its own libraries call old
        from oidc_provider_mock import User, run_server_in_thread

        users = [User(sub=sub, claims=dict(claims)) for sub, claims in PEOPLE.items()]
        with run_server_in_thread(user_claims=users, require_nonce=True) as server:
            yield f"http://localhost:{server.server_port}"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(provider: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[str, Parts]]:
    """The application's address, and its parts."""
    port = free_port()
    url = f"http://localhost:{port}"
    with pytest.MonkeyPatch.context() as patch:
        for name in Settings.model_fields:
            patch.delenv(variable(name), raising=False)
        patch.setenv("FYREN_SIGNIN_ROLES", "Fyren.Federation=federation,g-1=contact:uddevalla+lysekil")
        settings = Settings.read(
            data_dir=tmp_path_factory.mktemp("signin"),
            builtin_library=False,
            embedding_provider="off",
            public_url=url,
            signin_authority=provider,
            signin_client_id="fyren-pages",
            signin_client_secret="s3cr3t-of-the-pages",
            signin_allowed_tenants=(TENANT,),
        )
    parts = await open_parts(settings, await asyncio.to_thread(Texts.load))
    app = await asyncio.to_thread(create_app, parts)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "localhost", port).start()
    try:
        yield url, parts
    finally:
        await runner.cleanup()
        await parts.close()


async def signs(parts: Parts) -> list[tuple[str, str]]:
    """Who signed in and out, as the audit log has it, oldest first."""
    entries = [each.event for each in await parts.database.audit.entries()]
    return [(each.actor, str(each.action)) for each in reversed(entries) if each.action.startswith("sign")]


async def sign_in(browser: ClientSession, url: str, person: str, after: str = "/") -> tuple[int, URL, str]:
    """Go to the provider, sign in there, and come back: status, address and page at the end."""
    async with browser.get(f"{url}/sign-in/start", params={"next": after}) as form:
        there = form.url
        assert there.path == "/oauth2/authorize"
    async with browser.post(there, data={"sub": person}) as back:
        return back.status, back.url, await back.text()


async def secret_of(browser: ClientSession) -> str:
    """The secret of the browser's session; empty where it has none."""
    return next((each.value for each in browser.cookie_jar if each.key == "fyren-session"), "")


@pytest.mark.parametrize(
    ("person", "roles", "municipalities"),
    [
        ("strategist", frozenset({Role.FEDERATION}), frozenset()),
        ("contact", frozenset({Role.CONTACT}), frozenset({"uddevalla", "lysekil"})),
    ],
)
async def test_w01_people_sign_in_by_a_real_provider_with_the_roles_that_they_have_there(
    served: tuple[str, Parts], person: str, roles: frozenset[Role], municipalities: frozenset[str]
) -> None:
    url, parts = served
    before = len(await signs(parts))
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        status, address, page = await sign_in(browser, url, person, "/?from=there")
        assert (status, str(address)) == (200, f"{url}/?from=there")
        assert PEOPLE[person]["name"] in page
        session_id = id_of(await secret_of(browser))
        session = await parts.database.web_sessions.find(session_id)
        assert session is not None
        assert (session.visitor.roles, session.visitor.municipalities) == (roles, municipalities)
        assert (session.visitor.subject, session.visitor.tenant) == (PEOPLE[person]["oid"], TENANT)
        token = page.partition('name="form_token" value="')[2].partition('"')[0]
        async with browser.post(f"{url}/sign-out", data={"form_token": token}, headers={"Origin": url}) as out:
            assert (out.status, out.url.path) == (200, "/sign-in")
        assert await parts.database.web_sessions.find(session_id) is None
    actor = PEOPLE[person]["oid"]
    assert (await signs(parts))[before:] == [(actor, "signed_in"), (actor, "signed_out")]


@pytest.mark.parametrize(
    ("person", "says", "recorded"),
    [
        ("stranger", "ingen roll", [("oid-s", "sign_in_refused")]),
        ("foreigner", "gick inte att lita på", []),
    ],
)
async def test_w01_who_has_no_role_or_another_tenant_stays_outside(
    served: tuple[str, Parts], person: str, says: str, recorded: list[tuple[str, str]]
) -> None:
    url, parts = served
    before = len(await signs(parts))
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        status, address, page = await sign_in(browser, url, person)
        assert (status, address.path, says in page) == (403, "/sign-in/callback", True)
        assert not await secret_of(browser)
    assert (await signs(parts))[before:] == recorded


async def test_w01_saying_no_at_a_real_provider_and_going_back_twice_sign_nobody_in(
    served: tuple[str, Parts],
) -> None:
    url, _ = served
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        async with browser.get(f"{url}/sign-in/start") as form:
            there = form.url
        async with browser.post(there, data={"action": "deny"}, allow_redirects=False) as denied:
            assert "error=access_denied" in denied.headers["Location"]
        async with browser.get(f"{url}/sign-in/start") as form:
            there = form.url
        async with browser.post(there, data={"sub": "strategist"}, allow_redirects=False) as granted:
            back = granted.headers["Location"]
        async with browser.get(back, allow_redirects=False) as first:
            assert first.status == 303
        used = await secret_of(browser)
        async with browser.get(back, allow_redirects=False) as again:
            assert again.status == 403
        assert await secret_of(browser) == used
