"""R10 over several replicas: how much a person asks is counted in one place, while there is one to count in."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from bot.conversation.ask import Limits
from bot.conversation.question_pace import WINDOW, QuestionPace, SharedPace
from bot.conversation.replies import AnswerReply, Reply
from bot.storage.answers.question_paces import SqlQuestionPaces
from bot.storage.database import Database
from bot.storage.errors import StorageError
from bot.storage.marks import open_marks
from bot.storage.schema.talk import question_paces
from tests.unit.conversation.test_service import Talk

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
ANNA, BO = "tenant-1/anna", "tenant-1/bo"


class Clock:
    """The time in every replica."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def paces(database: Database, clock: Clock) -> SqlQuestionPaces:
    return SqlQuestionPaces(database.main, await open_marks(database.identity), clock)


async def test_r10_the_window_slides_and_what_waits_is_not_counted(paces: SqlQuestionPaces, clock: Clock) -> None:
    for _ in range(3):
        assert await paces.seconds_to_wait(ANNA, 3) == 0.0
        clock.now += timedelta(seconds=10)
    assert [await paces.seconds_to_wait(ANNA, 3) for _ in range(2)] == [WINDOW - 30] * 2
    assert await paces.seconds_to_wait(BO, 3) == 0.0
    clock.now += timedelta(seconds=WINDOW - 30)
    assert await paces.seconds_to_wait(ANNA, 3) == 0.0
    assert await paces.seconds_to_wait(ANNA, 3) == 10.0


async def test_r10_questions_at_once_at_every_replica_are_no_more_than_allowed(paces: SqlQuestionPaces) -> None:
    waits = await asyncio.gather(*(paces.seconds_to_wait(ANNA, 5) for _ in range(12)))
    assert sum(not each for each in waits) == 5
    assert all(0.0 <= each <= WINDOW for each in waits)


async def test_r10_a_clock_that_goes_before_the_others_keeps_nobody_waiting_longer_than_a_minute(
    paces: SqlQuestionPaces, clock: Clock
) -> None:
    clock.now += timedelta(seconds=3)
    assert await paces.seconds_to_wait(ANNA, 1) == 0.0
    clock.now = NOON
    assert await paces.seconds_to_wait(ANNA, 1) == WINDOW


async def test_d07_whoever_asks_nothing_is_forgotten_after_a_minute(
    paces: SqlQuestionPaces, clock: Clock, database: Database
) -> None:
    def people(connection: Connection) -> list[str]:
        return list(connection.scalars(select(question_paces.c.person)))

    await paces.seconds_to_wait(ANNA, 1)
    [mark] = await database.main.engine.read(people)
    assert "anna" not in mark
    clock.now += timedelta(seconds=WINDOW)
    assert await paces.forget() == 0
    clock.now += timedelta(seconds=1)
    assert await paces.forget() == 1
    assert await database.main.engine.read(people) == []


@pytest.fixture
def replicas(paces: SqlQuestionPaces) -> tuple[Talk, Talk]:
    limits = Limits(per_minute=3)
    return Talk(limits, asked=paces), Talk(limits, asked=paces)


async def test_r10_two_replicas_answer_no_more_questions_of_a_person_than_one(replicas: tuple[Talk, Talk]) -> None:
    first, second = replicas
    replies: list[Reply] = []
    for replica in (first, second, second, first, second):
        replies += await replica.say("Vad är NIS 2?")
    assert [isinstance(each, AnswerReply) for each in replies] == [True, True, True, False, False]
    assert len(first.advice.asked) + len(second.advice.asked) == 3


class Lost:
    """A store that does not answer."""

    async def seconds_to_wait(self, person: str, most: int) -> float:
        raise StorageError("the fake was told to fail")


async def test_r10_while_the_store_is_lost_each_replica_counts_for_itself(caplog: pytest.LogCaptureFixture) -> None:
    pace = SharedPace(Lost(), QuestionPace(2), 2)
    assert [await pace.wait(ANNA) > 0.0 for _ in range(3)] == [False, False, True]
    assert "at this replica alone: the fake was told to fail" in caplog.text
