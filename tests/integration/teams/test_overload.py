"""More at a time than a replica can answer: whoever is too many is told so at once, and the queue stays short."""

from __future__ import annotations

import asyncio

from bot.conversation.replies import TextReply
from bot.teams.config import TeamsConfig
from tests.fakes.teams import ConnectorStub, RecordingConversation, activity, invoke
from tests.integration.teams.conftest import running

PRESS = {"action": {"type": "Action.Execute", "verb": "check.show", "data": {}}}
BUSY = "Det är många som använder Fyren just nu"


async def test_l03_beyond_what_is_answered_at_a_time_people_are_asked_to_try_again(connector: ConnectorStub) -> None:
    conversation = RecordingConversation(TextReply("Hej"))
    conversation.gate = asyncio.Event()
    async with running(TeamsConfig(most_under_way=2, patience=0.05), conversation) as bot:
        taken = [await bot.post(activity(connector.url, id=str(number))) for number in range(2)]
        written = await bot.post(activity(connector.url, id="2"))
        pressed = await bot.post(invoke(connector.url, "adaptiveCard/action", PRESS, id="3"))
        resent = await bot.post(activity(connector.url, id="1"))
        told = [message["text"] for message in connector.messages]
        conversation.gate.set()
        await connector.wait_for(messages=3)
        again = await bot.post(invoke(connector.url, "adaptiveCard/action", PRESS, id="4"))
    assert [each.status for each in taken] == [202, 202]
    assert (written.status, pressed.status) == (200, 200)
    assert resent.status == 202  # it is under way, and not another one
    assert [text.startswith(BUSY) for text in told] == [True]
    assert pressed.body["value"].startswith(BUSY)
    assert not again.body["value"].startswith(BUSY)
    assert len(conversation.turns) == 3
