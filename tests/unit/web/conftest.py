"""The web side alone, with a few pages that show what the guard let through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.access.permissions import Permission
from bot.web.sessions import form_token_of, visitor_of
from tests.fakes.site import Site

Client = TestClient[web.Request, web.Application]


async def echo(request: web.Request) -> web.Response:
    """What a handler gets to know."""
    form = await request.post()
    visitor = visitor_of(request)
    return web.json_response({"subject": visitor.subject, "token": form_token_of(request), "form": dict(form.items())})


async def break_down(request: web.Request) -> web.Response:
    raise RuntimeError("inside: hemligt")


@pytest.fixture
async def site() -> Site:
    site = await asyncio.to_thread(Site)
    site.routes.add("GET", "/page", echo, needs=Permission.SEE_AUDIT_LOG, menu="web.heading")
    site.routes.add("POST", "/page", echo, needs=Permission.SEE_AUDIT_LOG)
    site.routes.add("GET", "/of/{municipality}", echo, needs=Permission.SEE_MUNICIPALITY)
    site.routes.add("POST", "/of/{municipality}", echo, needs=Permission.DECIDE_VISIBILITY)
    site.routes.add("GET", "/data", echo, needs=Permission.SEE_MUNICIPALITY, data=True)
    site.routes.add("GET", "/anybody", echo, needs=Permission.BE_ANYBODY)
    site.routes.add("POST", "/anybody", echo, needs=Permission.BE_ANYBODY, form_token=False)
    site.routes.add("GET", "/broken", break_down, needs=Permission.BE_ANYBODY)
    return site


@pytest.fixture
async def client(site: Site) -> AsyncIterator[Client]:
    async with TestClient(TestServer(site.app), cookie_jar=None) as client:
        yield client
