"""The real client against a local server that speaks OpenAI's API, well and badly."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import tiktoken

from knowledge.adapters.chat_model import LangChainChatModel, ModelConfig, build_chat_model
from knowledge.adapters.model_breaker import Breaker
from knowledge.composing.ports import ModelRequest, Usage
from knowledge.errors import ModelFailed
from tests.fakes import model_behaviours
from tests.fakes.model_call import Behaviour
from tests.fakes.model_server import ModelServer, open_model_server

ANSWER = '{"claims":[{"text":"Åtta av tio.","sources":[{"passage":1,"quote":"åtta av tio"}]}]}'
KEY = "key-that-nobody-may-see"
SCHEMA = {"type": "object", "properties": {"claims": {"type": "array"}}}
REQUEST = ModelRequest("compose", "Du svarar.", "Hur många?", "claims", SCHEMA, 300)
GOOD = model_behaviours.good(ANSWER)


@asynccontextmanager
async def model_of(
    behaviour: Behaviour, breaker: Breaker | None = None, at_once: int = 64, **settings: object
) -> AsyncIterator[tuple[LangChainChatModel, ModelServer]]:
    async with open_model_server(behaviour) as server:
        given = {"provider": "openai", "model": "small", "base_url": server.url, "api_key": KEY, "deadline": 10.0}
        if settings.get("provider") == "azure":
            given["base_url"] = server.root
        config = ModelConfig(**(given | settings))  # type: ignore[arg-type] # settings of any type, as the test names them
        model = await asyncio.to_thread(build_chat_model, config)
        if breaker is not None:
            model = LangChainChatModel(model.name, model._client, breaker, at_once)
        try:
            yield model, server
        finally:
            await model.aclose()


@pytest.fixture(autouse=True)
def _straight_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


async def asked(model: LangChainChatModel, request: ModelRequest = REQUEST) -> tuple[str, Usage]:
    async with model.stream(request) as stream:
        text = "".join([piece async for piece in stream])
        return text, stream.usage


async def failure_of(model: LangChainChatModel) -> str:
    with pytest.raises(ModelFailed) as caught:
        await asked(model)
    assert KEY not in f"{caught.value}{caught.value.__cause__}"
    return caught.value.reason


async def test_an_answer_comes_in_pieces_with_what_it_cost() -> None:
    async with model_of(GOOD) as (model, server), model.stream(REQUEST) as stream:
        pieces = [piece async for piece in stream]
        assert "".join(pieces) == ANSWER
        assert len(pieces) > 1  # fewer than were sent: neighbours are merged
        assert stream.usage == Usage(len("Du svarar.Hur många?") // 4, len(ANSWER) // 4, estimated=False)
        assert model.name == "openai/small"
        assert model.state == "closed"
        [body] = server.requests
    assert body["messages"] == [
        {"role": "system", "content": "Du svarar."},
        {"role": "user", "content": "Hur många?"},
    ]
    assert body["stream"] is True
    assert body["stream_options"] == {"include_usage": True}
    assert body["max_tokens"] == 300
    assert body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "claims", "schema": SCHEMA, "strict": True},
    }
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(("structure", "form"), [("json_object", {"type": "json_object"}), ("prompt", None)])
async def test_servers_that_know_no_schema_are_asked_otherwise(structure: str, form: object) -> None:
    async with model_of(GOOD, structure=structure) as (model, server):
        assert (await asked(model))[0] == ANSWER
        assert server.requests[0].get("response_format") == form


@pytest.mark.parametrize(
    ("version", "address", "header", "value"),
    [
        ("", "/openai/v1/chat/completions", "authorization", f"Bearer {KEY}"),
        ("2024-10-21", "/openai/deployments/small/chat/completions?api-version=2024-10-21", "api-key", KEY),
    ],
)
async def test_azure_is_asked_at_its_own_address(version: str, address: str, header: str, value: str) -> None:
    async with model_of(GOOD, provider="azure", api_version=version) as (model, server):
        text, usage = await asked(model)
        assert (text, usage.estimated, model.name) == (ANSWER, False, "azure/small")
        assert server.addresses == [address]
        assert server.headers[0][header] == value
        assert server.requests[0]["max_completion_tokens"] == 300


async def test_r16_no_tokenizer_is_loaded_and_nothing_is_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, *args: object) -> None:
        raise AssertionError(f"a tokenizer was asked for: {name}")

    monkeypatch.setattr(tiktoken, "get_encoding", refuse)
    monkeypatch.setattr(tiktoken, "encoding_for_model", refuse)
    reached: list[str] = []
    connect = socket.socket.connect

    def seen(self: socket.socket, address: tuple[object, ...]) -> None:
        reached.append("http://{}:{}".format(*address[:2]))
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", seen)
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "x")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    async with model_of(GOOD) as (model, server):
        assert (await asked(model))[0] == ANSWER
        assert set(reached) <= {server.root}


BAD: dict[str, tuple[Behaviour, str, int]] = {
    "500 that stays": (model_behaviours.broken, "unavailable", 3),
    "429 with a long wait": (model_behaviours.busy("30"), "busy", 1),
    "429 until a day": (model_behaviours.busy("Sun, 29 Nov 2026 10:00:00 GMT"), "busy", 1),
    "429 that stays": (model_behaviours.busy("0.01"), "busy", 3),
    "wrong key": (model_behaviours.failing(401, message=f"Incorrect API key: {KEY}"), "unavailable", 1),
    "no such model": (model_behaviours.failing(404), "unavailable", 1),
    "not taken": (model_behaviours.failing(400), "unavailable", 1),
    "hangs up": (model_behaviours.hang_up, "unavailable", 3),
    "cut": (model_behaviours.cut('{"claims":[{"text":"Halv'), "cut", 1),
    "length": (model_behaviours.length(), "cut", 1),
    "filtered answer": (model_behaviours.content_filter(), "filtered", 1),
    "filtered question": (model_behaviours.filtered_prompt, "filtered", 1),
    "refusal": (model_behaviours.refusal(), "refused", 1),
}


@pytest.mark.parametrize("name", BAD)
async def test_r12_what_goes_wrong_has_a_name_and_is_asked_again_only_where_that_helps(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    behaviour, reason, requests = BAD[name]
    with caplog.at_level(logging.DEBUG, "knowledge"):
        async with model_of(behaviour) as (model, server):
            assert await failure_of(model) == reason
            assert len(server.requests) == requests
    assert KEY not in caplog.text
    if name in ("wrong key", "no such model", "not taken"):
        assert "check FYREN_MODEL_" in caplog.text


async def test_r12_a_server_that_hangs_or_falls_silent_is_left() -> None:
    async with model_of(model_behaviours.hang, deadline=0.2) as (model, server):
        assert await failure_of(model) == "slow"
        server.behaviour = model_behaviours.hang_after('{"claims":[')
        assert await failure_of(model) == "slow"
        assert len(server.requests) == 2


async def test_r12_a_drip_ends_where_the_caller_has_no_time_left() -> None:
    async with model_of(model_behaviours.drip(0.005)) as (model, server):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await asked(model)
        async with asyncio.timeout(5):
            await server.left.wait()
        assert server.abandoned == 1


async def test_invalid_json_is_passed_on_as_it_is() -> None:
    async with model_of(model_behaviours.invalid_json) as (model, _):
        assert (await asked(model))[0].startswith("Jag tror")


async def test_leaving_an_answer_closes_its_connection() -> None:
    async with model_of(model_behaviours.hang_after("x")) as (model, server):
        async with model.stream(REQUEST) as stream:
            async for piece in stream:
                assert piece == "x"
                break
            assert stream.usage.estimated
            assert stream.usage.total > 0
        async with asyncio.timeout(5):
            await server.left.wait()


async def test_nobody_listening_is_told_soon() -> None:
    async with model_of(GOOD, base_url="http://127.0.0.1:9/v1") as (model, _):
        assert await failure_of(model) == "unavailable"


@pytest.mark.parametrize(
    "first",
    [model_behaviours.busy("0.01"), model_behaviours.broken, model_behaviours.hang_up],
    ids=["429", "500", "hung up"],
)
async def test_r11_a_failure_that_passes_is_asked_again_once(first: Behaviour) -> None:
    async with model_of(model_behaviours.in_turn(first, GOOD)) as (model, server):
        assert (await asked(model))[0] == ANSWER
        assert len(server.requests) == 2


async def test_r11_the_breaker_opens_half_opens_and_closes() -> None:
    now = [0.0]
    breaker = Breaker(failures=5, pause=30.0, clock=lambda: now[0])
    async with model_of(model_behaviours.broken, breaker) as (model, server):
        assert [await failure_of(model) for _ in range(3)] == ["unavailable"] * 3
        assert len(server.requests) == 5  # three attempts, two, and none
        states = [model.state]
        now[0] = 31.0
        states.append(model.state)
        assert await failure_of(model) == "unavailable"
        assert len(server.requests) == 6
        states.append(model.state)
        now[0] = 62.0
        server.behaviour = GOOD
        assert (await asked(model))[0] == ANSWER
        assert [*states, model.state] == ["open", "half-open", "open", "closed"]


async def test_r11_callers_who_give_up_a_silent_server_count_and_impatient_ones_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with model_of(model_behaviours.hang, Breaker(failures=1)) as (model, _):
        for patience, state in ((60.0, "closed"), (0.0, "open")):
            monkeypatch.setattr("knowledge.adapters.chat_model.SILENT", patience)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await asked(model)
            assert model.state == state


async def test_r11_while_one_tries_the_server_again_the_others_are_refused() -> None:
    now = [0.0]
    breaker = Breaker(failures=1, pause=30.0, clock=lambda: now[0])
    async with model_of(model_behaviours.failing(404), breaker) as (model, server):
        await failure_of(model)
        now[0] = 31.0
        server.behaviour = model_behaviours.hang_after("x")
        async with model.stream(REQUEST):
            assert await failure_of(model) == "unavailable"
        server.behaviour = GOOD
        assert (await asked(model))[0] == ANSWER
        assert len(server.requests) == 3


async def test_requests_beyond_those_at_once_are_told_that_it_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.adapters.chat_model.QUEUE", 0.05)
    async with model_of(model_behaviours.hang_after("x"), Breaker(), at_once=1) as (model, server):
        async with model.stream(REQUEST):
            assert await failure_of(model) == "busy"
        assert len(server.requests) == 1
        server.behaviour = GOOD
        assert (await asked(model))[0] == ANSWER
