"""Who is let in: signed tokens against a real OpenID service on loopback."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import jwt
import pytest

from bot.conversation.replies import TextReply
from tests.fakes.teams import (
    APP_ID,
    ISSUER,
    TENANT,
    ConnectorStub,
    OpenIdStub,
    RecordingConversation,
    Signer,
    Tls,
    activity,
    openid_stub,
)
from tests.integration.teams.conftest import Answer, Bot, production, running


@dataclass(frozen=True, slots=True)
class Scene:
    """Production, with every outside part on loopback."""

    bot: Bot
    connector: ConnectorStub
    openid: OpenIdStub
    conversation: RecordingConversation
    signer: Signer

    async def say(self, token: str | None, **changes: Any) -> Answer:
        return await self.bot.post(activity(self.connector.url, **changes), token)

    def token(self, **changes: Any) -> str:
        return self.signer.token(self.connector.url, **changes)


@pytest.fixture
async def scene(signer: Signer, tls: Tls, secure_connector: ConnectorStub, logins: list[str]) -> AsyncIterator[Scene]:
    conversation = RecordingConversation(TextReply("Hej"))
    async with openid_stub(signer) as openid:
        config = production(openid, secure_connector, allowed_tenants=frozenset({TENANT.upper()}))
        async with running(config, conversation, tls) as bot:
            yield Scene(bot, secure_connector, openid, conversation, signer)


async def test_a_genuine_caller_is_answered_with_the_bots_own_token(scene: Scene, logins: list[str]) -> None:
    for number in range(3):
        assert (await scene.say(scene.token(), id=str(number))).status == 200
    assert [message["text"] for message in scene.connector.messages] == ["Hej"] * 3
    assert {sent.headers["Authorization"] for sent in scene.connector.requests} == {"Bearer hemlig-token"}
    assert len(logins) == 1
    assert scene.openid.fetches == 1


def _segment(document: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def _unsigned(scene: Scene, algorithm: str | None = "none") -> str:
    header = {"alg": algorithm, "typ": "JWT", "kid": scene.signer.kid}
    return f"{_segment(header)}.{_segment(scene.signer.claims(scene.connector.url))}."


def _public_key_as_secret(scene: Scene) -> str:
    # PyJWT refuses to make this classic forgery, so it is put together by hand.
    head = _segment({"alg": "HS256", "typ": "JWT", "kid": scene.signer.kid})
    signed = f"{head}.{_segment(scene.signer.claims(scene.connector.url))}"
    digest = hmac.new(scene.signer.public_pem, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _tampered(scene: Scene) -> str:
    head, _, signature = scene.token().split(".")
    return f"{head}.{_segment(scene.signer.claims(scene.connector.url, aud=APP_ID, iss=ISSUER))}.{signature}"


def _embedded_key(scene: Scene) -> str:
    intruder = Signer("key-9")
    return intruder.token(scene.connector.url, headers={"jwk": intruder.jwk()})


FORGED: dict[str, Callable[[Scene], str]] = {
    "empty": lambda scene: "",
    "garbage": lambda scene: "hej",
    "two dots": lambda scene: "..",
    "binary": lambda scene: "ÿÿ.ÿ.ÿ",
    "huge": lambda scene: "x" * 7000,
    "json instead of segments": lambda scene: '{"alg":"RS256"}',
    "header is a list": lambda scene: f"{_segment([])}.{_segment({})}.x",
    "deep header": lambda scene: f"{base64.urlsafe_b64encode(b'[' * 4000).decode()}.{_segment({})}.x",
    "no signature": lambda scene: scene.token().rpartition(".")[0],
    "empty signature": lambda scene: scene.token().rpartition(".")[0] + ".",
    "tampered claims": _tampered,
    "two tokens": lambda scene: f"{scene.token()} {scene.token()}",
    "alg none": _unsigned,
    "alg in capitals": lambda scene: _unsigned(scene, "NONE"),
    "alg missing": lambda scene: _unsigned(scene, None),
    "public key as secret": _public_key_as_secret,
    "RS384": lambda scene: jwt.encode(
        scene.signer.claims(scene.connector.url), scene.signer.private, "RS384", headers={"kid": scene.signer.kid}
    ),
    "PS256": lambda scene: jwt.encode(
        scene.signer.claims(scene.connector.url), scene.signer.private, "PS256", headers={"kid": scene.signer.kid}
    ),
    "another's key under the same id": lambda scene: Signer().token(scene.connector.url),
    "unknown key id": lambda scene: Signer("key-2").token(scene.connector.url),
    "no key id": lambda scene: jwt.encode(scene.signer.claims(scene.connector.url), scene.signer.private, "RS256"),
    "key id is a path": lambda scene: scene.token(headers={"kid": "../../key-1"}),
    "key by address": lambda scene: Signer("key-9").token(
        scene.connector.url, headers={"jku": "http://127.0.0.1:1/keys", "x5u": "http://127.0.0.1:1/keys"}
    ),
    "key in the header": _embedded_key,
    "critical extension": lambda scene: scene.token(headers={"crit": ["b64"], "b64": False}),
    "issuer wrong": lambda scene: scene.token(iss="https://ond.example"),
    "issuer extended": lambda scene: scene.token(iss=f"{ISSUER}.ond.example"),
    "issuer shortened": lambda scene: scene.token(iss="https://api.botframework"),
    "issuer with slash": lambda scene: scene.token(iss=f"{ISSUER}/"),
    "issuer missing": lambda scene: scene.token(iss=None),
    "audience wrong": lambda scene: scene.token(aud="00000000-0000-4000-8000-000000000000"),
    "audience shortened": lambda scene: scene.token(aud=APP_ID[:-1]),
    "audience missing": lambda scene: scene.token(aud=None),
    "audience a list": lambda scene: scene.token(aud=[APP_ID, "other"]),
    "expired": lambda scene: scene.token(exp=int(time.time()) - 3600),
    "not yet valid": lambda scene: scene.token(nbf=int(time.time()) + 3600),
    "expiry is a word": lambda scene: _with_expiry(scene, "tomorrow"),
    "expiry is endless": lambda scene: _with_expiry(scene, float("1e400")),
    "service address wrong": lambda scene: scene.token(serviceurl="https://ond.example/"),
    "service address missing": lambda scene: scene.token(serviceurl=None),
    "service address a list": lambda scene: scene.token(serviceurl=[scene.connector.url]),
}


def _with_expiry(scene: Scene, expiry: object) -> str:
    claims = json.dumps(scene.signer.claims(scene.connector.url, exp=expiry)).encode()
    return jwt.PyJWS().encode(claims, scene.signer.private, "RS256", headers={"kid": scene.signer.kid})


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
async def test_a02_forged_tokens(scene: Scene, logins: list[str], forge: Callable[[Scene], str]) -> None:
    answer = await scene.say(forge(scene))
    assert (answer.status, answer.text) == (401, '{"error": "unauthorized"}')
    assert scene.conversation.turns == []
    assert scene.connector.requests == []


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Token x", "bearer\tx"])
async def test_a02_other_authorization_headers(scene: Scene, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = await scene.bot.raw(json.dumps(activity(scene.connector.url)), **headers)
    assert (answer.status, answer.text) == (401, '{"error": "unauthorized"}')
    assert scene.conversation.turns == []


async def test_a02_strangers_are_refused_before_their_body_is_read(scene: Scene) -> None:
    answer = await scene.bot.raw(b"[" * 300_000)
    assert answer.status == 401


async def test_a02_an_unendorsed_key_speaks_for_no_channel(
    tls: Tls, secure_connector: ConnectorStub, logins: list[str]
) -> None:
    conversation = RecordingConversation()
    plain, other = Signer("plain", endorsements=None), Signer("other", endorsements=["slack", "msteamsx"])
    async with (
        openid_stub(plain, other) as openid,
        running(production(openid, secure_connector), conversation, tls) as bot,
    ):
        for signer in (plain, other):
            answer = await bot.post(activity(secure_connector.url), signer.token(secure_connector.url))
            assert answer.status == 401
    assert conversation.turns == []


@pytest.mark.parametrize(
    ("claims", "changes"),
    [
        ({"exp": None}, {}),
        ({}, {"serviceUrl": None}),
        ({"serviceurl": None}, {"serviceUrl": None}),
        ({}, {"channelId": None}),
        ({}, {"channelId": "emulator"}),
        ({}, {"channelId": "webchat"}),
        ({}, {"channelId": "MSTEAMS"}),
        ({"iss": f"https://sts.windows.net/{TENANT}/", "appid": APP_ID}, {}),
        ({"iss": f"https://login.microsoftonline.com/{TENANT}/v2.0", "azp": APP_ID, "ver": "2.0"}, {}),
    ],
)
async def test_a03_what_the_sdk_lets_through(scene: Scene, claims: dict[str, Any], changes: dict[str, Any]) -> None:
    answer = await scene.say(scene.token(**claims), **changes)
    assert answer.status in (401, 403)
    assert scene.conversation.turns == []
    assert scene.connector.requests == []


async def test_a03_a_key_that_speaks_for_other_channels_too_is_heard_from_teams_alone(
    tls: Tls, secure_connector: ConnectorStub, logins: list[str]
) -> None:
    conversation, both = RecordingConversation(), Signer("both", endorsements=["msteams", "directline"])
    async with (
        openid_stub(both) as openid,
        running(production(openid, secure_connector), conversation, tls) as bot,
    ):
        token = both.token(secure_connector.url)
        assert (await bot.post(activity(secure_connector.url, channelId="directline"), token)).status == 401
        assert conversation.turns == []
        assert (await bot.post(activity(secure_connector.url), token)).status == 200


@pytest.mark.parametrize(("minutes", "status"), [(-4, 200), (-6, 401)])
async def test_a04_five_minutes_of_leeway(scene: Scene, minutes: int, status: int) -> None:
    assert (await scene.say(scene.token(exp=int(time.time()) + minutes * 60))).status == status


async def test_a08_other_tenants_are_refused_and_noted(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    place = {"id": "a:1", "conversationType": "personal"}
    for changes in (
        {"conversation": {**place, "tenantId": "other"}, "channelData": {"tenant": {"id": "other"}}},
        {"conversation": {**place, "tenantId": "other"}},
        {"conversation": place, "channelData": {"tenant": {"id": "other"}}},
        {"conversation": place, "channelData": None},
    ):
        answer = await scene.say(scene.token(), **changes)
        assert (answer.status, answer.text) == (403, '{"error": "forbidden"}')
    assert scene.conversation.turns == []
    assert scene.connector.requests == []
    assert "tenant other, which is not on the list" in caplog.text
    assert (await scene.say(scene.token(), channelData=None)).status == 200


async def test_a09_an_address_outside_the_list_is_refused_before_any_turn(scene: Scene) -> None:
    for url in ("http://localhost/", "https://localhost/", "https://ond.example/", "https://169.254.169.254/"):
        answer = await scene.bot.post(activity(url), scene.signer.token(url))
        assert (answer.status, answer.text) == (403, '{"error": "forbidden"}')
    assert scene.conversation.turns == []


async def test_a22_neither_tokens_nor_words_reach_the_log(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    token, forged = scene.token(), _tampered(scene)
    await scene.say(token, text="Mitt personnummer är 19121212-1212")
    await scene.say(forged, text="Mitt personnummer är 19121212-1212")
    for secret in (token, forged, "hemlig-token", "hemligt-losenord", "19121212"):
        assert secret not in caplog.text


async def test_a05_a_new_key_is_found_and_a_flood_of_unknown_ones_fetches_once(
    signer: Signer, tls: Tls, secure_connector: ConnectorStub, logins: list[str]
) -> None:
    conversation = RecordingConversation()
    rotated = Signer("key-2")
    async with (
        openid_stub(signer) as openid,
        running(production(openid, secure_connector), conversation, tls) as bot,
    ):
        url = secure_connector.url
        assert (await bot.post(activity(url, id="1"), signer.token(url))).status == 200
        openid.keys = [rotated.jwk()]
        assert (await bot.post(activity(url, id="2"), rotated.token(url))).status == 401
        before = openid.fetches
        flood = [bot.post(activity(url), signer.token(url, headers={"kid": f"flood-{n}"})) for n in range(50)]
        assert {answer.status for answer in await asyncio.gather(*flood)} == {401}
    # One fetch at the start; the rest came within the same minute.
    assert (before, openid.fetches) == (1, 1)


async def test_a06_without_any_key_callers_are_asked_to_come_back(
    signer: Signer, tls: Tls, secure_connector: ConnectorStub, logins: list[str]
) -> None:
    for trouble in ("503", "garbage", "hang"):
        conversation = RecordingConversation()
        async with openid_stub(signer) as openid:
            openid.trouble = trouble
            config = production(openid, secure_connector, metadata_timeout=0.05)
            async with running(config, conversation, tls) as bot:
                answer = await bot.post(activity(secure_connector.url), signer.token(secure_connector.url))
        assert answer.status == 503
        assert answer.headers["Retry-After"]
        assert conversation.turns == []


async def test_a06_a_hung_metadata_service_holds_nobody_else_up(
    signer: Signer, tls: Tls, secure_connector: ConnectorStub, logins: list[str]
) -> None:
    async with openid_stub(signer) as openid:
        openid.trouble = "hang"
        async with running(production(openid, secure_connector), RecordingConversation(), tls) as bot:
            waiting = asyncio.create_task(bot.post(activity(secure_connector.url), signer.token(secure_connector.url)))
            await openid.asked.wait()
            assert (await bot.post(activity(secure_connector.url))).status == 401
            assert not waiting.done()
            openid.hold.set()
            assert (await waiting).status == 200
