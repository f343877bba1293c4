"""A start that finds another service at the migrations waits for it, says so, and gives up in the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import Connection

from bot.storage.engine import Engine, open_engine
from bot.storage.errors import StorageError
from bot.storage.migrations.numbered import MIGRATIONS, migrate
from bot.storage.migrations.waiting import LOCK, Waiting

SHORT = Waiting(lock=0.05, pause=0.01)
Busy = Callable[[], Awaitable[None]]


@pytest.fixture(params=["sqlite", "postgresql"])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    engine = open_engine(request.getfixturevalue(f"{request.param}_url"), busy=0.05)
    yield engine
    await engine.close()


@pytest.fixture
async def other(engine: Engine, request: pytest.FixtureRequest) -> AsyncIterator[Busy]:
    """Another service that is migrating; what is given lets it come to its end."""
    another = open_engine(request.getfixturevalue(f"{engine.dialect}_url"))
    if engine.dialect == "postgresql":
        await another.run(f"SELECT pg_advisory_lock({LOCK})")
        yield another.close
    else:
        begun, over = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def hold(connection: Connection) -> None:
            loop.call_soon_threadsafe(begun.set)
            asyncio.run_coroutine_threadsafe(over.wait(), loop).result()

        task = asyncio.create_task(another.write(hold))
        await begun.wait()

        async def end() -> None:
            over.set()
            await task

        yield end
        await end()
    await another.close()


async def test_it_waits_and_says_for_what(engine: Engine, other: Busy, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        starting = asyncio.create_task(migrate(engine, waiting=SHORT))
        while not caplog.records:  # noqa: ASYNC110 - a log tells nobody what is written to it
            await asyncio.sleep(0.01)
        assert not starting.done()
        await other()
        assert await starting == len(MIGRATIONS)
    assert [each.getMessage() for each in caplog.records] == [
        "waiting for another service that migrates the database, for 600 seconds at most"
    ]


async def test_it_gives_up_in_the_end(engine: Engine, other: Busy) -> None:
    with pytest.raises(StorageError, match="another service has been using it for 0 seconds"):
        await migrate(engine, waiting=Waiting(lock=0.05, pause=0.01, whole=0.1))
