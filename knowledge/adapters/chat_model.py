"""The language model: one retry loop, a circuit breaker and a bounded number of requests around a server's client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Literal

from knowledge.adapters.model_breaker import Breaker, Permit, State
from knowledge.adapters.model_pieces import ModelClient, Piece, ServerFailed
from knowledge.adapters.model_retries import retries
from knowledge.composing.ports import ModelRequest, ModelStream, Usage
from knowledge.errors import ModelFailed

AT_ONCE = 64
"""Requests at one time; more than a small server takes, and few enough for one process."""
QUEUE = 1.0
"""Seconds that a request waits for its turn before the person is answered without the model."""
SILENT = 5.0
"""Seconds without a word after which it counts as a failure of the server that the caller has given up."""
LETTERS_A_TOKEN = 3
"""Of Swedish, by the tokenizers of the usual models, on the safe side; only where a server does not count."""

_ENDINGS = {"length": "cut", "content_filter": "filtered"}


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Which model to ask, and where; `base_url` empty means OpenAI itself, `api_version` empty Azure's current API.

    `deadline` is seconds for a whole answer, which the caller sees to; a server silent for half of it counts as gone.
    """

    provider: Literal["openai", "azure"]
    model: str
    base_url: str = ""
    api_key: str = ""
    api_version: str = ""
    structure: Literal["json_schema", "json_object", "prompt"] = "json_schema"
    deadline: float = 30.0

    def __repr__(self) -> str:
        """Without the key."""
        return f"ModelConfig({self.provider}/{self.model})"


class LangChainChatModel:
    """Implements `knowledge.composing.ports.ChatModel` over a model's client; used on one event loop."""

    def __init__(self, name: str, client: ModelClient, breaker: Breaker | None = None, at_once: int = AT_ONCE) -> None:
        self._name = name
        self._client = client
        self._breaker = breaker or Breaker()
        self._places = asyncio.Semaphore(at_once)

    @property
    def name(self) -> str:
        """Provider and model."""
        return self._name

    @property
    def state(self) -> State:
        """`closed` while the server is asked, `open` while it is left alone, `half-open` while it is tried again."""
        return self._breaker.state

    @asynccontextmanager
    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelStream]:
        """Begin an answer; leaving the context closes its connection. Raises ModelFailed."""
        async with self._place():
            answer = await self._begin(request)
            try:
                yield answer
            finally:
                await answer.aclose()

    async def aclose(self) -> None:
        """Close the connections to the server; the model is of no use afterwards."""
        await self._client.aclose()

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(QUEUE):
                await self._places.acquire()
        except TimeoutError:
            raise ModelFailed("too many requests to the model at one time", "busy") from None
        try:
            yield
        finally:
            self._places.release()

    async def _begin(self, request: ModelRequest) -> _Answer:
        """An answer of which the first piece has come: until then an attempt can be made again."""
        async for attempt in retries():
            with attempt:
                return await self._attempt(request)
        raise AssertionError("the loop ends with an answer or a failure")

    async def _attempt(self, request: ModelRequest) -> _Answer:
        permit = self._breaker.admit()
        if permit is None:
            raise ModelFailed("the model's server failed time after time and is left alone for a while", "unavailable")
        answer = _Answer(self._client.pieces(request), request, self._breaker, permit)
        started = monotonic()
        try:
            await answer.begin()
        except BaseException:
            if monotonic() - started >= SILENT:
                answer.given_up()
            # A request that nobody waits for any more must not keep its connection either.
            await answer.aclose()
            raise
        return answer


class _Answer:
    """A `ModelStream` whose end tells the breaker how the server is."""

    def __init__(
        self, pieces: AsyncGenerator[Piece, None], request: ModelRequest, breaker: Breaker, permit: Permit
    ) -> None:
        self._pieces = pieces
        self._request = request
        self._breaker = breaker
        self._permit: Permit | None = permit
        self._first: Piece | None = None
        self._counted: tuple[int, int] | None = None
        self._letters = 0

    @property
    def usage(self) -> Usage:
        """As the server counted, otherwise by the letters sent and received."""
        if self._counted is not None:
            return Usage(*self._counted, estimated=False)
        asked = len(self._request.system) + len(self._request.user) + len(json.dumps(dict(self._request.schema)))
        return Usage(-(-asked // LETTERS_A_TOKEN), -(-self._letters // LETTERS_A_TOKEN))

    async def begin(self) -> None:
        """Wait for the first piece. Raises ServerFailed."""
        self._first = await self._next()

    async def __aiter__(self) -> AsyncIterator[str]:
        """Pieces of text. Raises ModelFailed where the answer does not end as it should."""
        finish = refusal = ""
        piece, self._first = self._first, None
        while piece is not None:
            finish, refusal = piece.finish or finish, refusal + piece.refusal
            self._counted = piece.usage or self._counted
            self._letters += len(piece.text) + len(piece.refusal)
            if piece.text:
                yield piece.text
            piece = await self._next(begun=True)
        self._settle(alive=bool(finish))
        if refusal:
            raise ModelFailed("the model declined to answer", "refused")
        if finish != "stop":
            raise ModelFailed(f"the answer ended with {finish or 'nothing'}", _ENDINGS.get(finish, "cut"))

    def given_up(self) -> None:
        """Nobody waits any longer, and the server is the reason."""
        self._settle(alive=False)

    async def aclose(self) -> None:
        """Let go of the connection; an answer that nobody waited for says nothing about the server."""
        await self._pieces.aclose()
        if self._permit is not None:
            self._breaker.let_go(self._permit)
            self._permit = None

    async def _next(self, *, begun: bool = False) -> Piece | None:
        try:
            return await anext(self._pieces, None)
        except ServerFailed as error:
            self._settle(alive=error.alive)
            if begun and error.reason == "unavailable":
                raise ModelFailed(f"the answer broke off: {error}", "cut") from error
            raise

    def _settle(self, *, alive: bool) -> None:
        if self._permit is not None:
            (self._breaker.succeeded if alive else self._breaker.failed)(self._permit)
            self._permit = None


def build_chat_model(config: ModelConfig) -> LangChainChatModel:
    """The configured model. Takes seconds, in which its libraries are imported: call it in a thread."""
    from knowledge.adapters.openai_chat import OpenAIChat  # noqa: PLC0415 - who runs without a model does not pay for it

    client = OpenAIChat(
        azure=config.provider == "azure",
        model=config.model,
        base_url=config.base_url,
        api_key=config.api_key,
        api_version=config.api_version,
        structure=config.structure,
        silence=config.deadline / 2,
    )
    return LangChainChatModel(f"{config.provider}/{config.model}", client)
