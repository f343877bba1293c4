"""D07 on the databases: what a decision lets go is gone from tables, keys and files, and nothing else is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text, update

from bot.access.audit import Action
from bot.conversation.ports import Entry, Place
from bot.maturity.errors import RoundClosed
from bot.maturity.ports import Edition
from bot.maturity.retention import Disposal, Held, dispose, planned
from bot.maturity.session import Source
from bot.storage.database import Database, open_database
from bot.storage.schema.check import drafts, rounds
from tests.contract.storage.checks import ANNA, BO, SHARED, Calendar, a_response, a_round, a_session, read
from tests.fakes.advice import answered

DAYS = 730
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
async def database(urls: tuple[str, str], calendar: Calendar) -> AsyncIterator[Database]:
    """Two archived rounds with two responses each; only the first one's decision says that they go."""
    database = await open_database(*urls, today=calendar, read=read)
    await filled(database)
    yield database
    await database.close()


async def filled(database: Database) -> None:
    for name, keep in (("r1", DAYS), ("r2", None)):
        await database.check.add(a_round(name))
        await database.check.submit(ANNA, a_session(round=name), a_response(round=name), 0)
        group = a_response(round=name, source=Source.CONSENSUS, municipalities=SHARED)
        await database.check.submit(BO, a_session(round=name, source=Source.CONSENSUS), group, 0)
        await database.check.close(name)
        ids = [each for each, _ in await database.check.numbered(name)]
        await database.editions.add(Edition(name, 1, Calendar().day, "d", ""), "compiled", ids)
        await database.check.archive(name, diary_number="KS 1", retention="Dnr 2015/3", keep_answers=keep)


async def counts(database: Database) -> dict[str, int]:
    tables = ("responses", "response_answers", "consensus_municipalities", "edition_members", "editions", "rounds")
    counted = {name: text(f"SELECT count(*) FROM {name}") for name in tables}  # noqa: S608 - our own names
    return await database.main.engine.read(
        lambda connection: {name: connection.scalar(query) or 0 for name, query in counted.items()}
    )


async def purposes(database: Database) -> list[tuple[str, str]]:
    query = text("SELECT round, purpose FROM round_keys WHERE round <> '*' ORDER BY round, purpose")
    return await database.identity.engine.read(
        lambda connection: [(row.round, row.purpose) for row in connection.execute(query)]
    )


async def test_d07_answers_are_gone_the_day_after_their_last_and_not_before(
    database: Database, calendar: Calendar
) -> None:
    before = await counts(database)
    archived = calendar.day
    for days, gone in ((DAYS - 1, 0), (DAYS, 0), (DAYS + 1, 1), (DAYS + 2, 0)):
        calendar.day = archived + timedelta(days=days)
        dry = await dispose(database.check, database.retention, calendar.day, dry_run=True)
        done = await dispose(database.check, database.retention, calendar.day)
        assert [(each.disposal.round.id, each.disposal.held, each.count, each.key) for each in done] == (
            [("r1", Held.ANSWERS, 2, True)] * gone
        )
        assert dry == done
        if days <= DAYS:
            assert await counts(database) == before
    half = {name: count // 2 for name, count in before.items()}
    assert await counts(database) == half | {"rounds": 2, "editions": 2}
    assert await purposes(database) == [("r2", "sealing")]
    assert list(await database.check.of_round("r1")) == []
    assert len(await database.check.of_round("r2")) == 2
    assert await database.editions.content("r1", 1) == "compiled"
    [entry] = [each.event for each in await database.audit.entries() if each.event.action == Action.DATA_DELETED]
    assert (entry.actor, entry.subject) == ("system", "2026:r1")
    assert entry.details == {
        "class": "answers",
        "decision": "Dnr 2015/3",
        "due": (archived + timedelta(days=DAYS + 1)).isoformat(),
        "count": "2",
        "key": "destroyed",
    }


async def test_d07_a_deletion_that_was_interrupted_is_finished(database: Database, calendar: Calendar) -> None:
    gone = text("DELETE FROM responses WHERE round = 'r1'")
    await database.main.engine.write(lambda connection: connection.execute(gone))
    calendar.day += timedelta(days=DAYS + 1)
    [done] = await dispose(database.check, database.retention, calendar.day)
    assert (done.count, done.key) == (0, True)
    assert await purposes(database) == [("r2", "sealing")]


async def test_d07_what_a_closing_left_is_deleted_after_thirty_days(database: Database, calendar: Calendar) -> None:
    left = insert(drafts).values(round="r2", owner="o", source="individual", version=1, sealed=b"x")
    await database.main.engine.write(lambda connection: connection.execute(left))
    for days, count in ((30, 0), (31, 1)):
        done = await dispose(database.check, database.retention, calendar.day + timedelta(days=days))
        assert [(each.disposal.held, each.count) for each in done] == [(Held.DRAFTS, 1)] * count


async def test_d07_what_changed_since_it_was_decided_is_not_deleted(database: Database) -> None:
    held = next(each for each in await database.check.rounds() if each.id == "r1")
    answers = planned(held)[1]
    undecided = Disposal(replace(held, keep_answers=None), Held.ANSWERS, answers.due, answers.decision)
    with pytest.raises(RoundClosed):
        await database.retention.delete(undecided)
    longer = update(rounds).where(rounds.c.id == "r1").values(keep_answers=9999)
    await database.main.engine.write(lambda connection: connection.execute(longer))
    with pytest.raises(RoundClosed):
        await database.retention.delete(answers)
    assert len(await database.check.of_round("r1")) == 2


async def test_d07_no_copy_is_left_in_the_files(tmp_path: Path, sqlite_url: str, sqlite_identity_url: str) -> None:
    calendar = Calendar()
    database = await open_database(sqlite_url, sqlite_identity_url, today=calendar, read=read)
    await filled(database)
    query = text("SELECT key FROM round_keys WHERE round = 'r1'")
    key = await database.identity.engine.read(lambda connection: connection.execute(query).scalar_one())
    [name, _] = [each.encode() for each, _ in await database.check.numbered("r1")]

    def holding(trace: bytes) -> set[str]:
        return {path.name for path in tmp_path.iterdir() if trace in path.read_bytes()}

    assert holding(key)
    assert holding(name)
    await dispose(database.check, database.retention, calendar.day + timedelta(days=DAYS + 1))
    assert holding(key) == holding(name) == set()
    await database.close()


async def test_d07_deleting_old_questions_is_recorded_with_its_decision(database: Database) -> None:
    await database.journal.record(Entry("a", NOON, Place("t", "c"), "Fråga?", answered()))
    for moment, gone in ((NOON, 0), (NOON + timedelta(seconds=1), 1), (NOON + timedelta(days=1), 0)):
        assert await database.journal.forget_before(moment, "Dnr 2026/7") == gone
    [latest, *_] = await database.audit.entries()
    told = {"class": "answers", "count": "1", "before": "2026-11-02", "decision": "Dnr 2026/7"}
    assert (latest.event.action, latest.event.details) == (Action.DATA_DELETED, told)
    assert [each.event.subject for each in await database.audit.entries()].count("answers") == 1
