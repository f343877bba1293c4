"""A stream over HTTP: its steps as they reach the wire, tried once each, and refusals told apart by their words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import pytest
from aiohttp import web

from bot.conversation.replies import AnswerReply, Reply
from bot.conversation.turn import Turn
from bot.teams.config import TeamsConfig
from knowledge.composing.ports import Reading, Tell, Written
from tests.fakes.advice import answered
from tests.fakes.teams import ConnectorStub, Json, RecordingConversation, activity, serving
from tests.fakes.teams_streams import CANCELLED
from tests.integration.teams.conftest import running


class Growing(RecordingConversation):
    """Tells a sentence at once, and waits for the gate."""

    async def respond(self, turn: Turn, tell: Tell | None = None) -> Sequence[Reply]:
        assert tell is not None
        tell(Reading(2))
        tell(Written(answered().text.split()[0]))
        await asyncio.sleep(0.01)
        return await super().respond(turn, tell)


def infos(connector: ConnectorStub) -> list[Json]:
    entities = [sent.body["entities"][0] for sent in connector.requests if sent.body.get("entities")]
    return [{key: value for key, value in entity.items() if key != "type"} for entity in entities]


async def test_the_steps_of_a_stream_reach_the_wire(connector: ConnectorStub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.teams.streaming.stream.INTERVAL", 0.01)
    conversation = Growing(AnswerReply("svar-1", answered()))
    async with running(TeamsConfig(), conversation) as bot:
        await bot.post(activity(connector.url))
    first, last = infos(connector)
    assert first == {"streamType": "streaming", "streamSequence": 1}
    steps = [sent.body for sent in connector.requests if sent.body.get("entities")]
    # Without it Microsoft's test client refuses every step of a stream.
    assert [step["conversation"]["conversationType"] for step in steps] == ["personal", "personal"]
    [(answer, _, stream)] = conversation.deliveries
    assert (answer, last) == ("svar-1", {"streamType": "final", "streamId": stream})


async def test_a_stream_that_the_person_cancels_ends_the_turn() -> None:
    bodies: list[Json] = []

    async def refuse(request: web.Request) -> web.Response:
        bodies.append(await request.json())
        code, _, message = CANCELLED.partition(": ")
        if "entities" not in bodies[-1]:
            return web.json_response({"id": "typing"}, status=201)
        return web.json_response({"error": {"code": code, "message": message}}, status=403)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", refuse)
    conversation = Growing(AnswerReply("svar-1", answered()))
    conversation.gate = asyncio.Event()
    async with serving(app) as port, running(TeamsConfig(), conversation) as bot:
        await bot.post(activity(f"http://127.0.0.1:{port}/"))
    assert "message" not in [body["type"] for body in bodies], json.dumps(bodies)
    assert conversation.deliveries == []
