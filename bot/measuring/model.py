"""The language model: how long it takes, how it ends, and what it uses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import perf_counter

from bot.telemetry.metrics import MODEL_BREAKER, MODEL_CALLS, MODEL_TOKENS
from bot.telemetry.ports import Reading, Telemetry
from knowledge.composing.ports import ChatModel, ModelRequest, ModelStream
from knowledge.errors import ModelFailed


class MeasuredModel:
    """Implements `knowledge.composing.ports.ChatModel`."""

    def __init__(self, model: ChatModel, telemetry: Telemetry) -> None:
        self._model = model
        self._telemetry = telemetry

    @property
    def name(self) -> str:
        """See ChatModel."""
        return self._model.name

    @asynccontextmanager
    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelStream]:
        """See ChatModel. What is cancelled, by the person or for the time it took, counts as abandoned."""
        outcome, started = "abandoned", perf_counter()
        with self._telemetry.span("model") as span:
            span.note("purpose", request.purpose)
            try:
                async with self._model.stream(request) as stream:
                    try:
                        yield stream
                    finally:
                        self._used(stream)
                outcome = "done"
            except ModelFailed as error:
                outcome = error.reason
                raise
            finally:
                span.note("outcome", outcome)
                self._telemetry.observe(MODEL_CALLS, perf_counter() - started, request.purpose, outcome)

    def _used(self, stream: ModelStream) -> None:
        usage = stream.usage
        self._telemetry.count(MODEL_TOKENS, "prompt", by=usage.prompt)
        self._telemetry.count(MODEL_TOKENS, "completion", by=usage.completion)


def watch_breaker(telemetry: Telemetry, state: Callable[[], str]) -> None:
    """Tell in which state the way to the model is."""

    def read() -> Reading:
        now = state()
        return {(each,): float(each == now) for each in ("closed", "open", "half-open")}

    telemetry.watch(MODEL_BREAKER, read)
