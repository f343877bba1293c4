"""Messages reach a real receiver, once it takes them, and say no more than that something happened."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.maturity.ports import Edition
from bot.maturity.rounds import Round
from bot.webhooks.courier import CLAIM, PATIENCE, Courier, pause_after
from bot.webhooks.events import EventType
from bot.webhooks.outbox import Delivery, DeliveryState, target_of
from bot.webhooks.telling import Telling
from tests.fakes.check_store import MemoryCheckStore, MemoryEditions
from tests.fakes.editions import round_of
from tests.fakes.outbox import MemoryOutbox

KEY = bytes(range(32))
NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


@dataclass
class Receiver:
    """Answers with the next of `statuses`, then with 204; `hangs` makes it answer never."""

    statuses: list[int] = field(default_factory=list)
    hangs: bool = False
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    called: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        self.got.append(({key.lower(): value for key, value in request.headers.items()}, await request.read()))
        self.called.set()
        if self.hangs:
            await asyncio.sleep(30)
        status = self.statuses.pop(0) if self.statuses else 204
        return web.Response(status=status, headers={"Location": self.url} if 300 <= status < 400 else {})


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    async with TestServer(app, host="127.0.0.1") as server:
        receiver.url = str(server.make_url("/hook"))
        yield receiver


def courier(outbox: MemoryOutbox, clock: Clock, *urls: str, timeout: float = 5.0) -> Courier:
    return Courier(outbox, urls, KEY, agent="Fyren/test", clock=clock, timeout=timeout)


def delivery(url: str, message: str = "msg_1") -> Delivery:
    return Delivery(message, target_of(url), "round.closed", '{"type":"round.closed","å":1}', NOON, NOON)


def verified(headers: dict[str, str], body: bytes) -> bool:
    """The receiver's side of Standard Webhooks, computed by itself."""
    told = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(KEY, told, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(each, f"v1,{wanted}") for each in headers["webhook-signature"].split(" ") if each)


async def test_a_message_arrives_signed_and_is_not_sent_again(receiver: Receiver) -> None:
    outbox, clock = MemoryOutbox(), Clock()
    await outbox.put([delivery(receiver.url)])
    async with courier(outbox, clock, receiver.url) as one:
        assert await one.deliver_due() == 1
        assert await one.deliver_due() == 0
    ((headers, body),) = receiver.got
    assert verified(headers, body)
    assert not verified(headers, body + b" ")
    assert int(headers["webhook-timestamp"]) == int(NOON.timestamp())
    assert headers["content-type"] == "application/json"
    assert [each.state for each in outbox.kept.values()] == [DeliveryState.DELIVERED]


async def test_what_fails_is_tried_again_with_the_same_id_after_longer_and_longer_pauses(receiver: Receiver) -> None:
    outbox, clock = MemoryOutbox(), Clock()
    receiver.statuses = [500, 503, 302, 400]
    await outbox.put([delivery(receiver.url)])
    dues = []
    async with courier(outbox, clock, receiver.url) as one:
        for _ in range(5):
            await one.deliver_due()
            (kept,) = outbox.kept.values()
            dues.append((kept.due - clock.now).total_seconds())
            assert not await one.deliver_due()
            clock.now = kept.due
    assert {headers["webhook-id"] for headers, _ in receiver.got} == {"msg_1"}
    assert len({body for _, body in receiver.got}) == 1
    assert len({headers["webhook-timestamp"] for headers, _ in receiver.got}) == 5
    assert all(30 * 2**place <= each <= 37.5 * 2**place for place, each in enumerate(dues[:4]))
    assert [each.state for each in outbox.kept.values()] == [DeliveryState.DELIVERED]


async def test_a_receiver_that_hangs_or_is_gone_costs_a_timeout_and_nobody_elses_messages(receiver: Receiver) -> None:
    outbox, clock = MemoryOutbox(), Clock()
    gone = "http://127.0.0.1:9/hook"
    await outbox.put([delivery(receiver.url, "msg_1"), delivery(gone, "msg_1")])
    receiver.hangs = True
    async with courier(outbox, clock, receiver.url, gone, timeout=0.3) as one:
        assert await one.deliver_due() == 2
        assert {each.state for each in outbox.kept.values()} == {DeliveryState.WAITING}
        receiver.hangs = False
        clock.now += timedelta(minutes=2)
        await one.deliver_due()
    states = {each.target: each.state for each in outbox.kept.values()}
    assert states == {target_of(receiver.url): DeliveryState.DELIVERED, target_of(gone): DeliveryState.WAITING}


async def test_a_message_survives_a_restart_in_the_middle_of_a_try(receiver: Receiver) -> None:
    outbox, clock = MemoryOutbox(), Clock()
    await outbox.put([delivery(receiver.url)])
    receiver.hangs = True
    async with courier(outbox, clock, receiver.url) as one:
        trying = asyncio.create_task(one.deliver_due())
        await receiver.called.wait()
        trying.cancel()
        await asyncio.wait({trying})
    receiver.hangs = False
    async with courier(outbox, clock, receiver.url) as another:
        assert await another.deliver_due() == 0
        clock.now += CLAIM
        assert await another.deliver_due() == 1
    assert [headers["webhook-id"] for headers, _ in receiver.got] == ["msg_1", "msg_1"]


async def test_after_days_or_where_nobody_wants_it_a_message_is_given_up(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    outbox, clock = MemoryOutbox(), Clock()
    old = replace(delivery(receiver.url, "msg_old"), created=NOON - PATIENCE)
    await outbox.put([old, delivery(receiver.url, "msg_unwanted"), delivery("https://elsewhere.example/", "msg_moved")])
    receiver.statuses = [500, 410] if old.message < "msg_unwanted" else [410, 500]
    async with courier(outbox, clock, receiver.url) as one:
        await one.deliver_due()
    assert {each.state for each in outbox.kept.values()} == {DeliveryState.GIVEN_UP}
    assert "msg_old" in caplog.text
    assert "127.0.0.1" not in caplog.text, "an address may hold a secret"


def test_pauses_have_an_end() -> None:
    assert pause_after(1, lambda: 0.0) == timedelta(seconds=30)
    assert pause_after(10_000, lambda: 1.0) == timedelta(hours=7.5)


@pytest.fixture
def held() -> Round:
    """Made outside of the event loop, since it reads the instrument."""
    return round_of()


async def test_what_happened_is_noted_once_and_holds_no_result(receiver: Receiver, held: Round) -> None:
    store = MemoryCheckStore(held, round_of(label="2025:1", year=2025), replace(held, id="t", practice=True))
    editions, outbox, clock = MemoryEditions(store), MemoryOutbox(), Clock()
    await editions.add(Edition(held.id, 1, date(2026, 11, 16), "d", ""), "{}", ())
    telling = Telling(store, editions, outbox, today=lambda: date(2026, 11, 17), base="https://f.example", clock=clock)
    async with courier(outbox, clock, receiver.url, "http://127.0.0.1:9/") as one:
        assert await telling.note(one) == 4
        assert await telling.note(one) == 0
        await one.deliver_due()
    told = [json.loads(body) for _, body in receiver.got]
    assert sorted(each["type"] for each in told) == [EventType.EDITION_PUBLISHED, EventType.ROUND_CLOSED]
    for each in told:
        assert each["timestamp"] == "2026-11-16T12:00:00+00:00"
        assert each["data"]["label"] == "2026:1"
        assert all(link.startswith("https://f.example/") for link in each["data"]["links"].values())
        assert set(each["data"]) <= {"round", "label", "closed_on", "edition", "links"}
    # Reopened and closed again is another event; what is older than news is none.
    store.held[held.id] = replace(held, openings=2)
    async with courier(outbox, clock, receiver.url) as one:
        assert await telling.note(one) == 1
        later = Telling(store, editions, MemoryOutbox(), today=lambda: date(2026, 11, 25), base="x", clock=clock)
        assert await later.note(one) == 0


async def test_the_task_goes_on_when_the_database_fails(receiver: Receiver, held: Round) -> None:
    store, outbox, clock = MemoryCheckStore(held), MemoryOutbox(), Clock()
    telling = Telling(store, MemoryEditions(store), outbox, today=lambda: date(2026, 11, 16), base="x", clock=clock)
    store.broken = outbox.broken = True
    async with courier(outbox, clock, receiver.url) as one:
        task = asyncio.create_task(telling.go_on(one, pause=0.01))
        await asyncio.sleep(0.05)
        store.broken = False
        await asyncio.sleep(0.05)
        outbox.broken = False
        await receiver.called.wait()
        task.cancel()
        await asyncio.wait({task})
    assert len(receiver.got) == 1
