"""The drawing process: real pictures come back, and whatever becomes of it is one kind of error."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from bot.charts.chart import chart_of
from bot.charts.errors import DrawingFailed
from bot.charts.palette import Theme
from bot.charts.process import ProcessDrawing
from bot.charts.reliability import ReliabilityChart, ReliabilityPoint
from bot.charts.store import intact
from bot.conversation.texts import Texts
from tests.fakes.figures import FIGURE

CHART = chart_of(FIGURE, Texts.load(), "sv")


async def test_it_draws_both_themes_and_keeps_the_service_free_of_matplotlib(tmp_path: Path) -> None:
    loaded = "matplotlib" in sys.modules
    pictures = await ProcessDrawing(tmp_path / "scratch")(CHART)
    assert set(pictures) == set(Theme)
    assert all(intact(png) for png in pictures.values())
    assert pictures[Theme.LIGHT] != pictures[Theme.DARK]
    assert ("matplotlib" in sys.modules) is loaded


async def test_it_draws_reliability_plots_too(tmp_path: Path) -> None:
    chart = ReliabilityChart("H", "N", "x", "y", "i", "n", (ReliabilityPoint(0.0, 1.0, 3, 0.5, 1.0),))
    pictures = await ProcessDrawing(tmp_path / "scratch")(chart)
    assert all(intact(png) for png in pictures.values())
    assert set(pictures) == set(Theme)


async def test_one_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(DrawingFailed, match=r"more than 0\.01 s"):
        await ProcessDrawing(tmp_path, timeout=0.01)(CHART)


async def test_one_that_cannot_start_or_breaks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(DrawingFailed, match="started"):
        await ProcessDrawing(tmp_path)(CHART)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(DrawingFailed, match="ended with 1"):
        await ProcessDrawing(tmp_path)(CHART)
    monkeypatch.setattr(sys, "executable", "/bin/echo")
    with pytest.raises(DrawingFailed, match="damaged"):
        await ProcessDrawing(tmp_path)(CHART)


async def test_a_cancelled_drawing_leaves_no_process_behind(tmp_path: Path) -> None:
    drawing = asyncio.create_task(ProcessDrawing(tmp_path / "scratch")(CHART))
    await asyncio.sleep(0.2)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    assert not await asyncio.to_thread(_running, tmp_path)


def _running(scratch: Path) -> list[Path]:
    """Processes whose environment names the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(scratch).encode() in (process / "environ").read_bytes():
                found.append(process)
        except OSError:
            continue
    return found
