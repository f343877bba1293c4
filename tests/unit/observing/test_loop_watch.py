"""The watch on the event loop sees who blocks it, and says where."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest

from bot.observing.loop_watch import LoopWatch
from tests.fakes.telemetry import RecordingTelemetry


def block(seconds: float) -> None:
    time.sleep(seconds)


async def test_a23_a_blocked_loop_is_seen_measured_and_told_where_it_hung(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    telemetry = RecordingTelemetry()
    async with LoopWatch(telemetry, beat=0.01, limit=0.1).running() as watch:
        await asyncio.sleep(0.05)
        block(0.4)
        await asyncio.sleep(0.05)
        assert watch.longest >= 0.3
    assert telemetry.counts["fyren_loop_blocked",] >= 1
    assert "test_loop_watch.py" in caplog.text
    assert " block" in caplog.text


async def test_while_it_hangs_the_gauge_grows() -> None:
    async with LoopWatch(beat=0.01).running() as watch:
        await asyncio.sleep(0.03)
        block(0.1)
        assert watch.longest >= 0.08  # asked from the very code that blocks
