"""D14: the audit log holds who did what and when, in a chain that shows every row edited, removed or put in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from bot.access.audit import GENESIS, Action, AuditEvent, Verified
from bot.maturity.errors import StoreFailed
from bot.maturity.rounds import RoundStatus
from bot.storage.database import Database, open_database
from bot.storage.errors import StorageError
from bot.storage.operating import audit
from bot.storage.operating.audit import put_entry
from tests.contract.storage.checks import Calendar, a_round, read

NOON = datetime(2026, 11, 2, 12, 0, 0, 123456, tzinfo=UTC)


def event(number: int, subject: str = "2026:1") -> AuditEvent:
    at = NOON + timedelta(minutes=number)
    return AuditEvent(at, f"oid-{number}", "tenant-a", Action.RESULTS_SEEN, subject, {"edition": str(number), "å": "ö"})


@pytest.fixture
async def database(urls: tuple[str, str]) -> AsyncIterator[Database]:
    database = await open_database(*urls, today=Calendar(), read=read)
    yield database
    await database.close()


async def fill(database: Database, count: int = 5) -> Verified:
    for number in range(1, count + 1):
        await database.audit.append(event(number, f"2026:{number % 2}"))
    return await database.audit.verify()


async def run(database: Database, *statements: str) -> None:
    def change(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    await database.main.engine.write(change)


async def test_d14_an_entry_tells_who_what_when_and_for_which_tenant(database: Database) -> None:
    assert await database.audit.verify() == Verified(0, GENESIS)
    put = await database.audit.append(event(1))
    [entry] = await database.audit.entries()
    assert entry == put
    assert (entry.number, entry.event, entry.previous) == (1, event(1), GENESIS)
    assert await database.audit.verify() == Verified(1, entry.hash)


async def test_entries_come_newest_first_by_subject_and_page(database: Database) -> None:
    await fill(database)
    assert [each.number for each in await database.audit.entries()] == [5, 4, 3, 2, 1]
    assert [each.number for each in await database.audit.entries(limit=2)] == [5, 4]
    assert [each.number for each in await database.audit.entries(before=3)] == [2, 1]
    assert [each.number for each in await database.audit.entries(subject="2026:1")] == [5, 3, 1]
    assert [each.number for each in await database.audit.entries(subject="2026:1", before=5, limit=1)] == [3]


COPIED = "INSERT INTO audit_log SELECT {}, at, actor, tenant, action, subject, details, {} FROM audit_log"
NUMBERED = "UPDATE audit_log SET number ="
TAMPERED: list[tuple[int, list[str]]] = [
    (3, ["UPDATE audit_log SET actor = 'nobody' WHERE number = 3"]),
    (3, ["UPDATE audit_log SET at = '2026-11-02T12:03:00.123457+00:00' WHERE number = 3"]),
    (3, ["UPDATE audit_log SET at = 'yesterday' WHERE number = 3"]),
    (1, ['UPDATE audit_log SET details = \'{"edition": "9"}\' WHERE number = 1']),
    (5, ["UPDATE audit_log SET details = 'no json' WHERE number = 5"]),
    (5, ["UPDATE audit_log SET tenant = 'tenant-b' WHERE number = 5"]),
    (2, ["DELETE FROM audit_log WHERE number = 1"]),
    (4, ["DELETE FROM audit_log WHERE number = 3"]),
    (4, ["DELETE FROM audit_log WHERE number > 3"]),
    (1, ["DELETE FROM audit_log"]),
    (1, ["DELETE FROM audit_log", "DELETE FROM audit_head"]),
    (0, [f"{COPIED.format(0, 'previous, hash')} WHERE number = 1"]),
    (6, [f"{COPIED.format(6, 'hash, previous')} WHERE number = 5"]),
    (3, [f"{NUMBERED} {new} WHERE number = {old}" for old, new in ((3, 9), (4, 3), (9, 4))]),
]
"""What somebody does to the tables, with the number of the first entry that is then not as it should be."""


async def test_d14_every_tampering_is_found_where_it_begins(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await fill(database)
    await run(database, "CREATE TABLE kept_log AS SELECT * FROM audit_log")
    await run(database, "CREATE TABLE kept_head AS SELECT * FROM audit_head")
    for broken, tampering in TAMPERED:
        await run(database, *tampering)
        for at_once in (2, 500):
            monkeypatch.setattr(audit, "AT_ONCE", at_once)
            assert (await database.audit.verify()).broken == broken, tampering
        await database.audit.entries()  # what was written over can still be looked at
        await run(database, "DELETE FROM audit_log", "INSERT INTO audit_log SELECT * FROM kept_log")
        await run(database, "DELETE FROM audit_head", "INSERT INTO audit_head SELECT * FROM kept_head")
        assert await database.audit.verify() == whole


async def test_d14_those_who_write_at_once_stand_in_one_chain(database: Database, urls: tuple[str, str]) -> None:
    other = await open_database(*urls, today=Calendar(), read=read)
    logs = (database.audit, other.audit)
    await asyncio.gather(*(logs[number % 2].append(event(number)) for number in range(12)))
    await other.close()
    assert [each.number for each in await database.audit.entries()] == list(range(12, 0, -1))
    assert (await database.audit.verify()).broken is None


async def test_d14_what_is_undone_leaves_no_entry_and_what_has_no_entry_is_undone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def undone(connection: Connection) -> None:
        put_entry(connection, event(1))
        raise StorageError("the rest did not work")

    with pytest.raises(StorageError):
        await database.main.write("something could not be done", undone)
    assert list(await database.audit.entries()) == []

    await database.check.add(a_round(status=RoundStatus.PLANNED))

    def fails(*_: Any) -> None:
        raise StorageError("the log takes no entries")

    monkeypatch.setattr("bot.storage.check.rounds.put_entry", fails)
    for step in (database.check.open("r1"), database.check.close("r1"), database.check.add(a_round("r2"))):
        with pytest.raises(StoreFailed):
            await step
    [held] = await database.check.rounds()
    assert held.status is RoundStatus.PLANNED
    assert [each.event.action for each in await database.audit.entries()] == [Action.ROUND_CREATED]
