"""D08: what one person asks to be deleted is in no table, no column and no file any more; what others gave is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text

from bot.access.audit import Action
from bot.conversation.ports import Entry, Place, Rating
from bot.maturity.ports import Person
from bot.maturity.responses import ItemAnswer
from bot.maturity.session import Source
from bot.reminders.model import Wish
from bot.storage.check.draft_seal import OwnDraft
from bot.storage.check.keys import RoundKeys
from bot.storage.database import Database, open_database
from bot.storage.reminding.reminders import SqlReminders
from tests.contract.storage.checks import BO, SHARED, Calendar, a_response, a_round, a_session, read, with_answer
from tests.fakes.advice import answered

WHO = Person("8f6c2c0e-tenant", "29:bengt-ohlsson")
WORDS = "vi väntar på upphandlingen i Bengtsfors"
HERE = Place(WHO.tenant, "a:1-bengts-samtal")
ELSEWHERE = Place(WHO.tenant, "a:2-någon-annans")
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
async def database(urls: tuple[str, str]) -> AsyncIterator[Database]:
    database = await open_database(*urls, today=Calendar(), read=read)
    await database.check.add(a_round())
    await database.check.submit(BO, a_session(), a_response(), 0)
    yield database
    await database.close()


async def everything(database: Database) -> list[tuple[str, str, Any]]:
    """Every value of every table of both databases, with its table and column."""

    def values(connection: Connection) -> list[tuple[str, str, Any]]:
        return [
            (table, column, value)
            for table in inspect(connection).get_table_names()
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings()  # noqa: S608 - the schema's names
            for column, value in row.items()
        ]

    parts = [await each.engine.read(values) for each in {database.main, database.identity}]
    return [value for part in parts for value in part]


async def found(database: Database, traces: Iterable[str]) -> set[tuple[str, str, str]]:
    """Where these traces are; a trace may be part of a longer text or of bytes."""
    wanted = {trace: (trace, trace.encode()) for trace in traces}
    return {
        (table, column, trace)
        for table, column, value in await everything(database)
        for trace, (plain, raw) in wanted.items()
        if (raw in value if isinstance(value, bytes) else plain in str(value))
    }


async def answer_everywhere(database: Database) -> list[str]:
    """The person answers alone and for a group, and is to be reminded; the traces that this leaves."""
    answers = (ItemAnswer("hinder", text=WORDS), ItemAnswer("portfolj", ("3",), comment=f"{WORDS} också"))
    session = with_answer(a_session(comments={"hinder": WORDS}), "portfolj", "3")
    reminders = SqlReminders(database.main, database.identity, RoundKeys(database.identity), Calendar())
    before = {name for name, _ in await database.check.numbered("r1")}
    for source in Source:
        given = a_response(answers, source=source, municipalities=SHARED)
        await database.check.save(WHO, a_session(source=source), 0)
        await reminders.remember(WHO, "r1", source, Wish('{"conversation":"a:1"}', "sv", "s1", 1), asked=True)
        await database.check.submit(WHO, session if source is Source.INDIVIDUAL else a_session(source=source), given, 1)
    [key] = (await RoundKeys(database.identity).identity([("r1", 1)])).values()
    owners = [OwnDraft(key, WHO, "r1", source).owner for source in Source]
    ids = [name for name, _ in await database.check.numbered("r1") if name not in before]
    return [*owners, *ids, WORDS, WHO.user, WHO.tenant]


async def test_d08_after_erasure_nothing_of_a_person_is_in_any_table(database: Database) -> None:
    others = await everything(database)
    traces = await answer_everywhere(database)
    there = await found(database, traces)
    assert {"drafts", "responses", "response_answers", "consensus_municipalities", "reminders"} <= {
        table for table, _, _ in there
    }
    assert {trace for _, _, trace in there} == set(traces) - {WHO.user, WHO.tenant}
    for source in Source:
        assert await database.check.erase(WHO, "r1", source) is True
    assert await found(database, traces) == set()
    assert sorted(map(repr, await everything(database))) == sorted(map(repr, others))


async def test_d08_nothing_is_left_in_the_files(tmp_path: Path, sqlite_url: str, sqlite_identity_url: str) -> None:
    database = await open_database(sqlite_url, sqlite_identity_url, today=Calendar(), read=read)
    await database.check.add(a_round())
    traces = [each.encode() for each in await answer_everywhere(database)]

    def left() -> set[bytes]:
        files = [path.read_bytes() for path in tmp_path.iterdir()]
        return {trace for trace in traces if any(trace in content for content in files)}

    assert len(left()) == len(traces) - 2
    for source in Source:
        await database.check.erase(WHO, "r1", source)
    assert left() == set()
    await database.close()


async def test_d08_a_conversation_is_taken_along_and_deleted_whole_and_alone(database: Database) -> None:
    for number, place in enumerate((HERE, HERE, ELSEWHERE)):
        name = f"a{number}"
        await database.journal.record(Entry(name, NOON.replace(minute=number), place, f"Fråga {number}?", answered()))
        await database.journal.delivered(name, place, f"sent-{name}")
        await database.journal.rate(Rating(NOON, place, f"rater-{name}", True, f"bra {number}"))
    [mine] = await database.personal_data.find("Fråga 1")
    assert (mine.conversation, mine.tenant, mine.answers, mine.latest) == (
        HERE.conversation,
        HERE.tenant,
        2,
        NOON.replace(minute=1),
    )
    assert not (await database.personal_data.export(HERE.conversation, "another")).answers
    kept = (await database.personal_data.export(HERE.conversation)).answers
    assert [(each.question, each.tenant, each.thumbs) for each in kept] == [
        ("Fråga 0?", HERE.tenant, ((True, "bra 0"),)),
        ("Fråga 1?", HERE.tenant, ((True, "bra 1"),)),
    ]
    assert await database.personal_data.erase(HERE.conversation, HERE.tenant) == 2
    assert await database.personal_data.erase(HERE.conversation) == 0
    traces = [HERE.conversation, "Fråga 0", "Fråga 1", "bra 0", "rater-a1", "sent-a0"]
    assert await found(database, traces) == set()
    assert len((await database.personal_data.export(ELSEWHERE.conversation)).answers) == 1
    told = [each.event for each in await database.audit.entries() if "conversation" in each.event.action]
    assert [each.action for each in told][::-1] == [
        *(Action.CONVERSATION_EXPORTED, Action.CONVERSATION_ERASED, Action.CONVERSATION_EXPORTED),
    ]
    assert len({each.subject for each in told}) == 2
