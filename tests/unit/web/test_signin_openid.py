"""Signing in by an OpenID provider: what is believed, and everything that is not."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from joserfc.jwk import ECKey
from yarl import URL

from bot.access.roles import Grant, Role
from bot.access.sessions import new_secret
from bot.web.signin.config import SigninConfig
from bot.web.signin.openid import OpenidSignin
from bot.web.signin.pages import SigninPages
from bot.web.signin.provider import Provider
from tests.fakes.openid import CLIENT_ID, CLIENT_SECRET, TENANT, Claims, ScriptedProvider, rsa_key, signed
from tests.fakes.site import Site
from tests.unit.web.conftest import Client

OTHER = "22222222-2222-2222-2222-222222222222"
BACK = "http://localhost/sign-in/callback"
GRANTS = {
    "Fyren.Federation": (Grant(Role.FEDERATION),),
    "group-1": (Grant(Role.CONTACT, ("uddevalla", "lysekil")),),
}


@dataclass(slots=True)
class World:
    """A provider, the pages, and a browser. `tick` moves the pages' monotonic clock, in seconds."""

    provider: ScriptedProvider
    site: Site
    client: Client
    tick: float = 0.0

    async def start(self, after: str = "") -> str:
        """The provider's address that the browser is sent to."""
        response = await self.client.get("/sign-in/start", params={"next": after}, allow_redirects=False)
        assert response.status == 303, await response.text()
        return response.headers["Location"]

    async def back(self, address: str, **changed: str) -> Any:
        """The answer to somebody who comes back after signing in at this address."""
        said = {"state": URL(address).query["state"], "code": self.provider.authorize(address)} | changed
        return await self.client.get("/sign-in/callback", params=said, allow_redirects=False)

    async def sign_in(self, after: str = "") -> Any:
        return await self.back(await self.start(after))

    async def refused(self, says: str) -> None:
        """Signing in fails, with these words, and leaves nothing."""
        response = await self.sign_in()
        assert response.status == 403, response.headers.get("Location")
        assert says in await response.text()
        assert self.site.sessions.kept == {}
        assert "signed_in" not in self.site.audit.actions()


@asynccontextmanager
async def world(**changed: Any) -> AsyncIterator[World]:
    async with ScriptedProvider().running() as provider:
        settled = SigninConfig(provider.url, CLIENT_ID, CLIENT_SECRET, BACK, GRANTS, frozenset({TENANT}), timeout=2.0)
        config = replace(
            settled, **{name: value(provider) if callable(value) else value for name, value in changed.items()}
        )
        found: list[World] = []
        site = await asyncio.to_thread(Site)
        openid = OpenidSignin(config, await asyncio.to_thread(lambda: Provider(config, clock=lambda: found[0].tick)))
        SigninPages(site.pages, site.cookies, site.audit, openid=openid).attach(site.routes)
        async with TestClient(TestServer(site.app)) as client:
            found.append(World(provider, site, client))
            yield found[0]
        await openid.close()


async def test_somebody_with_a_role_is_signed_in_and_sent_where_they_were_going() -> None:
    async with world() as w:
        address = URL(await w.start("/results?a=1"))
        assert {name: address.query[name] for name in ("client_id", "response_type", "scope", "redirect_uri")} == {
            "client_id": CLIENT_ID,
            "response_type": "code",
            "scope": "openid profile",
            "redirect_uri": BACK,
        }
        assert address.query["code_challenge_method"] == "S256"
        assert len(address.query["code_challenge"]) == 43
        response = await w.back(str(address))
        assert (response.status, response.headers["Location"]) == (303, "/results?a=1")
        [session] = w.site.sessions.kept.values()
        visitor = session.visitor
        assert (visitor.subject, visitor.tenant, visitor.name) == ("oid-1", TENANT, "Frida Förbund")
        assert visitor.roles == {Role.FEDERATION}
        assert w.site.audit.actions() == ["signed_in"]
        assert "Frida" not in str(w.site.audit.kept), "the log names nobody"


async def test_groups_give_roles_too_and_a_contact_its_municipalities() -> None:
    async with world() as w:
        w.provider.claims = {"roles": None, "groups": ["other", "group-1"], "oid": None}
        assert (await w.sign_in()).status == 303
        [session] = w.site.sessions.kept.values()
        assert session.visitor.roles == {Role.CONTACT}
        assert session.visitor.municipalities == {"uddevalla", "lysekil"}
        assert session.visitor.subject == "sub-1"


@pytest.mark.parametrize(
    "claims",
    [{"roles": None}, {"roles": ["Other"]}, {"roles": "Fyren.Federation"}, {"roles": [{"Fyren.Federation": 1}]}],
    ids=str,
)
async def test_nobody_without_a_role_gets_in_and_is_told_whom_to_ask(claims: Claims) -> None:
    async with world() as w:
        w.provider.claims = claims
        await w.refused("Be kontakt@example.se om en roll")
        assert [(each.event.actor, each.event.action) for each in w.site.audit.kept] == [("oid-1", "sign_in_refused")]


def encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def unsigned(claims: Claims) -> str:
    return f"{encoded({'alg': 'none', 'typ': 'JWT', 'kid': 'k1'})}.{encoded(claims)}."


def by_public_key(claims: Claims, secret: bytes) -> str:
    """What a service would believe that takes the token's word for how it is signed."""
    content = f"{encoded({'alg': 'HS256', 'typ': 'JWT', 'kid': 'k1'})}.{encoded(claims)}"
    return f"{content}.{base64.urlsafe_b64encode(hmac.digest(secret, content.encode(), 'sha256')).decode().rstrip('=')}"


def with_body(token: str, claims: Claims) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{encoded(claims)}.{signature}"


def forgeries(provider: ScriptedProvider) -> dict[str, Callable[[Claims], str]]:
    """Tokens that somebody without the provider's key can make."""
    honest, foreign = provider.keys[0], rsa_key("k1", 1)
    return {
        "alg none": unsigned,
        "alg none, with a signature": lambda claims: unsigned(claims) + signed(claims, honest).rpartition(".")[2],
        "another key of the same id": lambda claims: signed(claims, foreign),
        "an unknown key": lambda claims: signed(claims, rsa_key("k9")),
        "no key id, and another key": lambda claims: signed(claims, foreign, kid=None),
        "its own key in the header": lambda claims: signed(claims, foreign, jwk=foreign.as_dict(private=False)),
        "HMAC by the public key": lambda claims: by_public_key(claims, honest.as_pem(private=False)),
        "HMAC by nothing": lambda claims: by_public_key(claims, b""),
        "an algorithm that was not agreed": lambda claims: signed(claims, honest, alg="RS384"),
        "another body": lambda claims: with_body(signed(claims | {"sub": "x"}, honest), claims),
        "no token": lambda claims: "abc",
        "empty": lambda claims: "",
        "two parts": lambda claims: signed(claims, honest).rpartition(".")[0],
        "far too long": lambda claims: "a." + "x" * 70_000 + ".b",
        "no JSON object": lambda claims: f"{encoded([1])}.{encoded(claims)}.x",
    }


NAMES = list(forgeries(ScriptedProvider()))


@pytest.mark.parametrize("name", NAMES)
async def test_w01_a_forged_token_is_refused(name: str) -> None:
    async with world() as w:
        w.provider.sign = forgeries(w.provider)[name]
        await w.refused("gick inte att lita på")


WRONG: dict[str, Callable[[int], Claims]] = {
    "expired": lambda now: {"exp": now - 3600},
    "no expiry": lambda now: {"exp": None},
    "an expiry that is no time": lambda now: {"exp": "tomorrow"},
    "not valid yet": lambda now: {"nbf": now + 3600},
    "issued in the future": lambda now: {"iat": now + 3600},
    "not issued": lambda now: {"iat": None},
    "for another client": lambda now: {"aud": "another-client"},
    "for nobody": lambda now: {"aud": None},
    "for a client whose id begins alike": lambda now: {"aud": f"{CLIENT_ID}-2"},
    "for several clients": lambda now: {"aud": [CLIENT_ID, "another-client"]},
    "by another issuer": lambda now: {"iss": "https://login.example"},
    "by nobody": lambda now: {"iss": None},
    "by an empty issuer": lambda now: {"iss": ""},
    "another nonce": lambda now: {"nonce": "another"},
    "no nonce": lambda now: {"nonce": None},
    "about nobody": lambda now: {"sub": None},
    "another tenant": lambda now: {"tid": OTHER},
    "no tenant": lambda now: {"tid": None},
    "a list of tenants": lambda now: {"tid": [TENANT]},
}


@pytest.mark.parametrize("name", WRONG)
async def test_w01_a_token_that_says_something_wrong_is_refused(name: str) -> None:
    async with world() as w:
        w.provider.claims = WRONG[name](int(time.time()))
        await w.refused("gick inte att lita på")


async def test_w01_clocks_may_differ_by_a_minute() -> None:
    async with world() as w:
        now = int(time.time())
        for claims, status in (
            ({"exp": now - 45}, 303),
            ({"exp": now - 90}, 403),
            ({"nbf": now + 45, "iat": now + 45}, 303),
            ({"nbf": now + 90}, 403),
        ):
            w.provider.claims = dict(claims)
            assert (await w.sign_in()).status == status, claims


async def test_w01_a_state_works_once_in_its_own_browser_and_in_time() -> None:
    async with world() as w:
        address = await w.start()
        assert (await w.back(address)).status == 303
        for again in (await w.back(address), await w.back(address, state=""), await w.back(address, state="x")):
            assert again.status == 403
            assert "Försök igen" in await again.text()
        stolen = await w.start()
        w.client.session.cookie_jar.clear()
        assert (await w.back(stolen)).status == 403, "another browser finishes what this one began"
        other = await w.start()
        w.client.session.cookie_jar.clear()
        w.client.session.headers["Cookie"] = f"fyren-attempt={new_secret()}"
        assert (await w.back(other)).status == 403
        assert len(w.site.sessions.kept) == 1


async def test_w01_two_tabs_can_be_under_way_and_a_code_of_one_is_no_code_of_the_other() -> None:
    async with world() as w:
        one, two = await w.start("/one"), await w.start("/two")
        code = w.provider.authorize(one)
        assert (await w.back(two, code=code)).status == 403, "the verifier is the other attempt's"
        assert w.provider.asked[-1] == "token"
        assert (await w.back(one)).headers["Location"] == "/one"


async def test_w01_without_pkce_the_provider_gives_no_token() -> None:
    async with world() as w:
        address = await w.start()
        bare = str(URL(address).without_query_params("code_challenge", "code_challenge_method"))
        response = await w.back(bare)
        assert response.status == 403
        assert w.site.sessions.kept == {}


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"error": "access_denied", "code": ""}, "avbröts"),
        ({"error": "<script>alert(1)</script>"}, "avbröts"),
        ({"code": ""}, "lita på"),
        ({"code": "made up"}, "lita på"),
    ],
)
async def test_w01_what_comes_back_without_a_code_signs_nobody_in(said: dict[str, str], text: str) -> None:
    async with world() as w:
        response = await w.back(await w.start(), **said)
        page = await response.text()
        assert response.status == 403
        assert text in page
        assert "<script>alert" not in page


async def test_w01_the_provider_leads_to_no_place_outside() -> None:
    async with world() as w:
        for after in (
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "\t//evil.example",
            "/a\r\nX: y",
            "",
        ):
            assert (await w.sign_in(after)).headers["Location"] == "/"


class TestTenants:
    """Entra for several tenants: one description and one set of keys, an issuer for each tenant."""

    @staticmethod
    def several(provider: ScriptedProvider) -> None:
        provider.description = {"issuer": f"{provider.url}/{{tenantid}}/v2.0"}

    async def test_each_tenant_has_its_issuer(self) -> None:
        async with world(tenants=frozenset({TENANT, OTHER})) as w:
            self.several(w.provider)
            for tenant, issuer, status in (
                (TENANT, TENANT, 303),
                (OTHER, OTHER, 303),
                (TENANT, OTHER, 403),
                (OTHER, "{tenantid}", 403),
            ):
                w.provider.claims = {"tid": tenant, "iss": f"{w.provider.url}/{issuer}/v2.0"}
                assert (await w.sign_in()).status == status, (tenant, issuer)
            w.provider.claims = {"tid": None, "iss": f"{w.provider.url}/{{tenantid}}/v2.0"}
            assert (await w.sign_in()).status == 403

    async def test_w01_a_key_that_signs_for_one_tenant_signs_for_no_other(self) -> None:
        async with world(tenants=frozenset({TENANT, OTHER})) as w:
            self.several(w.provider)
            key = w.provider.keys.pop()
            issuer = f"{w.provider.url}/{OTHER}/v2.0"
            w.provider.extra_keys = [{**key.as_dict(private=False), "issuer": issuer}]
            w.provider.sign = lambda claims: signed(claims, key)
            for tenant, status in ((TENANT, 403), (OTHER, 303)):
                w.provider.claims = {"tid": tenant, "iss": f"{w.provider.url}/{tenant}/v2.0"}
                assert (await w.sign_in()).status == status

    async def test_a_role_of_one_tenant_is_none_in_another(self) -> None:
        grants = {"Fyren.Federation": (Grant(Role.FEDERATION, (), TENANT),)}
        async with world(tenants=frozenset({TENANT, OTHER}), grants=grants) as w:
            self.several(w.provider)
            for tenant, status in ((TENANT, 303), (OTHER, 403)):
                w.provider.claims = {"tid": tenant, "iss": f"{w.provider.url}/{tenant}/v2.0"}
                assert (await w.sign_in()).status == status

    async def test_w01_another_service_cannot_pass_for_this_one(self) -> None:
        for issuer in ("https://evil.example", "https://evil.example/{tenantid}"):
            async with world() as w:
                w.provider.description = {"issuer": issuer}
                assert (await w.client.get("/sign-in/start", allow_redirects=False)).status == 503


class TestKeys:
    """The provider's keys are kept, found again when they change, and asked for in moderation."""

    async def test_w01_a_new_key_is_found_and_a_flood_of_unknown_ones_asks_once_a_minute(self) -> None:
        async with world() as w:
            assert (await w.sign_in()).status == 303
            w.provider.keys = [rsa_key("k2")]
            w.tick += 61
            assert (await w.sign_in()).status == 303
            asked = w.provider.asked.count("keys")
            w.provider.sign = lambda claims: signed(claims, rsa_key("unknown"))
            for _ in range(3):
                assert (await w.sign_in()).status == 403
            assert w.provider.asked.count("keys") == asked
            w.tick += 61
            assert (await w.sign_in()).status == 403
            assert w.provider.asked.count("keys") == asked + 1

    async def test_old_keys_outlive_a_failure_and_are_read_again_every_hour(self) -> None:
        async with world() as w:
            assert (await w.sign_in()).status == 303
            w.provider.failing = {"keys": 2, "description": 2}
            w.tick += 24 * 3600 + 1
            assert (await w.sign_in()).status == 303
            assert w.provider.failing == {"keys": 0, "description": 0}
            w.tick += 61
            asked = len(w.provider.asked)
            assert (await w.sign_in()).status == 303
            assert w.provider.asked[asked:] == ["description", "token", "keys"]

    async def test_w01_a_known_key_does_not_wait_for_keys_that_are_read_anew(self) -> None:
        async with world() as w:
            assert (await w.sign_in()).status == 303
            address, stuck = await w.start(), await w.start()
            w.tick += 3601
            w.provider.hangs, w.provider.asked = {"keys"}, [""]
            first = asyncio.create_task(w.back(stuck))
            while w.provider.asked[-1] != "keys":  # noqa: ASYNC110 - seen from outside
                await asyncio.sleep(0.01)
            assert (await w.back(address)).status == 303
            w.provider.hanging.set()
            assert (await first).status == 303

    async def test_elliptic_keys_sign_too_and_odd_ones_take_nobody_down(self) -> None:
        async with world() as w:
            w.provider.keys = [ECKey.generate_key("P-256", {"kid": "e1", "use": "sig"})]
            w.provider.extra_keys = [
                "x",
                {"kty": "RSA"},
                {"kty": "klingon", "kid": "k"},
                {"kty": "oct", "k": "AAAA", "kid": "o"},
                {**rsa_key("for encryption").as_dict(private=False), "use": "enc"},
            ]
            assert (await w.sign_in()).status == 303

    async def test_a_single_key_needs_no_id(self) -> None:
        async with world() as w:
            w.provider.sign = lambda claims: signed(claims, w.provider.keys[0], kid=None)
            assert (await w.sign_in()).status == 303
            w.provider.keys.append(rsa_key("k2"))
            w.tick += 3601
            assert (await w.sign_in()).status == 403


class TestFailingProvider:
    """A provider in trouble: tried again where that is safe, then told, and never waited for for long."""

    async def test_what_passes_is_tried_again(self) -> None:
        async with world() as w:
            w.provider.failing = {"description": 1, "keys": 1}
            assert (await w.sign_in()).status == 303

    async def test_what_lasts_is_told(self) -> None:
        async with world() as w:
            w.provider.failing = {"description": 2}
            response = await w.client.get("/sign-in/start", allow_redirects=False)
            assert (response.status, response.headers["Retry-After"]) == (503, "10")
            assert "svarar inte just nu" in await response.text()
            asked = len(w.provider.asked)
            assert (await w.client.get("/sign-in/start", allow_redirects=False)).status == 503
            assert len(w.provider.asked) == asked, "it is left alone for some seconds"
            w.tick += 6
            assert (await w.sign_in()).status == 303

    async def test_a_code_is_not_sent_twice(self) -> None:
        async with world() as w:
            address = await w.start()
            w.provider.failing = {"token": 1}
            assert (await w.back(address)).status == 503
            assert w.provider.asked.count("token") == 1

    @pytest.mark.parametrize(
        ("answer", "status"),
        [
            (lambda: web.Response(text="<html>"), 503),
            (lambda: web.json_response([1]), 503),
            (lambda: web.json_response({"access_token": "a", "token_type": "Bearer"}), 403),
            (lambda: web.json_response({"id_token": 1, "access_token": "a", "token_type": "Bearer"}), 403),
            (lambda: web.json_response({"error": "invalid_client"}, status=401), 403),
        ],
        ids=["a page", "a list", "no id token", "an odd id token", "an error"],
    )
    async def test_an_odd_answer_for_a_code_signs_nobody_in(
        self, answer: Callable[[], web.Response], status: int
    ) -> None:
        async with world() as w:
            address = await w.start()
            w.provider.token_answer = answer
            assert (await w.back(address)).status == status
            assert w.site.sessions.kept == {}

    @pytest.mark.parametrize(
        "described", [{"issuer": None}, {"token_endpoint": 1}, {"jwks_uri": None}, {"issuer": "https://evil.example"}]
    )
    async def test_an_odd_description_is_not_used(self, described: Claims) -> None:
        async with world() as w:
            w.provider.description = described
            assert (await w.client.get("/sign-in/start", allow_redirects=False)).status == 503

    async def test_a_hanging_provider_holds_up_nobody_else(self) -> None:
        async with world(timeout=0.2) as w:
            w.provider.hangs = {"description"}
            waiting = asyncio.create_task(w.client.get("/sign-in/start", allow_redirects=False))
            await asyncio.sleep(0)
            assert (await w.client.get("/sign-in")).status == 200
            assert (await waiting).status == 503

    async def test_nobody_is_signed_in_where_that_cannot_be_recorded(self) -> None:
        async with world() as w:
            w.site.audit.broken = True
            response = await w.sign_in()
            assert response.status == 503
            assert w.site.sessions.kept == {}
