"""Editions in the main database: what was compiled of a round, whole and as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select

from bot.access import audit
from bot.maturity.errors import Conflict, RoundClosed, StepRefused
from bot.maturity.ports import Edition
from bot.maturity.round_life import SERVICE, By
from bot.maturity.rounds import OVER
from bot.storage.engine import Action
from bot.storage.errors import StorageError
from bot.storage.operating.audit import Now, put_entry, utc_now
from bot.storage.schema import base
from bot.storage.schema.check import responses, rounds
from bot.storage.schema.editions import edition_members, editions
from bot.storage.transactions import Transactions

AT_ONCE = 1000
"""Members that are read or written in one go."""

_HEADS = (editions.c.round, editions.c.number, editions.c.compiled, editions.c.digest, editions.c.checksum)


class SqlEditions:
    """Implements `bot.maturity.ports.Editions`; every method raises StorageError where the database fails."""

    def __init__(self, main: Transactions, now: Now = utc_now) -> None:
        self._main = main
        self._now = now

    async def all(self, round_id: str) -> Sequence[Edition]:
        """Every edition of a round, oldest first."""
        query = select(*_HEADS).where(editions.c.round == round_id).order_by(editions.c.number)

        def find(connection: Connection) -> Sequence[Edition]:
            return tuple(Edition(*row) for row in connection.execute(query))

        return await self._main.read("the editions could not be read", find)

    async def latest(self, round_id: str) -> Edition | None:
        """The newest edition of a round."""
        found = await self.all(round_id)
        return found[-1] if found else None

    async def content(self, round_id: str, number: int) -> str:
        """What was kept. Raises StorageError where there is no such edition, or it was changed since."""
        query = select(editions.c.content, editions.c.checksum).where(
            editions.c.round == round_id, editions.c.number == number
        )
        row = await self._main.read(
            "an edition could not be read", lambda connection: connection.execute(query).first()
        )
        if row is None:
            raise StorageError(f"there is no edition {number} of round {round_id}")
        if checksum_of(row.content) != row.checksum:
            raise StorageError(f"edition {number} of round {round_id} was changed after it was compiled")
        content: str = row.content
        return content

    async def members(self, round_id: str) -> Mapping[str, int]:
        """The ids of responses that count in editions, each with the number of the first that it counts in."""
        found: dict[str, int] = {}
        last = ""
        while True:
            query = (
                select(edition_members.c.response, edition_members.c.number)
                .where(edition_members.c.round == round_id, edition_members.c.response > last)
                .order_by(edition_members.c.response)
                .limit(AT_ONCE)
            )
            rows = await self._main.read("the members of editions could not be read", _reading(query))
            found |= {row.response: row.number for row in rows}
            if len(rows) < AT_ONCE:
                return found
            last = rows[-1].response

    async def add(self, edition: Edition, content: str, members: Collection[str], by: By = SERVICE) -> None:
        """Keep the next edition of a round that is over, in one transaction with its members and the log's entry.

        Raises Conflict where the number is not the next one or a member is gone, StepRefused where the round is open.
        """
        checksum = checksum_of(content)
        head = {
            "round": edition.round,
            "number": edition.number,
            "compiled": edition.compiled,
            "digest": edition.digest,
            "content": content,
            "checksum": checksum,
        }
        known = set(await self.members(edition.round))
        new = [
            {"response": each, "round": edition.round, "number": edition.number}
            for each in sorted(set(members) - known)
        ]
        # Its row is held, so that it is not opened again, and no other edition compiled, before the end of this.
        held = select(rounds.c.label, rounds.c.status).where(rounds.c.id == edition.round).with_for_update()
        numbers = select(editions.c.number, editions.c.checksum).where(editions.c.round == edition.round)

        def keep(connection: Connection) -> None:
            found = connection.execute(held).first()
            if found is None:
                raise RoundClosed(edition.round)
            if found.status not in OVER:
                raise StepRefused("compile_now", label=found.label)
            there = {row.number: row.checksum for row in connection.execute(numbers)}
            if edition.number != len(there) + 1:
                raise Conflict(f"round {edition.round} has {len(there)} editions; {edition.number} is not the next")
            connection.execute(insert(editions).values(head))
            for begin in range(0, len(new), AT_ONCE):
                _put_members(connection, edition.round, new[begin : begin + AT_ONCE])
            told = {"edition": str(edition.number), "responses": str(len(members)), "checksum": checksum}
            event = audit.AuditEvent(self._now(), by.actor, by.tenant, audit.Action.EDITION_COMPILED, found.label, told)
            put_entry(connection, event)

        await self._main.write("an edition could not be stored", keep, repeatable=False)


def _put_members(connection: Connection, round_id: str, rows: Sequence[base.Row]) -> None:
    """Raises Conflict where a member is no response of the round."""
    mine = responses.c.round == round_id, responses.c.id.in_([row["response"] for row in rows])
    if connection.scalar(select(func.count()).select_from(responses).where(*mine)) != len(rows):
        raise Conflict(f"a response that counts in the edition of round {round_id} is gone")
    connection.execute(insert(edition_members), rows)


def _reading(query: Select[Any]) -> Action[Sequence[Row[Any]]]:
    return lambda connection: connection.execute(query).all()


def checksum_of(content: str) -> str:
    """SHA-256 of a content, in hexadecimal."""
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
