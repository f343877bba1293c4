"""The real OpenAI client against a local server that speaks the embeddings API, well and badly."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
import tiktoken
from aiohttp import web
from openai import OpenAIError

from knowledge.adapters.embeddings import REST, EmbeddingConfig, LangChainEmbedder, build_embedder
from knowledge.adapters.model_breaker import Breaker
from knowledge.advisor import Advisor
from knowledge.errors import EmbeddingFailed
from knowledge.model import Status
from tests.fakes.knowledge import METHOD, PASSAGES, MemoryIndex, ShownKeys, WordList, judged_by_coverage, vector_of

Body = dict[str, object]
Handler = Callable[[web.Request, Body], Awaitable[web.StreamResponse]]
SOON = {"retry-after-ms": "1"}
TEXTS = ["första", "andra"]


def vector_for(text: str) -> list[float]:
    """A text that is a number has a direction of its own."""
    return [float(text), 1.0] if text.isdigit() else [1.0, float(len(text))]


def inputs(body: Body) -> list[str]:
    given = body["input"]
    assert isinstance(given, list)
    return given


def listed(vectors: Sequence[object]) -> Body:
    data = [{"object": "embedding", "index": n, "embedding": one} for n, one in enumerate(vectors)]
    return {"object": "list", "model": "small", "data": data, "usage": {"prompt_tokens": 1, "total_tokens": 1}}


async def well(request: web.Request, body: Body) -> web.StreamResponse:
    return web.json_response(listed([vector_for(text) for text in inputs(body)]))


@dataclass
class Server:
    """Answers every request with `handler`, or the first of `once`; keeps what was asked."""

    handler: Handler = well
    once: list[Handler] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body: Body = await request.json()
        self.bodies.append(body)
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        response = await (self.once.pop(0) if self.once else self.handler)(request, body)
        response.force_close()  # no connection outlives the test
        return response


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    made = Server()
    app = web.Application()
    app.router.add_post("/v1/embeddings", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    made.url = f"http://{host}:{port}/v1"
    yield made
    await runner.cleanup()


async def embedder_of(server: Server, *, patience: float = 5.0, key: str = "key-1") -> LangChainEmbedder:
    config = EmbeddingConfig("openai", model="small", base_url=server.url, api_key=key, timeout=patience)
    built = await asyncio.to_thread(build_embedder, config)  # as at start-up, before the loop serves anyone
    assert built is not None
    return built


async def test_texts_are_sent_in_batches_and_come_back_in_order(server: Server) -> None:
    texts = [str(n) for n in range(150)]
    rows = await (await embedder_of(server)).embed_passages(texts)
    np.testing.assert_allclose(rows[:, 0] / rows[:, 1], np.arange(150), rtol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, rtol=1e-5)
    assert [text for body in server.bodies for text in inputs(body)] == texts
    assert 1 < len(server.bodies) < 20


async def test_a_question_is_one_text_and_one_row(server: Server) -> None:
    row = await (await embedder_of(server)).embed_query("3")
    np.testing.assert_allclose(row, np.array([3.0, 1.0]) / np.sqrt(10.0), rtol=1e-6)
    assert [inputs(body) for body in server.bodies] == [["3"]]


async def test_the_request_is_what_any_compatible_server_understands(server: Server) -> None:
    await (await embedder_of(server)).embed_passages(["Vad är NIS 2?"])
    [body] = server.bodies
    assert body["input"] == ["Vad är NIS 2?"]  # text, and no token ids of one vendor's tokenizer
    assert body["model"] == "small"
    assert body["encoding_format"] == "float"
    assert server.headers[0]["authorization"] == "Bearer key-1"


async def test_a_server_without_a_key_is_asked_all_the_same(server: Server) -> None:
    await (await embedder_of(server, key="")).embed_query("1")
    assert len(server.bodies) == 1


async def test_no_tokenizer_is_loaded_or_fetched(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, *args: object) -> None:
        raise AssertionError(f"a tokenizer was asked for: {name}")

    monkeypatch.setattr(tiktoken, "get_encoding", refuse)
    monkeypatch.setattr(tiktoken, "encoding_for_model", refuse)
    await (await embedder_of(server)).embed_passages(["ord " * 3000, "NIS 2"])
    assert len(server.bodies) == 1


def failing(status: int, headers: dict[str, str] | None = None) -> Handler:
    async def answer(request: web.Request, body: Body) -> web.StreamResponse:
        return web.json_response({"error": {"message": "not now"}}, status=status, headers=headers or SOON)

    return answer


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_server_that_asks_for_patience_is_asked_again(server: Server, status: int) -> None:
    server.once = [failing(status, {"retry-after": "0.01"})]
    row = await (await embedder_of(server)).embed_query("3")
    assert row[0] > row[1]
    assert len(server.bodies) == 2


async def test_a_batch_in_the_middle_that_fails_once_leaves_the_order_whole(server: Server) -> None:
    server.once = [well, failing(500), well]
    texts = [str(n) for n in range(150)]
    rows = await (await embedder_of(server)).embed_passages(texts)
    np.testing.assert_allclose(rows[:, 0] / rows[:, 1], np.arange(150), rtol=1e-4)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_server_that_keeps_failing_is_given_up_after_a_few_attempts(server: Server, status: int) -> None:
    server.handler = failing(status)
    with pytest.raises(EmbeddingFailed, match="not now"):
        await (await embedder_of(server)).embed_query("1")
    assert 1 < len(server.bodies) <= 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_a_request_that_cannot_succeed_is_not_repeated(server: Server, status: int) -> None:
    server.handler = failing(status)
    with pytest.raises(EmbeddingFailed):
        await (await embedder_of(server)).embed_query("1")
    assert len(server.bodies) == 1


async def test_a_server_that_hangs_is_left_when_the_time_is_up(server: Server) -> None:
    released = asyncio.Event()

    async def hang(request: web.Request, body: Body) -> web.StreamResponse:
        await released.wait()
        return await well(request, body)

    server.handler = hang
    with pytest.raises(EmbeddingFailed, match=r"(?i)time"):
        await asyncio.wait_for((await embedder_of(server, patience=0.1)).embed_query("1"), timeout=30)
    assert len(server.bodies) <= 4
    released.set()


async def test_a_server_that_hangs_up_is_a_failure(server: Server) -> None:
    async def hang_up(request: web.Request, body: Body) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    server.handler = hang_up
    with pytest.raises(EmbeddingFailed):
        await (await embedder_of(server)).embed_query("1")


async def test_an_address_where_nobody_listens_is_a_failure(server: Server) -> None:
    server.url = "http://127.0.0.1:9/v1"
    with pytest.raises(EmbeddingFailed):
        await (await embedder_of(server)).embed_query("1")


def saying(text: str, content_type: str = "application/json") -> Handler:
    async def answer(request: web.Request, body: Body) -> web.StreamResponse:
        return web.Response(text=text, content_type=content_type)

    return answer


def giving(vectors: Sequence[object]) -> Handler:
    async def answer(request: web.Request, body: Body) -> web.StreamResponse:
        return web.json_response(listed(vectors))

    return answer


BAD = {
    "too few vectors": giving([[1.0, 2.0]]),
    "too many vectors": giving([[1.0, 2.0]] * 3),
    "no vectors": giving([]),
    "empty vectors": giving([[], []]),
    "zeros": giving([[0.0, 0.0], [1.0, 2.0]]),
    "nested": giving([[[1.0], [2.0]]] * 2),
    "no vector at all": giving([None, None]),
    "no numbers": giving([[1.0, None], [1.0, 2.0]]),
    "no JSON": saying("surely not JSON"),
    "half of JSON": saying('{"data": ['),
    "another object": saying('{"hello": "world"}'),
    "data of words": saying('{"data": ["a", "b"]}'),
    "data without vectors": saying('{"data": [{"index": 0}, {"index": 1}]}'),
}


# The client's own serialiser warns of odd fields before the adapter refuses them.
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning")
@pytest.mark.parametrize("name", BAD)
async def test_an_answer_that_is_not_what_was_agreed_is_a_failure(server: Server, name: str) -> None:
    server.handler = BAD[name]
    with pytest.raises(EmbeddingFailed):
        await (await embedder_of(server)).embed_passages(TEXTS)


async def test_questions_at_once_get_their_own_vectors(server: Server) -> None:
    embedder = await embedder_of(server)
    rows = await asyncio.gather(*(embedder.embed_query(str(n)) for n in range(1, 21)))
    for n, row in enumerate(rows, start=1):
        assert row[0] / row[1] == pytest.approx(n, rel=1e-4)


async def test_the_advisor_answers_by_words_while_the_server_is_down(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    async def words(request: web.Request, body: Body) -> web.StreamResponse:
        return web.json_response(listed([vector_of(text).tolist() for text in inputs(body)]))

    server.handler = words
    embedder = await embedder_of(server)
    index = MemoryIndex(PASSAGES, model=embedder.model)
    advisor = Advisor(index, embedder, WordList(), ShownKeys(), answerability=judged_by_coverage())
    up = await advisor.ask("Hur många personer besvarade enkäten?")
    server.handler = failing(503)
    with caplog.at_level(logging.WARNING):
        down = await advisor.ask("Hur många personer besvarade enkäten egentligen?")
    for answer in (up, down):
        assert answer.status is Status.ANSWERED
        assert answer.citations[0].passage == METHOD
    assert "lexical" in caplog.text
    with pytest.raises(EmbeddingFailed):
        await advisor.search("enkäten", mode="dense")


async def test_r13_a_server_that_hangs_costs_one_question_its_patience_and_the_next_ones_nothing(
    server: Server,
) -> None:
    released = asyncio.Event()

    async def hang(request: web.Request, body: Body) -> web.StreamResponse:
        await released.wait()
        return await well(request, body)

    server.handler = hang
    embedder = await embedder_of(server, patience=0.1)
    advisor = Advisor(
        MemoryIndex(PASSAGES, model=embedder.model),
        embedder,
        WordList(),
        ShownKeys(),
        answerability=judged_by_coverage(),
    )
    for question in ("Hur många personer besvarade enkäten?", "Hur många besvarade enkäten då?"):
        assert (await advisor.ask(question)).status is Status.ANSWERED
    assert len(server.bodies) == 1
    released.set()
    server.handler = well
    assert (await embedder.embed_passages(TEXTS)).shape == (2, 2)


async def test_r13_a_server_that_came_back_is_asked_again(server: Server) -> None:
    now = [0.0]
    breaker = Breaker(failures=1, pause=REST, clock=lambda: now[0])
    embedder = await embedder_of(server)
    embedder = LangChainEmbedder(embedder._embeddings, "small", failures=(OpenAIError,), patience=1, breaker=breaker)
    server.once = [failing(401)]
    for _ in range(2):
        with pytest.raises(EmbeddingFailed):
            await embedder.embed_query("1")
    assert len(server.bodies) == 1
    now[0] = REST
    assert (await embedder.embed_query("1")).shape == (2,)
