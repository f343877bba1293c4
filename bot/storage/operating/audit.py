"""The audit log in the main database. Entries are only ever added, one after the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, insert, select, true, update

from bot.access.audit import GENESIS, AuditEntry, AuditEvent, Verified, sealed, verified
from bot.storage.engine import Action
from bot.storage.schema.audit import audit_head, audit_log
from bot.storage.schema.base import Row
from bot.storage.transactions import Transactions

Now = Callable[[], datetime]
"""The time, in UTC."""

AT_ONCE = 500
"""Entries that are read in one go while the chain is walked."""


def utc_now() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)


class SqlAuditLog:
    """Implements `bot.access.audit.AuditLog`; every method raises StorageError where the database fails."""

    def __init__(self, main: Transactions) -> None:
        self._main = main

    async def append(self, event: AuditEvent) -> AuditEntry:
        """Record an event after the latest one; on disk when this returns."""

        def put(connection: Connection) -> AuditEntry:
            return put_entry(connection, event)

        # Done again where a commit was not confirmed, it might stand there twice: more than has happened.
        return await self._main.write("the audit log could not be written", put, repeatable=False)

    async def entries(self, *, before: int | None = None, limit: int = 100, subject: str = "") -> Sequence[AuditEntry]:
        """The latest entries, newest first; below the number `before`, and about a `subject`, where they are given."""
        query = select(audit_log).order_by(audit_log.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(audit_log.c.number < before)
        if subject:
            query = query.where(audit_log.c.subject == subject)
        return tuple(map(_entry, await self._rows(query)))

    async def verify(self) -> Verified:
        """Walk the chain from its beginning; entries that are missing at its end are found, too."""
        found, seen = Verified(0, GENESIS), None
        while True:
            rows = await self._rows(_piece(seen))
            entries = [_entry(row) for row in rows if row[audit_log.c.number] is not None]
            found = verified(entries, found)
            if len(entries) < AT_ONCE:
                break
            seen = entries[-1].number
        head = rows[0] if rows else {"head": None, "head_hash": ""}
        if found.broken is None and (found.entries, found.head) != (head["head"], head["head_hash"]):
            return replace(found, broken=found.entries + 1)
        return found

    async def _rows(self, query: Select[Any]) -> Sequence[RowMapping]:
        return await self._main.read("the audit log could not be read", _reading(query))


def put_entry(connection: Connection, event: AuditEvent) -> AuditEntry:
    """Record an event in a transaction that does something else as well: both are committed, or neither.

    It takes the log's lock, which is held until the commit, so do it last. Raises what SQLAlchemy raises.
    """
    head = connection.execute(select(audit_head).with_for_update()).one()
    latest = AuditEntry(head.number, event, "", head.hash) if head.number else None
    entry = sealed(event, latest)
    connection.execute(insert(audit_log).values(_row(entry)))
    connection.execute(update(audit_head).values(number=entry.number, hash=entry.hash))
    return entry


def _piece(seen: int | None) -> Select[Any]:
    """The next rows, whatever their numbers, so that one put in before the first or after the last is seen, too; and
    the head beside them, in one statement, so that what is appended meanwhile is in both or in neither."""
    beyond = true() if seen is None else audit_log.c.number > seen
    return (
        select(audit_log, audit_head.c.number.label("head"), audit_head.c.hash.label("head_hash"))
        .select_from(audit_head.outerjoin(audit_log, beyond))
        .order_by(audit_log.c.number)
        .limit(AT_ONCE)
    )


def _reading(query: Select[Any]) -> Action[Sequence[RowMapping]]:
    return lambda connection: connection.execute(query).mappings().all()


def _row(entry: AuditEntry) -> Row:
    event = entry.event
    return {
        "number": entry.number,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "tenant": event.tenant,
        "action": str(event.action),
        "subject": event.subject,
        "details": json.dumps(dict(event.details), ensure_ascii=False, sort_keys=True),
        "previous": entry.previous,
        "hash": entry.hash,
    }


def _entry(row: RowMapping) -> AuditEntry:
    """What a row says. A time or details that cannot be read were written over; what stands for them breaks the chain,
    as it should."""
    table = audit_log.c
    try:
        at = datetime.fromisoformat(row[table.at]).astimezone(UTC)
        details = dict(json.loads(row[table.details]))
    except (ValueError, TypeError):
        at, details = datetime.min.replace(tzinfo=UTC), {"unreadable": f"{row[table.at]} {row[table.details]}"}
    event = AuditEvent(at, row[table.actor], row[table.tenant], row[table.action], row[table.subject], details)
    return AuditEntry(row[table.number], event, row[table.previous], row[table.hash])
