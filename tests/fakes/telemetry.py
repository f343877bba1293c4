"""Telemetry that records what it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.telemetry.metric import Metric
from bot.telemetry.ports import Reading, Span


@dataclass(slots=True)
class RecordedSpan:
    """A piece of work: what it is called, what was noted, and how it failed."""

    name: str
    notes: dict[str, str | float] = field(default_factory=dict)
    failure: str = ""

    def note(self, name: str, value: str | float) -> None:
        self.notes[name] = value

    def fail(self, reason: str) -> None:
        self.failure = reason


@dataclass(slots=True)
class RecordingTelemetry:
    """Implements `bot.telemetry.ports.Telemetry`; labels are held to the metrics' lists."""

    counts: dict[tuple[str, ...], float] = field(default_factory=dict)
    values: dict[tuple[str, ...], list[float]] = field(default_factory=dict)
    gauges: dict[str, Callable[[], Reading]] = field(default_factory=dict)
    spans: list[RecordedSpan] = field(default_factory=list)

    def count(self, metric: Metric, *labels: str, by: float = 1.0) -> None:
        key = metric.name, *metric.bounded(labels)
        self.counts[key] = self.counts.get(key, 0.0) + by

    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        self.values.setdefault((metric.name, *metric.bounded(labels)), []).append(value)

    def watch(self, metric: Metric, read: Callable[[], Reading]) -> None:
        self.gauges[metric.name] = read

    @contextmanager
    def span(self, name: str) -> Iterator[Span]:
        span = RecordedSpan(name)
        self.spans.append(span)
        yield span

    def seen(self, metric: Metric) -> Mapping[tuple[str, ...], int]:
        """How many values of a distribution there are, by labels."""
        return {key[1:]: len(values) for key, values in self.values.items() if key[0] == metric.name}
