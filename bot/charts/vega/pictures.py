"""Pictures of the dashboard's charts: each is drawn once, and kept in memory only.

They show what not everybody may see, so nothing of them is left on a disk.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Final, Protocol

from bot.charts.vega.contents import Look, VegaChart
from bot.charts.vega.job import Job
from bot.charts.vega.spec import LOCALES, key_of, size_of, spec_of

ROOM: Final = 8 << 20
"""Bytes of pictures that are kept; about four hundred."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that may or may not have been drawn yet. `key` changes with what it shows; sizes are in CSS pixels."""

    key: str
    width: int
    height: int
    job: Job


class Drawing(Protocol):
    """Draws; `bot.charts.vega.process.VegaProcess` is one."""

    def draw(self, job: Job) -> Awaitable[bytes]:
        """The picture as SVG. Raises DrawingFailed."""


def picture_of(chart: VegaChart, look: Look) -> Picture:
    """How the picture of a chart is named, and how large it is, without drawing it."""
    spec = spec_of(chart, look)
    width, height = size_of(spec)
    return Picture(key_of(spec, look.language), width, height, Job(spec, dict(LOCALES[look.language])))


class VegaPictures:
    """Draws what is not kept; each picture once, however many ask for it at the same time."""

    def __init__(self, drawing: Drawing, *, room: int = ROOM) -> None:
        self._drawing = drawing
        self._room = room
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._one_at_a_time = asyncio.Lock()

    async def svg(self, picture: Picture) -> bytes:
        """The picture as SVG. Raises DrawingFailed."""
        if (kept := self._find(picture.key)) is not None:
            return kept
        async with self._one_at_a_time:
            if (kept := self._find(picture.key)) is not None:
                return kept
            drawn = await self._drawing.draw(picture.job)
            self._keep(picture.key, drawn)
            return drawn

    def _find(self, key: str) -> bytes | None:
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
        return kept

    def _keep(self, key: str, svg: bytes) -> None:
        self._kept[key] = svg
        self._size += len(svg)
        while self._size > self._room and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest)
