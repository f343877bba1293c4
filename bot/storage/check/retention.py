"""Deletes what is no longer kept, from the main database and the keys; `bot.maturity.retention` says what and when."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, delete, func, select

from bot.access.audit import Action, AuditEvent
from bot.maturity.errors import RoundClosed
from bot.maturity.retention import Disposal, Disposed, Held, planned
from bot.maturity.round_life import SERVICE, By
from bot.storage.check.keys import Purpose, RoundKeys, identity_purpose
from bot.storage.operating.audit import Now, put_entry, utc_now
from bot.storage.schema.check import consensus_municipalities, drafts, response_answers, responses, rounds
from bot.storage.schema.editions import edition_members
from bot.storage.scrubbing import tidy
from bot.storage.transactions import Transactions

_TABLES: Final = {
    Held.DRAFTS: (drafts,),
    Held.ANSWERS: (responses, response_answers, consensus_municipalities, edition_members),
}
"""The tables that hold it; rows of the others go with those of the first."""


class SqlRetention:
    """Implements `bot.maturity.retention.Retention`; every method raises StorageError where a database fails."""

    def __init__(self, main: Transactions, keys: RoundKeys, now: Now = utc_now) -> None:
        self._main = main
        self._keys = keys
        self._now = now

    async def look(self, disposal: Disposal) -> Disposed:
        """What is there to delete."""

        def count(connection: Connection) -> int:
            return _count(connection, disposal)

        found = await self._main.read("what is to be deleted could not be counted", count)
        return Disposed(disposal, found, await self._has_key(disposal))

    async def delete(self, disposal: Disposal, by: By = SERVICE) -> Disposed:
        """Delete it for good; rows and the log's entry in one transaction, then the key that goes with them.

        Raises RoundClosed where the round is not as it was when the disposal was decided, StorageError.
        """
        key = await self._has_key(disposal)

        def remove(connection: Connection) -> int:
            _as_decided(connection, disposal)
            count = _count(connection, disposal)
            table = _TABLES[disposal.held][0]
            connection.execute(delete(table).where(table.c.round == disposal.round.id))
            if count or key:
                put_entry(connection, self._event(disposal, count, key, by))
            return count

        count = await self._main.write("what is to be deleted could not be deleted", remove)
        if disposal.held is Held.ANSWERS:
            await self._keys.destroy_sealing(disposal.round.id)
        else:
            await self._keys.destroy([(disposal.round.id, disposal.round.openings)])
        await tidy(self._main, _TABLES[disposal.held])
        return Disposed(disposal, count, key)

    async def _has_key(self, disposal: Disposal) -> bool:
        openings = range(1, disposal.round.openings + 1)
        mine = {Purpose.SEALING.value} if disposal.held is Held.ANSWERS else set(map(identity_purpose, openings))
        return not mine.isdisjoint(await self._keys.purposes(disposal.round.id))

    def _event(self, disposal: Disposal, count: int, key: bool, by: By) -> AuditEvent:
        told = {
            "class": disposal.held.value,
            "decision": disposal.decision,
            "due": disposal.due.isoformat(),
            "count": str(count),
            "key": "destroyed" if key else "",
        }
        details = {name: value for name, value in told.items() if value}
        return AuditEvent(self._now(), by.actor, by.tenant, Action.DATA_DELETED, disposal.round.label, details)


def _count(connection: Connection, disposal: Disposal) -> int:
    table = _TABLES[disposal.held][0]
    query = select(func.count()).select_from(table).where(table.c.round == disposal.round.id)
    return connection.scalar(query) or 0


def _as_decided(connection: Connection, disposal: Disposal) -> None:
    """The round's row is held to the end of the transaction, so that it is not opened again before."""
    wanted = disposal.round
    decided = (wanted.status, wanted.closed_on, wanted.archived_on, wanted.keep_answers, wanted.retention)
    columns = (rounds.c.status, rounds.c.closed_on, rounds.c.archived_on, rounds.c.keep_answers, rounds.c.retention)
    row = connection.execute(select(*columns).where(rounds.c.id == wanted.id).with_for_update()).first()
    if row is None or tuple(row) != decided or disposal not in planned(wanted):
        raise RoundClosed(f"round {wanted.id} is not as it was when this was decided")
