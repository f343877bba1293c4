"""The keys of rounds, in the identity database.

IDENTITY turns a person into a pseudonym and opens that person's drafts; it is destroyed when the round is closed, after
which nobody can tell who gave a response. SEALING opens the answers about security, and stays.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from bot.storage.errors import StorageError
from bot.storage.schema.identity import round_keys
from bot.storage.sealing import new_key
from bot.storage.transactions import Transactions

SCRUB: Final[Mapping[str, str]] = {
    "sqlite": "PRAGMA wal_checkpoint(TRUNCATE)",
    "postgresql": "VACUUM (FULL) round_keys",
}
"""What removes the last copies of deleted rows from a database's files: SQLite has overwritten them, but its log holds
them still; PostgreSQL keeps them until the table is written anew."""


class Purpose(StrEnum):
    """What a key is for."""

    IDENTITY = "identity"
    SEALING = "sealing"


class RoundKeys:
    """Identity keys that have been read are remembered; `remember_only` forgets those of rounds that were closed.

    Every method raises StorageError.
    """

    def __init__(self, identity: Transactions) -> None:
        self._identity = identity
        self._known: dict[str, bytes] = {}

    @property
    def known(self) -> Mapping[str, bytes]:
        """The identity keys that are remembered now, by round."""
        return dict(self._known)

    def remember_only(self, rounds: Collection[str]) -> None:
        """Forget the identity keys of all other rounds."""
        for gone in self._known.keys() - set(rounds):
            del self._known[gone]

    async def make(self, round_id: str) -> None:
        """Make the keys of a round that has none; what exists stays."""

        def add(connection: Connection) -> None:
            query = select(round_keys.c.purpose).where(round_keys.c.round == round_id)
            existing = set(connection.execute(query).scalars())
            rows = [{"round": round_id, "purpose": each, "key": new_key()} for each in Purpose if each not in existing]
            if rows:
                connection.execute(insert(round_keys), rows)

        try:
            await self._identity.write("a round's keys could not be made", add)
        except StorageError as error:
            if not isinstance(error.__cause__, IntegrityError):  # Then somebody else made them in the meantime.
                raise

    async def identity(self, rounds: Collection[str]) -> Mapping[str, bytes]:
        """The identity keys of those rounds that have one."""
        held = {each: self._known[each] for each in rounds if each in self._known}
        asked = [each for each in rounds if each not in held]
        if asked:
            held |= await self._of(asked, Purpose.IDENTITY)
            self._known |= held
        return held

    async def sealing(self, round_id: str) -> bytes | None:
        """The sealing key of a round."""
        return (await self._of([round_id], Purpose.SEALING)).get(round_id)

    async def destroy(self, rounds: Collection[str]) -> None:
        """Leave no copy of these rounds' identity keys, in tables, files or here; repeating it does no harm."""
        mine = round_keys.c.round.in_(rounds), round_keys.c.purpose == Purpose.IDENTITY

        def remove(connection: Connection) -> None:
            connection.execute(delete(round_keys).where(*mine))

        if await self._of(rounds, Purpose.IDENTITY):
            await self._identity.write("a round's identity key could not be destroyed", remove)
        for each in rounds:
            self._known.pop(each, None)
        statement = SCRUB.get(self._identity.engine.dialect)
        if statement is not None:
            await self._identity.scrub("a destroyed key could not be removed from the files", statement)

    async def _of(self, rounds: Collection[str], purpose: Purpose) -> dict[str, bytes]:
        query = select(round_keys.c.round, round_keys.c.key).where(
            round_keys.c.round.in_(rounds), round_keys.c.purpose == purpose
        )

        def find(connection: Connection) -> dict[str, bytes]:
            return {row.round: row.key for row in connection.execute(query)}

        return await self._identity.read("the keys of rounds could not be read", find)
