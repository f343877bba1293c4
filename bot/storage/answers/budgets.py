"""Budgets of a language model in the main database: tokens by calendar month, of a person, a tenant and everybody.

Tokens are set aside before they are used, by updates that change nothing where a limit would be passed: however many
ask at once, from however many processes, no limit is. What a process that was killed had set aside counts as used
after a while, since nobody knows what it used.

People have pseudonyms under a key that is made for each month, in the identity database, and destroyed with the month;
after that nothing leads from a count to a person, and the counts of people are deleted as well.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Insert, Select, and_, delete, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.maturity.days import Today
from bot.storage.answers.usage import TOTAL, MonthKeys, MonthUsage, month_of, usage_of
from bot.storage.errors import StorageError
from bot.storage.schema.base import Row
from bot.storage.schema.budgets import budget_reservations, budgets
from bot.storage.scrubbing import tidy
from bot.storage.transactions import Transactions
from knowledge.composing.ports import Asker, Budgets, BudgetsFailed, BudgetSpent, Reservation

ABANDONED: Final = timedelta(minutes=10)
"""After this a reservation's process is taken for dead; no answer takes nearly as long."""

MONTHS: Final = 13
"""Months whose sums of tenants and of everybody are kept, so that a year can be compared with the one before."""

_FAILED: Final = "what is left of the language model's budget is not known"


@dataclass(frozen=True, slots=True)
class BudgetLimits:
    """Tokens of a calendar month; 0 is no limit."""

    person: int = 0
    tenant: int = 0
    total: int = 0


class SqlBudgets:
    """`today` is the day in Sweden, by which months begin; `now` the time, for what was abandoned."""

    def __init__(
        self,
        main: Transactions,
        identity: Transactions,
        today: Today,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._main = main
        self._keys = MonthKeys(identity)
        self._today = today
        self._now = now

    def limited(self, limits: BudgetLimits) -> Budgets:
        """The budgets with these limits."""
        return _Limited(self, limits)

    async def reserve(self, asker: Asker, tokens: int, limits: BudgetLimits) -> Reservation:
        """Set tokens aside. Raises BudgetSpent, BudgetsFailed."""
        month = month_of(self._today())
        tokens = max(0, tokens)
        try:
            person = await self._keys.mark(month, asker.person) if asker.person else ""
            row = {
                "id": secrets.token_hex(16),
                "at": self._now(),
                "month": month,
                "tenant": asker.tenant,
                "person": person,
                "tokens": tokens,
            }

            def put(connection: Connection) -> None:
                _settle_abandoned(connection, self._now())
                mine = budget_reservations.c.id == row["id"]
                if connection.scalar(select(budget_reservations.c.id).where(mine)) is None:
                    _set_aside(connection, row, limits)

            await self._main.write("tokens could not be set aside", put)
        except StorageError as error:
            raise BudgetsFailed(f"{_FAILED}: {error}") from error
        return _Reserved(self._main, str(row["id"]))

    async def usage(self) -> MonthUsage:
        """What this month's questions have used. Raises StorageError."""
        month = month_of(self._today())
        return await self._main.read("the use of tokens could not be read", lambda each: usage_of(each, month))

    async def of_person(self, person: str) -> Mapping[str, int]:
        """The tokens that a person, `tenant/user`, has used, by the months that are counted. Raises StorageError."""
        marks = await self._keys.marks(person)

        def look(connection: Connection) -> Mapping[str, int]:
            used = {month: connection.scalar(_used(month, mark)) for month, mark in sorted(marks.items())}
            return {month: tokens for month, tokens in used.items() if tokens is not None}

        return await self._main.read("what is counted of a person could not be read", look)

    async def erase(self, person: str) -> int:
        """Delete what is counted of a person, `tenant/user` as in `Asker.person`: how many months' counts went. What
        they used stays in the sums of their tenant and of everybody, in which nobody is told apart; and they begin the
        month anew. Raises StorageError."""
        marks = await self._keys.marks(person)

        def remove(connection: Connection) -> int:
            gone = 0
            for month, mark in marks.items():
                running = budget_reservations.c.person == mark
                connection.execute(update(budget_reservations).where(running).values(person=""))
                gone += connection.execute(delete(budgets).where(_budget(month, "person", mark))).rowcount
            return gone

        gone = await self._main.write("what is counted of a person could not be deleted", remove)
        if gone:
            await tidy(self._main, (budgets, budget_reservations))
        return gone

    async def forget(self) -> int:
        """Delete what earlier months hold of people, with the keys of their pseudonyms, and sums that are older than
        MONTHS; count what was abandoned as used. Returns how many rows went. Raises StorageError."""
        today = self._today()
        month = month_of(today)
        months = today.year * 12 + today.month - 1 - MONTHS
        oldest = f"{months // 12:04}-{months % 12 + 1:02}"
        of_people = and_(budgets.c.scope == "person", budgets.c.month < month)

        def remove(connection: Connection) -> int:
            _settle_abandoned(connection, self._now())
            return connection.execute(delete(budgets).where(of_people | (budgets.c.month < oldest))).rowcount

        gone = await self._main.write("old budgets could not be deleted", remove)
        await self._keys.destroy_before(month)
        return gone


class _Limited:
    """Implements `knowledge.composing.ports.Budgets`."""

    def __init__(self, store: SqlBudgets, limits: BudgetLimits) -> None:
        self._store = store
        self._limits = limits

    async def reserve(self, asker: Asker, tokens: int) -> Reservation:
        """See Budgets."""
        return await self._store.reserve(asker, tokens, self._limits)


class _Reserved:
    """Implements `knowledge.composing.ports.Reservation`."""

    def __init__(self, main: Transactions, name: str) -> None:
        self._main = main
        self._name = name

    async def settle(self, used: int) -> None:
        """See Reservation. It is charged to the month in which it was reserved; one that was taken for abandoned stays
        charged in full."""

        def settle(connection: Connection) -> None:
            _settle(connection, budget_reservations.c.id == self._name, max(0, used))

        try:
            await self._main.write("used tokens could not be charged", settle)
        except StorageError as error:
            raise BudgetsFailed(f"{_FAILED}: {error}") from error


def _scopes(row: Row) -> Iterable[tuple[str, str]]:
    """What a reservation counts for, always in this order: so nobody waits for somebody who waits for them."""
    yield TOTAL, ""
    if row["tenant"]:
        yield "tenant", row["tenant"]
    if row["person"]:
        yield "person", row["person"]


def _set_aside(connection: Connection, row: Row, limits: BudgetLimits) -> None:
    for scope, name in _scopes(row):
        limit: int = getattr(limits, scope)
        connection.execute(_new_row(connection, {"month": row["month"], "scope": scope, "name": name}))
        mine = _budget(row["month"], scope, name)
        room = budgets.c.used + budgets.c.reserved + row["tokens"] <= limit if limit else literal(value=True)
        added = update(budgets).where(mine, room).values(reserved=budgets.c.reserved + row["tokens"])
        if connection.execute(added).rowcount == 0:
            whose = {"total": "everybody together", "tenant": f"tenant {name}", "person": "one person"}[scope]
            raise BudgetSpent(f"the tokens of {whose} for {row['month']} are used up")
    connection.execute(insert(budget_reservations).values(row))


def _new_row(connection: Connection, key: Row) -> Insert:
    """A budget of which nothing is used, unless it is there."""
    kind: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    made: Insert = kind.insert(budgets).values(used=0, reserved=0, **key).on_conflict_do_nothing()
    return made


def _settle_abandoned(connection: Connection, now: datetime) -> None:
    old = budget_reservations.c.at < now - ABANDONED
    for name in connection.execute(select(budget_reservations.c.id).where(old).order_by(budget_reservations.c.at)):
        _settle(connection, budget_reservations.c.id == name.id, None)


def _settle(connection: Connection, mine: ColumnElement[bool], used: int | None) -> None:
    """Move a reservation's tokens to the used ones: so many, or (None) all of them. Only once, whoever does it: that is
    who deletes it."""
    gone = delete(budget_reservations).where(mine).returning(*budget_reservations.c)
    row = connection.execute(gone).mappings().first()
    if row is None:
        return
    charged = row["tokens"] if used is None else used
    for scope, name in _scopes(dict(row)):
        moved = {
            "used": budgets.c.used + charged,
            "reserved": budgets.c.reserved - row["tokens"],
        }
        connection.execute(update(budgets).where(_budget(row["month"], scope, name)).values(moved))


def _used(month: str, mark: str) -> Select[Any]:
    return select(budgets.c.used).where(_budget(month, "person", mark))


def _budget(month: str, scope: str, name: str) -> ColumnElement[bool]:
    return and_(budgets.c.month == month, budgets.c.scope == scope, budgets.c.name == name)
