"""Rounds in the main database, and what their beginning and end mean for keys and drafts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.maturity.errors import Conflict, DataInvalid, RoundClosed
from bot.maturity.instrument import Instrument
from bot.maturity.rounds import Round, RoundStatus
from bot.storage.errors import StorageError
from bot.storage.keys import RoundKeys
from bot.storage.schema.base import Row
from bot.storage.schema.check import drafts, rounds
from bot.storage.transactions import Transactions

_WHOLE = tuple(rounds.c)
_HEADS = tuple(column for column in _WHOLE if column is not rounds.c.instrument)
"""A round without the text of its instrument, which is long and seldom needed."""

ReadInstrument = Callable[[str, str], Instrument]
"""The text of an instrument and a name for error messages -> the instrument; raises DataInvalid."""


class SqlRounds:
    """Implements `bot.maturity.ports.Rounds`. An instrument is read once for each of its texts."""

    def __init__(self, main: Transactions, keys: RoundKeys, read: ReadInstrument) -> None:
        self._main = main
        self._keys = keys
        self._read = read
        self._instruments: dict[str, Instrument] = {}

    async def rounds(self) -> Sequence[Round]:
        """Every round, newest first. Raises StorageError, also where a stored instrument cannot be read."""
        rows = await self._rows(_HEADS)
        if any(row["digest"] not in self._instruments for row in rows):
            rows = await self._rows(_WHOLE)
            for row in rows:
                await self._read_instrument(row)
        return tuple(_round(row, self._instruments[row["digest"]]) for row in rows)

    async def add(self, new: Round) -> None:
        """Keep a round and make its keys. Raises Conflict where its id or label is taken, StorageError."""
        if new.status is RoundStatus.CLOSED:
            raise RoundClosed(new.id)
        same = select(rounds.c.id).where((rounds.c.id == new.id) | (rounds.c.label == new.label))

        def taken(connection: Connection) -> bool:
            return connection.execute(same).first() is not None

        def keep(connection: Connection) -> None:
            try:
                connection.execute(insert(rounds).values(_row(new)))
            except IntegrityError as error:
                raise Conflict(f"the round {new.id} or {new.label} exists") from error

        if await self._main.read("the rounds could not be read", taken):
            raise Conflict(f"the round {new.id} or {new.label} exists")
        # A round without keys would take no answers, keys without a round do no harm: keys first.
        await self._keys.make(new.id)
        await self._main.write("a round could not be stored", keep, repeatable=False)

    async def open(self, round_id: str) -> None:
        """Let a planned round take answers. Raises RoundClosed unless it is planned, StorageError."""
        planned = update(rounds).where(rounds.c.id == round_id, rounds.c.status == RoundStatus.PLANNED)

        def change(connection: Connection) -> None:
            if connection.execute(planned.values(status=RoundStatus.OPEN)).rowcount == 0:
                raise RoundClosed(round_id)

        await self._main.write("a round could not be opened", change, repeatable=False)

    async def close(self, round_id: str) -> None:
        """Close for good: first the status, then the key is destroyed, then the drafts go. Repeating it finishes it.

        Raises RoundClosed where there is no such round, StorageError.
        """

        def change(connection: Connection) -> None:
            closing = update(rounds).where(rounds.c.id == round_id).values(status=RoundStatus.CLOSED)
            if connection.execute(closing).rowcount == 0:
                raise RoundClosed(round_id)

        await self._main.write("a round could not be closed", change)
        await self._finish([round_id])

    async def finish_closings(self) -> None:
        """Finish what a crash may have interrupted. Raises StorageError."""
        query = select(rounds.c.id).where(rounds.c.status == RoundStatus.CLOSED)

        def find(connection: Connection) -> Sequence[str]:
            return connection.execute(query).scalars().all()

        closed = await self._main.read("the rounds could not be read", find)
        if closed:
            await self._finish(closed)

    async def correct(self, changed: Round) -> None:
        """Give an open or planned round another text of its instrument. Raises RoundClosed, StorageError."""
        mine = update(rounds).where(rounds.c.id == changed.id, rounds.c.status != RoundStatus.CLOSED)
        instrument = {"instrument": changed.instrument.source, "digest": changed.instrument.digest}

        def change(connection: Connection) -> None:
            if connection.execute(mine.values(instrument)).rowcount == 0:
                raise RoundClosed(changed.id)

        await self._main.write("a round could not be corrected", change)

    async def _finish(self, closed: Collection[str]) -> None:
        await self._keys.destroy(closed)
        theirs = drafts.c.round.in_(closed)

        def some(connection: Connection) -> bool:
            return bool(connection.scalar(select(exists().where(theirs))))

        def remove(connection: Connection) -> None:
            connection.execute(delete(drafts).where(theirs))

        if await self._main.read("the drafts of a closed round could not be read", some):
            await self._main.write("the drafts of a closed round could not be deleted", remove)

    async def _rows(self, columns: Sequence[Column[Any]]) -> Sequence[RowMapping]:
        query = select(*columns).order_by(rounds.c.opens.desc(), rounds.c.label.desc())

        def find(connection: Connection) -> Sequence[RowMapping]:
            return connection.execute(query).mappings().all()

        return await self._main.read("the rounds could not be read", find)

    async def _read_instrument(self, row: RowMapping) -> None:
        if row["digest"] in self._instruments:
            return
        try:
            instrument = await asyncio.to_thread(self._read, row["instrument"], f"round {row['label']}")
        except DataInvalid as error:
            raise StorageError(f"a stored instrument cannot be read: {error}") from error
        self._instruments[row["digest"]] = instrument


def _row(new: Round) -> Row:
    return {
        "id": new.id,
        "label": new.label,
        "instrument": new.instrument.source,
        "digest": new.instrument.digest,
        "status": new.status,
        "opens": new.opens,
        "closes": new.closes,
        "practice": new.practice,
    }


def _round(row: RowMapping, instrument: Instrument) -> Round:
    status = RoundStatus(row["status"])
    return Round(row["id"], row["label"], instrument, status, row["opens"], row["closes"], row["practice"])
