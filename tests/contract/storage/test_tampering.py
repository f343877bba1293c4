"""What somebody changed in the database behind Fyren's back is noticed before anything is shown by it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from bot.maturity.ports import Edition
from bot.storage.database import Database, open_database
from bot.storage.errors import StorageError
from tests.contract.storage.checks import ANNA, OPENS, Calendar, a_response, a_round, a_session, read


@pytest.fixture
async def database(urls: tuple[str, str]) -> AsyncIterator[Database]:
    """A closed round with a response and an edition."""
    database = await open_database(*urls, today=Calendar(), read=read)
    await database.check.add(a_round())
    await database.check.submit(ANNA, a_session(), a_response(), 0)
    await database.check.close("r1")
    members = [name for name, _ in await database.check.numbered("r1")]
    await database.editions.add(Edition("r1", 1, OPENS, "d", ""), '{"k": 5}', members)
    yield database
    await database.close()


async def run(database: Database, statement: str) -> None:
    await database.main.engine.write(lambda connection: connection.execute(text(statement)))


async def test_d13_a_threshold_that_was_lowered_in_the_database_stops_reading_and_the_start(
    database: Database, urls: tuple[str, str]
) -> None:
    await run(database, "UPDATE rounds SET threshold = 1")
    with pytest.raises(StorageError, match="2026:r1: the disclosure threshold 1 is too low"):
        await database.check.rounds()
    with pytest.raises(StorageError, match="2026:r1: its disclosure threshold is below 5"):
        await open_database(*urls, today=Calendar(), read=read)


@pytest.mark.parametrize("changed", ["content = '{\"k\": 4}'", "checksum = 'another'"])
async def test_an_edition_that_was_changed_is_not_shown(database: Database, changed: str) -> None:
    assert await database.editions.content("r1", 1) == '{"k": 5}'
    await run(database, f"UPDATE editions SET {changed}")  # noqa: S608 - the test's own words
    with pytest.raises(StorageError, match="edition 1 of round r1 was changed"):
        await database.editions.content("r1", 1)


async def test_the_members_of_editions_go_with_their_responses(database: Database) -> None:
    assert len(await database.editions.members("r1")) == 1
    await run(database, "DELETE FROM responses")
    assert await database.editions.members("r1") == {}
    assert await database.editions.content("r1", 1) == '{"k": 5}'
