"""Jobs of documents with replicas: files sent to one are read by another, once, also after one was killed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.documents.desk import Desk
from bot.documents.following import Following
from bot.documents.jobs import Far, Job, JobState
from bot.documents.recording import Person
from bot.documents.timing import Timing
from bot.documents.uploads import ABANDONED, Uploads
from bot.storage.database import Database, open_database
from bot.storage.documents.job_queue import SqlJobQueue
from tests.fakes.documents_site import MemoryDrafts

ANNA = Person("oid-anna", "t", "Anna")
POLICY = b"Kommunen ska ha en IT-policy."
LEASE = timedelta(milliseconds=150)
TIMING = Timing(lease=LEASE, beat=0.02, pause=0.02)

DeskOf = Callable[[Database, Path, MemoryDrafts], Desk]


@pytest.fixture
async def databases(postgresql_url: str) -> AsyncIterator[tuple[Database, Database]]:
    opened = [await open_database(postgresql_url, postgresql_url) for _ in range(2)]
    yield opened[0], opened[1]
    for each in opened:
        await each.close()


@pytest.fixture
def desk_of(postgresql_url: str) -> DeskOf:
    """A replica's desk, whose reader is brought jobs by the database."""

    def made(database: Database, folder: Path, drafts: MemoryDrafts) -> Desk:
        queue = SqlJobQueue(postgresql_url, database.jobs, database.turns, timing=TIMING)
        uploads = Uploads(folder, shared=database.uploads)
        return Desk(database.jobs, uploads, drafts, timing=TIMING, queue=queue)

    return made


async def sent(desk: Desk, content: bytes = POLICY) -> Job:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    async with desk.uploads.begin() as upload:
        await upload.take("IT-policy.md", chunks())
        return await desk.submit(upload, ANNA, "")


async def until(seen: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await seen():  # noqa: ASYNC110 - a database tells nobody what changes in it
            await asyncio.sleep(0.01)


async def is_drafted(database: Database, job: Job) -> bool:
    found = await database.jobs.one(job.id)
    return found is not None and found.state is JobState.DRAFT


async def ended(*running: asyncio.Task[None]) -> None:
    for each in running:
        each.cancel()
    await asyncio.wait(running)


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_files_that_one_replica_took_are_read_by_another(
    databases: tuple[Database, Database], desk_of: DeskOf, tmp_path: Path
) -> None:
    drafts = MemoryDrafts()
    one, other = (desk_of(each, tmp_path / str(number), drafts) for number, each in enumerate(databases))
    content = os.urandom(2**20).hex().encode()  # more than a part of it
    job = await sent(one, content)
    running = asyncio.create_task(other.reader.run())
    await until(lambda: is_drafted(databases[0], job))
    await ended(running)
    assert drafts.texts == {"IT-policy.md": content.decode()}
    assert await asyncio.to_thread(on_disk, tmp_path) == []
    drafted = await databases[0].jobs.one(job.id)
    assert drafted is not None
    await one.discard(drafted, ANNA, "")
    again = await asyncio.to_thread(lambda: tmp_path / "again")
    assert databases[0].uploads is not None
    assert not await databases[0].uploads.get(job.id, job.files[0].id, again)


async def test_a_job_of_a_replica_that_was_killed_is_read_by_another_and_once(
    databases: tuple[Database, Database], desk_of: DeskOf, tmp_path: Path
) -> None:
    drafts = MemoryDrafts()
    one, other = (desk_of(each, tmp_path / str(number), drafts) for number, each in enumerate(databases))
    job = await sent(one)
    killed = await databases[0].jobs.claim("killed", datetime.now(UTC), datetime.now(UTC) - LEASE)
    assert killed is not None
    running = [asyncio.create_task(each.reader.run()) for each in (one, other)]
    await until(lambda: is_drafted(databases[0], job))
    await ended(*running)
    assert drafts.read == [["IT-policy.md"]]


async def test_two_replicas_that_want_a_job_at_once_read_it_once(
    databases: tuple[Database, Database], desk_of: DeskOf, tmp_path: Path
) -> None:
    drafts = MemoryDrafts()
    desks = [desk_of(each, tmp_path / str(number), drafts) for number, each in enumerate(databases)]
    jobs = [await sent(desk) for desk in desks]
    running = [asyncio.create_task(desk.reader.run()) for desk in desks]
    for job in jobs:
        await until(lambda job=job: is_drafted(databases[0], job))  # type: ignore[misc]  # mypy does not infer it
    await ended(*running)
    assert len(drafts.read) == 2


async def test_how_far_a_reading_is_can_be_seen_on_every_replica(
    databases: tuple[Database, Database], desk_of: DeskOf, tmp_path: Path
) -> None:
    drafts = MemoryDrafts()
    drafts.slow = asyncio.Event()
    one, other = (desk_of(each, tmp_path / str(number), drafts) for number, each in enumerate(databases))
    told: list[str] = []
    other.reader.board.heard_by(lambda job, word: told.append(word.phase))
    following = Following(other.jobs, other.reader.board, lambda _: False)
    job = await sent(one)
    running = asyncio.create_task(one.reader.run())

    async def reads() -> bool:
        await following.look()
        word = other.reader.board.of(job.id)
        return word is not None and (word.phase, word.done, word.total) == ("load", 1, 1)

    await until(reads)
    drafts.slow.set()
    await until(lambda: is_drafted(databases[0], job))
    await ended(running)
    await following.look()
    word = other.reader.board.of(job.id)
    assert word is not None
    assert word.state is JobState.DRAFT
    drafted = await databases[0].jobs.one(job.id)
    assert drafted is not None
    await one.discard(drafted, ANNA, "")
    await following.look()
    word = other.reader.board.of(job.id)
    assert word is not None
    assert word.state is JobState.DISCARDED
    assert told == [], "only who does it says so to those who measure"


async def test_what_became_no_job_is_swept_up(databases: tuple[Database, Database], tmp_path: Path) -> None:
    uploads = databases[0].uploads
    assert uploads is not None
    path = tmp_path / "file"
    await asyncio.to_thread(path.write_bytes, b"")
    for job in ("lost", "needed"):
        await uploads.put(job, "f1", path)
    now = datetime.now(UTC)
    assert await uploads.sweep(["needed"], now - timedelta(seconds=ABANDONED)) == 0
    assert await uploads.sweep(["needed"], now + timedelta(seconds=1)) == 1
    assert not await uploads.get("lost", "f1", tmp_path / "lost")
    assert await uploads.get("needed", "f1", tmp_path / "needed")


async def test_how_far_a_job_is_goes_with_its_reading(
    databases: tuple[Database, Database], desk_of: DeskOf, tmp_path: Path
) -> None:
    database, other = databases
    job = await sent(desk_of(database, tmp_path, MemoryDrafts()))
    now = datetime.now(UTC)
    assert await database.jobs.claim("h", now, now - LEASE)
    assert await database.jobs.beat(job.id, "h", now, Far("load", 1, 3, "å.pdf"))
    assert await other.jobs.followed() == ((job.id, JobState.READING, Far("load", 1, 3, "å.pdf")),)
    assert await database.jobs.change(job.queued_again(), (JobState.READING,), holder="h")
    assert await other.jobs.followed() == ((job.id, JobState.QUEUED, None),)
