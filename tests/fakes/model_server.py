"""A language model's server for tests: real HTTP, OpenAI's chat completions, good and bad as it is told.

    async with open_model_server(good("...")) as server:
        server.url, server.requests, server.headers, server.abandoned

A behaviour is called with every request; `in_turn` takes them one after another. As a program it serves until stopped:
`python -m tests.fakes.model_server --port 8090 --behaviour good`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, Final

from aiohttp import web

Body = dict[str, Any]
PIECE: Final = 12
"""Characters of one piece of a stream."""

PATHS: Final = (
    "/v1/chat/completions",
    "/openai/v1/chat/completions",
    "/openai/deployments/{deployment}/chat/completions",
    "/v1/embeddings",
)
"""OpenAI's own, and both of Azure's: without and with a version. Vectors are asked for too, to fail where all does."""


@dataclass
class ModelServer:
    """What was asked of the server; `abandoned` counts the answers that the client did not wait for."""

    behaviour: Behaviour
    requests: list[Body] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    abandoned: int = 0
    left: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    root: str = ""

    @property
    def url(self) -> str:
        """What is set as the base address of an OpenAI-compatible server."""
        return f"{self.root}/v1"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Keep what is asked, and do as the behaviour says."""
        body: Body = await request.json()
        self.requests.append(body)
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        self.addresses.append(request.path_qs)
        call = Call(self, request, body)
        try:
            return await self.behaviour(call)
        except (asyncio.CancelledError, ConnectionError):
            self.abandoned += 1
            self.left.set()
            raise


@dataclass
class Call:
    """One request, and the means to answer it in parts."""

    server: ModelServer
    request: web.Request
    body: Body
    response: web.StreamResponse | None = None
    written: list[str] = field(default_factory=list)

    @property
    def user(self) -> str:
        """The last message of the user."""
        said = [one["content"] for one in self.body["messages"] if one["role"] == "user"]
        return str(said[-1]) if said else ""

    @property
    def system(self) -> str:
        """The instructions."""
        said = [one["content"] for one in self.body["messages"] if one["role"] in ("system", "developer")]
        return "\n".join(map(str, said))

    async def send(self, text: str, *, key: str = "content") -> None:
        """A piece of the answer."""
        self.written.append(text)
        await self._event({"delta": {key: text}, "finish_reason": None})

    async def end(self, finish: str = "stop", *, key: str = "content") -> web.StreamResponse:
        """The end of the answer: with its usage where that was asked for, and whole where it is no stream."""
        usage = usage_of(self.body, "".join(self.written))
        if not self.body.get("stream"):
            message = {"role": "assistant", "content": None, key: "".join(self.written)}
            choice = {"index": 0, "message": message, "finish_reason": finish}
            return web.json_response({**self._frame("chat.completion"), "choices": [choice], "usage": usage})
        await self._event({"delta": {}, "finish_reason": finish})
        if (self.body.get("stream_options") or {}).get("include_usage"):
            await self._write({**self._frame("chat.completion.chunk"), "choices": [], "usage": usage})
        response = await self._open()
        await response.write(b"data: [DONE]\n\n")
        await response.write_eof()
        return response

    def hang_up(self) -> None:
        """Close the connection in the middle."""
        if self.request.transport is not None:
            self.request.transport.abort()

    async def _event(self, choice: Body) -> None:
        if self.body.get("stream"):
            await self._write({**self._frame("chat.completion.chunk"), "choices": [{"index": 0, **choice}]})

    async def _write(self, data: Body) -> None:
        response = await self._open()
        await response.write(f"data: {json.dumps(data)}\n\n".encode())

    async def _open(self) -> web.StreamResponse:
        if self.response is None:
            self.response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
            await self.response.prepare(self.request)
            await self._write(
                {
                    **self._frame("chat.completion.chunk"),
                    "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}],
                }
            )
        return self.response

    def _frame(self, kind: str) -> Body:
        return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": self.body.get("model", "model")}


Behaviour = Callable[[Call], Awaitable[web.StreamResponse]]


def usage_of(body: Body, answer: str) -> Body:
    """Four letters are a token here."""
    prompt = sum(len(str(one.get("content"))) for one in body["messages"]) // 4
    completion = len(answer) // 4
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def pieces(text: str, size: int = PIECE) -> Iterator[str]:
    """The text as it is streamed."""
    letters = iter(text)
    while piece := "".join(islice(letters, size)):
        yield piece


def hostile(answer: Callable[[Body], str], *, pause: float = 0.0) -> Behaviour:
    """Answers whatever the callable makes of the request's body; `pause` is seconds before each piece."""

    async def behave(call: Call) -> web.StreamResponse:
        for piece in pieces(answer(call.body)):
            if pause:
                await asyncio.sleep(pause)
            await call.send(piece)
        return await call.end()

    return behave


def good(answer: str) -> Behaviour:
    """Gives this answer, in pieces."""
    return hostile(lambda body: answer)


def slow(answer: str, pause: float = 0.02) -> Behaviour:
    """The same, with a pause before each piece."""
    return hostile(lambda body: answer, pause=pause)


def drip(pause: float = 0.02) -> Behaviour:
    """Letter by letter, and without end."""

    async def behave(call: Call) -> web.StreamResponse:
        await call.send('{"claims":[')
        while not call.server.released.is_set():
            await asyncio.sleep(pause)
            await call.send(" ")
        return await call.end()

    return behave


async def hang(call: Call) -> web.StreamResponse:
    """Takes the request and says nothing."""
    await call.server.released.wait()
    return web.Response(status=503)


def hang_after(begin: str) -> Behaviour:
    """Begins an answer, and says nothing more."""

    async def behave(call: Call) -> web.StreamResponse:
        await call.send(begin)
        await call.server.released.wait()
        return await call.end()

    return behave


def failing(
    status: int, *, code: str = "", message: str = "not now", headers: dict[str, str] | None = None
) -> Behaviour:
    """Answers with an error as OpenAI words it."""

    async def behave(call: Call) -> web.StreamResponse:
        error = {"message": message, "type": "error", "param": None, "code": code or None}
        return web.json_response({"error": error}, status=status, headers=headers)

    return behave


broken = failing(500)


def busy(retry_after: str = "0.01") -> Behaviour:
    """Asks for patience: `retry_after` is seconds, or empty for a server that does not say how many."""
    headers = {"Retry-After": retry_after} if retry_after else None
    return failing(429, code="rate_limit_exceeded", headers=headers)


def cut(begin: str) -> Behaviour:
    """Begins an answer and closes the connection."""

    async def behave(call: Call) -> web.StreamResponse:
        for piece in pieces(begin):
            await call.send(piece)
        await asyncio.sleep(0.01)  # so that what was written arrives before the connection is gone
        call.hang_up()
        return await call.end()

    return behave


async def hang_up(call: Call) -> web.StreamResponse:
    """Closes the connection without a word."""
    call.hang_up()
    return web.Response()


def refusal(text: str = "Det kan jag inte hjälpa till med.") -> Behaviour:
    """Declines, as models with structured output do."""

    async def behave(call: Call) -> web.StreamResponse:
        for piece in pieces(text):
            await call.send(piece, key="refusal")
        return await call.end(key="refusal")

    return behave


def ending(begin: str, finish: str) -> Behaviour:
    """Begins an answer that ends for another reason than that it is complete: `length`, `content_filter`."""

    async def behave(call: Call) -> web.StreamResponse:
        for piece in pieces(begin):
            await call.send(piece)
        return await call.end(finish)

    return behave


def length(begin: str = '{"claims":[{"text":"Halv') -> Behaviour:
    """Runs out of tokens."""
    return ending(begin, "length")


def content_filter(begin: str = '{"claims":[') -> Behaviour:
    """The answer is stopped by a filter."""
    return ending(begin, "content_filter")


filtered_prompt = failing(400, code="content_filter", message="The prompt triggered the content management policy.")
"""The question is stopped by a filter, as Azure says it."""

invalid_json = good('Jag tror att svaret är: {"claims": [{"text" ')


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One after another; the last one stays."""
    waiting = list(behaviours)

    async def behave(call: Call) -> web.StreamResponse:
        return await (waiting.pop(0) if len(waiting) > 1 else waiting[0])(call)

    return behave


PASSAGE: Final = re.compile(r"^Stycke (\d+):\n<<(\w+)>>[^\n]*\n(.*?)<</\2>>", re.MULTILINE | re.DOTALL)
CLAIM: Final = re.compile(r"^Påstående (\d+) \(hänvisar till ([\d, ]*)", re.MULTILINE)
SENTENCE: Final = re.compile(r"[A-ZÅÄÖ][^\n.!?]{20,280}[.!?](?=\s|$)")


def passages(user: str) -> list[tuple[int, str]]:
    """The numbered passages of a prompt that asks for an answer, without the places that they are from."""
    return [(int(found[1]), found[3]) for found in PASSAGE.finditer(user)]


def true_claims(body: Body, most: int = 3) -> str:
    """An answer that holds: the first sentence of each of the first passages, word by word."""
    claims = []
    for n, text in passages(str(body["messages"][-1]["content"])):
        if found := SENTENCE.search(text):
            claims.append({"text": found[0], "sources": [{"passage": n, "quote": found[0]}]})
    return json.dumps({"claims": claims[:most]}, ensure_ascii=False)


def sensible(body: Body) -> str:
    """What a good model says to each of the program's requests, as far as that is known without understanding them."""
    asked = json.dumps(body.get("response_format", {}))
    if "standalone" in asked:
        return json.dumps({"standalone": "", "route": "question"})
    if '"score"' in asked:
        return json.dumps({"score": 4})
    if '"supported"' in asked:
        return json.dumps({"claims": [_approved(found) for found in CLAIM.finditer(body["messages"][-1]["content"])]})
    if '"ord"' in asked:
        return json.dumps({"ord": "hej"})
    return true_claims(body)


def _approved(claim: re.Match[str]) -> Body:
    citations = [{"number": int(n), "supports": True} for n in claim[2].split(",") if n.strip()]
    return {"claim": int(claim[1]), "supported": True, "complete": bool(citations), "citations": citations}


BEHAVIOURS: Final[dict[str, Callable[[], Behaviour]]] = {
    "good": lambda: hostile(sensible),
    "slow": lambda: hostile(sensible, pause=0.05),
    "busy": partial(busy, "30"),
    "broken": lambda: broken,
    "hang": lambda: hang,
    "drip": partial(drip, 1.0),
    "cut": partial(cut, '{"claims":['),
    "invalid": lambda: invalid_json,
    "refusal": refusal,
    "filter": content_filter,
    "length": length,
}


@asynccontextmanager
async def open_model_server(behaviour: Behaviour, *, port: int = 0) -> AsyncIterator[ModelServer]:
    """Serve on a loopback address while the context is open; its behaviour may be changed meanwhile."""
    server = ModelServer(behaviour)
    app = web.Application(client_max_size=8 * 2**20)
    for path in PATHS:
        app.router.add_post(path, server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        host, bound = runner.addresses[0][:2]
        server.root = f"http://{host}:{bound}"
        yield server
    finally:
        server.released.set()
        await runner.cleanup()


async def _serve(port: int, behaviour: str) -> None:
    async with open_model_server(BEHAVIOURS[behaviour](), port=port) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Serve until stopped; the address is printed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--behaviour", choices=sorted(BEHAVIOURS), default="good")
    given = parser.parse_args()
    asyncio.run(_serve(given.port, given.behaviour))


if __name__ == "__main__":
    main()
