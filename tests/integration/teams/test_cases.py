"""Questions for a person on their way through Teams: to the federation's channel, and the replies back."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.case_sending import CaseSending
from bot.questions.cases import Case, Handed, origin_of
from bot.questions.keeping import Keeping
from bot.questions.retrying import LEASE, WAITS
from bot.reminders.model import Channel
from bot.storage.database import Database, open_database
from bot.teams.config import TeamsConfig
from bot.teams.sending.addresses import Address
from bot.teams.sending.pacing import Pace
from bot.teams.sending.proactive import open_proactive
from tests.fakes.cases import sent_event
from tests.fakes.teams import TENANT, ConnectorStub
from tests.integration.teams.conftest import TEXTS

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
CHANNEL = "19:kanal@thread.tacv2"
ONE = "1" * 32


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    urls = (f"sqlite:///{tmp_path / name}.sqlite3" for name in ("fyren", "identity"))
    opened = await open_database(*urls)
    yield opened
    await opened.close()


def address(connector: ConnectorStub, **changes: Any) -> str:
    whole = {"service_url": connector.url, "tenant": TENANT, "conversation": "a:1", "bot": "28:f", "person": "29:anna"}
    return TypeAdapter(Address).dump_json(Address(**{**whole, **changes})).decode()


async def asked(database: Database, connector: ConnectorStub) -> None:
    case = Case(ONE, NOON, "Vem beslutar?", "sv", origin_of(TENANT, "a:1"), address(connector))
    await database.cases.take(case, sent_event(case))


async def handed(database: Database) -> Handed:
    case = await database.cases.one(ONE)
    assert case is not None
    return case.handed


class Sending:
    """Sends what is due, with the pace of a test."""

    def __init__(self, database: Database, tenants: tuple[str, ...] = ()) -> None:
        self._database = database
        self.clock = NOON
        self._config = replace(TeamsConfig(retry_pause=0.0, send_timeout=2.0), allowed_tenants=frozenset(tenants))

    async def now(self) -> None:
        async with open_proactive(self._config, TEXTS, pace=Pace(0.0)) as proactive:
            sending = self._sending(proactive)
            await sending.give_up_claims()
            await sending.hand_over()
            await sending.tell_channel()

    async def started(self, connector: ConnectorStub, messages: int) -> None:
        """As the service runs it from its start, until that many messages have come."""
        async with open_proactive(self._config, TEXTS, pace=Pace(0.0)) as proactive:
            running = asyncio.create_task(self._sending(proactive).run(asyncio.Event()))
            await connector.wait_for(messages)
            async with asyncio.timeout(10):
                while await handed(self._database) is not Handed.SENT:  # noqa: ASYNC110 - another task's write to a file
                    await asyncio.sleep(0.01)
            running.cancel()
            await asyncio.wait({running})

    def _sending(self, proactive: Any) -> CaseSending:
        database, site = self._database, "https://fyren.example"
        keeping = Keeping(timedelta(days=36_500))
        return CaseSending(
            database.cases,
            database.digests,
            proactive,
            TEXTS,
            channel=CHANNEL,
            site=site,
            keeping=keeping,
            clock=lambda: self.clock,
        )


async def test_the_channel_is_told_of_a_question_once(connector: ConnectorStub, database: Database) -> None:
    await asked(database, connector)
    await Sending(database).now()
    assert not connector.requests
    where = address(connector, conversation=CHANNEL, kind="channel")
    await database.digests.send_to(Channel(where, "sv"))
    for _ in range(2):
        await Sending(database).now()
    [sent] = connector.requests
    assert sent.body["channelData"]["channel"] == {"id": CHANNEL}
    card = repr(sent.body)
    assert "Vem beslutar?" in card
    assert f"https://fyren.example/questions/{ONE}" in card
    assert "29:anna" not in card


async def test_a_reply_reaches_the_chat_once(connector: ConnectorStub, database: Database) -> None:
    await asked(database, connector)
    await database.cases.answer(ONE, "Nämnden beslutar.", NOON, "f-1")
    for _ in range(2):
        await Sending(database).now()
    [sent] = connector.requests
    assert sent.path == "/v3/conversations/a%3A1/activities"
    assert "Nämnden beslutar." in repr(sent.body)
    assert await handed(database) is Handed.SENT


@pytest.mark.parametrize(
    ("trouble", "result"),
    [
        (403, Handed.UNREACHABLE),  # blocked
        (404, Handed.UNREACHABLE),  # removed
        ("drop", Handed.UNCERTAIN),
        (500, Handed.UNCERTAIN),
        (503, Handed.WAITING),
        ((429, {"Retry-After": "600"}), Handed.WAITING),
    ],
)
async def test_a_reply_that_does_not_arrive(
    connector: ConnectorStub, database: Database, trouble: Any, result: Handed
) -> None:
    await asked(database, connector)
    await database.cases.answer(ONE, "Nämnden.", NOON, "f-1")
    connector.script.append(trouble)
    sending = Sending(database)
    await sending.now()
    await sending.now()
    assert await handed(database) is result
    assert len(connector.requests) == 1
    sending.clock += WAITS[0]
    await sending.now()
    assert len(connector.requests) == (2 if result is Handed.WAITING else 1)
    assert await handed(database) is (Handed.SENT if result is Handed.WAITING else result)


async def test_a_connector_that_cannot_be_reached_is_tried_for_three_days_and_no_longer(
    connector: ConnectorStub, database: Database
) -> None:
    """Nobody listens there; then somebody does, too late."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    case = Case(ONE, NOON, "Vem?", "sv", origin_of(TENANT, "a:1"), address(connector, service_url=nowhere))
    await database.cases.take(case, sent_event(case))
    await database.cases.answer(ONE, "Nämnden.", NOON, "f-1")
    sending, tried = Sending(database), [NOON]
    await sending.now()
    while await handed(database) is Handed.WAITING:
        again = await database.cases.next_try()
        assert again is not None
        sending.clock = again
        tried.append(again)
        await sending.now()
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert pauses == sorted(pauses)
    assert tried[-1] - NOON == timedelta(days=3)
    left = await database.cases.one(ONE)
    assert left is not None
    assert (left.handed, left.address) == (Handed.GAVE_UP, "")


async def test_a_second_process_leaves_what_the_first_is_sending(connector: ConnectorStub, database: Database) -> None:
    await asked(database, connector)
    await database.cases.answer(ONE, "Nämnden.", NOON, "f-1")
    connector.hold = asyncio.Event()
    first = asyncio.create_task(Sending(database).now())
    await connector.wait_for(1)
    second = Sending(database)
    second.clock += LEASE
    await second.now()
    assert await handed(database) is Handed.SENDING
    connector.hold.set()
    await first
    assert await handed(database) is Handed.SENT
    assert len(connector.requests) == 1


async def test_two_processes_tell_the_channel_once(connector: ConnectorStub, database: Database) -> None:
    await asked(database, connector)
    await database.digests.send_to(Channel(address(connector, conversation=CHANNEL, kind="channel"), "sv"))
    connector.hold = asyncio.Event()
    first = asyncio.create_task(Sending(database).now())
    await connector.wait_for(1)
    await Sending(database).now()
    connector.hold.set()
    await first
    assert len(connector.requests) == 1


async def test_a_channel_that_did_not_take_a_card_is_told_again(connector: ConnectorStub, database: Database) -> None:
    await asked(database, connector)
    await database.digests.send_to(Channel(address(connector, conversation=CHANNEL, kind="channel"), "sv"))
    connector.script.append(503)
    for _ in range(3):
        await Sending(database).now()
    assert len(connector.requests) == 2


async def test_a_tenant_that_left_the_list_is_not_tried_for_ever(connector: ConnectorStub, database: Database) -> None:
    await asked(database, connector)
    await database.cases.answer(ONE, "Nämnden.", NOON, "f-1")
    await Sending(database, ("00000000-0000-4000-8000-000000000000",)).now()
    assert await handed(database) is Handed.UNREACHABLE
    assert not connector.requests


async def test_a_restart_sends_what_waits_and_leaves_what_was_begun(
    connector: ConnectorStub, database: Database
) -> None:
    await asked(database, connector)
    begun = Case("2" * 32, NOON, "Hur?", "sv", origin_of(TENANT, "a:2"), address(connector))
    await database.cases.take(begun, sent_event(begun))
    for each in (ONE, begun.id):
        await database.cases.answer(each, "Nämnden.", NOON, "f-1")
    await database.cases.claim(begun.id, NOON - LEASE - timedelta(seconds=1))
    await Sending(database).started(connector, 1)
    assert len(connector.requests) == 1
    assert await handed(database) is Handed.SENT
    left = await database.cases.one(begun.id)
    assert left is not None
    assert (left.handed, left.address) == (Handed.UNCERTAIN, "")
