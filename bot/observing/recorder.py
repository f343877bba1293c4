"""Counts in this process, in Prometheus' own registry: the measuring itself costs about a microsecond."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Final, TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.telemetry.metric import Kind, Metric
from bot.telemetry.metrics import METRICS
from bot.telemetry.ports import Reading

BEFORE: Final = 64
"""Counters with no more series than this have all of them from the start, so that the first increase is seen as one."""

MetricT = TypeVar("MetricT", Counter, Histogram)

_log = logging.getLogger(__name__)


class Recorder:
    """The metrics side of `bot.telemetry.ports.Telemetry`. `registry` is what is read of it, from any thread."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # has no annotations
        self.registry = CollectorRegistry()
        self._counters: dict[Metric, Counter] = {}
        self._histograms: dict[Metric, Histogram] = {}
        self._counting: dict[tuple[Metric, tuple[str, ...]], Counter] = {}
        self._observing: dict[tuple[Metric, tuple[str, ...]], Histogram] = {}
        self._gauges = _Gauges()
        ProcessCollector(registry=self.registry)
        self.registry.register(self._gauges)
        for metric in METRICS:
            self._add(metric)

    def count(self, metric: Metric, *labels: str, by: float = 1.0) -> None:
        """Count upwards."""
        counter = self._counting.get((metric, labels))
        if counter is None:
            bounded = metric.bounded(labels)
            counter = _child(self._counters[metric], bounded)
            # Only what is on the lists is remembered: there is no end to what is not.
            self._counting[metric, bounded] = counter
        counter.inc(by)

    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        """Add a value to a distribution."""
        histogram = self._observing.get((metric, labels))
        if histogram is None:
            bounded = metric.bounded(labels)
            histogram = _child(self._histograms[metric], bounded)
            self._observing[metric, bounded] = histogram
        histogram.observe(value)

    def watch(self, metric: Metric, read: Callable[[], Reading]) -> None:
        """Ask how a gauge stands whenever the registry is read."""
        self._gauges.reads[metric] = read

    def _add(self, metric: Metric) -> None:
        names = tuple(metric.labels)
        match metric.kind:
            case Kind.COUNTER:
                counter = Counter(metric.name, metric.help, names, registry=self.registry)
                self._counters[metric] = counter
                lists = [sorted(each) for each in metric.labels.values() if each is not None]
                if names and metric.most <= BEFORE and len(lists) == len(names):
                    for values in product(*lists):
                        counter.labels(*values)
            case Kind.HISTOGRAM:
                self._histograms[metric] = Histogram(
                    metric.name, metric.help, names, buckets=metric.buckets, registry=self.registry
                )
            case Kind.GAUGE:
                self._gauges.reads[metric] = lambda: None


class _Gauges(Collector):
    """Gauges as they stand when they are asked."""

    def __init__(self) -> None:
        self.reads: dict[Metric, Callable[[], Reading]] = {}

    def collect(self) -> Iterable[GaugeMetricFamily]:
        for metric, read in list(self.reads.items()):
            family = GaugeMetricFamily(metric.name, metric.help, labels=tuple(metric.labels))
            for labels, value in self._standing(metric, read).items():
                family.add_metric(metric.bounded(labels), value)
            yield family

    @staticmethod
    def _standing(metric: Metric, read: Callable[[], Reading]) -> Mapping[tuple[str, ...], float]:
        try:
            standing = read()
        except Exception:  # noqa: BLE001 - one gauge that cannot be read must not hide the others
            _log.exception("%s could not be read", metric.name)
            return {}
        if standing is None:
            return {}
        return standing if isinstance(standing, Mapping) else {(): standing}


def _child(parent: MetricT, labels: tuple[str, ...]) -> MetricT:
    return parent.labels(*labels) if labels else parent
