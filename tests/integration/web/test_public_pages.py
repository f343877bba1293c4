"""The pages that Teams links to: open to everybody, in both languages, with what this installation has set."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.web.public_pages import PublicPages
from tests.fakes.site import Site


@pytest.mark.parametrize(
    ("path", "language", "told"),
    [
        ("/privacy", "sv", ("sparas i 90 dagar", "dso@example.se", "Integritetsskyddsmyndigheten")),
        ("/privacy", "en", ("stored for 90 days", "dso@example.se", "Swedish Authority for Privacy Protection")),
        ("/terms", "sv", ("ingen juridisk\nrådgivning", "drift@example.se")),
        ("/terms", "en", ("no legal advice", "drift@example.se")),
    ],
)
async def test_everybody_reads_them(path: str, language: str, told: tuple[str, ...]) -> None:
    site = await asyncio.to_thread(Site)
    pages = PublicPages(site.pages, history_days=90, contact="drift@example.se", officer="dso@example.se")
    pages.attach(site.routes)
    async with TestClient(TestServer(site.app)) as client:
        response = await client.get(path, params={"language": language})
        text = " ".join((await response.text()).split())
    assert response.status == 200
    assert f'<html lang="{language}">' in text
    assert all(" ".join(each.split()) in text for each in told)
