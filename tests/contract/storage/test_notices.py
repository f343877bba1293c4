"""What is kept of a notice that is shown: enough for words to accept it at any replica, and no longer than that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from bot.conversation.check.notices import KEPT, Notices, Offer
from bot.conversation.ports import Place
from bot.maturity.ports import Person
from bot.maturity.session import Source
from bot.storage.check.notices import SqlNotices
from bot.storage.database import Database, open_database
from bot.storage.errors import StorageError
from bot.storage.schema.check import shown_notices
from bot.upkeep import forget_past
from tests.contract.storage.checks import Calendar, a_round, read
from tests.fakes.advice import FakeAdvice
from tests.fakes.check_talk import TENANT, Client, conversation, rules
from tests.fakes.notices import MemoryNotices

ME = Person(TENANT, "anna")
CHAT, OTHER = Place("tenant-1", "a:1"), Place("tenant-2", "a:1")
ALONE, GROUP = Offer("r1", Source.INDIVIDUAL), Offer("r1", Source.CONSENSUS)


@pytest.fixture(autouse=True, scope="module")
def rules_are_read() -> None:
    """From files, as a running service reads them before its first turn."""
    rules()


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
def urls(request: pytest.FixtureRequest, kind: str) -> tuple[str, str]:
    main, identity = (request.getfixturevalue(f"{kind}{name}") for name in ("_url", "_identity_url"))
    return main, identity


@pytest.fixture
async def database(urls: tuple[str, str], calendar: Calendar) -> AsyncIterator[Database]:
    opened = await open_database(*urls, today=calendar, read=read)
    yield opened
    await opened.close()


@pytest.fixture(params=["memory", "sql"])
def notices(request: pytest.FixtureRequest, database: Database) -> Notices:
    return MemoryNotices() if request.param == "memory" else database.notices


async def test_the_latest_notice_of_a_chat_counts_until_it_is_read(notices: Notices) -> None:
    assert await notices.shown(CHAT) is None
    for offer in (ALONE, GROUP):
        await notices.show(CHAT, offer)
        assert await notices.shown(CHAT) == offer
    assert await notices.shown(OTHER) is None
    await notices.show(OTHER, ALONE)
    for _ in range(2):
        await notices.read(CHAT)
        assert await notices.shown(CHAT) is None
    assert await notices.shown(OTHER) == ALONE


async def test_notices_that_are_shown_at_once_leave_one_of_them(database: Database) -> None:
    await asyncio.gather(*(database.notices.show(CHAT, offer) for offer in (ALONE, GROUP) * 3))
    assert await database.notices.shown(CHAT) in (ALONE, GROUP)


async def test_d07_a_notice_is_kept_for_its_days_and_then_deleted(database: Database, calendar: Calendar) -> None:
    await database.notices.show(CHAT, ALONE)
    calendar.day += timedelta(days=KEPT)
    assert (await database.notices.forget(), await database.notices.shown(CHAT)) == (0, ALONE)
    calendar.day += timedelta(days=1)
    assert await database.notices.shown(CHAT) is None
    assert await database.notices.forget() == 1
    assert await database.notices.forget() == 0


async def test_nothing_stored_names_the_chat_or_the_time(database: Database, calendar: Calendar) -> None:
    await database.notices.show(CHAT, ALONE)

    def find(connection: Connection) -> list[tuple[object, ...]]:
        return [tuple(row) for row in connection.execute(select(shown_notices))]

    [(place, *rest)] = await database.main.engine.read(find)
    assert rest == ["r1", "individual", calendar.day]
    assert len(str(place)) >= 32
    assert not {CHAT.tenant, CHAT.conversation} & {str(place)}
    await database.notices.show(OTHER, ALONE)
    assert len({row[0] for row in await database.main.engine.read(find)}) == 2


async def test_a_notice_shown_at_one_replica_is_accepted_in_words_at_another(
    database: Database, calendar: Calendar, urls: tuple[str, str]
) -> None:
    await database.check.add(a_round())
    other = await open_database(*urls, today=calendar, read=read)
    first, second = (Client(conversation(each.check, FakeAdvice(), notices=each.notices)) for each in (database, other))
    await first.say("mognadskoll")
    assert "Jag har läst, starta" in first.titles()
    assert await database.check.mine(ME) == ()
    await second.say("starta")
    [draft] = await database.check.mine(ME)
    assert draft.session.round == "r1"
    assert await database.notices.shown(Place(TENANT, second.chat)) is None
    await other.close()


async def test_d08_whoever_wants_nothing_kept_is_shown_no_notice_any_more(database: Database) -> None:
    await database.check.add(a_round())
    me = Client(conversation(database.check, FakeAdvice(), notices=database.notices))
    await me.say("mognadskoll")
    assert await database.notices.shown(Place(TENANT, me.chat)) == ALONE
    await me.say("radera mina svar")
    assert await database.notices.shown(Place(TENANT, me.chat)) is None


class Failing:
    """Fails the first time."""

    def __init__(self, notices: SqlNotices) -> None:
        self._notices = notices
        self.tries, self.worked = 0, asyncio.Event()

    async def forget(self) -> int:
        self.tries += 1
        if self.tries == 1:
            raise StorageError("the fake was told to fail")
        gone = await self._notices.forget()
        self.worked.set()
        return gone


async def test_d07_notices_are_deleted_beside_the_service(database: Database, calendar: Calendar) -> None:
    """Also where the database does not answer at first."""
    await database.notices.show(CHAT, ALONE)
    calendar.day += timedelta(days=KEPT + 1)
    failing = Failing(database.notices)
    running = asyncio.create_task(forget_past(failing, "notices", pause=0.0))
    async with asyncio.timeout(10):
        await failing.worked.wait()
    running.cancel()
    await asyncio.wait({running})
    assert failing.tries > 1
    assert await database.notices.forget() == 0
