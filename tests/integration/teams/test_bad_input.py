"""What is no activity gets a short refusal, and the bot goes on."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.replies import TextReply
from bot.conversation.turn import Action, Message
from bot.teams.config import TeamsConfig
from tests.fakes.teams import ConnectorStub, RecordingConversation, activity, connector_stub, invoke
from tests.integration.teams.conftest import Bot, running
from tests.unit.teams.test_incoming import MALFORMED

SHORT = 200


@pytest.fixture
async def bot(connector: ConnectorStub) -> AsyncIterator[Bot]:
    async with running(TeamsConfig(body_timeout=0.3), RecordingConversation(TextReply("Hej"))) as running_bot:
        yield running_bot


@pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED.keys())
async def test_a12_malformed_activities_are_answered_with_400(bot: Bot, connector: ConnectorStub, raw: bytes) -> None:
    answer = await bot.raw(raw)
    assert answer.status == 400
    assert set(answer.body) == {"error"}
    assert len(answer.text) < SHORT
    assert "Traceback" not in answer.text
    assert connector.requests == []


@pytest.mark.parametrize(
    "value", [None, [], 7, "{", {"action": None}, {"action": {"verb": "a b"}}, {"action": {"verb": "a", "data": 1}}]
)
async def test_a20_a_press_that_no_card_makes_is_answered_with_400(
    bot: Bot, connector: ConnectorStub, value: object
) -> None:
    assert (await bot.post(invoke(connector.url, "adaptiveCard/action", value))).status == 400


@pytest.mark.parametrize(
    "value", [None, [], 7, "{", {}, {"type": "fileUpload", "action": "accept", "context": {"key": "k"}}]
)
async def test_a20_an_answer_about_a_file_that_no_card_makes_is_answered_with_400(
    bot: Bot, connector: ConnectorStub, value: object
) -> None:
    assert (await bot.post(invoke(connector.url, "fileConsent/invoke", value))).status == 400
    assert connector.requests == []


async def test_fifty_thousand_characters_on_a_card_reach_the_conversation(connector: ConnectorStub) -> None:
    conversation = RecordingConversation()
    pressed = {"action": {"verb": "check.answer", "data": {"comment": "å" * 50_000}}}
    async with running(TeamsConfig(), conversation) as bot:
        document = json.dumps(invoke(connector.url, "adaptiveCard/action", pressed), ensure_ascii=False)
        answer = await bot.raw(document.encode())
    assert answer.status == 200
    assert conversation.turns[0].event == Action("check.answer", {"comment": "å" * 50_000})


@pytest.mark.parametrize("name", [None, "", "task/fetch", "message/fetchTask", "x" * 128])
async def test_invokes_that_are_not_answered_say_so(bot: Bot, connector: ConnectorStub, name: str | None) -> None:
    answer = await bot.post(activity(connector.url, type="invoke", name=name, value={}))
    assert answer.status == 400
    assert answer.body == {"error": "name is not an invoke that this bot answers"}


@pytest.mark.parametrize("url", [None, "", "https://ond.example/", "http://10.0.0.1/"])
async def test_a09_development_answers_to_this_machine_only(
    bot: Bot, connector: ConnectorStub, url: str | None
) -> None:
    answer = await bot.post(activity(connector.url, serviceUrl=url))
    assert answer.status in (400, 403)
    assert connector.requests == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(["message", "invoke", "conversationUpdate", "installationUpdate"]),
    st.sampled_from(["id", "from", "recipient", "conversation", "text", "value", "entities", "channelData", "locale"]),
    JSON,
)
def test_a12_any_field_may_hold_anything_and_nothing_breaks(
    runner: asyncio.Runner, connector_on_runner: tuple[Bot, ConnectorStub], kind: str, field: str, value: object
) -> None:
    bot, connector = connector_on_runner
    document = activity(connector.url, type=kind, name="adaptiveCard/action") | {field: value}
    answer = runner.run(bot.post(document))
    assert answer.status in (200, 400)
    assert len(answer.text) < SHORT or answer.status == 200


async def test_a11_a_body_may_not_be_too_large(bot: Bot, connector: ConnectorStub) -> None:
    fits = json.dumps(activity(connector.url, text="å" * 50_000), ensure_ascii=False).encode()
    assert (await bot.raw(fits)).status == 200
    padding = b" " * (256 * 1024 + 1 - len(fits))
    assert (await bot.raw(fits + padding[1:])).status == 200
    assert (await bot.raw(fits + padding)).status == 413


async def test_a11_a_body_without_a_length_may_not_be_too_large_either(bot: Bot) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b" " * 8192

    assert (await bot.raw(endless())).status == 413


async def test_a11_compressed_bodies_are_not_unpacked(bot: Bot) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    assert (await bot.raw(bomb, Content_Encoding="gzip")).status == 415


@pytest.mark.parametrize("headers", [{"X_Long": "a" * 9000}, {f"X_{number}": "a" for number in range(200)}])
async def test_a11_headers_may_be_neither_large_nor_many(
    bot: Bot, connector: ConnectorStub, headers: dict[str, str]
) -> None:
    assert (await bot.raw(json.dumps(activity(connector.url)), **headers)).status == 400
    assert connector.requests == []


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml"]
)
async def test_a11_only_json_is_read(bot: Bot, connector: ConnectorStub, kind: str) -> None:
    assert (await bot.raw(json.dumps(activity(connector.url)), Content_Type=kind)).status == 415


async def test_json_with_a_character_set_is_json(bot: Bot, connector: ConnectorStub) -> None:
    raw = json.dumps(activity(connector.url))
    assert (await bot.raw(raw, Content_Type="application/json; charset=utf-8")).status == 200


async def test_a13_a_body_that_never_ends_is_given_up(bot: Bot) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b'{"type":'
        await asyncio.sleep(2)
        yield b'"message"}'

    assert (await bot.raw(slow())).status == 408


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_only_post_is_served(bot: Bot, method: str) -> None:
    async with bot.session.request(method, bot.url) as response:
        assert response.status == 405


@pytest.mark.parametrize("identifier", ["../../admin", "a/b?c#d", "%2e%2e", "å ä", "x" * 1024, "a;b:c@d"])
async def test_a21_an_id_stays_one_step_of_the_path(bot: Bot, connector: ConnectorStub, identifier: str) -> None:
    place = {"id": identifier, "conversationType": "personal"}
    answer = await bot.post(activity(connector.url, id=identifier, conversation=place))
    assert answer.status == 200
    assert [sent.path.count("/") for sent in connector.requests] == [5]
    assert all(sent.path.startswith("/v3/conversations/") for sent in connector.requests)


@pytest.mark.parametrize(
    ("text", "read"),
    [(None, ""), ("", ""), ("\u202e\u0000", "\u202e"), ("halv \ud83d", "halv ?"), ("Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A", None)],
)
async def test_odd_text_gets_an_ordinary_answer(connector: ConnectorStub, text: str | None, read: str | None) -> None:
    conversation = RecordingConversation(answer=lambda turn: [TextReply(f"Du skrev {turn.event}")])
    async with running(TeamsConfig(), conversation) as bot:
        answer = await bot.post(activity(connector.url, text=text))
    assert answer.status == 200
    assert len(connector.messages) == 1
    if read is not None:
        assert conversation.turns[0].event == Message(read)


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """An event loop that outlives one example of a property."""
    with asyncio.Runner() as loop:
        yield loop


@pytest.fixture
def connector_on_runner(runner: asyncio.Runner) -> Iterator[tuple[Bot, ConnectorStub]]:
    """Bot and connector on that loop."""
    stack = AsyncExitStack()

    async def enter() -> tuple[Bot, ConnectorStub]:
        stub = await stack.enter_async_context(connector_stub())
        bot = await stack.enter_async_context(running(TeamsConfig(), RecordingConversation()))
        return bot, stub

    yield runner.run(enter())
    runner.run(stack.aclose())
