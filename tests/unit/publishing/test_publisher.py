"""The publisher finds what is due, makes one at a time, and goes on whatever happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from bot.maturity.ports import Edition, Person
from bot.maturity.rounds import Round
from bot.maturity.session import Session, Source
from bot.publishing.due import Outcome, is_due
from bot.publishing.errors import CompilingFailed
from bot.publishing.publisher import Progress, Publisher
from tests.fakes.check_store import MONDAY, MemoryCheckStore, MemoryEditions, MemoryVisibilities
from tests.fakes.check_talk import open_round
from tests.unit.results.made import response


class Stores:
    """Implements `bot.publishing.due.Stores` in memory."""

    demo = False

    def __init__(self, *rounds: Round) -> None:
        self.check = MemoryCheckStore(*rounds)
        self.editions = MemoryEditions(self.check)
        self.visibilities = MemoryVisibilities(self.check)


@dataclass
class Compiling:
    """Implements `Publish`: makes an empty edition with everybody in it, fails while `broken`, waits while `held`."""

    stores: Stores
    broken: bool = False
    asked: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    at_once: int = 0
    most_at_once: int = 0

    def __post_init__(self) -> None:
        self.gate.set()

    async def __call__(self, round_id: str, day: date) -> Outcome:
        self.asked.append(round_id)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.gate.wait()
        await asyncio.sleep(0)
        self.at_once -= 1
        if self.broken:
            raise CompilingFailed("StorageError")
        number = len(await self.stores.editions.all(round_id)) + 1
        members = [name for name, _ in await self.stores.check.numbered(round_id)]
        await self.stores.editions.add(Edition(round_id, number, day, "d", ""), "{}", members)
        return Outcome(number, True, len(members))


async def answer(stores: Stores, held: Round, number: int) -> None:
    """So many people send something in."""
    organisation = held.instrument.organisations[0].id if held.instrument.organisations else ""
    for each in range(number):
        session = Session(f"s{each}", held.id, held.instrument.digest, Source.INDIVIDUAL, "sv", "1", MONDAY)
        person = Person("t", f"{held.openings}-{each}")
        await stores.check.submit(person, session, response(held, organisation, (), {}), 0)


async def closed(*rounds: Round, answers: int = 3) -> tuple[Stores, Compiling]:
    stores = Stores(*rounds)
    for each in rounds:
        await answer(stores, each, answers)
        await stores.check.close(each.id)
    return stores, Compiling(stores)


@asynccontextmanager
async def running(publisher: Publisher) -> AsyncIterator[None]:
    task = asyncio.create_task(publisher.run())
    try:
        async with asyncio.timeout(10):
            yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(done: Callable[[], bool]) -> None:
    while not done():  # noqa: ASYNC110 - seen from outside
        await asyncio.sleep(0)


async def test_a_round_is_due_once_it_is_closed_and_has_answers() -> None:
    held = open_round()
    stores = Stores(held)
    assert not await is_due(held, stores)
    await stores.check.close(held.id)
    assert not await is_due(stores.check.held[held.id], stores)
    stores, compiling = await closed(held)
    assert await is_due(stores.check.held[held.id], stores)
    await compiling(held.id, MONDAY)
    assert not await is_due(stores.check.held[held.id], stores)


async def test_practice_counts_nowhere() -> None:
    held = replace(open_round(), practice=True)
    stores, _ = await closed(held)
    assert not await is_due(stores.check.held[held.id], stores)


async def test_a_round_that_was_opened_again_is_due_only_if_answers_came() -> None:
    held = open_round()
    stores, compiling = await closed(held)
    await compiling(held.id, MONDAY)
    for answers, due in ((0, False), (2, True)):
        await stores.check.reopen(held.id, closes=MONDAY + timedelta(days=7), reason="r")
        await answer(stores, stores.check.held[held.id], answers)
        assert not await is_due(stores.check.held[held.id], stores)
        await stores.check.close(held.id)
        assert await is_due(stores.check.held[held.id], stores) is due


def compiling_now(publisher: Publisher) -> Callable[[str], bool]:
    return lambda round_id: publisher.progress(round_id) is Progress.COMPILING


async def test_it_publishes_what_it_finds_closed_once() -> None:
    stores, compiling = await closed(open_round(label="2026:1"), open_round(label="2026:2"))
    publisher = Publisher(stores, compiling, lambda: MONDAY, pause=3600)
    async with running(publisher):
        await until(lambda: len(compiling.asked) == 2 and not any(map(compiling_now(publisher), stores.check.held)))
    assert sorted(compiling.asked) == ["2026-1", "2026-2"]
    assert compiling.most_at_once == 1
    await publisher.look()
    assert len(compiling.asked) == 2


async def test_being_poked_is_enough() -> None:
    held = open_round()
    stores = Stores(held)
    await answer(stores, held, 3)
    compiling = Compiling(stores)
    publisher = Publisher(stores, compiling, lambda: MONDAY, pause=3600)
    async with running(publisher):
        await until(lambda: "rounds" in stores.check.calls)
        await stores.check.close(held.id)
        publisher.poke()
        await until(lambda: (held.id, 1) in stores.editions.held)


async def test_progress_is_told_while_it_works_and_when_it_has_failed(caplog: pytest.LogCaptureFixture) -> None:
    held = open_round()
    stores, compiling = await closed(held)
    compiling.gate.clear()
    compiling.broken = True
    publisher = Publisher(stores, compiling, lambda: MONDAY, pause=3600)
    assert publisher.progress(held.id) is Progress.IDLE
    with caplog.at_level(logging.ERROR):
        async with running(publisher):
            await until(lambda: compiling.asked == [held.id])
            assert publisher.progress(held.id) is Progress.COMPILING
            compiling.gate.set()
            await until(lambda: publisher.progress(held.id) is Progress.FAILED)
            assert [each.getMessage() for each in caplog.records] == [
                "round 2026:1 could not be published: StorageError"
            ]
            publisher.poke()
            await asyncio.sleep(0.01)
            assert len(compiling.asked) == 1, "a failure is not repeated at every look"
            compiling.broken = False
            publisher.ask(held.id)
            await until(lambda: (held.id, 1) in stores.editions.held)
            await until(lambda: publisher.progress(held.id) is Progress.IDLE)


async def test_one_failure_does_not_keep_others_waiting_and_is_tried_again_by_itself() -> None:
    stores, compiling = await closed(open_round(label="2026:1"), open_round(label="2026:2"))
    compiling.broken = True
    publisher = Publisher(stores, compiling, lambda: MONDAY, pause=0.001)
    async with running(publisher):
        await until(lambda: len(compiling.asked) >= 4)
        assert set(compiling.asked) == {"2026-1", "2026-2"}
        compiling.broken = False
        await until(lambda: len(stores.editions.held) == 2)


async def test_a_lost_database_does_not_end_it() -> None:
    stores, compiling = await closed(open_round())
    stores.check.broken = True
    publisher = Publisher(stores, compiling, lambda: MONDAY, pause=0.001)
    async with running(publisher):
        before = len(stores.check.calls)
        await until(lambda: len(stores.check.calls) > before + 2)
        stores.check.broken = False
        await until(lambda: bool(stores.editions.held))


async def test_those_that_are_settled_are_not_looked_into_again() -> None:
    stores, compiling = await closed(open_round())
    publisher = Publisher(stores, compiling, lambda: MONDAY, pause=3600)
    await publisher.look()
    stores.check.calls.clear()
    await publisher.look()
    assert stores.check.calls == ["rounds"]
