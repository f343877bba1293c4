"""The end of a round: the key that links responses to people is gone, wherever a closing was interrupted."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # it has no types
import pytest
from sqlalchemy import delete, select, update

from bot.maturity.errors import Conflict, RoundClosed, StepRefused
from bot.maturity.ports import Draft
from bot.maturity.rounds import RoundStatus
from bot.maturity.session import Source
from bot.storage.check.draft_seal import OwnDraft
from bot.storage.check.keys import RoundKeys
from bot.storage.check.maturity import SqlCheckStore
from bot.storage.database import Database, open_database
from bot.storage.engine import open_engine
from bot.storage.errors import StorageError
from bot.storage.migrations.numbered import IDENTITY_MIGRATIONS, migrate
from bot.storage.schema.base import identity_versions
from bot.storage.schema.check import drafts, responses, rounds
from bot.storage.schema.identity import round_keys
from bot.storage.transactions import Transactions
from tests.contract.storage.checks import ANNA, BO, CLOSES, Calendar, a_response, a_round, a_session, read

ALONE = Source.INDIVIDUAL
Open = Callable[[], Awaitable[Database]]


@pytest.fixture
async def reopen(urls: tuple[str, str]) -> AsyncIterator[Open]:
    """Opens the same databases as another process would, any number of times."""
    opened: list[Database] = []

    async def again() -> Database:
        opened.append(await open_database(*urls, today=Calendar(), read=read))
        return opened[-1]

    yield again
    for database in opened:
        await database.close()


@pytest.fixture
async def database(reopen: Open) -> Database:
    """A round in which Anna has submitted and Bo has begun."""
    database = await reopen()
    await database.check.add(a_round())
    await database.check.submit(ANNA, a_session(), a_response(), 0)
    await database.check.save(BO, a_session(), 0)
    return database


async def left(database: Database) -> tuple[list[str], int]:
    """The purposes of the keys that are there, and how many drafts."""
    purposes = select(round_keys.c.purpose).where(round_keys.c.round == "r1").order_by(round_keys.c.purpose)
    keys = await database.identity.engine.read(lambda connection: list(connection.execute(purposes).scalars()))
    return keys, await database.main.engine.read(lambda connection: len(connection.execute(select(drafts)).all()))


async def test_closing_destroys_the_identity_key_and_the_drafts_and_keeps_the_sealing_key(database: Database) -> None:
    assert await left(database) == (["identity", "sealing"], 2)
    await database.check.close("r1")
    assert await left(database) == (["sealing"], 0)
    assert list(await database.check.of_round("r1")) == [a_response()]


async def test_a_closing_interrupted_before_the_key_is_finished_at_the_next_start(
    database: Database, reopen: Open
) -> None:
    closing = update(rounds).values(status="closed")
    await database.main.engine.write(lambda connection: connection.execute(closing))
    assert await left(await reopen()) == (["sealing"], 0)


async def test_a_closing_interrupted_before_the_drafts_is_finished_at_the_next_start(
    database: Database, reopen: Open
) -> None:
    await database.main.engine.write(lambda connection: connection.execute(update(rounds).values(status="closed")))
    gone = delete(round_keys).where(round_keys.c.purpose == "identity")
    await database.identity.engine.write(lambda connection: connection.execute(gone))
    assert await left(await reopen()) == (["sealing"], 0)


async def test_starting_finishes_nothing_that_was_not_begun(database: Database, reopen: Open) -> None:
    restarted = await reopen()
    assert await left(restarted) == (["identity", "sealing"], 2)
    assert len(await restarted.check.mine(ANNA)) == 1


async def test_a_process_that_remembers_the_key_notices_that_another_closed_the_round(
    database: Database, reopen: Open
) -> None:
    other = await reopen()
    assert len(await other.check.mine(ANNA)) == 1
    await database.check.close("r1")
    with pytest.raises(RoundClosed):
        await other.check.save(ANNA, a_session(), 1)
    with pytest.raises(RoundClosed):
        await other.check.submit(ANNA, a_session(), a_response(), 1)
    with pytest.raises(RoundClosed):
        await other.check.erase(ANNA, "r1", ALONE)
    assert await other.check.load(ANNA, "r1", ALONE) is None
    assert list(await other.check.mine(ANNA)) == []
    assert await left(database) == (["sealing"], 0)
    with pytest.raises(RoundClosed):
        await other.check.save(ANNA, a_session(), 0)


async def test_opening_again_makes_another_key_and_leaves_earlier_responses_without_an_owner(
    database: Database,
) -> None:
    first = await identity_keys(database)
    await database.check.close("r1")
    await database.check.reopen("r1", closes=CLOSES, reason="x")
    again = await identity_keys(database)
    assert (len(first), len(again), first == again) == (1, 1, False)
    await database.check.submit(ANNA, a_session(), a_response(), 0)
    owners = await database.main.engine.read(
        lambda connection: list(connection.execute(select(responses.c.owner)).scalars())
    )
    assert len(set(owners)) == 2
    await database.check.close("r1")
    assert await left(database) == (["sealing"], 0)
    assert list(await database.check.of_round("r1")) == [a_response()] * 2


async def test_a_process_that_remembers_the_first_key_uses_the_second_one_once_the_round_is_open_again(
    database: Database, reopen: Open
) -> None:
    other = await reopen()
    assert len(await other.check.mine(ANNA)) == 1
    await database.check.close("r1")
    await database.check.reopen("r1", closes=CLOSES, reason="x")
    await database.check.save(BO, a_session(), 0)
    # Made in the middle of a turn, from a draft that is gone: as if somebody else had been faster.
    for step in (
        other.check.save(ANNA, a_session(), 1),
        other.check.submit(ANNA, a_session(), a_response(), 1),
        other.check.erase(ANNA, "r1", ALONE),
    ):
        with pytest.raises(Conflict):
            await step
    assert await other.check.load(ANNA, "r1", ALONE) is None
    assert list(await other.check.mine(ANNA)) == []
    assert len(await other.check.mine(BO)) == 1
    assert await other.check.submit(ANNA, a_session(), a_response(), 0) == 1
    assert await database.check.load(ANNA, "r1", ALONE) == Draft(a_session(), 1)
    assert await other.check.erase(ANNA, "r1", ALONE) is True
    assert list(await database.check.of_round("r1")) == [a_response()]


async def test_opening_again_finishes_a_closing_that_was_interrupted(database: Database) -> None:
    await database.main.engine.write(lambda connection: connection.execute(update(rounds).values(status="closed")))
    await database.check.reopen("r1", closes=CLOSES, reason="x")
    assert await left(database) == (["identity-2", "sealing"], 0)
    assert list(await database.check.mine(ANNA)) == []


async def test_the_key_of_an_opening_that_was_interrupted_is_used_by_the_next(database: Database, reopen: Open) -> None:
    await database.check.close("r1")
    await RoundKeys(database.identity).make("r1", 2)
    restarted = await reopen()
    kept = await identity_keys(restarted)
    await restarted.check.reopen("r1", closes=CLOSES, reason="x")
    assert await identity_keys(restarted) == kept


async def test_who_comes_second_to_open_a_round_again_destroys_nothing(database: Database, reopen: Open) -> None:
    other = await reopen()
    await database.check.close("r1")
    both = await asyncio.gather(
        *(each.check.reopen("r1", closes=CLOSES, reason="x") for each in (database, other)), return_exceptions=True
    )
    assert {type(each) for each in both} == {type(None), StepRefused}
    await database.check.save(ANNA, a_session(), 0)
    with pytest.raises(StepRefused):
        await other.check.reopen("r1", closes=CLOSES, reason="x")
    assert len(await other.check.mine(ANNA)) == 1


async def identity_keys(database: Database) -> list[bytes]:
    query = select(round_keys.c.key).where(round_keys.c.purpose.startswith("identity"))
    return await database.identity.engine.read(lambda connection: list(connection.execute(query).scalars()))


async def test_the_destroyed_key_is_in_no_file(tmp_path: Path, sqlite_url: str, sqlite_identity_url: str) -> None:
    database = await open_database(sqlite_url, sqlite_identity_url, today=Calendar(), read=read)
    for name in ("r1", "r2"):
        await database.check.add(a_round(name))
        await database.check.save(ANNA, a_session(round=name), 0)
    query = select(round_keys.c.round, round_keys.c.key).where(round_keys.c.purpose == "identity")
    keys = dict(
        await database.identity.engine.read(lambda connection: [tuple(row) for row in connection.execute(query)])
    )

    def holding(key: bytes) -> set[str]:
        return {path.name for path in tmp_path.iterdir() if key in path.read_bytes()}

    assert holding(keys["r1"]) == {"identity.sqlite3-wal"}
    await database.check.close("r1")
    assert holding(keys["r1"]) == set()
    assert holding(keys["r2"]) == {"identity.sqlite3"}
    await database.check.close("r2")
    await database.close()
    assert holding(keys["r1"]) == holding(keys["r2"]) == set()


async def test_while_somebody_reads_the_key_closing_says_so_and_can_be_repeated(
    tmp_path: Path, sqlite_url: str, sqlite_identity_url: str
) -> None:
    main, identity = open_engine(sqlite_url), open_engine(sqlite_identity_url, busy=0.01)
    await migrate(main)
    await migrate(identity, IDENTITY_MIGRATIONS, identity_versions)
    store = SqlCheckStore(Transactions(main), Transactions(identity), read=read, today=Calendar())
    await store.add(a_round())
    with sqlite3.connect(tmp_path / "identity.sqlite3") as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM round_keys").fetchall()
        with pytest.raises(StorageError, match="somebody is reading"):
            await store.close("r1")
        assert [each.status for each in await store.rounds()] == [RoundStatus.CLOSED]
    reader.close()
    await store.close("r1")
    assert (tmp_path / "identity.sqlite3-wal").stat().st_size == 0
    for engine in (main, identity):
        await engine.close()


async def test_closing_waits_for_a_change_that_has_seen_the_round_open(postgresql_url: str) -> None:
    database = await open_database(postgresql_url, postgresql_url, today=Calendar(), read=read)
    await database.check.add(a_round())
    query = select(round_keys.c.key).where(round_keys.c.purpose == "identity")
    key = await database.identity.engine.read(lambda connection: connection.execute(query).scalar_one())
    owner = OwnDraft(key, ANNA, "r1", ALONE).owner
    holding, watching = [await asyncpg.connect(postgresql_url.replace("+asyncpg", "")) for _ in range(2)]

    # A draft with the same key that is not committed makes the change wait after it has looked at the round.
    await holding.execute("BEGIN")
    await holding.execute("INSERT INTO drafts VALUES ('r1', $1, 'individual', 1, '')", owner)
    saving = asyncio.create_task(database.check.save(ANNA, a_session(), 0))
    await until_waiting(watching, 1, saving)
    closing = asyncio.create_task(database.check.close("r1"))
    await until_waiting(watching, 2, closing)
    await holding.execute("ROLLBACK")
    assert await saving == 1
    await closing
    assert await left(database) == (["sealing"], 0)
    for connection in (holding, watching):
        await connection.close()
    await database.close()


async def until_waiting(watching: Any, count: int, task: asyncio.Task[Any]) -> None:
    """Until so many wait for a lock, or the task does not."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    while await watching.fetchval(query) < count and not task.done():  # noqa: ASYNC110 - the server tells by being asked
        await asyncio.sleep(0.005)
