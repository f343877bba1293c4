"""Rows that an earlier version stored: found, changed and erased like those of today, and no copy of them is left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from bot.conversation.ports import Entry, Place, Rating
from bot.conversation.raters import rater_of
from bot.maturity.ports import Person
from bot.questions.cases import Case, Kept, conversation_part, origin_of
from bot.questions.model import EvaluationRow
from bot.reminders.model import Channel
from bot.storage.database import Database, open_database
from bot.storage.schema.base import Row
from bot.storage.schema.cases import cases
from bot.storage.schema.journal import feedback
from bot.storage.schema.questions import evaluation_questions
from bot.teams.sending.addresses import Address, unpacked
from tests.contract.storage.checks import Calendar, read
from tests.contract.storage.test_erasure import found
from tests.fakes.advice import answered
from tests.fakes.cases import sent_event

WHO = Person("8f6c2c0e-tenant", "bengt-oid")
HERE = Place(WHO.tenant, "a:1-bengts-samtal")
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
RATER = rater_of(HERE, WHO.tenant, WHO.user)
ORIGIN = origin_of(HERE.tenant, HERE.conversation)
CASE = Case("c" * 32, NOON, "Vem beslutar?", "sv", ORIGIN, "adress")
SENT = replace(sent_event(CASE), tenant=WHO.tenant)
CHANNEL = (
    '{"service_url":"https://smba.trafficmanager.net/emea/","tenant":"t","conversation":"19:kanal@thread.tacv2",'
    '"bot":"28:fyren","person":"29:bengt","kind":"channel"}'
)


async def opened(urls: tuple[str, str]) -> Database:
    return await open_database(*urls, today=Calendar(), read=read)


async def thumbs(database: Database) -> list[Row]:
    def look(connection: Connection) -> list[Row]:
        return [dict(row) for row in connection.execute(select(feedback)).mappings()]

    return await database.main.read("thumbs", look)


@pytest.fixture
async def older(urls: tuple[str, str]) -> tuple[str, str]:
    """A thumb, a question to a person and one that was picked for evaluation, and the digest's channel."""
    database = await opened(urls)
    await database.journal.record(Entry("a", NOON, HERE, "Fråga?", answered(), WHO.user))
    await database.journal.rate(Rating(NOON, HERE, RATER, True, "bra"))
    await database.cases.take(CASE, SENT, WHO.user)
    await database.evaluation_questions.keep(EvaluationRow("a", "Fråga?", False, (), (), "f-1", NOON))
    await database.digests.send_to(Channel(CHANNEL, "sv"))
    assert await found(database, [RATER, ORIGIN]) == set(), "what is stored today is under the key"

    def as_before(connection: Connection) -> None:
        connection.execute(update(feedback).values(rater=RATER))
        for table in (cases, evaluation_questions):
            connection.execute(update(table).values(origin=ORIGIN))

    await database.main.write("older rows", as_before)
    assert {table for table, _, _ in await found(database, [RATER, ORIGIN])} == {
        *("feedback", "cases", "evaluation_questions"),
    }
    await database.close()
    return urls


@pytest.fixture
async def database(older: tuple[str, str]) -> AsyncIterator[Database]:
    database = await opened(older)
    yield database
    await database.close()


async def test_nobody_can_try_names_out_on_what_is_stored(database: Database) -> None:
    traces = [RATER, ORIGIN, conversation_part(HERE.conversation), "29:bengt"]
    assert await found(database, traces) == set()


async def test_nothing_of_it_is_left_in_the_files(older: tuple[str, str], tmp_path: Path) -> None:
    def held() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.iterdir())

    traces = (RATER.encode(), ORIGIN.encode(), b"29:bengt")
    before = await asyncio.to_thread(held)
    database = await opened(older)
    after = await asyncio.to_thread(held)
    await database.close()
    if database.main.engine.dialect == "sqlite":
        assert all(trace in before for trace in traces)
    assert not any(trace in after for trace in traces)


async def test_who_rated_before_changes_that_thumb(database: Database) -> None:
    [before] = await thumbs(database)
    await database.journal.rate(Rating(NOON + timedelta(days=1), HERE, RATER, False, "nej"))
    [after] = await thumbs(database)
    assert (after["rater"], after["liked"], after["comment"]) == (before["rater"], False, "nej")


async def test_d08_older_rows_are_exported_and_erased_with_the_newer_ones(database: Database) -> None:
    await database.journal.record(Entry("b", NOON, HERE, "Ny fråga?", answered(), WHO.user))
    await database.journal.delivered("b", HERE, "sent-b")
    await database.journal.rate(Rating(NOON, HERE, RATER, True, "också bra", "sent-b"))
    rows = (await database.person_data.export(WHO)).rows
    assert [each.comment for each in rows.thumbs] == ["bra", "också bra"]
    for tenant in (HERE.tenant, ""):
        assert len((await database.personal_data.export(HERE.conversation, tenant)).cases) == 1
    assert await database.personal_data.erase(HERE.conversation) == 4  # two answers, a case, a picked question
    assert not await thumbs(database)


async def test_d08_a_thumb_of_before_goes_with_the_person_who_gave_it(database: Database) -> None:
    assert (await database.person_data.erase(WHO)).keys() >= {"answers", "cases", "evaluation"}
    assert not await thumbs(database)
    assert not await database.cases.all()


async def test_a_case_of_before_is_still_its_conversations(database: Database) -> None:
    assert await database.cases.take(CASE, SENT, WHO.user) is Kept.KNOWN
    elsewhere = replace(CASE, origin=origin_of(HERE.tenant, "a:2"))
    assert await database.cases.take(elsewhere, SENT, WHO.user) is Kept.REFUSED


async def test_the_digest_still_finds_its_channel_without_who_turned_it_on(database: Database) -> None:
    channel = await database.digests.channel()
    assert channel is not None
    service_url = "https://smba.trafficmanager.net/emea/"
    assert unpacked(channel.address) == Address(service_url, "t", "19:kanal@thread.tacv2", "28:fyren", kind="channel")


@pytest.mark.parametrize("days", [-1, 1], ids=["before", "after"])
async def test_of_two_thumbs_that_a_person_gave_meanwhile_the_later_stays(older: tuple[str, str], days: int) -> None:
    """A replica of today kept one under the key, and one of an earlier version another, while both served."""
    database = await opened(older)
    await database.journal.rate(Rating(NOON + timedelta(days=days), HERE, RATER, False, "i dag"))
    [kept] = await thumbs(database)
    earlier = {**kept, "rater": RATER, "at": NOON, "liked": True, "comment": "före"}
    await database.main.write("thumb", lambda connection: connection.execute(feedback.insert().values(earlier)))
    await database.close()
    again = await opened(older)
    [left] = await thumbs(again)
    assert left["comment"] == ("i dag" if days > 0 else "före")
    assert left["rater"] == kept["rater"]
    await again.close()


async def test_what_is_stored_today_is_left_alone(database: Database, older: tuple[str, str]) -> None:
    before = await thumbs(database)
    again = await opened(older)
    assert await thumbs(again) == before
    await again.close()
