"""What is done again and again beside the service."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from bot.documents.errors import DocumentsStoreFailed
from bot.upkeep import drop_outlived, forget_jobs
from ingest.errors import IngestInterrupted


async def test_a_knowledge_base_that_is_being_written_is_tidied_later(caplog: pytest.LogCaptureFixture) -> None:
    tried: list[int] = []
    twice = asyncio.Event()

    async def tidy() -> None:
        tried.append(len(tried))
        if len(tried) == 1:
            raise IngestInterrupted("another ingest is running")
        twice.set()

    with caplog.at_level(logging.WARNING):
        running = asyncio.create_task(drop_outlived(tidy, pause=0.0))
        await asyncio.wait_for(twice.wait(), 5)
        running.cancel()
    assert "another ingest is running" in caplog.text


class OldJobs:
    """Forgets as a desk does, once a database that is lost is back."""

    def __init__(self) -> None:
        self.until: list[datetime] = []
        self.twice = asyncio.Event()

    async def forget(self, ended_before: datetime) -> int:
        self.until.append(ended_before)
        if len(self.until) == 1:
            raise DocumentsStoreFailed("no database")
        self.twice.set()
        return 1


async def test_d07_old_jobs_are_deleted_by_themselves_also_after_the_database_was_lost() -> None:
    jobs, now = OldJobs(), datetime(2026, 11, 1, 12, tzinfo=UTC)
    going = forget_jobs(jobs, timedelta(days=30), pause=0.0, clock=lambda: now)
    running = asyncio.create_task(going)
    await asyncio.wait_for(jobs.twice.wait(), 5)
    running.cancel()
    assert set(jobs.until) == {datetime(2026, 10, 2, 12, tzinfo=UTC)}
