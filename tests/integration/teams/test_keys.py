"""Signing keys over time: a day's cache, rotation, and services that are down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.teams.errors import KeysUnavailable
from bot.teams.receiving.keys import DAY, SigningKeys
from tests.fakes.teams import OpenIdStub, Signer, openid_stub


class Clock:
    now = 50_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def old() -> Signer:
    return Signer("old")


@pytest.fixture(scope="module")
def new() -> Signer:
    return Signer("new")


@pytest.fixture
async def openid(old: Signer) -> AsyncIterator[OpenIdStub]:
    async with openid_stub(old) as stub:
        yield stub


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def keys(openid: OpenIdStub, clock: Clock) -> AsyncIterator[SigningKeys]:
    async with aiohttp.ClientSession() as session:
        found = SigningKeys(session, openid.url, timeout=0.2, clock=clock)
        yield found
        await found.close()


async def test_a_key_comes_with_its_endorsements_and_is_fetched_once(keys: SigningKeys, openid: OpenIdStub) -> None:
    found = await asyncio.gather(*(keys.find("old") for _ in range(20)))
    assert {key.endorsements for key in found if key} == {frozenset({"msteams"})}
    assert openid.fetches == 1


async def test_a05_a_rotated_key_is_found_within_a_minute(
    keys: SigningKeys, openid: OpenIdStub, clock: Clock, new: Signer
) -> None:
    assert await keys.find("old")
    openid.keys = [new.jwk()]
    clock.now += 59
    assert await keys.find("new") is None
    clock.now += 2
    assert await keys.find("new")
    assert await keys.find("old") is None
    assert openid.fetches == 2


async def test_a05_unknown_keys_cause_one_fetch_a_minute(keys: SigningKeys, openid: OpenIdStub, clock: Clock) -> None:
    await keys.warm()
    for minute in range(3):
        clock.now += 61
        found = await asyncio.gather(*(keys.find(f"{minute}-{n}") for n in range(30)))
        assert not any(found)
    assert openid.fetches == 4


@pytest.mark.parametrize("trouble", ["503", "garbage", "hang"])
async def test_a06_old_keys_serve_while_the_service_is_down(
    keys: SigningKeys, openid: OpenIdStub, clock: Clock, trouble: str
) -> None:
    assert await keys.find("old")
    openid.trouble = trouble
    clock.now += DAY + 1
    assert await keys.find("old")
    await keys.warm()
    assert await keys.find("old")
    assert await keys.find("unknown") is None


async def test_after_a_day_keys_are_renewed_without_anybody_waiting(
    keys: SigningKeys, openid: OpenIdStub, clock: Clock, new: Signer
) -> None:
    assert await keys.find("old")
    openid.keys = [new.jwk()]
    clock.now += DAY + 1
    assert await keys.find("old")
    await keys.warm()
    assert await keys.find("new")


async def test_a06_the_first_fetch_is_tried_again_soon(keys: SigningKeys, openid: OpenIdStub, clock: Clock) -> None:
    openid.trouble = "503"
    for _ in range(2):
        with pytest.raises(KeysUnavailable):
            await keys.find("old")
    assert openid.fetches == 1
    openid.trouble = ""
    clock.now += 6
    assert await keys.find("old")


async def test_odd_keys_do_not_take_the_good_ones_down(keys: SigningKeys, openid: OpenIdStub, old: Signer) -> None:
    openid.keys = [
        {},
        {"kty": "EC", "kid": "ec"},
        {"kty": "RSA", "kid": "broken", "n": "?", "e": "?"},
        {**old.jwk(), "kid": 7},
        {**old.jwk(), "kid": "odd", "endorsements": "msteams"},
        {**old.jwk(), "kid": "encryption", "use": "enc"},
        {**old.jwk(), "kid": "good"},
    ]
    assert await keys.find("good")
    for kid in ("ec", "broken", "odd", "encryption", "7"):
        assert await keys.find(kid) is None


@pytest.mark.parametrize("document", [[], "keys", {"a": 1}])
async def test_a_key_document_without_keys_leaves_the_old_ones(
    keys: SigningKeys, openid: OpenIdStub, clock: Clock, document: object
) -> None:
    await keys.warm()
    openid.keys = document  # type: ignore[assignment]  # what a broken service might send
    clock.now += 61
    await keys.warm()
    assert await keys.find("old")
    assert openid.fetches == 2
