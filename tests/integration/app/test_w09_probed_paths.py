"""W09: what scanners ask every server for gets a plain "not found", or a sign-in, and never an error or a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import ClientResponse
from yarl import URL

from tests.integration.app.conftest import Client

PROBED = (Path(__file__).parent / "probed_paths.txt").read_text(encoding="utf-8").split()
METHODS = ("TRACE", "PUT", "DELETE", "PATCH", "PROPFIND")
LEAKS = ("root:x:", "Traceback", "SQLite format", "FYREN_", "site-packages", "aiohttp")


async def leaks(answer: ClientResponse) -> list[str]:
    told = f"{answer.headers} {(await answer.read()).decode('utf-8', 'replace')}"
    return [each for each in LEAKS if each in told]


async def test_w09_what_scanners_ask_for_is_not_there(client: Client) -> None:
    wrong = []
    for path in PROBED:
        async with client.get(URL(path, encoded=True), allow_redirects=False) as answer:
            found = answer.status == 200 and URL(path, encoded=True).path != "/"
            if answer.status >= 500 or found or "Set-Cookie" in answer.headers or await leaks(answer):
                wrong.append((path, answer.status))
    assert wrong == []


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/messages", "/nowhere"])
async def test_w09_other_methods_are_refused(client: Client, path: str) -> None:
    for method in METHODS:
        async with client.request(method, path, data=b"<a/>") as answer:
            assert 400 <= answer.status < 500, method
            assert await leaks(answer) == [], method
