"""What the store of taken activities promises, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.access.claims import End, Standing
from bot.storage.database import Database
from bot.storage.operating.claims import SqlClaims

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LEASE = timedelta(seconds=10)
SECOND = timedelta(seconds=1)
KEY, OTHER = "a" * 64, "b" * 64


async def take(claims: SqlClaims, holder: str, *keys: str, at: datetime = NOON) -> list[Standing]:
    standings = await claims.write(holder, keys, (), at, at + LEASE)
    return [standings[key] for key in keys]


async def test_a14_an_activity_is_taken_by_one_of_two_replicas_at_once(database: Database) -> None:
    both = await asyncio.gather(*(take(database.claims, holder, KEY, OTHER) for holder in ("one", "two")))
    assert sorted([each.name for each in found] for found in both) == [["MINE"] * 2, ["UNDER_WAY"] * 2]


async def test_a14_whoever_is_not_heard_of_any_more_loses_it(database: Database) -> None:
    claims = database.claims
    assert await take(claims, "one", KEY) == [Standing.MINE]
    assert await take(claims, "one", KEY) == [Standing.MINE]  # a commit that was not confirmed is done again
    await claims.renew("one", [KEY], NOON + 2 * LEASE)
    assert await take(claims, "two", KEY, at=NOON + LEASE + SECOND) == [Standing.UNDER_WAY]
    assert await take(claims, "two", KEY, at=NOON + 2 * LEASE) == [Standing.MINE]
    await claims.renew("one", [KEY], NOON + 9 * LEASE)
    await claims.write("one", (), [End(KEY, 200, NOON + 9 * LEASE)], NOON, NOON)
    assert await take(claims, "one", KEY, at=NOON + 2 * LEASE + SECOND) == [Standing.UNDER_WAY]
    assert await take(claims, "three", KEY, at=NOON + 3 * LEASE) == [Standing.MINE]


async def test_a14_what_is_answered_is_remembered_for_its_time_and_then_deleted(database: Database) -> None:
    claims = database.claims
    await take(claims, "one", KEY, OTHER)
    ends = [End(KEY, 200, NOON + 60 * LEASE), End(OTHER, None, NOON)]
    assert await claims.write("one", (), ends, NOON, NOON + LEASE) == {}
    await claims.renew("one", [KEY], NOON + 99 * LEASE)
    assert await claims.answered(NOON + 59 * LEASE) == {KEY: NOON + 60 * LEASE}
    assert await claims.answered(NOON + 60 * LEASE) == {}
    assert await take(claims, "one", KEY, at=NOON + 59 * LEASE) == [Standing.ANSWERED]
    assert await take(claims, "two", OTHER, KEY) == [Standing.MINE, Standing.ANSWERED]
    assert await claims.forget(NOON + LEASE + SECOND) == 1
    assert await take(claims, "two", KEY) == [Standing.ANSWERED]
    assert await claims.forget(NOON + 60 * LEASE + SECOND) == 1


async def test_a14_an_end_is_noted_where_nothing_was_written_down_before(database: Database) -> None:
    await database.claims.write("one", (), [End(KEY, 200, NOON + LEASE)], NOON, NOON)
    assert await take(database.claims, "two", KEY) == [Standing.ANSWERED]
    await database.claims.write("two", (), [End(KEY, 200, NOON + 9 * LEASE)], NOON, NOON)
    assert await database.claims.answered(NOON) == {KEY: NOON + LEASE}
