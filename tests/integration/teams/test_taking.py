"""One turn an activity, whichever replica gets it; and turns that are not taken: paused, or too many."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.errors import AccessStoreFailed
from bot.access.pauses import Pause
from bot.conversation.card import DoneReply
from bot.conversation.replies import TextReply
from bot.teams.config import TeamsConfig
from bot.teams.receiving.claims import Claims
from tests.fakes.claims import MemoryClaims
from tests.fakes.teams import PERSON, TENANT, ConnectorStub, RecordingConversation, activity, consent, invoke
from tests.integration.teams.conftest import running

PRESS = {"action": {"verb": "pick"}}
QUICK = TeamsConfig(patience=0.05, invoke_patience=0.05, drain_timeout=0.05)


class Switch:
    """Pauses whom it is told to."""

    def __init__(self, *tenants: str, note: str = "") -> None:
        self.tenants, self.note = tenants, note

    def of(self, tenant: str) -> Pause | None:
        return Pause(tenant, datetime(2026, 11, 1, tzinfo=UTC), "", self.note) if tenant in self.tenants else None


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.parametrize("shared", [True, False])
async def test_a14_an_activity_that_comes_again_after_a_restart_is_not_answered_again(
    connector: ConnectorStub, *, shared: bool
) -> None:
    store, conversation = MemoryClaims(shared=shared), RecordingConversation(DoneReply("Vald"))
    pressed = invoke(connector.url, "adaptiveCard/action", PRESS, id="2")
    for expected in ("Vald", "Mottaget."):
        async with running(TeamsConfig(), conversation, claims=Claims(store)) as bot:
            assert (await bot.post(activity(connector.url))).status == 200
            assert expected in (await bot.post(pressed)).text
    assert len(conversation.turns) == 2


async def test_a14_replicas_that_get_an_activity_at_once_run_one_turn(connector: ConnectorStub) -> None:
    store, conversation = MemoryClaims(), RecordingConversation()
    conversation.gate = asyncio.Event()
    pressed = invoke(connector.url, "adaptiveCard/action", PRESS, id="2")
    async with (
        running(QUICK, conversation, claims=Claims(store)) as one,
        running(QUICK, conversation, claims=Claims(store)) as two,
    ):
        answers = await asyncio.gather(*(bot.post(activity(connector.url)) for bot in (one, two)))
        assert [each.status for each in answers] == [202, 202]
        presses = await asyncio.gather(*(bot.post(pressed) for bot in (one, two)))
        assert all(each.body["value"].startswith("Det tar längre tid") for each in presses)
        conversation.gate.set()
        await connector.wait_for(1)
    assert len(conversation.turns) == 2


async def test_a14_what_a_dead_replica_had_begun_is_taken_by_the_next(connector: ConnectorStub) -> None:
    store, clock = MemoryClaims(), Clock()
    dead, alive = RecordingConversation(), RecordingConversation()
    dead.gate = asyncio.Event()
    async with running(QUICK, dead, claims=Claims(store, clock=clock, beat=60)) as one:
        await one.post(activity(connector.url))
        async with running(TeamsConfig(), alive, claims=Claims(store, clock=clock)) as two:
            assert (await two.post(activity(connector.url))).status == 202
            clock.now += timedelta(seconds=11)
            assert (await two.post(activity(connector.url))).status == 200
    assert (len(dead.turns), len(alive.turns), len(connector.messages)) == (1, 1, 1)


async def test_a14_a_turn_that_is_stopped_is_left_to_others_and_a_long_one_is_not(connector: ConnectorStub) -> None:
    store, clock = MemoryClaims(), Clock()
    stuck, next_one = RecordingConversation(), RecordingConversation()
    stuck.gate = asyncio.Event()
    async with running(QUICK, stuck, claims=Claims(store, clock=clock, beat=0.01)) as one:
        await one.post(activity(connector.url))
        clock.now += timedelta(seconds=9)
        await asyncio.sleep(0.1)
        clock.now += timedelta(seconds=9)
        async with running(TeamsConfig(), next_one, claims=Claims(store, clock=clock)) as two:
            assert (await two.post(activity(connector.url))).status == 202
    async with running(TeamsConfig(), next_one, claims=Claims(store, clock=clock)) as two:
        assert (await two.post(activity(connector.url))).status == 200
    assert len(next_one.turns) == 1


async def test_d03_a_store_that_fails_or_hangs_keeps_nobody_from_an_answer(
    connector: ConnectorStub, caplog: pytest.LogCaptureFixture
) -> None:
    store = MemoryClaims()
    async with running(TeamsConfig(), RecordingConversation(), claims=Claims(store, patience=0.05)) as bot:
        store.error = AccessStoreFailed("no database")
        await bot.post(activity(connector.url, id="1"))
        store.error = RuntimeError("oförutsett")
        await bot.post(activity(connector.url, id="2"))
        store.error, store.hold = None, asyncio.Event()
        await bot.post(activity(connector.url, id="3"))
        store.hold.set()
        await bot.post(activity(connector.url, id="4"))
    assert len(connector.messages) == 4
    assert len(store.rows) >= 2
    assert "no database" in caplog.text


async def test_a14_a_lone_replica_takes_again_what_it_had_begun_and_needs_no_store_to_answer(
    connector: ConnectorStub,
) -> None:
    store, stuck = MemoryClaims(shared=False), RecordingConversation()
    stuck.gate = asyncio.Event()
    async with running(QUICK, stuck, claims=Claims(store)) as bot:
        await bot.post(activity(connector.url))
    store.error = AccessStoreFailed("no database")
    async with running(TeamsConfig(), RecordingConversation(), claims=Claims(store)) as bot:
        assert (await bot.post(activity(connector.url))).status == 200
    assert (len(connector.messages), store.rows) == (1, {})


async def test_many_turns_share_a_transaction(connector: ConnectorStub) -> None:
    store = MemoryClaims()
    async with running(TeamsConfig(), RecordingConversation(), claims=Claims(store)) as bot:
        await asyncio.gather(*(bot.post(activity(connector.url, id=str(number))) for number in range(20)))
    assert len(store.rows) == 20
    assert all(status == 200 for _, status, _ in store.rows.values())
    assert store.writes < 20


async def test_w14_whoever_is_paused_is_told_so_and_others_are_answered(connector: ConnectorStub) -> None:
    conversation = RecordingConversation()
    other = {"id": "a:2bo", "conversationType": "personal", "tenantId": "t2"}
    async with running(TeamsConfig(), conversation, switch=Switch(TENANT, note="Åter kl. 15.")) as bot:
        await bot.post(activity(connector.url, id="1"))
        pressed = await bot.post(invoke(connector.url, "adaptiveCard/action", PRESS, id="2"))
        thumb = {"actionName": "feedback", "actionValue": {"reaction": "like", "feedback": "{}"}}
        assert (await bot.post(invoke(connector.url, "message/submitAction", thumb, id="3"))).status == 200
        file = consent("https://a.sharepoint.com/x")
        assert (await bot.post(invoke(connector.url, "fileConsent/invoke", file, id="4"))).status == 200
        await bot.post(activity(connector.url, id="5", conversation=other, channelData=None))
    said, filed, answer = (message["text"] for message in connector.messages)
    assert said == filed
    assert said.startswith("Fyren är pausad just nu")
    assert said.replace("\\", "").endswith("Åter kl. 15.")
    assert pressed.body["value"].startswith("Fyren är pausad")
    assert answer == "Hej"
    assert (len(conversation.turns), conversation.wanted) == (1, [])


async def test_r10_whoever_floods_it_is_asked_once_to_wait_and_others_are_answered(connector: ConnectorStub) -> None:
    conversation = RecordingConversation(answer=lambda turn: [TextReply(turn.sender.user)])
    async with running(TeamsConfig(turns_per_minute=3), conversation) as bot:
        for number in range(6):
            await bot.post(activity(connector.url, id=str(number)))
        pressed = await bot.post(invoke(connector.url, "adaptiveCard/action", PRESS, id="6"))
        await bot.post(activity(connector.url, id="7", **{"from": {**PERSON, "aadObjectId": "bo"}}))
    texts = [message["text"] for message in connector.messages]
    assert texts[:3] == [PERSON["aadObjectId"]] * 3
    assert texts[3].startswith("Det kommer för mycket från dig på en gång.")
    assert texts[4:] == ["bo"]
    assert pressed.body["value"].startswith("Det kommer för mycket")
    assert len(conversation.turns) == 4
