"""What a store of ingest jobs promises, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.audit import Action, AuditEvent
from bot.documents.jobs import LEASE, Job, JobFile, JobKind, JobState
from bot.documents.ports import Prepared
from bot.documents.recording import Person
from bot.storage.database import Database
from ingest.difference import Difference, DocumentChange, PassageChange
from ingest.gate_report import AnswerChange, Cited, GateReport, Said, Verdict
from ingest.model import FileStatus, Outcome
from knowledge.model import Origin

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FILES = (JobFile("f1", "../Riktlinjer för <b>AI</b>.pdf", 1200), JobFile("f2", "bilaga.docx", 800))
JOB = Job("a" * 32, NOON, "m-1", "t", "", FILES)
OTHER = Job("b" * 32, NOON + SECOND, "m-2", "t", "lysekil", FILES[:1])
OUTCOMES = (
    Outcome("Riktlinjer.pdf", FileStatus.ADDED, passages=3, pages=2),
    Outcome("bilaga.docx", FileStatus.REJECTED, "ingest.rejected.encrypted"),
)
SAID = Said(False, "Nämnden.", (Cited(1, "d", "D", "1", (1,), "Nämnden."),))
SAMPLE = PassageChange("1 > Inledning", (1,), "", "Å, ä och ö")
GATE = GateReport(asked=3, worse=(AnswerChange("q", "Vem?", Verdict.REFUSED, SAID, replace(SAID, refused=True)),))
DIFFERENCE = Difference(added=(DocumentChange("d", "d.pdf", Origin.INGESTED, "D", added=1, samples=(SAMPLE,)),))
READING, QUEUED = JobState.READING, JobState.QUEUED


def event(job: Job = JOB, action: Action = Action.DOCUMENTS_SENT) -> AuditEvent:
    return AuditEvent(NOON, job.by, job.tenant, action, job.id, {"files": str(len(job.files))})


async def keep(database: Database, *jobs: Job) -> None:
    for job in jobs or (JOB,):
        assert await database.jobs.add(job, event(job), 10)


async def kept(database: Database, job: Job = JOB) -> Job:
    found = await database.jobs.one(job.id)
    assert found is not None
    return found


async def claimed(database: Database, holder: str, now: datetime) -> str:
    job = await database.jobs.claim(holder, now, now - LEASE)
    return job.id if job is not None else ""


async def recorded(database: Database) -> list[str]:
    return [each.event.action for each in await database.audit.entries()]


async def test_a_job_is_kept_as_it_is_and_audited_once(database: Database) -> None:
    await keep(database)
    await keep(database)
    assert await kept(database) == JOB
    assert await recorded(database) == ["documents_sent"]
    assert await database.jobs.one("c" * 32) is None


async def test_no_more_than_so_many_wait_and_what_is_done_does_not_count(database: Database) -> None:
    await keep(database)
    assert not await database.jobs.add(OTHER, event(OTHER), 1)
    assert await recorded(database) == ["documents_sent"]
    assert await database.jobs.change(JOB.ended(JobState.CANCELLED, NOON), [QUEUED])
    assert await database.jobs.add(OTHER, event(OTHER), 1)


async def test_jobs_are_read_one_at_a_time_the_oldest_first(database: Database) -> None:
    await keep(database, OTHER, JOB)
    assert await claimed(database, "p1", NOON) == JOB.id
    assert await claimed(database, "p2", NOON) == ""
    assert await database.jobs.change(JOB.ended(JobState.FAILED, NOON, problem="busy"), [READING], holder="p1")
    assert await claimed(database, "p2", NOON) == OTHER.id
    job = await kept(database, OTHER)
    assert (job.state, job.holder, job.held_at) == (READING, "p2", NOON)


async def test_of_many_who_take_at_once_one_gets_it(database: Database) -> None:
    await keep(database)
    took = await asyncio.gather(*(claimed(database, f"p{number}", NOON) for number in range(4)))
    assert sorted(took) == ["", "", "", JOB.id]


async def test_what_a_process_was_killed_over_is_taken_again_when_its_lease_is_over(database: Database) -> None:
    await keep(database)
    await claimed(database, "p1", NOON)
    assert await database.jobs.beat(JOB.id, "p1", NOON + SECOND)
    assert await claimed(database, "p2", NOON + SECOND + LEASE) == ""
    assert await claimed(database, "p2", NOON + 2 * SECOND + LEASE) == JOB.id
    assert not await database.jobs.beat(JOB.id, "p1", NOON + LEASE)
    late = JOB.ended(JobState.FAILED, NOON)
    assert not await database.jobs.change(late, [READING], holder="p1")
    assert (await kept(database)).holder == "p2"


async def test_a_job_that_was_cancelled_is_nobodys(database: Database) -> None:
    await keep(database)
    await claimed(database, "p1", NOON)
    cancelled = event(action=Action.DOCUMENTS_CANCELLED)
    assert await database.jobs.change(JOB.ended(JobState.CANCELLED, NOON), [QUEUED, READING], cancelled)
    assert not await database.jobs.change(JOB.ended(JobState.CANCELLED, NOON), [QUEUED, READING], cancelled)
    assert not await database.jobs.beat(JOB.id, "p1", NOON)
    assert await claimed(database, "p2", NOON + 2 * LEASE) == ""
    assert await recorded(database) == ["documents_cancelled", "documents_sent"]
    assert (await database.audit.verify()).broken is None


async def test_a_draft_is_kept_with_what_it_changes_and_found_by_what_it_published(database: Database) -> None:
    await keep(database)
    await claimed(database, "p1", NOON)
    draft = JOB.drafted(Prepared("g2", "g1", OUTCOMES, DIFFERENCE, GATE))
    assert await database.jobs.change(draft, [READING], holder="p1")
    assert await kept(database) == draft
    assert await database.jobs.of_generation("g2") is None
    published = draft.ended(JobState.PUBLISHED, NOON)
    assert await database.jobs.change(published, [JobState.DRAFT], event(action=Action.DOCUMENTS_PUBLISHED))
    assert await database.jobs.of_generation("g2") == published
    assert not await database.jobs.active()


async def test_jobs_are_listed_by_owner_newest_first(database: Database) -> None:
    later = replace(JOB, id="c" * 32, at=NOON + timedelta(hours=1))
    await keep(database, JOB, OTHER, later)
    assert [each.id for each in await database.jobs.all()] == [later.id, OTHER.id, JOB.id]
    assert [each.id for each in await database.jobs.all(limit=1)] == [later.id]
    assert [each.id for each in await database.jobs.all(["lysekil"])] == [OTHER.id]
    assert await database.jobs.all([]) == ()
    assert [each.id for each in await database.jobs.active()] == [JOB.id, OTHER.id, later.id]


async def test_a_job_without_files_keeps_what_it_is_about(database: Database) -> None:
    removal = replace(JOB, files=(), kind=JobKind.REMOVAL, paths=("@tanum/Å.pdf",))
    await keep(database, removal)
    assert await kept(database) == removal


@pytest.mark.parametrize(("days", "left"), [(29, 2), (30, 2), (31, 1)])
async def test_d07_jobs_and_names_go_after_more_days_than_are_set(database: Database, days: int, left: int) -> None:
    """What is under way stays however old it is."""
    waiting = replace(OTHER, at=NOON - timedelta(days=999))
    await keep(database, JOB, waiting)
    assert await database.jobs.change(JOB.ended(JobState.DISCARDED, NOON), [QUEUED])
    await database.people.keep(Person("m-1", "t", "Adam"), NOON)
    before = NOON + timedelta(days=days) - timedelta(days=30)
    assert await database.jobs.forget(before) == 2 - left
    assert await database.people.forget(before) == 2 - left
    assert len(await database.jobs.all()) == left
    assert bool(await database.people.names(["m-1"])) is (left == 2)


async def test_names_are_kept_beside_ids_the_latest_one_counts(database: Database) -> None:
    await database.people.keep(Person("m-1", "t", "Adam"), NOON)
    await database.people.keep(Person("m-2", "t", "Åsa"), NOON)
    await database.people.keep(Person("m-1", "t", "Adam A"), NOON + SECOND)
    assert await database.people.names(["m-1", "m-2", "m-3"]) == {"m-1": "Adam A", "m-2": "Åsa"}


async def test_d08_what_is_kept_of_a_person_is_handed_over_and_deleted(database: Database) -> None:
    await keep(database, JOB, replace(JOB, id="c" * 32), OTHER)
    await database.people.keep(Person("m-1", "t", "Adam"), NOON)
    assert await database.jobs.change(replace(JOB.ended(JobState.DISCARDED, NOON), note="fel"), [QUEUED])
    found = await database.people.export("t", "m-1")
    assert found is not None
    assert (found.name, [each.note for each in found.work]) == ("Adam", ["fel", ""])
    assert await database.people.export("other", "m-1") is None
    assert await database.people.erase("t", "m-1") == 2
    assert await database.people.names(["m-1"]) == {}
    assert (await kept(database)).by == "", "what has ended is nobody's any more"
    assert (await kept(database, replace(JOB, id="c" * 32))).by == "m-1", "what is under way needs its person"
    assert (await kept(database, OTHER)).by == "m-2"
    assert await database.people.erase("t", "m-1") == 0
