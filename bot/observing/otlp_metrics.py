"""Metrics for OpenTelemetry, from Prometheus' registry: counted once, whoever reads them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from itertools import pairwise
from math import inf
from typing import Final

from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricExporter,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from prometheus_client import CollectorRegistry
from prometheus_client import Metric as Family
from prometheus_client.samples import Sample

PATIENCE: Final = 10.0
"""Seconds for one export, with its further tries."""
LAST: Final = 3.0
"""Seconds that the last export has before it is given up."""

_log = logging.getLogger(__name__)


class Pusher:
    """Exports what is counted every `interval` seconds, and once more at the end, in a thread of its own."""

    def __init__(
        self, registry: CollectorRegistry, resource: Resource, exporter: MetricExporter, interval: float
    ) -> None:
        self._registry, self._resource, self._exporter, self._interval = registry, resource, exporter, interval
        self._started = time.time_ns()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fyren-metrics", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Export a last time; takes a while, so it belongs into a thread."""
        self._over.set()
        self._thread.join(LAST)
        self._exporter.shutdown(LAST * 1000)

    def _run(self) -> None:
        over = False
        while not over:
            over = self._over.wait(self._interval)
            try:
                data = metrics_data(self._registry, self._resource, self._started, time.time_ns())
                self._exporter.export(data, PATIENCE * 1000)
            except Exception:  # noqa: BLE001 - the thread's outer edge: what fails now may go well next time
                _log.exception("metrics could not be exported")


def metrics_data(registry: CollectorRegistry, resource: Resource, started: int, now: int) -> MetricsData:
    """Everything in a registry, counted since `started`; both moments in nanoseconds."""
    metrics = [
        Metric(family.name, family.documentation, _unit(family.name), data(family, started, now))
        for family in registry.collect()
        if family.samples and (data := _DATA.get(family.type)) is not None
    ]
    scope = ScopeMetrics(InstrumentationScope("fyren"), metrics, "")
    return MetricsData([ResourceMetrics(resource, [scope], "")])


def _unit(name: str) -> str:
    """By the last part of a name, as Prometheus wants names to end."""
    return {"seconds": "s", "bytes": "By"}.get(name.rpartition("_")[2], "1")


def _sum(family: Family, started: int, now: int) -> Sum:
    points = [
        NumberDataPoint(each.labels, started, now, each.value)
        for each in family.samples
        if each.name.endswith("_total")
    ]
    return Sum(points, AggregationTemporality.CUMULATIVE, is_monotonic=True)


def _gauge(family: Family, started: int, now: int) -> Gauge:
    return Gauge([NumberDataPoint(each.labels, started, now, each.value) for each in family.samples])


def _histogram(family: Family, started: int, now: int) -> Histogram:
    groups: dict[tuple[tuple[str, str], ...], list[Sample]] = {}
    for sample in family.samples:
        key = tuple((name, value) for name, value in sample.labels.items() if name != "le")
        groups.setdefault(key, []).append(sample)
    points = [_distribution(dict(key), samples, started, now) for key, samples in groups.items()]
    return Histogram(points, AggregationTemporality.CUMULATIVE)


def _distribution(labels: dict[str, str], samples: Iterable[Sample], started: int, now: int) -> HistogramDataPoint:
    """Prometheus counts what is below each bound, OpenTelemetry what is between two."""
    below: list[tuple[float, int]] = []
    total = 0.0
    for sample in samples:
        if sample.name.endswith("_bucket"):
            below.append((float(sample.labels["le"]), int(sample.value)))
        elif sample.name.endswith("_sum"):
            total = sample.value
    below.sort()
    counts = [below[0][1], *(high - low for (_, low), (_, high) in pairwise(below))]
    bounds = [bound for bound, _ in below if bound != inf]
    # The smallest and the largest value are not kept: the specification lets them be unknown.
    return HistogramDataPoint(labels, started, now, below[-1][1], total, counts, bounds, inf, -inf)


_DATA: Final[dict[str, Callable[[Family, int, int], Sum | Gauge | Histogram]]] = {
    "counter": _sum,
    "gauge": _gauge,
    "histogram": _histogram,
}
