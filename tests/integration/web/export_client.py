"""One export site and one server for all tests of a module, as fixtures that the module imports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from tests.fakes.export_site import ExportSite

Client = TestClient[web.Request, web.Application]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running() -> AsyncIterator[tuple[ExportSite, Client]]:
    site = await asyncio.to_thread(ExportSite)  # it reads templates
    async with TestClient(TestServer(site.app), cookie_jar=None) as client:
        yield site, client


@pytest_asyncio.fixture(loop_scope="module")
async def site(running: tuple[ExportSite, Client]) -> ExportSite:
    """The site with an empty audit log, and nothing broken."""
    site, _ = running
    site.audit.kept.clear()
    site.audit.broken = site.pictures.broken = site.store.broken = site.keys.broken = False
    return site


@pytest_asyncio.fixture(loop_scope="module")
async def client(running: tuple[ExportSite, Client]) -> Client:
    return running[1]
