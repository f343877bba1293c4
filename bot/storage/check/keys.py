"""The keys of rounds, in the identity database.

IDENTITY turns a person into a pseudonym and opens that person's drafts; it is destroyed when the round is closed, after
which nobody can tell who gave a response. A round that is opened again gets another one. SEALING opens the answers
about security, and stays as long as they do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select, tuple_
from sqlalchemy.exc import IntegrityError

from bot.storage.errors import StorageError
from bot.storage.schema.identity import round_keys
from bot.storage.scrubbing import scrub_rows
from bot.storage.sealing import new_key
from bot.storage.transactions import Transactions

Opening = tuple[str, int]
"""A round, and which time of being open it is about, from 1."""


class Purpose(StrEnum):
    """What a key is for."""

    IDENTITY = "identity"
    SEALING = "sealing"


def identity_purpose(opening: int) -> str:
    """Under what an opening's identity key is stored."""
    return Purpose.IDENTITY.value if opening == 1 else f"{Purpose.IDENTITY}-{opening}"


class RoundKeys:
    """Identity keys that have been read are remembered; `remember_only` forgets those of rounds that were closed.

    Every method raises StorageError.
    """

    def __init__(self, identity: Transactions) -> None:
        self._identity = identity
        self._known: dict[Opening, bytes] = {}

    @property
    def known(self) -> Mapping[Opening, bytes]:
        """The identity keys that are remembered now."""
        return dict(self._known)

    def remembered(self, round_id: str) -> int | None:
        """The latest opening of a round whose identity key is remembered."""
        return max((number for name, number in self._known if name == round_id), default=None)

    def remember_only(self, openings: Collection[Opening]) -> None:
        """Forget the identity keys of all other openings."""
        for gone in self._known.keys() - set(openings):
            del self._known[gone]

    async def make(self, round_id: str, opening: int = 1) -> None:
        """Make the keys of an opening; what exists stays."""
        wanted = (identity_purpose(opening), Purpose.SEALING.value)

        def add(connection: Connection) -> None:
            query = select(round_keys.c.purpose).where(round_keys.c.round == round_id)
            existing = set(connection.execute(query).scalars())
            rows = [{"round": round_id, "purpose": each, "key": new_key()} for each in wanted if each not in existing]
            if rows:
                connection.execute(insert(round_keys), rows)

        try:
            await self._identity.write("a round's keys could not be made", add)
        except StorageError as error:
            if not isinstance(error.__cause__, IntegrityError):  # Then somebody else made them in the meantime.
                raise

    async def identity(self, openings: Collection[Opening]) -> Mapping[Opening, bytes]:
        """The identity keys of those openings that have one."""
        held = {each: self._known[each] for each in openings if each in self._known}
        asked = {(name, identity_purpose(number)): (name, number) for name, number in openings}
        asked = {stored: each for stored, each in asked.items() if each not in held}
        if asked:
            found = await self._of({name for name, _ in asked}, {purpose for _, purpose in asked})
            held |= {asked[stored]: key for stored, key in found.items() if stored in asked}
            self._known |= held
        return held

    async def sealing(self, round_id: str) -> bytes | None:
        """The sealing key of a round."""
        return (await self._of([round_id], [Purpose.SEALING])).get((round_id, Purpose.SEALING))

    async def purposes(self, round_id: str) -> set[str]:
        """Under what keys of a round are stored; nothing is remembered of them."""
        query = select(round_keys.c.purpose).where(round_keys.c.round == round_id)

        def find(connection: Connection) -> set[str]:
            return set(connection.execute(query).scalars())

        return await self._identity.read("the keys of rounds could not be read", find)

    async def destroy(self, closed: Collection[Opening]) -> None:
        """Leave no copy of the identity keys of these openings and earlier ones, in tables, files or here; repeating it
        does no harm. The key of an opening that is only being prepared stays."""
        gone = {(name, number) for name, latest in closed for number in range(1, latest + 1)}
        await self._destroy({(name, identity_purpose(number)) for name, number in gone})
        for each in gone:
            self._known.pop(each, None)

    async def destroy_sealing(self, round_id: str) -> bool:
        """Leave no copy of a round's sealing key, after which no answer about security opens; whether there was one."""
        return await self._destroy({(round_id, Purpose.SEALING.value)})

    async def _destroy(self, stored: set[tuple[str, str]]) -> bool:
        """Delete keys by round and purpose, and scrub the files; whether there were any."""
        mine = tuple_(round_keys.c.round, round_keys.c.purpose).in_(sorted(stored))

        def remove(connection: Connection) -> None:
            connection.execute(delete(round_keys).where(mine))

        names, purposes = {name for name, _ in stored}, {purpose for _, purpose in stored}
        found = stored & (await self._of(names, purposes)).keys() if stored else set()
        if found:
            await self._identity.write("a round's key could not be destroyed", remove)
        await scrub_rows(self._identity, [round_keys])
        return bool(found)

    async def _of(self, rounds: Collection[str], purposes: Collection[str]) -> dict[tuple[str, str], bytes]:
        query = select(round_keys.c.round, round_keys.c.purpose, round_keys.c.key).where(
            round_keys.c.round.in_(rounds), round_keys.c.purpose.in_(purposes)
        )

        def find(connection: Connection) -> dict[tuple[str, str], bytes]:
            return {(row.round, row.purpose): row.key for row in connection.execute(query)}

        return await self._identity.read("the keys of rounds could not be read", find)
