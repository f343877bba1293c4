"""D05: a later version brings the database up to date while the earlier one still answers, as in a rolling upgrade."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import DDL, Connection, inspect

from bot.maturity.session import Source
from bot.storage.database import open_database
from bot.storage.engine import open_engine
from bot.storage.errors import SchemaTooNew
from bot.storage.migrations.numbered import MIGRATIONS, migrate
from tests.contract.storage.checks import Calendar, a_round, read
from tests.contract.storage.processes import started
from tests.integration.storage.answering import OPEN, PEOPLE, answer

BEFORE, AFTER = 20, 20
"""Answers that are waited for before and after the upgrade."""


def added(connection: Connection) -> None:
    """What migrations do: a column, a table and an index, and rows that are changed."""
    for statement in (
        "ALTER TABLE drafts ADD COLUMN later VARCHAR(8) NOT NULL DEFAULT ''",
        "UPDATE drafts SET later = 'yes'",
        "CREATE TABLE later (id INTEGER PRIMARY KEY)",
        "CREATE INDEX drafts_by_later ON drafts (later)",
    ):
        connection.execute(DDL(statement))  # type: ignore[no-untyped-call]  # SQLAlchemy's has no types


def test_d05_people_answer_while_the_database_is_brought_up_to_date(sqlite_url: str, sqlite_identity_url: str) -> None:
    urls = (sqlite_url, sqlite_identity_url)
    asyncio.run(begin(urls))
    with started(answer, urls) as running:
        told = [running.next() for _ in range(BEFORE)]
        asyncio.run(upgrade(sqlite_url))
        told += [running.next() for _ in range(AFTER)]
        running.kill()
    heard = [each.decode().split() for each in told if each not in (OPEN, None)]
    assert len(heard) >= BEFORE + AFTER - 1
    asyncio.run(check(urls, heard))


async def begin(urls: tuple[str, str]) -> None:
    database = await open_database(*urls, today=Calendar(), read=read)
    await database.check.add(a_round())
    await database.close()


async def upgrade(url: str) -> None:
    engine = open_engine(url)
    assert await migrate(engine, (*MIGRATIONS, added)) == len(MIGRATIONS) + 1
    assert await engine.read(lambda connection: inspect(connection).has_table("later"))
    await engine.close()


async def check(urls: tuple[str, str], heard: list[list[str]]) -> None:
    """Everything that was told as stored is there; and the earlier version does not start any more."""
    database = await open_database(*urls, today=Calendar(), read=read, beside=True)
    for person in PEOPLE:
        numbers = [int(number) for user, number in heard if user == person.user]
        draft = await database.check.load(person, "r1", Source.INDIVIDUAL)
        assert draft is not None or not numbers
        assert all(number < len(draft.session.answers) for number in numbers if draft is not None)
    await database.close()
    with pytest.raises(SchemaTooNew):
        await open_database(*urls, today=Calendar(), read=read)
