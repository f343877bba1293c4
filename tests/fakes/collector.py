"""A collector for OpenTelemetry on loopback, which keeps what it is sent."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.fakes.teams import serving


@dataclass(slots=True)
class Collector:
    """`status` is what it answers."""

    url: str = ""
    status: int = 200
    metrics: list[str] = field(default_factory=list)
    spans: list[str] = field(default_factory=list)
    services: set[str] = field(default_factory=set)

    async def take_metrics(self, request: web.Request) -> web.Response:
        told = ExportMetricsServiceRequest.FromString(await _body(request))
        for resource in told.resource_metrics:
            self._served(resource.resource)
            self.metrics.extend(each.name for scope in resource.scope_metrics for each in scope.metrics)
        return web.Response(status=self.status)

    async def take_traces(self, request: web.Request) -> web.Response:
        told = ExportTraceServiceRequest.FromString(await _body(request))
        for resource in told.resource_spans:
            self._served(resource.resource)
            self.spans.extend(each.name for scope in resource.scope_spans for each in scope.spans)
        return web.Response(status=self.status)

    def _served(self, resource: object) -> None:
        attributes = getattr(resource, "attributes", ())
        self.services.update(each.value.string_value for each in attributes if each.key == "service.name")


@asynccontextmanager
async def collector() -> AsyncIterator[Collector]:
    """It listens for as long as this is open."""
    stub = Collector()
    app = web.Application()
    app.router.add_post("/v1/metrics", stub.take_metrics)
    app.router.add_post("/v1/traces", stub.take_traces)
    async with serving(app) as port:
        stub.url = f"http://127.0.0.1:{port}"
        yield stub


async def _body(request: web.Request) -> bytes:
    body = await request.read()  # aiohttp has undone the compression where it knows it
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
