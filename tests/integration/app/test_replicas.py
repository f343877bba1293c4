"""Replicas over one PostgreSQL: each with a data directory of its own, and all of them with the same knowledge base."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.composition import Parts, open_parts
from bot.conversation.texts import Texts
from bot.documents.shared_uploads import REPLIES
from bot.knowledge_base import keep_library, open_store
from bot.settings import Settings
from bot.storage.database import open_database
from bot.storage.documents.generations import SqlArchive
from bot.written_documents import replies_at_hand
from ingest.lock import held
from ingest.model import FileStatus
from ingest.pipeline import remove
from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.shared_generations import SharedGenerations
from knowledge.model import Origin
from tests.databases import empty_postgresql_url, postgresql_server
from tests.fakes.knowledge import RecordingEmbedder, document, passage

__all__ = ["empty_postgresql_url", "postgresql_server"]

PAGE = "---\ndocument: {name}\ntitle: Om {name}\nkind: guide\n---\n\n## Om {name}\n\nEn {name} ligger vid havet.\n"

PATH = "fyr.md"

Replica = Callable[[str], Awaitable[Parts]]


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    for name in ("fyr", "hamn"):
        (folder / f"{name}.md").write_text(PAGE.format(name=name), encoding="utf-8")
    return folder


@pytest.fixture
def configured(tmp_path: Path, empty_postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Settings]:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FYREN_{name.upper()}", raising=False)

    def settings(name: str) -> Settings:
        return Settings.read(
            data_dir=tmp_path / name, builtin_library=False, embedding_provider="off", database_url=empty_postgresql_url
        )

    return settings


@pytest.fixture
async def replica(configured: Callable[[str], Settings]) -> AsyncIterator[Replica]:
    async with AsyncExitStack() as stack:

        async def started(name: str) -> Parts:
            parts = await open_parts(configured(name), Texts.load())
            stack.push_async_callback(parts.close)
            return parts

        yield started


def publish(store: GenerationStore, title: str) -> str:
    """Publish one document."""
    one = replace(passage("En fyr ligger vid havet."), path=PATH)
    with held(store):
        store.settle()
        documents = [replace(document(), path=PATH, title=title, origin=Origin.INGESTED)]
        found = [replace(one, origin=Origin.INGESTED)]
        generation = store.write(documents=documents, passages=found, vectors=None, model=None)
        store.publish(generation)
    return generation


def titles(parts: Parts) -> list[str]:
    return sorted(each.title for each in parts.knowledge.served.documents)


async def test_what_is_published_anywhere_reaches_every_replica(
    replica: Replica, configured: Callable[[str], Settings]
) -> None:
    one, other = await replica("one"), await replica("other")
    assert (titles(one), titles(other)) == ([], [])
    watching = [asyncio.create_task(each.knowledge.served.watch(pause=0.2)) for each in (one, other)]
    store = await asyncio.to_thread(open_store, configured("elsewhere"))  # as `fyren ingest` does on a third machine
    generation = await asyncio.to_thread(publish, store, "Om fyr")

    async def all_serve(generation: str | None, wanted: list[str]) -> None:
        async with asyncio.timeout(30):
            for each in (one, other):
                while each.knowledge.served.state.generation != generation:  # noqa: ASYNC110 - nobody is told of it
                    await asyncio.sleep(0.05)
                assert titles(each) == wanted

    await all_serve(generation, ["Om fyr"])
    await all_serve(await asyncio.to_thread(publish, one.knowledge.store, "Om hamn"), ["Om hamn"])
    report = await remove([PATH], store=other.knowledge.store, at_once=True)
    await all_serve(report.generation, [])
    for task in watching:
        task.cancel()
    late = await replica("late")
    assert (titles(late), late.knowledge.served.state.generation) == ([], report.generation)
    assert await asyncio.to_thread(late.knowledge.store.generations) == [report.generation]
    await asyncio.to_thread(store.close)


async def test_two_replicas_that_start_at_once_take_the_library_in_once(
    tmp_path: Path, empty_postgresql_url: str, documents: Path
) -> None:
    stores = [SharedGenerations(tmp_path / name, SqlArchive(empty_postgresql_url)) for name in ("one", "other", "late")]
    embedders = [RecordingEmbedder() for _ in stores]
    reports = await asyncio.gather(
        *(keep_library(*pair, None, documents) for pair in zip(stores[:2], embedders[:2], strict=True))
    )
    added = [report for report in reports if report and report.outcomes[0].status is FileStatus.ADDED]
    assert len(added) == 1
    assert await keep_library(stores[2], embedders[2], None, documents) is None
    assert len(await asyncio.to_thread(stores[2].history)) == 1
    assert [bool(each.batches) for each in embedders].count(True) == 1
    for each in stores:
        await asyncio.to_thread(each.close)


async def test_a_reply_that_became_a_document_on_one_replica_is_at_hand_on_every_one(
    configured: Callable[[str], Settings], empty_postgresql_url: str, tmp_path: Path
) -> None:
    elsewhere = configured("elsewhere")
    assert not await replies_at_hand(elsewhere.answers_dir, elsewhere)
    database = await open_database(empty_postgresql_url, empty_postgresql_url)
    assert database.uploads is not None
    reply = tmp_path / "fraga-1.md"
    for text in ("Den förra." * 200_000, "Fyren står på Ursholmen."):
        await asyncio.to_thread(reply.write_text, text, encoding="utf-8")
        await database.uploads.put(REPLIES, reply.name, reply)
    await database.uploads.sweep([], datetime.now(UTC) + timedelta(days=1))
    await database.close()
    assert await replies_at_hand(elsewhere.answers_dir, elsewhere)
    [found] = await asyncio.to_thread(lambda: list(elsewhere.answers_dir.iterdir()))
    assert (found.name, await asyncio.to_thread(found.read_text, encoding="utf-8")) == (reply.name, text)


def test_with_a_file_for_a_database_nothing_is_shared(tmp_path: Path) -> None:
    store = open_store(Settings.read(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'fyren.sqlite3'}"))
    assert type(store) is GenerationStore
