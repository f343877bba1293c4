"""Cards outside of turns, over real HTTP: paced, patient where the connector asks for it, and never twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.access.pauses import EVERYBODY, Pause
from bot.conversation.card import CardReply, Line
from bot.reminders.ports import Delivery
from bot.teams.config import TeamsConfig
from bot.teams.sending.addresses import Address
from bot.teams.sending.pacing import Pace
from bot.teams.sending.proactive import LONGEST_PAUSE, Proactive, open_proactive
from tests.fakes.teams import TENANT, ConnectorStub
from tests.integration.teams.conftest import TEXTS

CARD = CardReply("Påminnelse om kollen.", (Line("Hej"),), "check.reminder:s1")
ADDRESSES = TypeAdapter(Address)


class Clock:
    """Time that passes where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def proactive(clock: Clock) -> AsyncIterator[Proactive]:
    config = TeamsConfig(retry_pause=0.4, send_timeout=0.2)
    async with open_proactive(config, TEXTS, pace=Pace(0.5, clock=clock, sleep=clock.sleep)) as opened:
        yield opened


def address(connector: ConnectorStub, **changes: Any) -> str:
    whole = {"service_url": connector.url, "tenant": TENANT, "conversation": "a:1", "bot": "28:f", "person": "29:anna"}
    return ADDRESSES.dump_json(Address(**{**whole, **changes})).decode()


async def test_a_card_reaches_a_persons_chat(connector: ConnectorStub, proactive: Proactive) -> None:
    assert await proactive.send(address(connector), CARD, "sv") is Delivery.SENT
    [sent] = connector.requests
    assert (sent.method, sent.path) == ("POST", "/v3/conversations/a%3A1/activities")
    assert sent.body["summary"] == "Påminnelse om kollen."
    assert sent.body["attachments"][0]["content"]["fallbackText"].startswith("Påminnelse om kollen.")
    assert (sent.body["from"], sent.body["recipient"]) == ({"id": "28:f"}, {"id": "29:anna"})


async def test_a_card_in_a_channel_begins_a_thread_of_its_own(connector: ConnectorStub, proactive: Proactive) -> None:
    channel = address(connector, conversation="19:kanal@thread.tacv2", kind="channel")
    assert await proactive.send(channel, CARD, "sv") is Delivery.SENT
    [sent] = connector.requests
    assert (sent.method, sent.path) == ("POST", "/v3/conversations")
    assert sent.body["channelData"] == {"channel": {"id": "19:kanal@thread.tacv2"}, "tenant": {"id": TENANT}}
    assert (sent.body["isGroup"], sent.body["bot"]) == (True, {"id": "28:f"})
    assert sent.body["activity"]["attachments"]


async def test_messages_are_half_a_second_apart(connector: ConnectorStub, proactive: Proactive, clock: Clock) -> None:
    await asyncio.gather(*(proactive.send(address(connector), CARD, "sv") for _ in range(5)))
    assert len(connector.requests) == 5
    assert clock.now >= 2.0


async def test_a16_the_pause_that_is_asked_for_is_taken_by_everybody(
    connector: ConnectorStub, proactive: Proactive, clock: Clock
) -> None:
    connector.script.append((429, {"Retry-After": "30"}))
    assert await proactive.send(address(connector), CARD, "sv") is Delivery.SENT
    assert (len(connector.requests), clock.pauses) == (2, [30.0])
    assert await proactive.send(address(connector), CARD, "sv") is Delivery.SENT
    assert clock.pauses == [30.0, 0.5]


async def test_a16_a_longer_pause_is_left_to_the_next_run(
    connector: ConnectorStub, proactive: Proactive, clock: Clock
) -> None:
    connector.script.append((429, {"Retry-After": str(int(LONGEST_PAUSE) + 1)}))
    assert await proactive.send(address(connector), CARD, "sv") is Delivery.STOPPED
    assert (len(connector.requests), clock.pauses) == (1, [])


async def test_a16_three_refusals_are_enough(connector: ConnectorStub, proactive: Proactive) -> None:
    connector.script.extend([429, 412, 429])
    assert await proactive.send(address(connector), CARD, "sv") is Delivery.STOPPED
    assert len(connector.requests) == 3


@pytest.mark.parametrize(
    ("trouble", "delivery"),
    [
        (403, Delivery.UNREACHABLE),
        (404, Delivery.UNREACHABLE),
        (400, Delivery.FAILED),
        (401, Delivery.FAILED),
        (413, Delivery.FAILED),
        (503, Delivery.FAILED),
        (500, Delivery.UNCERTAIN),
        (502, Delivery.UNCERTAIN),
        (504, Delivery.UNCERTAIN),
        ("drop", Delivery.UNCERTAIN),
    ],
)
async def test_what_may_have_arrived_is_told_from_what_has_not_and_nothing_is_sent_twice(
    connector: ConnectorStub, proactive: Proactive, trouble: int | str, delivery: Delivery
) -> None:
    connector.script.append(trouble)
    assert await proactive.send(address(connector), CARD, "sv") is delivery
    assert len(connector.requests) == 1


async def test_an_answer_that_does_not_come_leaves_it_open(connector: ConnectorStub, proactive: Proactive) -> None:
    connector.hold = asyncio.Event()
    assert await proactive.send(address(connector), CARD, "sv") is Delivery.UNCERTAIN
    connector.hold.set()
    assert len(connector.requests) == 1


async def test_nobody_listening_is_nothing_sent(connector: ConnectorStub, proactive: Proactive) -> None:
    gone = address(connector, service_url="http://127.0.0.1:1/")
    assert await proactive.send(gone, CARD, "sv") is Delivery.FAILED


async def test_a09_nothing_is_sent_to_an_address_that_is_not_allowed(
    connector: ConnectorStub, proactive: Proactive
) -> None:
    foreign = address(connector, service_url="https://ond.example/")
    assert await proactive.send(foreign, CARD, "sv") is Delivery.FAILED
    assert await proactive.send("no address", CARD, "sv") is Delivery.UNREACHABLE
    assert connector.requests == []


async def test_a08_nothing_is_sent_to_a_tenant_that_is_not_served_any_more(connector: ConnectorStub) -> None:
    config = TeamsConfig(allowed_tenants=frozenset({"another"}))
    async with open_proactive(config, TEXTS) as proactive:
        assert await proactive.send(address(connector), CARD, "sv") is Delivery.FAILED
    assert connector.requests == []


def test_an_address_has_room_for_nothing_else() -> None:
    assert set(asdict(Address("u", "t", "c"))) == {"service_url", "tenant", "conversation", "bot", "person", "kind"}


@pytest.mark.parametrize(("paused", "delivery"), [(EVERYBODY, Delivery.STOPPED), (TENANT, Delivery.FAILED)])
async def test_w14_nothing_is_sent_to_whoever_is_paused(
    connector: ConnectorStub, clock: Clock, paused: str, delivery: Delivery
) -> None:
    class Switch:
        def of(self, tenant: str) -> Pause | None:
            return Pause(paused, datetime(2026, 11, 1, tzinfo=UTC), "") if tenant == TENANT else None

    pace = Pace(0.5, clock=clock, sleep=clock.sleep)
    async with open_proactive(TeamsConfig(), TEXTS, pace=pace, switch=Switch()) as proactive:
        assert await proactive.send(address(connector), CARD, "sv") is delivery
        assert connector.requests == []
        assert await proactive.send(address(connector, tenant="t2"), CARD, "sv") is Delivery.SENT
