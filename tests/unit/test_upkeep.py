"""What is done again and again beside the service."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.upkeep import drop_outlived
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
