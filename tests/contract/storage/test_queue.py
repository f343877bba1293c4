"""What a queue of jobs promises whichever database it rests on, and what PostgreSQL's does beyond that."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from bot.access.audit import Action
from bot.documents.desk import Desk
from bot.documents.errors import DocumentsStoreFailed, DraftFailed, Problem
from bot.documents.jobs import Job, JobState
from bot.documents.polling import PollingQueue
from bot.documents.ports import Prepared
from bot.documents.queue import Queue
from bot.documents.recording import Person, event_of
from bot.documents.timing import Timing
from bot.documents.uploads import Uploads
from bot.storage.database import Database, open_database
from bot.storage.documents import jobs, queue_worker
from bot.storage.documents.job_queue import SqlJobQueue
from bot.storage.documents.queue_schema import TABLES, enqueue, set_up_queue, withdraw
from bot.storage.engine import open_engine
from bot.storage.errors import StorageError
from ingest.difference import Difference
from tests.contract.storage.processes import started
from tests.contract.storage.reading import read_without_end
from tests.fakes.documents_site import MemoryDrafts

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ANNA = Person("oid-anna", "t", "Anna")
JOB = Job("a" * 32, NOON, "oid-anna", "t", "", ())
OTHER = replace(JOB, id="b" * 32, at=NOON + timedelta(seconds=1))
TIMING = Timing(lease=timedelta(seconds=5), beat=0.02, pause=0.02, retries=(0.02, 0.04))
ENTRIES = "SELECT count(*) FROM fyren_queue.procrastinate_jobs"
LISTENING = "SELECT count(*) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%' AND datname = current_database()"


class Trying(MemoryDrafts):
    """Makes a draft of every job, once it has failed in each of these ways."""

    def __init__(self, *failures: Exception) -> None:
        super().__init__()
        self.failures = list(failures)
        self.begun = 0

    async def prepare(self, *arguments: Any, **more: Any) -> Prepared:
        self.begun += 1
        if self.slow is not None:
            await self.slow.wait()
        if self.failures:
            raise self.failures.pop(0)
        return Prepared(f"g-{self.begun}", "g0", (), Difference())


@pytest.fixture
async def shared(postgresql_url: str) -> AsyncIterator[Database]:
    opened = await open_database(postgresql_url, postgresql_url)
    yield opened
    await opened.close()


@pytest.fixture
def queue_of(request: pytest.FixtureRequest) -> Callable[[Database, Timing], Queue]:
    def made(database: Database, timing: Timing) -> Queue:
        if database.uploads is None:
            return PollingQueue(database.jobs, timing=timing)
        url = request.getfixturevalue("postgresql_url")
        return SqlJobQueue(url, database.jobs, database.turns, timing=timing)

    return made


QueueOf = Callable[[Database, Timing], Queue]


def desk_of(database: Database, queue: Queue, drafts: MemoryDrafts, folder: Path, timing: Timing = TIMING) -> Desk:
    uploads = Uploads(folder, shared=database.uploads)
    return Desk(database.jobs, uploads, drafts, timing=timing, queue=queue)


@asynccontextmanager
async def reading(desk: Desk) -> AsyncIterator[None]:
    running = asyncio.create_task(desk.reader.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait({running})


async def keep(database: Database, *given: Job) -> None:
    for job in given or (JOB,):
        assert await database.jobs.add(job, event_of(NOON, ANNA, Action.DOCUMENTS_SENT, job), 10)


async def until(seen: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await seen():  # noqa: ASYNC110 - a database tells nobody what changes in it
            await asyncio.sleep(0.01)


async def reaches(database: Database, state: JobState, job: Job = JOB) -> Job:
    found = JOB

    async def is_there() -> bool:
        nonlocal found
        kept = await database.jobs.one(job.id)
        assert kept is not None
        found = kept
        return kept.state is state

    await until(is_there)
    return found


async def counted(database: Database, query: str = ENTRIES) -> int:
    return await database.main.engine.read(lambda connection: connection.scalar(text(query)) or 0)


async def done(database: Database, statement: str) -> None:
    await database.main.engine.run(statement)


def unreachable(times: int) -> list[DraftFailed]:
    return [DraftFailed(Problem.UNREACHABLE, "the archive does not answer")] * times


async def test_what_cannot_be_reached_is_tried_again(database: Database, queue_of: QueueOf, tmp_path: Path) -> None:
    drafts = Trying(*unreachable(2))
    await keep(database)
    async with reading(desk_of(database, queue_of(database, TIMING), drafts, tmp_path)):
        job = await reaches(database, JobState.DRAFT)
    assert (drafts.begun, job.tries, job.problem) == (3, 0, "")


async def test_and_has_failed_after_several_tries(database: Database, queue_of: QueueOf, tmp_path: Path) -> None:
    drafts = Trying(*unreachable(9))
    await keep(database)
    async with reading(desk_of(database, queue_of(database, TIMING), drafts, tmp_path)):
        job = await reaches(database, JobState.FAILED)
    assert (drafts.begun, job.tries, job.problem) == (len(TIMING.retries) + 1, len(TIMING.retries), Problem.INDEX)


async def test_one_that_waits_for_its_next_try_holds_up_the_others_until_it_is_cancelled(
    database: Database, queue_of: QueueOf, tmp_path: Path
) -> None:
    timing = replace(TIMING, retries=(600.0,))
    drafts = Trying(*unreachable(1))
    desk = desk_of(database, queue_of(database, timing), drafts, tmp_path, timing)
    await keep(database, JOB, OTHER)
    async with reading(desk):

        async def is_put_off() -> bool:
            job = await database.jobs.one(JOB.id)
            return job is not None and (job.state, job.problem) == (JobState.QUEUED, Problem.UNREACHABLE)

        await until(is_put_off)
        await asyncio.sleep(0.2)
        assert drafts.begun == 1
        job = await database.jobs.one(JOB.id)
        assert job is not None
        assert await desk.cancel(job, ANNA)
        await reaches(database, JobState.DRAFT, OTHER)
    assert drafts.begun == 2


async def test_another_reading_in_the_way_is_waited_for(database: Database, queue_of: QueueOf, tmp_path: Path) -> None:
    drafts = Trying(*[DraftFailed(Problem.BUSY)] * 4)
    await keep(database)
    async with reading(desk_of(database, queue_of(database, TIMING), drafts, tmp_path)):
        job = await reaches(database, JobState.DRAFT)
    assert (drafts.begun, job.tries) == (5, 0)


async def test_what_is_read_when_the_service_ends_is_given_back_and_read_at_once(
    database: Database, queue_of: QueueOf, tmp_path: Path
) -> None:
    timing = replace(TIMING, lease=timedelta(minutes=10))  # nobody waits for that to be over
    drafts = Trying()
    drafts.slow = asyncio.Event()
    await keep(database)
    async with reading(desk_of(database, queue_of(database, timing), drafts, tmp_path, timing)):
        await reaches(database, JobState.READING)
    assert (await reaches(database, JobState.QUEUED)).holder == ""
    drafts.slow.set()
    async with reading(desk_of(database, queue_of(database, timing), drafts, tmp_path, timing)):
        await reaches(database, JobState.DRAFT)


async def test_a_draft_that_is_outdated_is_read_again(database: Database, queue_of: QueueOf, tmp_path: Path) -> None:
    await keep(database)
    async with reading(desk_of(database, queue_of(database, TIMING), Trying(), tmp_path)):
        job = await reaches(database, JobState.DRAFT)
        again = job.queued_again(Problem.OUTDATED)
        assert await database.jobs.change(again, (JobState.DRAFT,))

        async def is_another() -> bool:
            kept = await database.jobs.one(JOB.id)
            return kept is not None and kept.generation not in ("", job.generation)

        await until(is_another)


async def test_a_job_whose_end_could_not_be_noted_is_read_again(
    database: Database, queue_of: QueueOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    timing = replace(TIMING, lease=timedelta(seconds=0.3), beat=60.0)
    change, failures = database.jobs.change, [StorageError("the database is gone")]

    async def failing(*given: Any, **more: Any) -> bool:
        if failures:
            raise failures.pop()
        return await change(*given, **more)

    monkeypatch.setattr(database.jobs, "change", failing)
    await keep(database)
    drafts = Trying()
    async with reading(desk_of(database, queue_of(database, timing), drafts, tmp_path, timing)):
        await reaches(database, JobState.DRAFT)
    assert drafts.begun == 2


async def test_files_that_cannot_be_fetched_are_tried_again(
    shared: Database, queue_of: QueueOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shared.uploads is not None
    get, failures = shared.uploads.get, [DocumentsStoreFailed("the archive does not answer")]

    async def failing(*given: Any) -> bool:
        if failures:
            raise failures.pop()
        return await get(*given)

    monkeypatch.setattr(shared.uploads, "get", failing)
    desk = desk_of(shared, queue_of(shared, TIMING), Trying(), tmp_path)

    async def chunks() -> AsyncIterator[bytes]:
        yield b"text"

    async with reading(desk):
        async with desk.uploads.begin() as upload:
            await upload.take("fyr.md", chunks())
            job = await desk.submit(upload, ANNA, "")
        await reaches(shared, JobState.DRAFT, job)
    assert failures == []


@pytest.mark.parametrize("moment", ["put_entry", "enqueue"])
async def test_a_job_its_record_and_its_place_in_the_queue_are_kept_together_or_not_at_all(
    shared: Database, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends the connection in the middle of the transaction."""
    earlier: Callable[..., None] = getattr(jobs, moment)

    def killed(connection: Connection, *given: Any) -> None:
        earlier(connection, *given)
        assert connection.scalar(text(ENTRIES)) == 1
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    monkeypatch.setattr(jobs, moment, killed)
    with pytest.raises(StorageError):
        await keep(shared)
    monkeypatch.undo()
    assert (await shared.jobs.one(JOB.id), list(await shared.audit.entries())) == (None, [])
    assert await counted(shared) == 0
    await keep(shared)
    assert await counted(shared) == 1


async def test_readers_are_woken_and_do_not_look_again_and_again(
    shared: Database, queue_of: QueueOf, tmp_path: Path
) -> None:
    timing = replace(TIMING, pause=600.0)
    async with reading(desk_of(shared, queue_of(shared, timing), Trying(), tmp_path, timing)):

        async def listens() -> bool:
            return await counted(shared, LISTENING) > 0

        await until(listens)
        await asyncio.sleep(0.1)  # and has looked once
        await keep(shared)
        await reaches(shared, JobState.DRAFT)


async def test_d07_nothing_is_left_in_the_queue_of_what_has_ended(
    shared: Database, queue_of: QueueOf, tmp_path: Path
) -> None:
    desk = desk_of(shared, queue_of(shared, TIMING), Trying(DraftFailed(Problem.BROKEN)), tmp_path)
    await keep(shared, JOB, OTHER)
    content = "SELECT string_agg(jobs::text, '') LIKE '%anna%' FROM fyren_queue.procrastinate_jobs AS jobs"
    assert await counted(shared, content) == 0
    async with reading(desk):
        await reaches(shared, JobState.FAILED)
        await reaches(shared, JobState.DRAFT, OTHER)

        async def is_empty() -> bool:
            events = "SELECT count(*) FROM fyren_queue.procrastinate_events"
            return not await counted(shared) and not await counted(shared, events)

        await until(is_empty)
    assert await counted(shared, "SELECT count(*) FROM fyren_queue.procrastinate_workers") == 0


async def test_of_a_replica_that_is_killed_another_takes_over(
    shared: Database, postgresql_url: str, queue_of: QueueOf, tmp_path: Path
) -> None:
    timing = replace(TIMING, lease=timedelta(seconds=0.6))
    await keep(shared, JOB, OTHER)
    with started(read_without_end, postgresql_url, 0.6) as running:
        assert await asyncio.to_thread(running.next) == JOB.id.encode()
        drafts = Trying()
        async with reading(desk_of(shared, queue_of(shared, timing), drafts, tmp_path, timing)):
            await asyncio.sleep(1.0)
            assert drafts.begun == 0, "it says that it is alive"
            running.kill()
            for job in (JOB, OTHER):
                await reaches(shared, JobState.DRAFT, job)
    assert drafts.begun == 2


async def test_a_queue_whose_connections_break_goes_on(
    shared: Database, queue_of: QueueOf, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fyren-queue'"
    drafts = Trying()
    drafts.slow = asyncio.Event()
    await keep(shared)
    async with reading(desk_of(shared, queue_of(shared, TIMING), drafts, tmp_path)):
        await reaches(shared, JobState.READING)
        await done(shared, others)
        await asyncio.sleep(0.2)
        drafts.slow.set()
        await reaches(shared, JobState.DRAFT)
        await done(shared, others)
        await keep(shared, OTHER)
        await reaches(shared, JobState.DRAFT, OTHER)
    assert drafts.begun == 2, "what is read meanwhile goes on"


async def test_a_queue_that_cannot_be_reached_is_tried_again_and_ends_when_it_is_told_to(
    shared: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(queue_worker, "TIMEOUT", 0.1)
    queue = SqlJobQueue("postgresql+asyncpg://a@127.0.0.1:9/none", shared.jobs, shared.turns, timing=TIMING)
    drafts = Trying()
    with caplog.at_level(logging.WARNING, "bot"):
        async with reading(desk_of(shared, queue, drafts, tmp_path)):

            async def has_tried_twice() -> bool:
                return caplog.text.count("the queue of documents is not served") >= 2

            await until(has_tried_twice)
    assert drafts.begun == 0


async def test_what_never_came_into_the_queue_is_found(shared: Database, queue_of: QueueOf, tmp_path: Path) -> None:
    """A version without the queue took it, or a backup was put back, which has none."""
    await keep(shared, JOB, OTHER)
    await done(shared, "DELETE FROM fyren_queue.procrastinate_jobs")
    now = datetime.now(UTC)
    assert await shared.jobs.claim("a version without", now, now) is not None
    assert await shared.jobs.lacking(now - timedelta(minutes=1)) == [OTHER.id], "it is read by somebody who is alive"
    assert await shared.jobs.lacking(now + timedelta(minutes=1)) == [JOB.id, OTHER.id]
    timing = replace(TIMING, lease=timedelta(seconds=0.5))
    async with reading(desk_of(shared, queue_of(shared, timing), Trying(), tmp_path)):
        for job in (OTHER, JOB):
            await reaches(shared, JobState.DRAFT, job)


async def test_d17_the_queue_is_in_a_schema_that_nobody_else_may_use(shared: Database, postgresql_url: str) -> None:
    closed = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'fyren_queue'::regnamespace AND relkind = 'r' "
        "AND relrowsecurity ORDER BY 1"
    )
    found = await shared.main.engine.read(lambda connection: list(connection.execute(text(closed)).scalars()))
    assert tuple(found) == TABLES
    assert await counted(shared, "SELECT has_schema_privilege('public', 'fyren_queue', 'USAGE')::int") == 0


async def test_d17_a_role_that_may_make_no_schema_uses_one_that_was_made_for_it(
    shared: Database, postgresql_url: str
) -> None:
    for statement in (
        "DROP SCHEMA fyren_queue CASCADE",
        "CREATE ROLE clerk LOGIN NOSUPERUSER",
        "CREATE SCHEMA fyren_queue AUTHORIZATION clerk",
    ):
        await done(shared, statement)
    engine = open_engine(make_url(postgresql_url).set(username="clerk").render_as_string(hide_password=False))
    await set_up_queue(engine)
    await engine.write(lambda connection: enqueue(connection, JOB.id))
    assert await engine.read(lambda connection: connection.scalar(text(ENTRIES))) == 1
    await engine.write(lambda connection: withdraw(connection, JOB.id))
    assert await engine.read(lambda connection: connection.scalar(text(ENTRIES))) == 0
    await engine.close()
    for statement in ("DROP OWNED BY clerk", "DROP ROLE clerk"):
        await done(shared, statement)


async def test_the_queue_is_set_up_again_where_a_backup_was_put_back(shared: Database, postgresql_url: str) -> None:
    await done(shared, "DROP SCHEMA fyren_queue CASCADE")
    opened = await asyncio.gather(*(open_database(postgresql_url, postgresql_url) for _ in range(2)))
    await keep(opened[0])
    assert await counted(shared) == 1
    for each in opened:
        await each.close()


def test_the_library_is_the_version_whose_tables_these_are() -> None:
    """Another one needs its migrations to be applied: see deploy/replicas.md."""
    assert version("procrastinate").startswith("3.10.")
