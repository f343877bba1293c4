"""What every outbox promises, whatever keeps it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.storage.database import open_database
from bot.webhooks.outbox import Delivery, DeliveryState, Outbox
from tests.fakes.outbox import MemoryOutbox

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
ONE = Delivery("msg_1", "t1", "round.closed", '{"type":"round.closed","åäö":1}', NOON, NOON)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def outbox(request: pytest.FixtureRequest) -> AsyncIterator[Outbox]:
    if request.param == "memory":
        yield MemoryOutbox()
        return
    urls = (request.getfixturevalue(f"{request.param}{name}") for name in ("_url", "_identity_url"))
    database = await open_database(*urls)
    yield database.outbox
    await database.close()


async def test_a_message_is_kept_once_for_each_target(outbox: Outbox) -> None:
    other = replace(ONE, target="t2")
    assert await outbox.put([ONE, other]) == 2
    assert await outbox.put([replace(ONE, body="changed"), other]) == 0
    assert await outbox.put([ONE, replace(ONE, message="msg_2")]) == 1
    assert [(each.message, each.target) for each in await outbox.due(NOON, 9)] == [
        ("msg_1", "t1"),
        ("msg_1", "t2"),
        ("msg_2", "t1"),
    ]
    assert (await outbox.due(NOON, 1))[0] == ONE
    assert not await outbox.due(NOON - timedelta(seconds=1), 9)


async def test_whoever_takes_a_message_has_it_alone_for_a_while(outbox: Outbox) -> None:
    await outbox.put([ONE])
    assert await outbox.claim(ONE, NOON + timedelta(minutes=1))
    assert not await outbox.claim(ONE, NOON + timedelta(minutes=1))
    assert not await outbox.due(NOON, 9)
    again = await outbox.due(NOON + timedelta(minutes=1), 9)
    assert [each.attempts for each in again] == [0]


async def test_what_became_of_a_message_is_noted(outbox: Outbox) -> None:
    await outbox.put([ONE])
    later = NOON + timedelta(hours=1)
    await outbox.settle(ONE, DeliveryState.WAITING, due=later)
    (waiting,) = await outbox.due(later, 9)
    assert waiting == replace(ONE, due=later, attempts=1)
    await outbox.settle(waiting, DeliveryState.DELIVERED, due=later)
    assert not await outbox.due(later, 9)
    assert await outbox.put([ONE]) == 0


async def test_only_old_messages_that_wait_no_longer_are_deleted(outbox: Outbox) -> None:
    done = replace(ONE, message="msg_2")
    await outbox.put([ONE, done])
    await outbox.settle(done, DeliveryState.GIVEN_UP, due=NOON)
    assert await outbox.forget_before(NOON) == 0
    assert await outbox.forget_before(NOON + timedelta(seconds=1)) == 1
    assert await outbox.forget_before(NOON + timedelta(seconds=1)) == 0
    assert len(await outbox.due(NOON, 9)) == 1
