"""Questions: how long they took, whether they were answered, and who worded the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from bot.telemetry.metrics import QUESTIONS, RETRIEVAL
from bot.telemetry.ports import Telemetry
from knowledge.errors import IndexUnavailable
from knowledge.model import Answer


@contextmanager
def measured_question(telemetry: Telemetry) -> Iterator[Callable[[Answer], Answer]]:
    """Measure what is done meanwhile; what this gives takes the answer, and gives it back."""
    outcome, generator, started = "failed", "none", perf_counter()
    with telemetry.span("question") as span:

        def answered(answer: Answer) -> Answer:
            nonlocal outcome, generator
            outcome = answer.status.value
            generator = "quoted" if answer.generator == "extractive" else "model"
            telemetry.observe(RETRIEVAL, answer.timing.retrieve / 1000)
            return answer

        try:
            yield answered
        except IndexUnavailable:
            outcome = "unavailable"
            raise
        finally:
            span.note("outcome", outcome)
            span.note("generator", generator)
            telemetry.observe(QUESTIONS, perf_counter() - started, outcome, generator)
