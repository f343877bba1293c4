"""The whole application on an empty knowledge base, opened once for all tests here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from bot.access.visitor import Visitor
from bot.app import create_app
from bot.composition import Parts, open_parts
from bot.conversation.texts import Texts
from bot.settings import Settings, variable
from tests.fakes.visitors import form, headers, signed_in


@dataclass(frozen=True, slots=True)
class Whole:
    """The application, and a browser that keeps no cookies."""

    app: web.Application
    parts: Parts
    client: TestClient[web.Request, web.Application]

    @property
    def origin(self) -> str:
        return f"http://{self.client.host}:{self.client.port}"

    async def ask(self, method: str, path: str, visitor: Visitor, **fields: str) -> tuple[int, str, dict[str, str]]:
        """What a visitor gets: status, where to, headers. A form is sent as a page of theirs sends it."""
        secret = await signed_in(self.parts.database.web_sessions, visitor)
        sent = headers(secret) | {"Origin": self.origin}
        data = form(secret, **fields) if method == "POST" else None
        async with self.client.request(method, path, headers=sent, data=data, allow_redirects=False) as response:
            if response.content_type != "text/event-stream":  # which has no end
                await response.read()
            return response.status, response.headers.get("Location", ""), dict(response.headers)


@pytest.fixture(scope="package")
def no_settings() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in Settings.model_fields:
            patch.delenv(variable(name), raising=False)
        yield


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def whole(no_settings: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Whole]:
    folder: Path = tmp_path_factory.mktemp("web")
    settings = Settings.read(data_dir=folder, builtin_library=False, embedding_provider="off")
    parts = await open_parts(settings, await asyncio.to_thread(Texts.load))
    app = await asyncio.to_thread(create_app, parts)
    async with TestClient(TestServer(app), cookie_jar=DummyCookieJar()) as client:
        yield Whole(app, parts, client)
    await parts.close()
