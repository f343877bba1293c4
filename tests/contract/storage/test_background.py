"""What has to be done once is done by one replica, and by another where that one dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.publishing.due import Outcome
from bot.publishing.errors import CompilingFailed
from bot.publishing.taking_turns import TakingTurns
from bot.storage.engine import open_engine
from bot.storage.errors import StorageError
from bot.storage.operating.background import LEASE, SqlTurns
from bot.storage.transactions import Transactions

DAY = 86400.0
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
async def replicas(request: pytest.FixtureRequest, clock: Clock) -> AsyncIterator[tuple[SqlTurns, SqlTurns]]:
    url = request.getfixturevalue(f"{request.param}_url")
    mains = [Transactions(open_engine(url)) for _ in range(2)]
    yield SqlTurns(mains[0], clock), SqlTurns(mains[1], clock)
    for each in mains:
        await each.engine.close()


async def took(turns: SqlTurns, name: str = "forget", every: float = DAY) -> bool:
    async with turns.turn(name, every) as mine:
        return mine


async def test_of_two_replicas_one_does_it_and_a_day_later_one_again(
    replicas: tuple[SqlTurns, SqlTurns], clock: Clock
) -> None:
    one, other = replicas
    assert await took(one)
    assert not await took(other)
    assert await took(other, "something else")
    clock.now += timedelta(days=1)
    assert await took(other)
    assert not await took(one)


async def test_while_one_does_it_nobody_else_begins(replicas: tuple[SqlTurns, SqlTurns]) -> None:
    one, other = replicas
    async with one.turn("edition") as mine:
        assert mine
        assert not await took(other, "edition", 0.0)
    assert await took(other, "edition", 0.0)


async def test_what_failed_is_done_by_the_next_one(replicas: tuple[SqlTurns, SqlTurns]) -> None:
    one, other = replicas
    with pytest.raises(StorageError):
        async with one.turn("forget", DAY):
            raise StorageError("no database")
    assert await took(other)


async def test_a_replica_that_dies_loses_its_turn_and_one_that_lives_does_not(
    replicas: tuple[SqlTurns, SqlTurns], clock: Clock
) -> None:
    one, other = replicas
    assert await one._take("forget", "killed", clock(), clock())
    assert not await took(other)
    clock.now += LEASE + timedelta(seconds=1)
    assert await took(other)


async def test_of_many_that_come_at_once_one_has_the_turn(replicas: tuple[SqlTurns, SqlTurns]) -> None:
    assert sum(await asyncio.gather(*(took(replicas[number % 2]) for number in range(8)))) == 1


async def test_an_edition_is_compiled_by_one_at_a_time(replicas: tuple[SqlTurns, SqlTurns]) -> None:
    at_work: list[str] = []

    async def publish(round_id: str, day: date) -> Outcome:
        at_work.append(round_id)
        assert at_work == [round_id]
        await asyncio.sleep(0.02)
        at_work.clear()
        return Outcome(1)

    both = [TakingTurns(publish, each, look=0.01)("r1", NOON.date()) for each in replicas]
    assert await asyncio.gather(*both) == [Outcome(1), Outcome(1)]


async def test_an_edition_waits_for_a_database_that_does_not_answer(clock: Clock, sqlite_url: str) -> None:
    main = Transactions(open_engine(sqlite_url.replace("fyren.sqlite3", "empty.sqlite3")))

    async def publish(round_id: str, day: date) -> Outcome:
        raise AssertionError("nobody knows whose turn it is")

    with pytest.raises(CompilingFailed):
        await TakingTurns(publish, SqlTurns(main, clock))("r1", NOON.date())
    await main.engine.close()
