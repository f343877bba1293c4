"""Drafts in the main database: sealed for their owner, versioned, and submitted together with their response."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.maturity.days import Today
from bot.maturity.errors import Conflict, RoundClosed
from bot.maturity.ports import Draft, Person
from bot.maturity.responses import Response
from bot.maturity.rounds import OVER, RoundStatus
from bot.maturity.session import Session, Source
from bot.storage.check.draft_seal import OwnDraft
from bot.storage.check.keys import Opening, RoundKeys
from bot.storage.check.responses import put_response, remove_response
from bot.storage.errors import StorageError
from bot.storage.reminding.reminder_rows import note_activity, remind_no_more, remove_reminders
from bot.storage.schema.base import Row
from bot.storage.schema.check import drafts, rounds
from bot.storage.schema.reminders import reminders
from bot.storage.scrubbing import tidy
from bot.storage.transactions import Transactions

_MINE = and_(
    drafts.c.round == bindparam("of_round"),
    drafts.c.owner == bindparam("of_owner"),
    drafts.c.source == bindparam("of_source"),
)
_MY_REMINDERS = and_(
    reminders.c.round == bindparam("of_round"),
    reminders.c.owner == bindparam("of_owner"),
    reminders.c.source == bindparam("of_source"),
)
_OPENING = select(rounds.c.openings).where(rounds.c.id == bindparam("of_round"), rounds.c.status.not_in(OVER))
_OPEN_WITH_DRAFTS = (
    select(rounds.c.id, rounds.c.openings, drafts.c.owner, drafts.c.source, drafts.c.version, drafts.c.sealed)
    .outerjoin(drafts, and_(drafts.c.round == rounds.c.id, drafts.c.owner.in_(bindparam("owners", expanding=True))))
    .where(rounds.c.status.not_in(OVER))
)
"""Every round that is not closed, with the drafts in it that some owners have."""
_LOOK = (
    select(
        *(rounds.c.status, rounds.c.opens, rounds.c.closes, rounds.c.openings),
        *(drafts.c.version, (drafts.c.sealed == bindparam("new")).label("ours"), reminders.c.active),
    )
    .select_from(rounds)
    .outerjoin(drafts, _MINE)
    .outerjoin(reminders, _MY_REMINDERS)
    .where(rounds.c.id == bindparam("of_round"))
    .with_for_update(read=True, of=rounds)
)
"""A round and one draft in it. The round's row is held to the end of the transaction, so that it is not closed between
the look at it and the commit."""

_log = logging.getLogger(__name__)


class SqlDrafts:
    """Implements `bot.maturity.ports.Drafts`."""

    def __init__(self, main: Transactions, keys: RoundKeys, today: Today) -> None:
        self._main = main
        self._keys = keys
        self._today = today

    async def mine(self, person: Person) -> Sequence[Draft]:
        """The person's drafts in rounds that are not closed: one query, as it is done in every turn.

        Raises StorageError, SealBroken where a stored draft was changed by somebody else.
        """
        keys = self._keys.known
        rows = await self._mine(person, keys)
        strangers = {_opening(row) for row in rows} - keys.keys()
        if strangers:
            found = await self._keys.identity(strangers)
            for lost, _ in strangers - found.keys():
                _log.error("the identity key of round %s is missing: its drafts cannot be opened", lost)
            keys = {**keys, **found}
            rows = await self._mine(person, keys)
        self._keys.remember_only({_opening(row) for row in rows})
        theirs = ((_own(keys, person, _opening(row), row), row) for row in rows if row[drafts.c.owner] is not None)
        return tuple(own.draft(row) for own, row in theirs if own is not None)

    async def load(self, person: Person, round_id: str, source: Source) -> Draft | None:
        """One draft; None where there is none, or its round is closed. Raises as `mine` does."""
        own = await self._own(person, round_id, source)
        if own is None:
            return None
        query = _OPEN_WITH_DRAFTS.where(rounds.c.id == round_id, rounds.c.openings == own.opening)

        def find(connection: Connection) -> RowMapping | None:
            return connection.execute(query, {"owners": [own.owner]}).mappings().first()

        row = await self._main.read("a draft could not be read", find)
        return None if row is None or row[drafts.c.owner] is None else own.draft(row)

    async def save(self, person: Person, session: Session, expected: int) -> int:
        """Keep a session, committed when this returns. Raises Conflict, RoundClosed, StorageError."""
        own = await self._writable(person, session.round, session.source)
        sealed = own.sealed(session, expected + 1)

        def put(connection: Connection) -> None:
            _put(connection, own, expected, sealed, self._today())

        await self._main.write("a draft could not be stored", put)
        return expected + 1

    async def submit(self, person: Person, session: Session, response: Response, expected: int) -> int:
        """Keep a session and its response in one transaction. Raises as `save` does, and AlreadyAnswered."""
        if (response.round, response.source) != (session.round, session.source):
            raise ValueError("a response belongs to the round and source of its session")
        own = await self._writable(person, session.round, session.source)
        sealed = own.sealed(session, expected + 1)
        sensitive = any(answer.security for answer in response.answers)
        key = await self._keys.sealing(response.round) if sensitive else None

        def put(connection: Connection) -> None:
            if _put(connection, own, expected, sealed, self._today()):
                put_response(connection, own.owner, response, key)
                remind_no_more(connection, own.round, own.owner, own.source)

        await self._main.write("a response could not be stored", put)
        return expected + 1

    async def erase(self, person: Person, round_id: str, source: Source) -> bool:
        """Delete a person's draft and response; not after the round is closed. Raises RoundClosed, StorageError."""
        own = await self._writable(person, round_id, source)
        any_gone = False

        def remove(connection: Connection) -> None:
            nonlocal any_gone  # A try whose commit was not confirmed may have been the one that deleted.
            opening = connection.scalar(_OPENING.with_for_update(read=True), {"of_round": round_id})
            if opening is None:
                raise RoundClosed(round_id)
            if opening != own.opening:
                raise Conflict("the round was closed and opened again")
            any_gone |= connection.execute(delete(drafts).where(_MINE), _place(own)).rowcount > 0
            any_gone |= remove_response(connection, round_id, own.owner, source)
            remove_reminders(connection, round_id, own.owner, source)

        await self._main.write("a draft and its response could not be deleted", remove)
        if any_gone:
            # No tables: writing those of a server anew would keep everybody else waiting, and it tidies up by itself.
            await tidy(self._main, ())
        return any_gone

    async def _mine(self, person: Person, keys: Mapping[Opening, bytes]) -> Sequence[RowMapping]:
        owners = [_of_key(key, person, each, source).owner for each, key in keys.items() for source in Source]

        def find(connection: Connection) -> Sequence[RowMapping]:
            return connection.execute(_OPEN_WITH_DRAFTS, {"owners": owners}).mappings().all()

        return await self._main.read("the drafts could not be read", find)

    async def _own(self, person: Person, round_id: str, source: Source) -> OwnDraft | None:
        """The person's draft under the key that is remembered, or else the present one; None where there is none."""
        number = self._keys.remembered(round_id)
        if number is None:
            number = await self._main.read(
                "a round could not be read", lambda connection: connection.scalar(_OPENING, {"of_round": round_id})
            )
        if number is None:
            return None
        opening = (round_id, number)
        key = (await self._keys.identity([opening])).get(opening)
        return None if key is None else _of_key(key, person, opening, source)

    async def _writable(self, person: Person, round_id: str, source: Source) -> OwnDraft:
        own = await self._own(person, round_id, source)
        if own is not None:
            return own

        def find(connection: Connection) -> Any:
            return connection.scalar(_OPENING, {"of_round": round_id})

        if await self._main.read("a round could not be read", find) is None:
            raise RoundClosed(round_id)
        raise StorageError(f"the identity key of round {round_id} is missing")


def _opening(row: RowMapping) -> Opening:
    return row[rounds.c.id], row[rounds.c.openings]


def _of_key(key: bytes, person: Person, opening: Opening, source: Source) -> OwnDraft:
    round_id, number = opening
    return OwnDraft(key, person, round_id, source, number)


def _own(keys: Mapping[Opening, bytes], person: Person, opening: Opening, row: RowMapping) -> OwnDraft | None:
    """Whose draft a row is; None where it is left from an earlier opening, whose key is gone from everywhere else."""
    own = _of_key(keys[opening], person, opening, Source(row[drafts.c.source]))
    return own if own.owner == row[drafts.c.owner] else None


def _put(connection: Connection, own: OwnDraft, expected: int, sealed: bytes, today: date) -> bool:
    """Write the version after `expected`; False where an earlier try of the same has done so.

    Raises RoundClosed, Conflict.
    """
    row = connection.execute(_LOOK, _place(own) | {"new": sealed}).first()
    if row is None or not _takes_answers(row, today):
        raise RoundClosed(own.round)
    if row.openings != own.opening:
        raise Conflict("the round was closed and opened again")
    if row.ours:
        return False
    if (row.version or 0) != expected:
        raise Conflict(f"version {row.version or 0} is stored, the change was made from {expected}")
    if row.active is not None and row.active < today:
        note_activity(connection, own.round, own.owner, own.source, today)
    if expected:
        change = update(drafts).where(_MINE, drafts.c.version == bindparam("of_version"))
        values = {"version": expected + 1, "sealed": sealed}
        if connection.execute(change, _place(own) | {"of_version": expected} | values).rowcount == 0:
            raise Conflict("another change was stored first")
        return True
    try:
        place = {"round": own.round, "owner": own.owner, "source": own.source}
        connection.execute(insert(drafts), place | {"version": 1, "sealed": sealed})
    except IntegrityError as error:
        raise Conflict("the same draft was begun twice") from error
    return True


def _takes_answers(row: Any, today: date) -> bool:
    return bool(row.status == RoundStatus.OPEN and row.opens <= today and (row.closes is None or today <= row.closes))


def _place(own: OwnDraft) -> Row:
    return {"of_round": own.round, "of_owner": own.owner, "of_source": own.source}
