"""What the federation reads of the journal, and the evaluation questions, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.conversation.ports import Entry, Place, Rating
from bot.questions.evaluation import lines, must_be_refused, row_of
from bot.questions.model import Shown
from bot.storage.database import Database, open_database
from knowledge.evaluation.questions import load
from knowledge.model import Answer, Status
from tests.fakes.advice import answered


def refused(question: str) -> Answer:
    return Answer(question, Status.REFUSED, "sv", "Det vet jag inte.")


HERE = Place("tenant-a", "conversation-1")
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    urls = (request.getfixturevalue(f"{request.param}{name}") for name in ("_url", "_identity_url"))
    database = await open_database(*urls)
    await database.journal.record(Entry("a", NOON, HERE, "Vad är SML-IT?", answered("Vad är SML-IT?")))
    await database.journal.delivered("a", HERE, "sent-a")
    await database.journal.record(Entry("r", NOON, HERE, "Vem vann?", refused("Vem vann?")))
    await database.journal.rate(Rating(NOON, HERE, "r1", False, "fel", "sent-a"))
    yield database
    await database.close()


async def test_a_thumb_is_read_beside_the_passages_that_were_cited(database: Database) -> None:
    given = answered("Vad är SML-IT?")
    [row] = (await database.question_log.pressed(Shown("disliked"))).rows
    assert (row.answer_id, row.liked, row.comment, row.answer) == ("a", False, "fel", given.text)
    assert [(each.passage, each.quote, each.title) for each in row.cited] == [
        (each.passage.id, each.quote, each.passage.title) for each in given.citations
    ]
    assert row.notes == given.notes
    assert not (await database.question_log.pressed(Shown("liked"))).rows
    assert not (await database.question_log.pressed(Shown("all", "another"))).rows
    [told] = await database.journal.ratings()
    assert told.cited == row.cited


async def test_only_refused_questions_are_unanswered(database: Database) -> None:
    assert [each.answer_id for each in await database.question_log.unanswered(NOON, 9)] == ["r"]


async def test_picked_questions_are_a_file_that_evaluation_reads(database: Database, tmp_path: Path) -> None:
    store = database.evaluation_questions
    for name in ("a", "r"):
        found = await database.question_log.of_answer(name)
        assert found is not None
        row = row_of(found, "f-1", NOON, must_refuse=must_be_refused(found))
        assert await store.keep(row) is True
        assert await store.keep(row) is False
    file = tmp_path / "picked.jsonl"
    await asyncio.to_thread(file.write_text, lines(await store.rows()), "utf-8")
    first, second = await asyncio.to_thread(load, file)
    assert (first.kind, second.kind) == ("answerable", "refuse")
    assert first.documents
    assert await store.drop("a") is True
    assert await store.drop("a") is False
