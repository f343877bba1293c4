"""The page that Prometheus reads, on an address of its own: it is for the operators' network, not for Teams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from bot.web import headers
from bot.web.slow_clients import GuardedRunner

PATH = "/metrics"


class MetricsPage:
    """Answers with everything in a registry, in the form that the reader asks for."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    async def show(self, request: web.Request) -> web.Response:
        """The metrics as they stand now."""
        encode, kind = choose_encoder(request.headers.get("Accept", ""))
        body = await asyncio.to_thread(encode, self._registry)
        return web.Response(body=body, headers={"Content-Type": kind, "Cache-Control": "no-store"})


@asynccontextmanager
async def serving_metrics(registry: CollectorRegistry, host: str, port: int) -> AsyncIterator[int]:
    """Serve the page for as long as this is open; gives the port. Raises OSError where it cannot be listened on."""
    app = web.Application()
    app.router.add_get(PATH, MetricsPage(registry).show)
    headers.attach(app)
    runner = GuardedRunner(app, access_log=None, keepalive_timeout=30.0, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
