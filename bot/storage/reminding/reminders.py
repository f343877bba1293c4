"""Reminders in the main database: days and counts under the draft's pseudonym, addresses sealed under the round's key.

The key of that seal is derived from the round's identity key, so that addresses die with it when the round closes. It
is the service itself that has to open them, when the person is not there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, exists, insert, null, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.maturity.days import Today
from bot.maturity.errors import Conflict, RoundClosed
from bot.maturity.ports import Person
from bot.maturity.rounds import OVER, RoundStatus
from bot.maturity.session import Source
from bot.reminders.model import Kept, Standing, Wish
from bot.storage.check.keys import Opening, RoundKeys
from bot.storage.errors import StorageError
from bot.storage.reminding.refusals import Refusals, has_refused, put_refusal, take_back
from bot.storage.reminding.reminder_rows import kept_of, mine, sealed_wish
from bot.storage.schema.check import responses, rounds
from bot.storage.schema.reminders import reminders
from bot.storage.sealing import pseudonym
from bot.storage.transactions import Transactions

_OPENINGS = select(rounds.c.id, rounds.c.openings).where(rounds.c.status.not_in(OVER))
_RESPONSE = and_(
    responses.c.round == reminders.c.round,
    responses.c.owner == reminders.c.owner,
    responses.c.source == reminders.c.source,
)
_OPEN = exists().where(rounds.c.id == reminders.c.round, rounds.c.status == RoundStatus.OPEN)
TRIES: Final = 2
"""A second one where the same person's row was made in the meantime."""


class SqlReminders:
    """Implements `bot.reminders.ports.Reminders`."""

    def __init__(self, main: Transactions, identity: Transactions, keys: RoundKeys, today: Today) -> None:
        self._main = main
        self._keys = keys
        self._refusals = Refusals(identity)
        self._today = today

    async def remember(self, person: Person, round_id: str, source: Source, wish: Wish, *, asked: bool) -> Kept | None:
        """Keep where somebody is reminded; None where nobody is. Raises RoundClosed, Conflict, StorageError."""
        opening = next((each for each in await self._openings() if each[0] == round_id), None)
        if opening is None:
            raise RoundClosed(round_id)
        key = (await self._keys.identity([opening])).get(opening)
        if key is None:
            raise StorageError(f"the identity key of round {round_id} is missing")
        owner = pseudonym(key, person.tenant, person.user, source)
        sealed = sealed_wish(key, wish, round_id, owner, source)
        mark = await self._refusals.mark(person)

        def keep(connection: Connection) -> Kept | None:
            self._require_open(connection, opening)
            if asked:
                take_back(connection, mark)
            elif has_refused(connection, mark):
                return None
            if connection.scalar(select(exists().where(_of(round_id, owner, source)))):
                return None
            row = mine(round_id, owner, source)
            values = {"standing": Standing.WANTED, "active": self._today(), "sealed": sealed}
            if not connection.execute(update(reminders).where(row).values(values)).rowcount:
                place = {"round": round_id, "owner": owner, "source": source}
                connection.execute(insert(reminders).values(place | values | {"sent": 0}))
            return kept_of(connection.execute(select(reminders).where(row)).mappings().one(), key, submitted=False)

        for left in reversed(range(TRIES)):
            try:
                return await self._main.write("a reminder could not be stored", keep)
            except StorageError as error:
                if not left or not isinstance(error.__cause__, IntegrityError):
                    raise
        raise AssertionError("unreachable")

    async def refuse(self, person: Person) -> None:
        """Remind this person no more. Raises StorageError."""
        keys = await self._keys.identity(await self._openings())
        owners = [pseudonym(key, person.tenant, person.user, source) for key in keys.values() for source in Source]
        mark = await self._refusals.mark(person, make=True)

        def keep(connection: Connection) -> None:
            put_refusal(connection, mark)
            theirs = update(reminders).where(reminders.c.owner.in_(owners))
            connection.execute(theirs.values(standing=Standing.REFUSED, sealed=null()))

        await self._main.write("that somebody wants no reminders could not be stored", keep)

    async def of_round(self, round_id: str) -> Sequence[Kept]:
        """Everybody's reminders in a round, by pseudonym; none once it is closed. Raises StorageError."""
        opening = next((each for each in await self._openings() if each[0] == round_id), None)
        if opening is None:
            return ()
        key = (await self._keys.identity([opening])).get(opening)
        query = (
            select(reminders, responses.c.id)
            .outerjoin(responses, _RESPONSE)
            .where(reminders.c.round == round_id)
            .order_by(reminders.c.owner, reminders.c.source)
        )

        def find(connection: Connection) -> Sequence[RowMapping]:
            return connection.execute(query).mappings().all()

        rows = await self._main.read("the reminders of a round could not be read", find)
        # Opening thousands of them would keep the loop from everybody else.
        return await asyncio.to_thread(
            lambda: tuple(kept_of(row, key, submitted=row[responses.c.id] is not None) for row in rows)
        )

    async def count(self, kept: Kept, day: date) -> bool:
        """Count a reminder, before it is sent. False where it must not be. Raises StorageError."""
        change = (
            update(reminders)
            .where(
                mine(kept.round, kept.owner, kept.source),
                reminders.c.standing == Standing.WANTED,
                reminders.c.sent == kept.sent,
                reminders.c.active == kept.active,
                reminders.c.sealed.is_not(None),
                _OPEN,
                ~exists().where(_RESPONSE),
            )
            .values(sent=kept.sent + 1, last=day)
        )

        def put(connection: Connection) -> bool:
            return connection.execute(change).rowcount == 1

        # Where it is unknown whether the first try was committed, a second finds the count changed: the reminder is
        # lost then, and never sent twice.
        return await self._main.write("a reminder could not be counted", put)

    async def uncount(self, kept: Kept, day: date) -> None:
        """Take back the counting of `kept` on this day. Raises StorageError."""
        change = update(reminders).where(
            mine(kept.round, kept.owner, kept.source), reminders.c.sent == kept.sent + 1, reminders.c.last == day
        )

        def put(connection: Connection) -> None:
            connection.execute(change.values(sent=kept.sent, last=kept.last))

        await self._main.write("a reminder that was not sent could not be uncounted", put)

    async def unreachable(self, kept: Kept) -> None:
        """The person cannot be reached. Raises StorageError."""
        change = update(reminders).where(
            mine(kept.round, kept.owner, kept.source), reminders.c.standing == Standing.WANTED
        )

        def put(connection: Connection) -> None:
            connection.execute(change.values(standing=Standing.UNREACHABLE, sealed=null()))

        await self._main.write("that somebody cannot be reached could not be stored", put)

    async def _openings(self) -> Sequence[Opening]:
        """Every round that has not been closed, with the time of being open that it is in."""

        def find(connection: Connection) -> Sequence[Opening]:
            return [(row.id, row.openings) for row in connection.execute(_OPENINGS)]

        return await self._main.read("the rounds could not be read", find)

    def _require_open(self, connection: Connection, opening: Opening) -> None:
        """Raises RoundClosed, Conflict; the round is held as it is until the end of the transaction."""
        round_id, number = opening
        today = self._today()
        query = select(rounds.c.openings).where(
            rounds.c.id == round_id,
            rounds.c.status == RoundStatus.OPEN,
            rounds.c.opens <= today,
            or_(rounds.c.closes.is_(None), rounds.c.closes >= today),
        )
        found = connection.scalar(query.with_for_update(read=True))
        if found is None:
            raise RoundClosed(round_id)
        if found != number:
            raise Conflict("the round was closed and opened again")


def _of(round_id: str, owner: str, source: Source) -> ColumnElement[bool]:
    return and_(responses.c.round == round_id, responses.c.owner == owner, responses.c.source == source)
