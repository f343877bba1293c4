"""A language model's server for tests: real HTTP, OpenAI's chat completions, good and bad as it is told.

    async with open_model_server(model_behaviours.good("...")) as server:
        server.url, server.requests, server.headers, server.abandoned

A behaviour is called with every request. As a program it serves until stopped:
`python -m tests.fakes.model_server --port 8090 --behaviour good`.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from tests.fakes.model_behaviours import BEHAVIOURS
from tests.fakes.model_call import Behaviour, Body, Call

PATHS: Final = (
    "/v1/chat/completions",
    "/openai/v1/chat/completions",
    "/openai/deployments/{deployment}/chat/completions",
    "/v1/embeddings",
)
"""OpenAI's own, and both of Azure's: without and with a version. Vectors are asked for too, to fail where all does."""


@dataclass
class ModelServer:
    """What was asked of the server; `abandoned` counts the answers that the client did not wait for."""

    behaviour: Behaviour
    requests: list[Body] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    abandoned: int = 0
    left: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    root: str = ""

    @property
    def url(self) -> str:
        """What is set as the base address of an OpenAI-compatible server."""
        return f"{self.root}/v1"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Keep what is asked, and do as the behaviour says."""
        body: Body = await request.json()
        self.requests.append(body)
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        self.addresses.append(request.path_qs)
        call = Call(request, body, self.released)
        try:
            return await self.behaviour(call)
        except (asyncio.CancelledError, ConnectionError):
            self.abandoned += 1
            self.left.set()
            raise


@asynccontextmanager
async def open_model_server(behaviour: Behaviour, *, port: int = 0) -> AsyncIterator[ModelServer]:
    """Serve on a loopback address while the context is open; its behaviour may be changed meanwhile."""
    server = ModelServer(behaviour)
    app = web.Application(client_max_size=8 * 2**20)
    for path in PATHS:
        app.router.add_post(path, server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        host, bound = runner.addresses[0][:2]
        server.root = f"http://{host}:{bound}"
        yield server
    finally:
        server.released.set()
        await runner.cleanup()


async def _serve(port: int, behaviour: str) -> None:
    async with open_model_server(BEHAVIOURS[behaviour](), port=port) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Serve until stopped; the address is printed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--behaviour", choices=sorted(BEHAVIOURS), default="good")
    given = parser.parse_args()
    asyncio.run(_serve(given.port, given.behaviour))


if __name__ == "__main__":
    main()
