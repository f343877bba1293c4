"""HTTP out: retried where it helps, never where it cannot, and nobody waits for somebody else's trouble."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import AsyncIterator, Callable
from email.utils import format_datetime
from typing import Any

import aiohttp
import pytest

from bot.teams.config import TeamsConfig
from bot.teams.errors import CallerRefused, SendFailed, Unreachable
from bot.teams.receiving.service_urls import ServiceUrls
from bot.teams.sending.connector import Connector, encode
from bot.teams.sending.credentials import NoToken
from tests.fakes.teams import ConnectorStub

MESSAGE = {"type": "message", "text": "Hej"}
MakeConnector = Callable[..., Connector]


@pytest.fixture
async def make() -> AsyncIterator[MakeConnector]:
    async with aiohttp.ClientSession() as session:

        def build(**changes: Any) -> Connector:
            config = TeamsConfig(**{"retry_pause": 0.001, "retry_pause_limit": 0.05, **changes})
            return Connector(session, NoToken(), ServiceUrls(config), config)

        yield build


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were taken, without taking them."""
    taken: list[float] = []
    original = asyncio.sleep

    async def note(seconds: float) -> None:
        taken.append(seconds)
        await original(0)

    monkeypatch.setattr("bot.teams.sending.connector.asyncio.sleep", note)
    return taken


@pytest.mark.parametrize("trouble", [412, 429, 502, 504, "drop"])
async def test_a16_passing_trouble_is_tried_again(
    connector: ConnectorStub, make: MakeConnector, trouble: int | str
) -> None:
    connector.script.extend([trouble, trouble])
    assert await make().send(connector.url, "a:1", MESSAGE, reply_to="7") == "sent-3"
    assert [sent.body for sent in connector.requests] == [MESSAGE] * 3


@pytest.mark.parametrize("trouble", [412, 429, 502, 504, "drop"])
async def test_a16_three_attempts_are_all(connector: ConnectorStub, make: MakeConnector, trouble: int | str) -> None:
    connector.script.extend([trouble] * 3)
    with pytest.raises(SendFailed):
        await make().send(connector.url, "a:1", MESSAGE)
    assert len(connector.requests) == 3


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, SendFailed),
        (401, SendFailed),
        (403, Unreachable),
        (404, Unreachable),
        (413, SendFailed),
        (500, SendFailed),
    ],
)
async def test_a16_lasting_trouble_is_not(
    connector: ConnectorStub, make: MakeConnector, status: int, error: type[SendFailed]
) -> None:
    connector.script.append(status)
    with pytest.raises(error) as failed:
        await make().send(connector.url, "a:1", MESSAGE)
    assert failed.value.status == status
    assert len(connector.requests) == 1


async def test_a16_the_services_own_pause_is_honoured_up_to_a_limit(
    connector: ConnectorStub, make: MakeConnector, pauses: list[float]
) -> None:
    soon = format_datetime(datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=4), usegmt=True)
    ours = make(retry_pause=0.4, retry_pause_limit=10.0)
    for header in ("2", "3600", soon, "soon", ""):
        connector.script.append((429, {"Retry-After": header}))
        await ours.send(connector.url, "a:1", MESSAGE)
    two, hour, moment, word, nothing = pauses
    assert (two, hour) == (2.0, 10.0)
    assert 2.0 < moment <= 4.0
    assert 0.2 <= word <= 0.6
    assert 0.2 <= nothing <= 0.6


async def test_pauses_grow(connector: ConnectorStub, make: MakeConnector, pauses: list[float]) -> None:
    connector.script.extend([502, 502])
    await make(retry_pause=0.4, retry_pause_limit=10.0).send(connector.url, "a:1", MESSAGE)
    assert 0.2 <= pauses[0] <= 0.6
    assert 0.4 <= pauses[1] <= 1.2


async def test_an_answer_that_does_not_come_is_not_asked_for_twice(
    connector: ConnectorStub, make: MakeConnector
) -> None:
    connector.hold = asyncio.Event()
    with pytest.raises(SendFailed, match="in time"):
        await make(send_timeout=0.05).send(connector.url, "a:1", MESSAGE)
    connector.hold.set()
    assert len(connector.requests) == 1


async def test_nobody_listening_is_an_error_of_ours(make: MakeConnector) -> None:
    with pytest.raises(SendFailed):
        await make().send("http://127.0.0.1:1/", "a:1", MESSAGE)


async def test_a17_hung_sends_hold_nobody_up(connector: ConnectorStub, make: MakeConnector) -> None:
    ours, release = make(), asyncio.Event()
    connector.hold = release
    hung = [asyncio.create_task(ours.send(connector.url, "hung", MESSAGE)) for _ in range(6)]
    await connector.wait_for(6)
    connector.hold = None
    await asyncio.gather(*(ours.send(connector.url, "a:1", MESSAGE) for _ in range(30)))
    assert not any(task.done() for task in hung)
    release.set()
    await asyncio.gather(*hung)


async def test_an_activity_can_be_replaced_and_deleted(connector: ConnectorStub, make: MakeConnector) -> None:
    await make().update(connector.url, "a:1", "m/1", MESSAGE)
    await make().delete(connector.url, "a:1", "m/1")
    assert [(sent.method, sent.path, sent.body) for sent in connector.requests] == [
        ("PUT", "/v3/conversations/a%3A1/activities/m%2F1", MESSAGE),
        ("DELETE", "/v3/conversations/a%3A1/activities/m%2F1", {}),
    ]


async def test_redirects_are_not_followed(connector: ConnectorStub, make: MakeConnector) -> None:
    connector.script.append((307, {"Location": f"{connector.url}elsewhere"}))
    with pytest.raises(SendFailed):
        await make().send(connector.url, "a:1", MESSAGE)
    assert len(connector.requests) == 1


async def test_a09_the_connector_itself_sends_to_no_other_address(make: MakeConnector) -> None:
    with pytest.raises(CallerRefused):
        await make().send("https://ond.example/", "a:1", MESSAGE)


def test_half_a_character_cannot_stop_a_message() -> None:
    assert encode({"text": "hej \ud83d å"}) == '{"text":"hej ? å"}'.encode()


async def test_what_the_connector_says_about_a_failure_is_kept_and_bounded(
    connector: ConnectorStub, make: MakeConnector
) -> None:
    connector.script.append(403)
    with pytest.raises(Unreachable) as failed:
        await make().send(connector.url, "a:1", MESSAGE)
    assert failed.value.detail == "Scripted"
