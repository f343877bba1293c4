"""When something is tried again, and that what was done is not done twice."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from bot.maturity.errors import Conflict
from bot.maturity.ports import Draft
from bot.maturity.session import Source
from bot.storage.check.maturity import SqlCheckStore
from bot.storage.database import Database, open_database
from bot.storage.engine import Engine
from bot.storage.errors import StorageError
from bot.storage.pulse import Pulse
from bot.storage.schema.base import versions
from bot.storage.transactions import Patience, Transactions
from bot.telemetry.metrics import TRANSACTIONS
from tests.contract.storage.checks import ANNA, Calendar, a_response, a_round, a_session, read
from tests.fakes.telemetry import RecordingTelemetry

T = TypeVar("T")


class Server(Exception):
    """An error as a database server tells it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def busy() -> OperationalError:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return OperationalError("COMMIT", {}, cause)


def lost() -> OperationalError:
    return OperationalError("COMMIT", {}, Server("08006"), connection_invalidated=True)


def refused(sqlstate: str) -> OperationalError:
    return OperationalError("COMMIT", {}, Server(sqlstate))


class Shaky:
    """An engine that fails before, or after, it has done the work of another; `tries` counts the work."""

    def __init__(self, engine: Engine | None = None) -> None:
        self.engine = engine
        self.before: list[Exception] = []
        self.after: list[Exception] = []
        self.tries = 0

    @property
    def dialect(self) -> str:
        return self.engine.dialect if self.engine else "sqlite"

    async def read(self, action: Callable[[Connection], T]) -> T:
        assert self.engine is not None
        return await self.engine.read(action)

    async def write(self, action: Callable[[Connection], T]) -> T:
        self.tries += 1
        if self.before:
            raise self.before.pop(0)
        done = await self.engine.write(action) if self.engine else action(None)  # type: ignore[arg-type]  # it looks at none
        if self.after:
            raise self.after.pop(0)
        return done

    async def alone(self, action: Callable[[Connection], T]) -> T:
        return await self.write(action)

    async def run(self, statement: str) -> Any:
        assert self.engine is not None, "nothing runs outside of transactions here"
        return await self.engine.run(statement)

    async def close(self) -> None:
        raise AssertionError("the engine behind it is closed by who opened it")


@pytest.mark.parametrize(
    "error", [busy(), lost(), refused("40001"), refused("40P01"), ConnectionRefusedError("down")], ids=repr
)
async def test_what_passes_is_tried_three_times(error: Exception) -> None:
    engine = Shaky()
    transactions = Transactions(engine)
    engine.before = [error] * 2
    assert await transactions.write("x", lambda connection: 7) == 7
    assert engine.tries == 3
    engine.before = [error] * 3
    with pytest.raises(StorageError, match="x: "):
        await transactions.write("x", lambda connection: 7)
    assert engine.tries == 6


async def test_transactions_and_their_further_tries_are_told() -> None:
    engine, telemetry = Shaky(), RecordingTelemetry()
    transactions = Transactions(engine, telemetry=telemetry, name="identity")
    engine.before = [busy()]
    await transactions.write("x", lambda connection: 7)
    engine.before = [refused("23505")]
    with pytest.raises(StorageError):
        await transactions.write("x", lambda connection: 7)
    assert telemetry.seen(TRANSACTIONS) == {("identity", "write", "done"): 1, ("identity", "write", "failed"): 1}
    assert telemetry.counts == {("fyren_database_retries", "identity", "write"): 1}


@pytest.mark.parametrize("error", [refused("23505"), refused("53100"), refused("57014")], ids=repr)
async def test_what_does_not_pass_is_tried_once(error: Exception) -> None:
    engine = Shaky()
    engine.before = [error]
    with pytest.raises(StorageError):
        await Transactions(engine).write("x", lambda connection: 7)
    assert engine.tries == 1


async def test_a_commit_of_which_nothing_is_known_is_repeated_only_where_that_does_no_harm() -> None:
    engine = Shaky()
    engine.after = [lost()]
    with pytest.raises(StorageError):
        await Transactions(engine).write("x", lambda connection: 7, repeatable=False)
    assert engine.tries == 1
    engine.before = [busy()]
    assert await Transactions(engine).write("x", lambda connection: 7, repeatable=False) == 7
    assert engine.tries == 3


async def test_no_further_try_begins_when_the_time_is_over() -> None:
    engine = Shaky()
    engine.before = [busy()]
    with pytest.raises(StorageError):
        await Transactions(engine, Patience(within=0)).write("x", lambda connection: 7)
    assert engine.tries == 1


async def test_what_a_change_raises_itself_is_passed_on_and_not_repeated() -> None:
    def change(connection: Connection) -> None:
        raise Conflict("somebody was faster")

    engine = Shaky()
    transactions = Transactions(engine)
    with pytest.raises(Conflict):
        await transactions.write("x", change)
    assert (engine.tries, transactions.failing) == (1, False)


@pytest.fixture
async def database(urls: tuple[str, str]) -> AsyncIterator[Database]:
    database = await open_database(*urls, today=Calendar(), read=read)
    await database.check.add(a_round())
    yield database
    await database.close()


@pytest.fixture
def shaky(database: Database) -> tuple[SqlCheckStore, Shaky]:
    """A store whose main database fails when it is told to."""
    engine = Shaky(database.main.engine)
    return SqlCheckStore(Transactions(engine), database.identity, read=read, today=Calendar()), engine


async def test_d01_an_answer_whose_commit_was_not_confirmed_is_stored_once(shaky: tuple[SqlCheckStore, Shaky]) -> None:
    store, engine = shaky
    engine.after = [lost()]
    assert await store.save(ANNA, a_session(), 0) == 1
    engine.after = [lost(), lost()]
    assert await store.submit(ANNA, a_session(), a_response(), 1) == 2
    assert list(await store.mine(ANNA)) == [Draft(a_session(), 2)]
    assert list(await store.of_round("r1")) == [a_response()]
    assert engine.tries == 5


async def test_erasing_whose_commit_was_not_confirmed_tells_that_there_was_something(
    shaky: tuple[SqlCheckStore, Shaky],
) -> None:
    store, engine = shaky
    await store.save(ANNA, a_session(), 0)
    engine.after = [lost()]
    assert await store.erase(ANNA, "r1", Source.INDIVIDUAL) is True


async def test_d02_somebody_elses_change_is_a_conflict_also_after_a_lost_connection(
    database: Database, shaky: tuple[SqlCheckStore, Shaky]
) -> None:
    store, engine = shaky
    engine.before = [lost()]
    await database.check.save(ANNA, a_session(comments={"a": "min telefon"}), 0)
    with pytest.raises(Conflict):
        await store.save(ANNA, a_session(), 0)


@pytest.mark.parametrize("turns", range(8))
async def test_a_task_that_is_to_end_ends_in_whatever_moment_its_reading_is(database: Database, turns: int) -> None:
    async def over_and_over() -> None:
        while True:
            await database.check.rounds()
            await asyncio.sleep(3600)

    task = asyncio.create_task(over_and_over())
    await asyncio.sleep(0)
    # The loop stands still until the database is done, so that its result and the cancellation arrive together.
    time.sleep(0.05)  # noqa: ASYNC251 - to hold up the loop is the point
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task}, timeout=5)
    assert task.cancelled()


async def test_health_looks_once_for_all_who_ask_at_once_and_writes_only_after_a_failed_write(
    database: Database,
) -> None:
    engine = Shaky(database.main.engine)
    transactions = Transactions(engine)
    pulse = Pulse([(transactions, versions)])
    assert await pulse.beats()
    assert engine.tries == 0
    engine.before = [refused("53100")] * 2
    with pytest.raises(StorageError):
        await transactions.write("x", lambda connection: 7)
    assert not await pulse.beats()
    assert await pulse.beats()
    assert (engine.tries, transactions.failing) == (3, False)
    await pulse.close()
