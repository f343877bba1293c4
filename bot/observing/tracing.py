"""Traces by OpenTelemetry: what a turn did, and how long each part of it took."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Final

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.trace import Status, StatusCode

from bot.telemetry.ports import NO_TELEMETRY, Span

SHARE: Final = 0.05
"""The part of all traces that is kept where the environment does not say which. The library's own sampler decides after
it has made the span, which costs nearly as much as keeping it."""

_kept: Final[ContextVar[bool | None]] = ContextVar("kept", default=None)
"""Whether the trace that is under way is kept; None outside of one."""


class Tracing:
    """The traces side of `bot.telemetry.ports.Telemetry`."""

    def __init__(
        self,
        resource: Resource,
        processors: list[SpanProcessor],
        *,
        share: float = SHARE,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`chance` gives numbers from 0 to 1."""
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        for each in processors:
            self._provider.add_span_processor(each)
        self._tracer = self._provider.get_tracer("fyren")
        self._share = share
        self._chance = chance

    def span(self, name: str) -> AbstractContextManager[Span]:
        """A piece of work."""
        kept = _kept.get()
        if kept is None:
            return self._kept(name) if self._chance() < self._share else _left_out()
        return self._kept(name) if kept else NO_TELEMETRY.span(name)

    def close(self) -> None:
        """Send what is left; takes a while, so it belongs into a thread."""
        self._provider.shutdown()

    @contextmanager
    def _kept(self, name: str) -> Iterator[Span]:
        token = _kept.set(True)
        # What an exception says may quote a person: only its kind is told.
        with self._tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as span:
            told = _Told(span)
            try:
                yield told
            except BaseException as error:
                told.fail(type(error).__name__)
                raise
            finally:
                _kept.reset(token)


@contextmanager
def _left_out() -> Iterator[Span]:
    token = _kept.set(False)
    try:
        with NO_TELEMETRY.span("") as span:
            yield span
    finally:
        _kept.reset(token)


class _Told:
    """Implements `bot.telemetry.ports.Span`."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def note(self, name: str, value: str | float) -> None:
        self._span.set_attribute(f"fyren.{name}", value)

    def fail(self, reason: str) -> None:
        self._span.set_status(Status(StatusCode.ERROR, reason))


class TraceIds(logging.Filter):
    """Gives every record of the log the id of the trace that is under way, if one is, as `trace`."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets everything through."""
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            record.trace = trace.format_trace_id(context.trace_id)
        return True
