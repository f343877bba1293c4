"""Who wants no reminders, whatever the round.

The keys of rounds are destroyed with them, so a refusal that holds in later rounds is kept under a key of its own. It
gives a person another pseudonym than any round does, and is made when the first person refuses.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from bot.maturity.ports import Person
from bot.storage.errors import StorageError
from bot.storage.schema.identity import round_keys
from bot.storage.schema.reminders import refusals
from bot.storage.sealing import new_key, pseudonym
from bot.storage.transactions import Transactions

NO_ROUND: Final = "*"
"""Stands in a key's place for the round; no id of a round looks like it."""
PURPOSE: Final = "refusals"


class Refusals:
    """`identity` is the database of keys. Its methods raise StorageError."""

    def __init__(self, identity: Transactions) -> None:
        self._identity = identity

    async def mark(self, person: Person, *, make: bool = False) -> str:
        """The person's pseudonym among refusals; empty where nobody has refused yet and the key is not to be made."""
        key = await self._key()
        if key is None and make:
            await self._make()
            key = await self._key()
        return "" if key is None else pseudonym(key, person.tenant, person.user)

    async def _key(self) -> bytes | None:
        query = select(round_keys.c.key).where(round_keys.c.round == NO_ROUND, round_keys.c.purpose == PURPOSE)

        def find(connection: Connection) -> bytes | None:
            return connection.scalar(query)

        return await self._identity.read("the key of refusals could not be read", find)

    async def _make(self) -> None:
        def add(connection: Connection) -> None:
            connection.execute(insert(round_keys), {"round": NO_ROUND, "purpose": PURPOSE, "key": new_key()})

        try:
            await self._identity.write("the key of refusals could not be made", add)
        except StorageError as error:
            if not isinstance(error.__cause__, IntegrityError):  # Then somebody else made it in the meantime.
                raise


def has_refused(connection: Connection, mark: str) -> bool:
    """Whether this person wants no reminders."""
    return bool(mark) and connection.scalar(select(refusals.c.mark).where(refusals.c.mark == mark)) is not None


def put_refusal(connection: Connection, mark: str) -> None:
    """Keep a refusal; once is enough."""
    if not has_refused(connection, mark):
        connection.execute(insert(refusals), {"mark": mark})


def take_back(connection: Connection, mark: str) -> None:
    """The person has asked to be reminded after all."""
    connection.execute(delete(refusals).where(refusals.c.mark == mark))
