"""A bot to which files are sent, over a knowledge base in memory and a real database."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.documents.desk import Desk
from bot.documents.timing import Timing
from bot.documents.uploads import Uploads
from bot.storage.database import Database, open_database
from tests.fakes.documents_chat import (
    Chat,
    Storage,
    chatting,
    storage_stub,
)
from tests.fakes.documents_site import CAPS, MemoryDrafts
from tests.fakes.teams import ConnectorStub, Tls
from tests.integration.teams.documents.sending import configured


@pytest.fixture
async def storage(tls: Tls) -> AsyncIterator[Storage]:
    async with storage_stub(tls) as stub:
        yield stub


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Databases of the newest schema, made once."""
    folder = tmp_path_factory.mktemp("migrated")

    async def make() -> None:
        await (await open_database(*urls_in(folder))).close()

    asyncio.run(make())
    return folder


def urls_in(folder: Path) -> tuple[str, str]:
    return f"sqlite:///{folder / 'fyren.sqlite3'}", f"sqlite:///{folder / 'identity.sqlite3'}"


@pytest.fixture
async def database(migrated: Path, tmp_path: Path) -> AsyncIterator[Database]:
    copied = tmp_path / "databases"
    await asyncio.to_thread(shutil.copytree, migrated, copied)
    opened = await open_database(*urls_in(copied), beside=True)
    yield opened
    await opened.close()


@pytest.fixture
def drafts() -> MemoryDrafts:
    return MemoryDrafts()


@pytest.fixture
def desk(database: Database, drafts: MemoryDrafts, tmp_path: Path) -> Desk:
    timing = Timing(beat=0.05, pause=0.05)
    return Desk(database.jobs, Uploads(tmp_path / "uploads", CAPS), drafts, timing=timing)


@pytest.fixture
async def chat(
    desk: Desk, database: Database, connector: ConnectorStub, storage: Storage, tls: Tls
) -> AsyncIterator[Chat]:
    async with chatting(desk, database, configured(storage), connector, tls) as opened:
        yield opened
