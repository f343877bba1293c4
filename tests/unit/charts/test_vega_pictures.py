"""Charts drawn by the real process: pictures come back, and whatever becomes of it is one kind of error."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.charts.errors import DrawingFailed
from bot.charts.palette import Theme
from bot.charts.vega.contents import Look, Width
from bot.charts.vega.job import Job
from bot.charts.vega.pictures import VegaPictures, picture_of
from bot.charts.vega.process import VegaProcess
from tests.unit.charts.test_vega_specs import BARS, CHARTS, UNITS

MOST_MEMORY = 330
"""Megabytes; more than a worker may have taken before it makes way for another."""


@pytest.fixture
async def process() -> AsyncIterator[VegaProcess]:
    process = VegaProcess()
    yield process
    await process.close()


class Counting:
    """Draws nothing, and counts how often it was asked."""

    def __init__(self, error: Exception | None = None) -> None:
        self.jobs: list[Job] = []
        self.error = error

    async def draw(self, job: Job) -> bytes:
        self.jobs.append(job)
        await asyncio.sleep(0)
        if self.error:
            raise self.error
        return b"<svg>" + str(job.spec["description"]).encode()


async def test_a_large_service_has_charts_too() -> None:
    """A process begins with its parent's peak of memory as its own, as far as the kernel counts."""
    ballast = b"x" * (MOST_MEMORY << 20)
    process = VegaProcess()
    assert (await process.draw(picture_of(UNITS, Look()).job)).startswith(b"<svg")
    await process.close()
    del ballast


async def test_every_kind_is_drawn_in_every_look_by_one_process_that_is_replaced_when_it_dies(
    process: VegaProcess,
) -> None:
    """One process for all of it: starting one takes a second."""
    before = set(sys.modules)
    looks = (Look(), Look(Theme.DARK, Width.NARROW, "en"))
    for chart in CHARTS:
        for look in looks:
            svg = (await process.draw(picture_of(chart, look).job)).decode()
            assert svg.startswith("<svg")
            assert "NaN" not in svg
    assert not any(name.startswith("vl_convert") for name in set(sys.modules) - before)
    with pytest.raises(DrawingFailed):
        await process.draw(Job({"mark": "nonsense"}, {}))
    elsewhere = {"data": {"url": "http://127.0.0.1:9/x.json"}, "mark": "bar", "encoding": {"x": {"field": "a"}}}
    with pytest.raises(DrawingFailed, match="not allowed"):
        await process.draw(Job(elsewhere, {}))
    hostile = replace(UNITS, description="d", rows=(replace(UNITS.rows[0], label="<script>alert(1)</script>"),))
    svg = (await process.draw(picture_of(hostile, Look()).job)).decode()
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg
    swedish = (await process.draw(picture_of(BARS, Look()).job)).decode()
    assert "20\N{NO-BREAK SPACE}%" in swedish
    held = process._worker
    assert held is not None
    os.kill(held.pid, signal.SIGKILL)
    assert (await process.draw(picture_of(UNITS, Look()).job)).startswith(b"<svg")
    assert process._worker is not held


@pytest.mark.parametrize(
    ("program", "match"),
    [
        ("import sys; sys.exit(1)", "ended"),
        ("input(); print('nonsense', flush=True); input()", "damaged"),
        ("input(); print('{}', flush=True); input()", "no picture"),
        ("input(); print('x' * 5_000_000, flush=True)", "ended"),
        ("import time; time.sleep(60)", r"more than 0\.5 s"),
    ],
)
async def test_a_process_that_fails_is_told_and_left_behind_by_nobody(program: str, match: str) -> None:
    process = VegaProcess(timeouts=(0.5, 0.5), command=("-c", program))
    with pytest.raises(DrawingFailed, match=match):
        await process.draw(picture_of(UNITS, Look()).job)
    held = process._worker
    await process.close()
    assert process._worker is None
    assert held is None or held.returncode is not None


async def test_one_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(DrawingFailed, match="started"):
        await VegaProcess().draw(picture_of(UNITS, Look()).job)


async def test_a_drawing_that_is_not_waited_for_leaves_no_answer_for_the_next() -> None:
    process = VegaProcess(command=("-c", "import time; input(); time.sleep(60)"))
    drawing = asyncio.create_task(process.draw(picture_of(UNITS, Look()).job))
    await asyncio.sleep(0.1)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    assert process._worker is None


async def test_a_picture_is_drawn_once_however_many_ask_and_old_ones_make_room() -> None:
    drawing = Counting()
    pictures = VegaPictures(drawing, room=60)
    same = picture_of(UNITS, Look())
    assert len(set(await asyncio.gather(*(pictures.svg(same) for _ in range(5))))) == 1
    assert len(drawing.jobs) == 1
    for number in range(10):
        await pictures.svg(picture_of(replace(UNITS, description=f"nummer {number}"), Look()))
    await pictures.svg(same)
    assert len(drawing.jobs) == 12


async def test_what_failed_is_tried_again() -> None:
    drawing = Counting(DrawingFailed("it broke"))
    pictures = VegaPictures(drawing)
    for _ in range(2):
        with pytest.raises(DrawingFailed):
            await pictures.svg(picture_of(UNITS, Look()))
    assert len(drawing.jobs) == 2
