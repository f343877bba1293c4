"""R09: no month's budget is passed, whoever asks at once, and none is forgotten when the service begins anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.storage.answers.budgets import ABANDONED, BudgetLimits, SqlBudgets
from bot.storage.answers.usage import Tokens
from bot.storage.database import Database, open_database
from bot.storage.errors import StorageError
from bot.upkeep import forget_usage
from knowledge.composing.ports import NOBODY, Asker, BudgetsFailed, BudgetSpent, Reservation
from tests.contract.storage.checks import Calendar

ANNA = Asker("tenant-a", "tenant-a/anna")
BO = Asker("tenant-a", "tenant-a/bo")
NAMESAKE = Asker("tenant-b", "tenant-b/anna")


class Hours:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 2, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def database(urls: tuple[str, str]) -> AsyncIterator[Database]:
    database = await open_database(*urls)
    yield database
    await database.close()


def store(database: Database, calendar: Calendar | None = None, hours: Hours | None = None) -> SqlBudgets:
    """As another process would have it: nothing is remembered."""
    return SqlBudgets(database.main, database.identity, calendar or Calendar(), hours or Hours())


async def tried(budgets: SqlBudgets, asker: Asker, limits: BudgetLimits, tokens: int = 1) -> Reservation | None:
    try:
        return await budgets.reserve(asker, tokens, limits)
    except BudgetSpent:
        return None


@pytest.mark.parametrize(
    "limits",
    [BudgetLimits(person=10), BudgetLimits(tenant=10), BudgetLimits(total=10)],
    ids=["person", "tenant", "all"],
)
async def test_r09_twenty_parallel_requests_at_the_last_token_let_one_on(
    database: Database, limits: BudgetLimits
) -> None:
    first = await store(database).reserve(ANNA, 9, limits)
    await first.settle(9)
    budgets = store(database)  # after a restart
    got = await asyncio.gather(*(tried(budgets, ANNA, limits) for _ in range(20)))
    assert sum(each is not None for each in got) == 1
    assert (await budgets.usage()).total == Tokens(used=9, reserved=1)


async def test_r09_each_person_and_tenant_has_a_budget_of_its_own(database: Database) -> None:
    limits = BudgetLimits(person=5, tenant=8, total=12)
    budgets = store(database)
    assert await tried(budgets, ANNA, limits, 5)
    assert not await tried(budgets, ANNA, limits)
    assert await tried(budgets, BO, limits, 3)
    assert not await tried(budgets, BO, limits)
    assert await tried(budgets, NAMESAKE, limits, 4)
    assert not await tried(budgets, NOBODY, limits)
    assert await tried(budgets, ANNA, BudgetLimits(), 1000)


async def test_r09_what_is_settled_is_charged_once_and_the_rest_given_back(database: Database) -> None:
    budgets = store(database).limited(BudgetLimits(person=10))
    less = await budgets.reserve(ANNA, 8)
    for used in (3, 3, 8):
        await less.settle(used)
    more = await budgets.reserve(ANNA, 7)
    await more.settle(9)
    assert (await store(database).usage()).tenants == {"tenant-a": Tokens(12, 0)}
    with pytest.raises(BudgetSpent):
        await budgets.reserve(ANNA, 1)


async def test_r09_what_a_killed_process_had_set_aside_is_used_after_a_while(database: Database) -> None:
    hours = Hours()
    left = await store(database, hours=hours).reserve(ANNA, 6, BudgetLimits())
    hours.now += ABANDONED + timedelta(seconds=1)
    budgets = store(database, hours=hours)
    assert not await tried(budgets, ANNA, BudgetLimits(person=6))
    await budgets.forget()
    assert (await budgets.usage()).total == Tokens(6, 0)
    await left.settle(1)
    assert (await budgets.usage()).total == Tokens(6, 0)


async def test_r09_a_month_begins_anew_and_nothing_leads_from_the_last_one_to_a_person(database: Database) -> None:
    calendar = Calendar(date(2026, 11, 30))
    budgets = store(database, calendar)
    limits = BudgetLimits(person=5)
    running = await budgets.reserve(ANNA, 5, limits)
    calendar.day = date(2026, 12, 1)
    assert await tried(budgets, ANNA, limits, 5)
    await running.settle(2)
    names = text("SELECT name FROM budgets WHERE scope = 'person' ORDER BY month")
    keys = text("SELECT purpose FROM round_keys WHERE purpose LIKE 'budgets%' ORDER BY purpose")
    [old, new] = await database.main.engine.read(lambda each: list(each.execute(names).scalars()))
    assert len({old, new, "", ANNA.person}) == 4
    assert await budgets.forget() == 1
    assert await database.main.engine.read(lambda each: list(each.execute(names).scalars())) == [new]
    assert await database.identity.engine.read(lambda each: list(each.execute(keys).scalars())) == ["budgets-2026-12"]
    usage = await budgets.usage()
    assert (usage.month, usage.total, usage.people) == ("2026-12", Tokens(0, 5), 1)


async def test_r09_requests_that_are_cancelled_leave_nothing_that_is_never_counted(database: Database) -> None:
    hours = Hours()
    budgets = store(database, hours=hours)
    tasks = [asyncio.create_task(tried(budgets, ANNA, BudgetLimits(total=10), 2)) for _ in range(8)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    hours.now += ABANDONED + timedelta(seconds=1)
    await budgets.forget()
    total = (await budgets.usage()).total
    assert total.reserved == 0
    assert total.used in (8, 10)


async def test_a_database_that_fails_lets_nobody_use_tokens(database: Database) -> None:
    budgets = store(database)
    gone = text("DROP TABLE budget_reservations")
    await database.main.engine.write(lambda each: each.execute(gone))
    with pytest.raises(BudgetsFailed) as failed:
        await budgets.reserve(ANNA, 1, BudgetLimits())
    assert failed.value.reason == "budget_unknown"


async def test_d08_a_person_is_erased_while_their_question_runs(database: Database) -> None:
    budgets, names = store(database), text("SELECT name FROM budgets WHERE scope = 'person'")
    running = await budgets.reserve(ANNA, 5, BudgetLimits())
    await budgets.reserve(BO, 1, BudgetLimits())
    assert await budgets.erase(ANNA.person) == 1
    await running.settle(4)
    assert len(await database.main.engine.read(lambda each: list(each.execute(names).scalars()))) == 1
    assert await budgets.erase(ANNA.person) == 0
    assert (await budgets.usage()).tenants == {"tenant-a": Tokens(4, 1)}


async def test_d08_what_a_month_held_of_people_goes_beside_the_service_when_it_is_over(database: Database) -> None:
    """Also where the database does not answer at first."""
    calendar, of_people = Calendar(), text("SELECT count(*) FROM budgets WHERE scope = 'person'")
    keys = text("SELECT count(*) FROM round_keys WHERE purpose LIKE 'budgets%'")
    budgets = store(database, calendar)
    await (await budgets.reserve(ANNA, 5, BudgetLimits())).settle(5)
    calendar.day = date(2026, 12, 1)
    failing = Failing(budgets)
    running = asyncio.create_task(forget_usage(failing, pause=0.0))  # type: ignore[arg-type]  # it forgets, no more
    async with asyncio.timeout(10):
        await failing.worked.wait()
    running.cancel()
    await asyncio.wait({running})
    assert failing.tries > 1
    assert await database.main.engine.read(lambda each: each.scalar(of_people)) == 0
    assert await database.identity.engine.read(lambda each: each.scalar(keys)) == 0


class Failing:
    """Fails the first time."""

    def __init__(self, budgets: SqlBudgets) -> None:
        self._budgets = budgets
        self.tries, self.worked = 0, asyncio.Event()

    async def forget(self) -> int:
        self.tries += 1
        if self.tries == 1:
            raise StorageError("the fake was told to fail")
        gone = await self._budgets.forget()
        self.worked.set()
        return gone
