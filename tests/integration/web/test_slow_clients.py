"""Connections that send slowly are closed, and nobody else is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

import aiohttp
import pytest
from aiohttp import web

from bot.web.slow_clients import GuardedRunner, Patience

QUICK = Patience(head=0.3, look=0.15, pace=2048)
HEAD = b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n"


@asynccontextmanager
async def served(patience: Patience = QUICK) -> AsyncIterator[int]:
    async def body(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    async def unread(request: web.Request) -> web.Response:
        await asyncio.sleep(0.8)
        return web.Response(text=str(len(await request.read())))

    async def long(request: web.Request) -> web.Response:
        await asyncio.sleep(0.8)
        return web.Response(text="done")

    app = web.Application(client_max_size=10 * 1024 * 1024)
    app.router.add_post("/body", body)
    app.router.add_post("/unread", unread)
    app.router.add_get("/long", long)
    runner = GuardedRunner(app, patience=patience, access_log=None, keepalive_timeout=30, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def drip(port: int, first: bytes, then: bytes) -> None:
    """Send a beginning, and a byte now and again, until the other side has had enough."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(first)
        for each in then:
            await writer.drain()
            await asyncio.sleep(0.05)
            if reader.at_eof():
                return
            writer.write(bytes([each]))
        assert not await reader.read()
    except ConnectionError:
        return
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"POST /body HTTP/1.1\r\nHost: x\r\nX-Long: ", b"a" * 400),
        (b"G", b""),
        (HEAD + b"\r\n", b"a" * 400),
        (HEAD.replace(b"/body", b"/nowhere") + b"\r\n", b"a" * 400),
        (b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\nGET /body HTT", b"a" * 400),
    ],
    ids=["head", "one byte", "body", "body for nobody", "second head"],
)
async def test_a13_slow_heads_and_bodies_are_closed_while_others_are_served(first: bytes, then: bytes) -> None:
    async with served() as port, aiohttp.ClientSession() as session, asyncio.timeout(15):
        slow = [asyncio.create_task(drip(port, first, then)) for _ in range(20)]
        async with session.post(f"http://127.0.0.1:{port}/body", data=b"x" * 1000) as response:
            assert await response.text() == "1000"
        await asyncio.gather(*slow)


async def test_a_long_answer_a_large_body_and_a_quiet_connection_are_let_be() -> None:
    async with served() as port, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{port}"

        async def steady() -> AsyncIterator[bytes]:
            for _ in range(12):
                yield b"x" * 4096
                await asyncio.sleep(0.05)

        async with session.get(f"{url}/long") as response:
            assert await response.text() == "done"
        async with session.post(f"{url}/body", data=steady()) as response:
            assert await response.text() == str(12 * 4096)
        async with session.post(f"{url}/unread", data=BytesIO(b"x" * 1_000_000)) as response:
            assert await response.text() == "1000000"
        await asyncio.sleep(0.5)
        async with session.get(f"{url}/long") as response:
            assert await response.text() == "done"
