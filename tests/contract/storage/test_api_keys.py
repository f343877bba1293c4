"""What every store of keys promises, and what a written key opens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.access.api_keys import ApiKeys, new_key, recognised
from bot.access.permissions import Permission
from bot.storage.database import open_database
from tests.fakes.api_keys import MemoryApiKeys

MONDAY = date(2026, 11, 30)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def keys(request: pytest.FixtureRequest) -> AsyncIterator[ApiKeys]:
    if request.param == "memory":
        yield MemoryApiKeys()
        return
    urls = (request.getfixturevalue(f"{request.param}{name}") for name in ("_url", "_identity_url"))
    database = await open_database(*urls)
    yield database.api_keys
    await database.close()


async def test_d09_a_key_opens_what_it_is_for_until_it_ends_or_is_taken_back(keys: ApiKeys) -> None:
    key, written = new_key("Power BI åäö", "uddevalla", created=MONDAY, expires=MONDAY + timedelta(days=1))
    whole, whole_written = new_key("Hela", "", created=MONDAY, expires=MONDAY + timedelta(days=30))
    for each in (key, whole):
        await keys.add(each)
    found = await recognised(written, keys, MONDAY)
    assert found is not None
    visitor = found.visitor
    assert visitor.may(Permission.EXPORT_MUNICIPALITY, "uddevalla")
    assert not visitor.may(Permission.EXPORT_MUNICIPALITY, "lysekil")
    assert not visitor.may(Permission.EXPORT_RESULTS)
    everything = await recognised(whole_written, keys, MONDAY)
    assert everything is not None
    assert everything.visitor.may(Permission.EXPORT_RESULTS)
    assert await recognised(written, keys, key.expires) is not None
    assert await recognised(written, keys, key.expires + timedelta(days=1)) is None
    assert await keys.revoke(key.id, MONDAY)
    assert await recognised(written, keys, MONDAY) is None
    assert await keys.revoke(key.id, MONDAY + timedelta(days=5))
    assert not await keys.revoke("nobody", MONDAY)
    kept = await keys.find(key.id)
    assert kept == replace(key, used=key.expires, revoked=MONDAY)


async def test_d09_guesses_and_what_is_no_key_open_nothing(keys: ApiKeys) -> None:
    key, written = new_key("x", "", created=MONDAY, expires=MONDAY)
    await keys.add(key)
    other = new_key("y", "", created=MONDAY, expires=MONDAY)[1]
    mixed = f"fyren_{key.id}_{other.rpartition('_')[2]}"
    wrong = ["", "fyren", written[:-1], f"{written}x", f" {written}", written.upper(), other, mixed, key.digest]
    assert [await recognised(each, keys, MONDAY) for each in wrong] == [None] * len(wrong)
    assert await recognised(written, keys, MONDAY) is not None


async def test_no_secret_is_kept_and_a_use_is_noted_once_a_day(keys: ApiKeys) -> None:
    key, written = new_key("x", "", created=MONDAY, expires=MONDAY + timedelta(days=9))
    await keys.add(key)
    assert written.rpartition("_")[2] not in repr(await keys.all())
    await recognised(written, keys, MONDAY)
    await recognised(written, keys, MONDAY + timedelta(days=2))
    found = await keys.find(key.id)
    assert found is not None
    assert found.used == MONDAY + timedelta(days=2)
    newer = replace(key, id="0" * 12, created=MONDAY + timedelta(days=1))
    await keys.add(newer)
    assert [each.id for each in await keys.all()] == [newer.id, key.id]
