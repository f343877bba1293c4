"""From Prometheus' registry to OpenTelemetry: the same numbers."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.sdk.metrics.export import Gauge, Histogram, Sum
from opentelemetry.sdk.resources import Resource

from bot.observing.otlp_metrics import metrics_data
from bot.observing.recorder import Recorder
from bot.telemetry.metrics import DOCUMENTS, LIMITED, RETRIEVAL


@settings(max_examples=25)
@given(st.lists(st.floats(0, 20), min_size=1, max_size=12), st.integers(1, 9))
def test_counters_gauges_and_distributions_say_the_same(values: list[float], times: int) -> None:
    recorder = Recorder()
    recorder.watch(DOCUMENTS, lambda: 7)
    for value in values:
        recorder.observe(RETRIEVAL, value)
    for _ in range(times):
        recorder.count(LIMITED, "questions")
    data = metrics_data(recorder.registry, Resource.create({}), 1, 2)
    found = {each.name: each.data for each in data.resource_metrics[0].scope_metrics[0].metrics}
    counted, gauge, spread = found[LIMITED.name], found[DOCUMENTS.name], found[RETRIEVAL.name]
    assert isinstance(counted, Sum)
    assert {each.attributes["what"]: each.value for each in counted.data_points if each.attributes} == {
        "questions": times,
        "turns": 0,
        "busy": 0,
    }
    assert isinstance(gauge, Gauge)
    assert [each.value for each in gauge.data_points] == [7]
    assert isinstance(spread, Histogram)
    [point] = spread.data_points
    bounds = (*RETRIEVAL.buckets, float("inf"))
    lower = (float("-inf"), *RETRIEVAL.buckets)
    assert list(point.bucket_counts) == [
        sum(low < value <= high for value in values) for low, high in zip(lower, bounds, strict=True)
    ]
    assert tuple(point.explicit_bounds) == tuple(RETRIEVAL.buckets)
    assert point.count == len(values)
    assert abs(point.sum - sum(values)) < 1e-6
