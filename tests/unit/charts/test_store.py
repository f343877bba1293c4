"""A picture is drawn once, whatever happens around it: many readers, a restart, a damaged file, a full disk."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.charts.chart import chart_of
from bot.charts.errors import ChartError
from bot.charts.palette import Theme
from bot.charts.store import ChartStore, intact
from bot.conversation.texts import Texts
from tests.fakes.figures import FIGURE, RecordingDrawing, png

CHART = chart_of(FIGURE, Texts.load(), "sv")
DAMAGES = [b"", b"\x89PNG", b"<html>", png()[:-3], png()[:40] + b"?" + png()[41:], png() + b"x"]
OTHER = chart_of(FIGURE, Texts.load(), "en")


@pytest.fixture
def drawing() -> RecordingDrawing:
    return RecordingDrawing()


@pytest.fixture
def store(tmp_path: Path, drawing: RecordingDrawing) -> ChartStore:
    return ChartStore(tmp_path / "charts", drawing)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "charts").iterdir())


async def test_many_who_ask_at_once_get_one_drawing(store: ChartStore, drawing: RecordingDrawing) -> None:
    themes = [Theme.LIGHT, Theme.DARK] * 10
    pictures = await asyncio.gather(*(store.picture(CHART, theme) for theme in themes))
    assert drawing.drawn == [CHART]
    assert len(set(pictures)) == 2
    assert all(intact(picture) for picture in pictures)


async def test_it_survives_a_restart_and_leaves_no_drafts(
    tmp_path: Path, store: ChartStore, drawing: RecordingDrawing
) -> None:
    first = await store.picture(CHART, Theme.DARK)
    again = RecordingDrawing()
    assert await ChartStore(tmp_path / "charts", again).picture(CHART, Theme.DARK) == first
    assert again.drawn == []
    assert await asyncio.to_thread(files, tmp_path) == [f"{CHART.key}-dark.png", f"{CHART.key}-light.png"]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_damaged_file_is_drawn_again(
    tmp_path: Path, store: ChartStore, drawing: RecordingDrawing, damage: bytes
) -> None:
    whole = await store.picture(CHART, Theme.LIGHT)
    await asyncio.to_thread((tmp_path / "charts" / f"{CHART.key}-light.png").write_bytes, damage)
    assert await store.picture(CHART, Theme.LIGHT) == whole
    assert await store.picture(CHART, Theme.LIGHT) == whole
    assert drawing.drawn == [CHART, CHART]


async def test_where_nothing_can_be_written_pictures_are_shown_all_the_same(
    tmp_path: Path, store: ChartStore, drawing: RecordingDrawing
) -> None:
    await asyncio.to_thread((tmp_path / "charts").write_text, "a file where the folder should be")
    for _ in range(3):
        assert intact(await store.picture(CHART, Theme.LIGHT))
    assert intact(await store.picture(OTHER, Theme.DARK))
    assert drawing.drawn == [CHART, OTHER]


async def test_a_failure_is_told_and_does_not_stay(store: ChartStore, drawing: RecordingDrawing) -> None:
    drawing.broken = True
    with pytest.raises(ChartError):
        await store.picture(CHART, Theme.LIGHT)
    drawing.broken = False
    assert intact(await store.picture(CHART, Theme.LIGHT))


async def test_who_stops_waiting_does_not_stop_the_others(store: ChartStore, drawing: RecordingDrawing) -> None:
    impatient = asyncio.create_task(store.picture(CHART, Theme.LIGHT))
    patient = asyncio.create_task(store.picture(CHART, Theme.LIGHT))
    await asyncio.sleep(0)
    impatient.cancel()
    assert intact(await patient)
