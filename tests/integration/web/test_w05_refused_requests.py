"""What is answered to bytes that no application sees, over a socket as in service."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from http.client import HTTPMessage, parse_headers
from io import BytesIO

import pytest
from aiohttp import web

from bot.web import headers
from bot.web.slow_clients import GuardedRunner
from tests.integration.web.test_w05_headers import EXACTLY, check

SECRET = b"tok3n-nobody-may-see"


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async def fail(request: web.Request) -> web.Response:
        raise ValueError("broken")

    app = web.Application()
    headers.attach(app)
    app.router.add_get("/", fail)
    runner = GuardedRunner(app, access_log=None, keepalive_timeout=30, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def answered(port: int, sent: bytes) -> tuple[str, HTTPMessage, bytes]:
    """The status line, the headers and the body of what comes back, after which the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with asyncio.timeout(10):
        came = BytesIO(await reader.read())
    writer.close()
    return came.readline().decode().strip(), parse_headers(came), came.read()


@pytest.mark.parametrize(
    "sent",
    [
        b"BREW / HTTP/1.1\r\nHost: x\r\nX-Key: " + SECRET + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00 " + SECRET + b"\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: " + SECRET + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nAuthori zation: Bearer " + SECRET + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + SECRET + b"a" * 9000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: " + SECRET + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\nX: " + SECRET + b"\r\n\r\n",
        b"GET http://[" + SECRET + b"/ HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["method", "tls", "version", "header name", "long header", "length", "two lengths", "address"],
)
async def test_w05_what_is_no_http_is_refused_with_the_headers_of_all_answers(
    port: int, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    status, found, body = await answered(port, sent)
    assert status.partition(" ")[2] == "400 Bad Request"
    assert body == b"Bad Request"
    check(dict(found), status)
    assert SECRET.decode() not in caplog.text + str(found)
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


async def test_w05_an_error_that_no_application_handles_has_them_too(port: int) -> None:
    status, found, body = await answered(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (status, found["Server"]) == ("HTTP/1.1 500 Internal Server Error", EXACTLY["Server"])
    check(dict(found), status)
    assert b"aiohttp" not in body
    assert b"broken" not in body
