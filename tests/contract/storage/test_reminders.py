"""What every store of reminders promises, and that the real ones tell nobody who is reminded, or where."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.maturity.errors import RoundClosed
from bot.maturity.ports import CheckStore, Person
from bot.maturity.rounds import RoundStatus
from bot.maturity.session import Source
from bot.reminders.model import Channel, Kept, Standing, Wish
from bot.reminders.ports import Digests, Reminders
from bot.storage.database import Database, open_database
from tests.contract.storage.checks import (
    ANNA,
    BO,
    NAMESAKE,
    OPENS,
    Calendar,
    a_response,
    a_round,
    a_session,
    read,
)
from tests.fakes.reminders import MemoryDigests, RemindedStore

ALONE, GROUP = Source.INDIVIDUAL, Source.CONSENSUS
WISH = Wish('{"conversation":"a:1anna","person":"29:anna"}', "sv", "s1", 7)
LATER = OPENS + timedelta(days=10)


class Stores:
    """The check's store with its reminders, and the digests."""

    def __init__(self, check: CheckStore, reminders: Reminders, digests: Digests) -> None:
        self.check = check
        self.reminders = reminders
        self.digests = digests

    async def wishes(self, round_id: str = "r1") -> list[Wish | None]:
        return [each.wish for each in await self.reminders.of_round(round_id)]

    async def only(self, round_id: str = "r1") -> Kept:
        [kept] = await self.reminders.of_round(round_id)
        return kept

    async def remember(
        self, person: Person = ANNA, round_id: str = "r1", source: Source = ALONE, *, asked: bool = False
    ) -> Kept | None:
        return await self.reminders.remember(person, round_id, source, WISH, asked=asked)


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def stores(request: pytest.FixtureRequest, calendar: Calendar) -> AsyncIterator[Stores]:
    """Empty stores with one open round."""
    if request.param == "memory":
        memory = RemindedStore(clock=calendar)
        await memory.add(a_round())
        yield Stores(memory, memory.reminders, MemoryDigests())
        return
    urls = (request.getfixturevalue(f"{request.param}{name}") for name in ("_url", "_identity_url"))
    database = await open_database(*urls, today=calendar, read=read)
    await database.check.add(a_round())
    yield Stores(database.check, database.check.reminders, database.digests)
    await database.close()


class TestWishes:
    async def test_a_wish_comes_back_and_a_later_one_replaces_it_while_the_count_stays(
        self, stores: Stores, calendar: Calendar
    ) -> None:
        odd = Wish('Å "citat"; DROP TABLE reminders;-- \U0001f914', "en", "", 0)
        kept = await stores.reminders.remember(ANNA, "r1", ALONE, odd, asked=False)
        assert kept == await stores.only()
        assert kept == Kept("r1", kept.owner, ALONE, calendar.day, Standing.WANTED, 0, None, False, odd)
        assert await stores.reminders.count(kept, calendar.day)
        calendar.day = LATER
        await stores.remember()
        kept = await stores.only()
        assert (kept.wish, kept.sent, kept.last, kept.active) == (WISH, 1, Calendar().day, LATER)

    async def test_people_ways_to_answer_and_rounds_are_told_apart(self, stores: Stores) -> None:
        await stores.check.add(a_round("r2"))
        for person, round_id, source in ((ANNA, "r1", ALONE), (ANNA, "r1", GROUP), (NAMESAKE, "r1", ALONE)):
            await stores.remember(person, round_id, source)
        await stores.remember(ANNA, "r2")
        assert len({each.short_id for each in await stores.reminders.of_round("r1")}) == 3
        assert len(await stores.reminders.of_round("r2")) == 1
        assert list(await stores.reminders.of_round("nothing")) == []

    async def test_where_no_answers_are_taken_nothing_is_kept(self, stores: Stores, calendar: Calendar) -> None:
        await stores.check.add(a_round("r2", status=RoundStatus.PLANNED))
        for round_id in ("r2", "nothing"):
            with pytest.raises(RoundClosed):
                await stores.remember(round_id=round_id)
        calendar.day = date(2027, 1, 1)
        with pytest.raises(RoundClosed):
            await stores.remember()
        assert await stores.wishes() == []

    async def test_whoever_goes_on_is_left_alone_although_it_was_planned(
        self, stores: Stores, calendar: Calendar
    ) -> None:
        version = await stores.check.save(ANNA, a_session(), 0)
        await stores.remember()
        planned = await stores.only()
        calendar.day = LATER
        await stores.check.save(ANNA, a_session(), version)
        assert (await stores.only()).active == LATER
        assert not await stores.reminders.count(planned, LATER)


class TestAnEndToReminding:
    async def test_sending_in_deletes_the_address_and_keeps_the_count(self, stores: Stores, calendar: Calendar) -> None:
        version = await stores.check.save(ANNA, a_session(), 0)
        await stores.remember()
        assert await stores.reminders.count(await stores.only(), calendar.day)
        planned = await stores.only()
        await stores.check.submit(ANNA, a_session(), a_response(), version)
        kept = await stores.only()
        assert (kept.wish, kept.submitted, kept.sent) == (None, True, 1)
        assert not await stores.reminders.count(planned, LATER)
        assert await stores.remember() is None
        assert await stores.remember(asked=True) is None
        assert await stores.wishes() == [None]

    async def test_d08_erasing_erases_it_whether_there_is_a_draft_or_not(self, stores: Stores) -> None:
        await stores.check.save(ANNA, a_session(), 0)
        for person in (ANNA, BO, NAMESAKE):
            await stores.remember(person, asked=person is BO)
        planned = await stores.reminders.of_round("r1")
        assert await stores.check.erase(ANNA, "r1", ALONE)
        assert not await stores.check.erase(BO, "r1", ALONE)
        assert await stores.wishes() == [WISH]
        assert sum([await stores.reminders.count(each, LATER) for each in planned]) == 1

    async def test_closing_the_round_deletes_all_of_it(self, stores: Stores) -> None:
        await stores.remember()
        planned = await stores.only()
        await stores.check.close("r1")
        assert await stores.wishes() == []
        assert not await stores.reminders.count(planned, LATER)

    async def test_whoever_cannot_be_reached_is_not_tried_again_until_they_come_back(self, stores: Stores) -> None:
        await stores.remember()
        planned = await stores.only()
        await stores.reminders.unreachable(planned)
        kept = await stores.only()
        assert (kept.standing, kept.wish) == (Standing.UNREACHABLE, None)
        assert not await stores.reminders.count(planned, LATER)
        await stores.remember()
        assert (await stores.only()).standing is Standing.WANTED


class TestRefusing:
    async def test_it_holds_at_once_and_in_later_rounds(self, stores: Stores) -> None:
        await stores.remember()
        await stores.remember(ANNA, source=GROUP)
        await stores.remember(BO)
        planned = await stores.reminders.of_round("r1")
        for person in (ANNA, ANNA, NAMESAKE):
            await stores.reminders.refuse(person)
        standings = sorted((each.standing, each.wish is None) for each in await stores.reminders.of_round("r1"))
        assert standings == [(Standing.REFUSED, True), (Standing.REFUSED, True), (Standing.WANTED, False)]
        assert sum([await stores.reminders.count(each, LATER) for each in planned]) == 1
        await stores.check.close("r1")
        await stores.check.add(a_round("r2"))
        assert await stores.remember(ANNA, "r2") is None
        assert await stores.remember(NAMESAKE, "r2") is None
        assert await stores.remember(BO, "r2") is not None
        assert await stores.wishes("r2") == [WISH]

    async def test_asking_takes_it_back_and_the_count_goes_on(self, stores: Stores, calendar: Calendar) -> None:
        await stores.remember()
        await stores.reminders.count(await stores.only(), calendar.day)
        await stores.reminders.refuse(ANNA)
        assert await stores.remember() is None
        assert (await stores.only()).sent == 1
        kept = await stores.remember(asked=True)
        assert kept is not None
        assert (kept.standing, kept.wish, kept.sent) == (Standing.WANTED, WISH, 1)
        assert await stores.remember() is not None


class TestCounting:
    async def test_one_of_two_may_send_a_reminder_and_what_was_not_sent_is_uncounted_once(self, stores: Stores) -> None:
        await stores.remember()
        planned = await stores.only()
        assert await stores.reminders.count(planned, LATER)
        assert not await stores.reminders.count(planned, LATER)
        counted = await stores.only()
        assert (counted.sent, counted.last, counted.active) == (1, LATER, planned.active)
        await stores.reminders.uncount(planned, LATER + timedelta(days=1))
        assert await stores.only() == counted
        for _ in range(2):
            await stores.reminders.uncount(planned, LATER)
        assert await stores.only() == planned

    async def test_a_digest_goes_where_it_was_said_last_and_once_a_week(self, stores: Stores) -> None:
        digests = stores.digests
        assert await digests.channel() is None
        for channel in (Channel("{}", "sv"), Channel('{"a":"å"}', "en"), None):
            await digests.send_to(channel)
            assert await digests.channel() == channel
        assert [await digests.count_week(week) for week in ("2026-W49", "2026-W49", "2026-W50")] == [True, False, True]
        await digests.uncount_week("2026-W49")
        assert await digests.count_week("2026-W49")


class TestSecrecy:
    """What only databases can give away."""

    @pytest.fixture
    async def database(self, urls: tuple[str, str], calendar: Calendar) -> AsyncIterator[Database]:
        database = await open_database(*urls, today=calendar, read=read)
        await database.check.add(a_round())
        yield database
        await database.close()

    async def test_d08_no_table_names_the_person_or_the_chat(self, database: Database) -> None:
        await database.check.save(ANNA, a_session(), 0)
        await database.check.reminders.remember(ANNA, "r1", ALONE, WISH, asked=False)
        await database.check.reminders.refuse(ANNA)
        await database.check.reminders.remember(BO, "r1", ALONE, WISH, asked=True)
        found = {table: await rows(database, table) for table in ("reminders", "reminder_refusals", "drafts")}
        assert [len(each) for each in found.values()] == [2, 1, 1]
        for told in ("anna", "tenant-a", "conversation"):
            assert not any(told in str(value) for each in found.values() for row in each for value in row.values())
        assert found["reminder_refusals"][0]["mark"] != found["drafts"][0]["owner"]

    async def test_an_address_opens_in_its_own_row_only_and_dies_with_the_rounds_key(self, database: Database) -> None:
        reminders = database.check.reminders
        for person in (ANNA, BO):
            await reminders.remember(person, "r1", ALONE, WISH, asked=False)
        first, second = await rows(database, "reminders")
        put = "UPDATE reminders SET sealed = :sealed WHERE owner = :owner"
        await execute(database, put, {"sealed": first["sealed"], "owner": second["owner"]})
        assert sorted(each.wish is None for each in await reminders.of_round("r1")) == [False, True]
        await database.check.close("r1")
        assert await rows(database, "reminders") == []
        # Even a copy that somebody has kept is of no use once the key is gone.
        await execute(database, "UPDATE rounds SET status = 'open'", {})
        put = "INSERT INTO reminders VALUES (:round, :owner, :source, :standing, :active, :sent, :last, :sealed)"
        await execute(database, put, first)
        assert [each.wish for each in await reminders.of_round("r1")] == [None]


async def rows(database: Database, table: str) -> list[dict[str, Any]]:
    def find(connection: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()]  # noqa: S608 - our own names

    return await database.main.read("a test could not read", find)


async def execute(database: Database, statement: str, values: dict[str, Any]) -> None:
    await database.main.write("a test could not write", lambda connection: connection.execute(text(statement), values))
