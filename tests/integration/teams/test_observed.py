"""What the Teams side tells about itself: turns, refusals, messages; and what it never tells."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.conversation.replies import Reply, TextReply
from bot.conversation.turn import Turn
from bot.logs.json_lines import JsonFormatter
from bot.logs.words import TOLD
from bot.measuring.requests import measured_requests
from bot.measuring.turns import MeasuredConversation
from bot.teams.config import TeamsConfig
from bot.teams.receiving.endpoint import PATH, TeamsEndpoint
from bot.telemetry.metrics import REFUSED, REQUESTS, SEND_RETRIES, SENDS, TURNS
from bot.telemetry.turn_notes import Pseudonyms
from tests.fakes.teams import ConnectorStub, RecordingConversation, activity, serving
from tests.fakes.telemetry import RecordingTelemetry
from tests.integration.teams.conftest import TEXTS, Bot

SAID = "Mitt personnummer är 19121212-1212 och min chef är omöjlig"


@asynccontextmanager
async def observed(conversation: RecordingConversation, telemetry: RecordingTelemetry) -> AsyncIterator[Bot]:
    measured = MeasuredConversation(conversation, telemetry, Pseudonyms(b"hemlig"))
    app = web.Application(middlewares=[measured_requests(telemetry)])
    config = TeamsConfig(retry_pause=0.01, retry_pause_limit=0.02, typing_after=0.0)
    TeamsEndpoint(config, measured, TEXTS, telemetry=telemetry).attach(app)
    async with serving(app) as port, aiohttp.ClientSession() as session:
        yield Bot(f"http://127.0.0.1:{port}{PATH}", session)


async def test_a_turn_is_one_trace_with_its_messages_and_is_counted_once(connector: ConnectorStub) -> None:
    telemetry = RecordingTelemetry()
    connector.script.extend([201, 429, 201])
    async with observed(RecordingConversation(TextReply("Hej")), telemetry) as bot:
        assert (await bot.post(activity(connector.url))).status in (200, 202)
        assert (await bot.post(activity(connector.url))).status in (200, 202)  # the same activity again
        await connector.wait_for(1)
    assert telemetry.seen(TURNS) == {("message", "done"): 1}
    assert sum(telemetry.seen(REQUESTS).values()) == 2
    assert telemetry.seen(SENDS)[("send", "ok")] == 2  # that it is typing, and the reply
    assert telemetry.counts[SEND_RETRIES.name, "429"] == 1
    assert [each.notes for each in telemetry.spans if each.name == "turn"] == [{"kind": "message", "outcome": "done"}]
    assert telemetry.gauges["fyren_turns_running"]() == 0


async def test_refusals_are_counted_by_reason(connector: ConnectorStub) -> None:
    telemetry = RecordingTelemetry()
    async with observed(RecordingConversation(), telemetry) as bot:
        assert (await bot.raw(b"{", content_type="application/json")).status == 400
        assert (await bot.raw(b"{}", Content_Type="text/plain")).status == 415
        assert (await bot.post(activity("http://ond.example/"))).status == 403
    assert telemetry.counts == {
        (REFUSED.name, "malformed"): 1,
        (REFUSED.name, "media_type"): 1,
        (REFUSED.name, "forbidden"): 1,
    }


async def test_a22_a_turn_that_breaks_on_a_persons_words_leaves_none_of_them_in_the_log_or_in_what_is_measured(
    connector: ConnectorStub, caplog: pytest.LogCaptureFixture
) -> None:
    def breaking(turn: Turn) -> list[Reply]:
        raise ValueError(f"cannot handle {turn.event!r} in {turn.conversation}")

    telemetry = RecordingTelemetry()
    caplog.set_level(logging.DEBUG)
    caplog.handler.setFormatter(JsonFormatter())
    async with observed(RecordingConversation(answer=breaking), telemetry) as bot:
        await bot.post(activity(connector.url, text=SAID))
        await connector.wait_for(1)
    assert telemetry.seen(TURNS) == {("message", "failed"): 1}
    reference = next(vars(each)["reference"] for each in caplog.records if "reference" in vars(each))
    assert reference in str(connector.messages)
    assert f'"reference": "{reference}"' in caplog.text
    assert '"conversation": "' in caplog.text
    assert TOLD in caplog.text
    for secret in ("omöjlig", "min chef", "19121212"):
        assert secret not in caplog.text
        assert secret not in str((telemetry.counts, telemetry.values, telemetry.spans))
