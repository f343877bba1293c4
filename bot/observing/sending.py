"""What is sent to a collector by OpenTelemetry: traces and metrics, each in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Final

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, MetricExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter
from prometheus_client import CollectorRegistry

from bot.observing.otlp_metrics import Pusher
from bot.observing.settings import Exporting
from bot.observing.tracing import SHARE, TraceIds, Tracing
from bot.telemetry.ports import Span

_SPANS: Final[Mapping[str, Callable[[], SpanExporter]]] = {"otlp": OTLPSpanExporter, "console": ConsoleSpanExporter}
_METRICS: Final[Mapping[str, Callable[[], MetricExporter]]] = {
    "otlp": OTLPMetricExporter,
    "console": ConsoleMetricExporter,
}


class Sending:
    """Sends what `exporting` names. `span` begins a piece of work of a trace, None where no traces are wanted;
    `trace_ids` tells the log which trace is under way."""

    def __init__(self, registry: CollectorRegistry, exporting: Exporting, *, version: str, instance: str) -> None:
        named = {"service.name": "fyren", "service.version": version, "service.instance.id": instance}
        # What the environment says of the service goes before what it says of itself.
        resource = Resource.create(named).merge(OTELResourceDetector().detect())
        self.trace_ids = TraceIds()
        self.span: Callable[[str], AbstractContextManager[Span]] | None = None
        self._closers: list[Callable[[], None]] = []
        if exporting.traces:
            tracing = Tracing(
                resource,
                [BatchSpanProcessor(_SPANS[each]()) for each in sorted(exporting.traces)],
                share=1.0 if exporting.sampled else SHARE,
            )
            self.span = tracing.span
            self._closers.append(tracing.close)
        for each in sorted(exporting.metrics & _METRICS.keys()):
            pusher = Pusher(registry, resource, _METRICS[each](), exporting.interval)
            pusher.start()
            self._closers.append(pusher.close)

    def close(self) -> None:
        """Send what is left; takes a while, so it belongs into a thread."""
        for close in self._closers:
            close()
