"""Traces: parts below their turn, kept or left out as a whole, and nothing of what an error says."""

from __future__ import annotations

import asyncio
import logging

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.observing.tracing import TraceIds, Tracing


def tracing(exporter: InMemorySpanExporter, chance: float = 0.0) -> Tracing:
    return Tracing(Resource.create({}), [SimpleSpanProcessor(exporter)], share=0.5, chance=lambda: chance)


async def test_a_task_that_a_turn_begins_is_part_of_its_trace() -> None:
    exporter = InMemorySpanExporter()
    traces = tracing(exporter)

    async def work() -> None:
        with traces.span("send") as span:
            span.note("status", "ok")

    with traces.span("turn"):
        await asyncio.create_task(work())
    send, turn = exporter.get_finished_spans()
    assert (send.name, turn.name) == ("send", "turn")
    assert send.parent is not None
    assert turn.context is not None
    assert send.parent.span_id == turn.context.span_id
    assert dict(send.attributes or {}) == {"fyren.status": "ok"}


async def test_a_trace_that_is_left_out_is_left_out_as_a_whole() -> None:
    exporter = InMemorySpanExporter()
    traces = tracing(exporter, chance=0.7)

    async def work() -> None:
        with traces.span("send") as span:
            span.note("status", "ok")

    with traces.span("turn"):
        await asyncio.create_task(work())
    assert exporter.get_finished_spans() == ()


def test_an_error_leaves_its_kind_and_nothing_that_it_says() -> None:
    exporter = InMemorySpanExporter()
    with pytest.raises(ValueError, match="hemligt"), tracing(exporter).span("turn"):
        raise ValueError("hemligt")
    [span] = exporter.get_finished_spans()
    assert (span.status.is_ok, span.status.description) == (False, "ValueError")
    assert "hemligt" not in span.to_json()


def test_the_log_knows_the_trace() -> None:
    record = logging.LogRecord("bot", logging.INFO, "bot.py", 1, "hej", (), None)
    exporter = InMemorySpanExporter()
    with tracing(exporter).span("turn"):
        TraceIds().filter(record)
    [span] = exporter.get_finished_spans()
    assert span.context is not None
    assert vars(record)["trace"] == f"{span.context.trace_id:032x}"
