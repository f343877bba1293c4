"""D01: a process is killed at a hundred random points, and every answer that it told as stored is there once."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from bot.maturity.session import Source
from bot.storage.database import open_database
from tests.contract.storage.checks import Calendar, a_round, read
from tests.contract.storage.processes import Running, started
from tests.integration.storage.answering import OPEN, PEOPLE, SUBMIT_EVERY, answer

POINTS = 100
ANSWERS = 10
"""How many answers are waited for, at most, until something happens; there are more people than one under way."""
MOMENT = 0.006
"""Seconds that it happens later, at most; storing an answer takes about as long."""

pytestmark = pytest.mark.slow


def test_d01_every_acknowledged_answer_is_there_once_on_sqlite(sqlite_url: str, sqlite_identity_url: str) -> None:
    urls = (sqlite_url, sqlite_identity_url)
    asyncio.run(begin(urls))
    told = [each for point in range(POINTS) for each in answered_until_killed(urls, random.Random(point))]
    asyncio.run(check(urls, told))


def test_d01_every_acknowledged_answer_is_there_once_on_postgresql(postgresql_server: Any, postgresql_url: str) -> None:
    """At every fourth point the connections are terminated first, and the process goes on before it is killed."""

    def terminate() -> None:
        name = make_url(postgresql_url).database
        postgresql_server.psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}';")  # noqa: S608 - ours

    urls = (postgresql_url, postgresql_url)
    asyncio.run(begin(urls))
    told: list[str] = []
    for point in range(POINTS):
        told += answered_until_killed(urls, random.Random(point), terminate if point % 4 == 0 else None)
    asyncio.run(check(urls, told))


async def begin(urls: tuple[str, str]) -> None:
    database = await open_database(*urls, today=Calendar(), read=read)
    await database.check.add(a_round())
    await database.close()


def answered_until_killed(
    urls: tuple[str, str], chance: random.Random, disturb: Callable[[], None] | None = None
) -> list[str]:
    """What a process told until it was killed; one in ten is killed while it starts."""
    with started(answer, urls) as running:
        told: list[bytes] = []
        if chance.random() < 0.1:
            told += heard(running, 0, chance.uniform(0, 10 * MOMENT))
        else:
            opened = running.next()
            assert opened == OPEN, "the process could not open the databases"
            if disturb is not None:
                told += heard(running, chance.randrange(ANSWERS), chance.uniform(0, MOMENT))
                disturb()
            told += heard(running, chance.randrange(ANSWERS), chance.uniform(0, MOMENT))
        running.kill()
        while (last := running.next()) is not None:
            told.append(last)
    return [each.decode() for each in told if each != OPEN]


def heard(running: Running, count: int, seconds: float) -> list[bytes]:
    """So many things, and what else is told in the seconds after them."""
    told: list[bytes] = []

    def listen(patience: float) -> None:
        each = running.next(patience)
        assert each is not None, "the process ended by itself"
        told.append(each)

    while len(told) < count:
        listen(60)
    end = time.monotonic() + seconds
    while running.told.poll(max(0.0, end - time.monotonic())):
        listen(0)
    return told


async def check(urls: tuple[str, str], told: list[str]) -> None:
    """Drafts and responses against what was told."""
    assert len(told) > 2 * POINTS, "too little was answered to have been interrupted"
    assert [each for each, count in Counter(told).items() if count > 1] == [], "answers were stored twice"
    database = await open_database(*urls, today=Calendar(), read=read)
    responses = {response.operation: response for response in await database.check.of_round("r1")}
    assert len(responses) == len(await database.check.of_round("r1"))
    for person in PEOPLE:
        [draft] = await database.check.mine(person)
        assert draft == await database.check.load(person, "r1", Source.INDIVIDUAL)
        count = len(draft.session.answers)
        numbers = {int(each.split()[1]) for each in told if each.startswith(f"{person.user} ")}
        assert {item: given.codes for item, given in draft.session.answers.items()} == {
            f"i{number}": (str(number),) for number in range(count)
        }
        assert draft.version == count
        assert numbers <= set(range(count)), "an answer that was told as stored is gone"
        assert count - len(numbers) <= 2 * POINTS, "more is stored than can have been interrupted"
        submissions = count // SUBMIT_EVERY
        assert responses[person.user].version == submissions
        assert [each.codes for each in responses[person.user].answers] == [
            (str(number),) for number in range(submissions * SUBMIT_EVERY)
        ]
    await database.close()
