"""What a month's questions have used of a language model, and the keys of the pseudonyms of who asked them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from bot.storage.errors import StorageError
from bot.storage.reminding.refusals import NO_ROUND
from bot.storage.schema.budgets import budgets
from bot.storage.schema.identity import round_keys
from bot.storage.scrubbing import tidy
from bot.storage.sealing import new_key, pseudonym
from bot.storage.transactions import Transactions

TOTAL: Final = "total"
_PREFIX: Final = "budgets-"


@dataclass(frozen=True, slots=True)
class Tokens:
    """`reserved` are set aside for answers that are being made."""

    used: int = 0
    reserved: int = 0


@dataclass(frozen=True, slots=True)
class MonthUsage:
    """A calendar month's tokens: of everybody, and by tenant. `people` is how many asked."""

    month: str
    total: Tokens
    tenants: Mapping[str, Tokens]
    people: int


def month_of(day: date) -> str:
    """The calendar month that a day is in, such as `2026-11`."""
    return f"{day:%Y-%m}"


def usage_of(connection: Connection, month: str) -> MonthUsage:
    """A month's tokens; tenants by their ids."""
    query = select(budgets).where(budgets.c.month == month).order_by(budgets.c.scope, budgets.c.name)
    rows = connection.execute(query).all()
    counted = {(row.scope, row.name): Tokens(row.used, row.reserved) for row in rows}
    return MonthUsage(
        month,
        counted.get((TOTAL, ""), Tokens()),
        {name: tokens for (scope, name), tokens in counted.items() if scope == "tenant"},
        sum(scope == "person" for scope, _ in counted),
    )


class MonthKeys:
    """The keys of months; every method raises StorageError."""

    def __init__(self, identity: Transactions) -> None:
        self._identity = identity
        self._known: tuple[str, bytes] | None = None

    async def mark(self, month: str, person: str) -> str:
        """The person's pseudonym in a month."""
        if self._known is None or self._known[0] != month:
            self._known = (month, await self._key(month))
        return pseudonym(self._known[1], person)

    async def marks(self, person: str) -> Mapping[str, str]:
        """The person's pseudonym in every month whose key there still is, by month."""
        query = select(round_keys.c.purpose, round_keys.c.key).where(
            round_keys.c.round == NO_ROUND, round_keys.c.purpose.startswith(_PREFIX, autoescape=True)
        )

        def find(connection: Connection) -> Mapping[str, str]:
            found = connection.execute(query).all()
            return {row.purpose.removeprefix(_PREFIX): pseudonym(row.key, person) for row in found}

        return await self._identity.read("the keys of months could not be read", find)

    async def destroy_before(self, month: str) -> None:
        """Leave no copy of the keys of earlier months."""
        if self._known is not None and self._known[0] < month:
            self._known = None
        mine = (
            round_keys.c.round == NO_ROUND,
            round_keys.c.purpose.startswith(_PREFIX, autoescape=True),
            round_keys.c.purpose < _PREFIX + month,
        )

        def remove(connection: Connection) -> int:
            return connection.execute(delete(round_keys).where(*mine)).rowcount

        if await self._identity.write("the key of a month could not be destroyed", remove):
            await tidy(self._identity, (round_keys,))

    async def _key(self, month: str) -> bytes:
        mine = (round_keys.c.round == NO_ROUND, round_keys.c.purpose == _PREFIX + month)

        def take(connection: Connection) -> bytes:
            query = select(round_keys.c.key).where(*mine)
            found: bytes | None = connection.scalar(query)
            if found is None:
                found = new_key()
                connection.execute(insert(round_keys), {"round": NO_ROUND, "purpose": _PREFIX + month, "key": found})
            return found

        try:
            return await self._identity.write("the key of a month could not be made", take)
        except StorageError as error:
            if not isinstance(error.__cause__, IntegrityError):
                raise
        return await self._identity.write("the key of a month could not be read", take)  # somebody else made it
