"""The whole application on a tiny knowledge base, without an embedding engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.app import create_app
from bot.composition import Parts, open_parts
from bot.conversation.texts import Texts
from bot.settings import Settings
from tests.databases import put_migrated
from tests.fakes.library import publish_generation

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FYREN_{name.upper()}", raising=False)
    put_migrated(tmp_path / "var")
    return Settings.read(data_dir=tmp_path / "var", builtin_library=False, embedding_provider="off")


@pytest.fixture
async def parts(settings: Settings) -> AsyncIterator[Parts]:
    await asyncio.to_thread(publish_generation, settings.index_dir)
    parts = await open_parts(settings, Texts.load())
    yield parts
    await parts.close()


@pytest.fixture
async def client(parts: Parts) -> AsyncIterator[Client]:
    app = await asyncio.to_thread(create_app, parts)
    async with TestClient(TestServer(app)) as client:
        yield client
