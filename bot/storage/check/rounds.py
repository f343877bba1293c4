"""Rounds in the main database, and what the steps of their life mean for keys and drafts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import date

from sqlalchemy import Connection, RowMapping, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.access.audit import AuditEvent
from bot.maturity import round_life
from bot.maturity.days import Today
from bot.maturity.errors import Conflict, DataInvalid, RoundClosed
from bot.maturity.instrument import Instrument
from bot.maturity.round_life import SERVICE, By, Request, Step
from bot.maturity.rounds import LEAST_THRESHOLD, OVER, Round
from bot.storage.check.keys import Opening, RoundKeys
from bot.storage.check.round_details import invited_of, put_invited
from bot.storage.check.round_rows import HEADS, WHOLE, round_of, row_of, rows_of
from bot.storage.errors import StorageError
from bot.storage.operating.audit import Now, put_entry
from bot.storage.schema.check import drafts, rounds
from bot.storage.schema.reminders import reminders
from bot.storage.transactions import Transactions

ReadInstrument = Callable[[str, str], Instrument]
"""The text of an instrument and a name for error messages -> the instrument; raises DataInvalid."""


class SqlRounds:
    """Implements `bot.maturity.ports.Rounds`. An instrument is read once for each of its texts."""

    def __init__(self, main: Transactions, keys: RoundKeys, read: ReadInstrument, today: Today, now: Now) -> None:
        self._main = main
        self._keys = keys
        self._read = read
        self._today = today
        self._now = now
        self._instruments: dict[str, Instrument] = {}

    async def rounds(self) -> Sequence[Round]:
        """Every round, newest first. Raises StorageError, also where a stored instrument cannot be read."""
        rows, invited = await self._main.read(
            "the rounds could not be read", lambda connection: (rows_of(connection, HEADS), invited_of(connection))
        )
        if any(row["digest"] not in self._instruments for row in rows):
            rows = await self._main.read("the rounds could not be read", lambda each: rows_of(each, WHOLE))
            for row in rows:
                await self._read_instrument(row)
        return tuple(round_of(row, self._instruments[row["digest"]], invited.get(row["id"], {})) for row in rows)

    async def add(self, new: Round, by: By = SERVICE) -> None:
        """Keep a round and make its keys. Raises Conflict where its id or label is taken, StepRefused, StorageError."""
        made = round_life.take(Step.CREATE, new, Request(by, self._today()))
        same = select(rounds.c.id).where((rounds.c.id == made.id) | (rounds.c.label == made.label))

        def taken(connection: Connection) -> bool:
            return connection.execute(same).first() is not None

        def keep(connection: Connection) -> None:
            try:
                connection.execute(insert(rounds).values(row_of(made)))
            except IntegrityError as error:
                raise Conflict(f"the round {made.id} or {made.label} exists") from error
            put_invited(connection, made.id, made.invited)
            put_entry(connection, self._event(Step.CREATE, None, made, by))

        if await self._main.read("the rounds could not be read", taken):
            raise Conflict(f"the round {made.id} or {made.label} exists")
        # A round without keys would take no answers, keys without a round do no harm: keys first.
        await self._keys.make(made.id, made.openings)
        await self._main.write("a round could not be stored", keep, repeatable=False)

    async def open(self, round_id: str, by: By = SERVICE) -> None:
        """Let a planned round take answers. Raises StepRefused unless it is planned, StorageError."""
        await self._step(Step.OPEN, round_id, by)

    async def close(self, round_id: str, by: By = SERVICE) -> None:
        """Close: first the status, then the key is destroyed, then the drafts go. Repeating it finishes it.

        Raises StepRefused where it is archived, RoundClosed where there is no such round, StorageError.
        """
        closed = await self._step(Step.CLOSE, round_id, by, once=True)
        await self._finish([(closed.id, closed.openings)])

    async def reopen(self, round_id: str, *, closes: date, reason: str, by: By = SERVICE) -> None:
        """Let a closed round take answers again, under a new identity key. Raises StepRefused, StorageError."""
        held = await self._held(round_id)
        asked = Request(by, self._today(), reason=reason, closes=closes)
        after = round_life.take(Step.REOPEN, held, asked)
        # What an interrupted closing left behind must not meet the new key, and keys come first, as in `add`.
        await self._finish([(held.id, held.openings)])
        await self._keys.make(after.id, after.openings)
        await self._step(Step.REOPEN, round_id, by, asked)

    async def archive(
        self, round_id: str, *, diary_number: str, retention: str, keep_answers: int | None = None, by: By = SERVICE
    ) -> None:
        """Register a closed round for good. Raises StepRefused, StorageError."""
        asked = Request(by, self._today(), diary_number=diary_number, retention=retention, keep_answers=keep_answers)
        await self._step(Step.ARCHIVE, round_id, by, asked)

    async def change(self, changed: Round, by: By = SERVICE) -> None:
        """Give a round other dates, numbers, threshold or openness of its data. Raises StepRefused, StorageError."""
        await self._change(Step.CHANGE, changed.id, by, lambda held: round_life.change(held, changed, by))

    async def correct(self, changed: Round, by: By = SERVICE) -> None:
        """Give an open or planned round another text of its instrument. Raises StepRefused, StorageError."""
        instrument = changed.instrument
        await self._change(Step.CORRECT, changed.id, by, lambda held: round_life.correct(held, instrument, by))

    async def finish_closings(self) -> None:
        """Finish what a crash may have interrupted. Raises StorageError, also where a round's threshold is too low."""
        query = select(rounds.c.id, rounds.c.openings).where(rounds.c.status.in_(OVER))
        low = select(rounds.c.label).where(rounds.c.threshold < LEAST_THRESHOLD)

        def find(connection: Connection) -> tuple[Sequence[Opening], str | None]:
            return [(row.id, row.openings) for row in connection.execute(query)], connection.scalar(low)

        closed, too_low = await self._main.read("the rounds could not be read", find)
        if too_low is not None:
            raise StorageError(f"round {too_low}: its disclosure threshold is below {LEAST_THRESHOLD}")
        if closed:
            await self._finish(closed)

    async def _step(
        self, step: Step, round_id: str, by: By, asked: Request | None = None, *, once: bool = False
    ) -> Round:
        """Take a step of `round_life.take`. `once`: what has its status already is left as it is."""
        request = asked or Request(by, self._today())

        def act(held: Round) -> Round:
            if once and held.status is round_life.RULES[step].after:
                return held
            return round_life.take(step, held, request)

        return await self._change(step, round_id, by, act, reason=request.reason, repeatable=once)

    async def _change(
        self,
        step: Step,
        round_id: str,
        by: By,
        act: Callable[[Round], Round],
        *,
        reason: str = "",
        repeatable: bool = True,
    ) -> Round:
        """The round after `act`, stored together with its entry in the audit log; without one where nothing changed."""
        await self._held(round_id)

        def change(connection: Connection) -> Round:
            before = self._locked(connection, round_id)
            after = act(before)
            if after == before:
                return after
            row = row_of(after)
            if after.instrument.digest == before.instrument.digest:
                del row["instrument"]
            connection.execute(update(rounds).where(rounds.c.id == round_id).values(row))
            if after.invited != before.invited:
                put_invited(connection, round_id, after.invited)
            put_entry(connection, self._event(step, before, after, by, reason))
            return after

        return await self._main.write("a round could not be changed", change, repeatable=repeatable)

    def _event(self, step: Step, before: Round | None, after: Round, by: By, reason: str = "") -> AuditEvent:
        details = dict(round_life.difference(before, after)) | ({"reason": reason} if reason else {})
        return AuditEvent(self._now(), by.actor, by.tenant, round_life.RULES[step].action, after.label, details)

    async def _held(self, round_id: str) -> Round:
        """A round as it is now. Raises RoundClosed where there is none."""
        found = next((each for each in await self.rounds() if each.id == round_id), None)
        if found is None:
            raise RoundClosed(round_id)
        return found

    def _locked(self, connection: Connection, round_id: str) -> Round:
        """The round in a transaction, so that nobody else changes it before the end of that."""
        query = select(*HEADS).where(rounds.c.id == round_id).with_for_update()
        row = connection.execute(query).mappings().first()
        if row is None:
            raise RoundClosed(round_id)
        instrument = self._instruments.get(row["digest"])
        if instrument is None:
            raise Conflict("somebody else has corrected the round's instrument")
        return round_of(row, instrument, invited_of(connection, round_id).get(round_id, {}))

    async def _finish(self, closed: Collection[Opening]) -> None:
        await self._keys.destroy(closed)
        # Those of rounds that are still over: somebody else may have opened one again in the meantime.
        over = select(rounds.c.id).where(rounds.c.id.in_([name for name, _ in closed]), rounds.c.status.in_(OVER))
        theirs = ((drafts, drafts.c.round.in_(over)), (reminders, reminders.c.round.in_(over)))

        def some(connection: Connection) -> bool:
            return any(connection.scalar(select(exists().where(which))) for _, which in theirs)

        def remove(connection: Connection) -> None:
            for table, which in theirs:
                connection.execute(delete(table).where(which))

        if await self._main.read("the drafts of a closed round could not be read", some):
            await self._main.write("the drafts of a closed round could not be deleted", remove)

    async def _read_instrument(self, row: RowMapping) -> None:
        if row["digest"] in self._instruments:
            return
        try:
            instrument = await asyncio.to_thread(self._read, row["instrument"], f"round {row['label']}")
        except DataInvalid as error:
            raise StorageError(f"a stored instrument cannot be read: {error}") from error
        self._instruments[row["digest"]] = instrument
