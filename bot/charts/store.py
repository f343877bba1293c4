"""Pictures on disk: drawn when they are first asked for, kept under a name that changes with what they show.

The folder is a cache. Whatever is missing or damaged there is drawn again, and it may be deleted at any time.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import struct
import zlib
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import Protocol

from bot.charts.chart import Chart
from bot.charts.errors import DrawingFailed
from bot.charts.palette import Theme

UNSAVED = 32
"""How many charts are kept in memory where the folder cannot be written to."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"

_log = logging.getLogger(__name__)


class Drawing(Protocol):
    """Draws; `bot.charts.process.ProcessDrawing` is one."""

    def __call__(self, chart: Chart) -> Awaitable[Mapping[Theme, bytes]]:
        """A PNG for every theme. Raises DrawingFailed."""


class ChartStore:
    """Pictures of charts in `folder`. One is drawn at a time, and each only once however many ask for it."""

    def __init__(self, folder: Path, drawing: Drawing) -> None:
        self._folder = folder
        self._drawing = drawing
        self._one_at_a_time = asyncio.Lock()
        self._unsaved: dict[str, Mapping[Theme, bytes]] = {}

    async def picture(self, chart: Chart, theme: Theme) -> bytes:
        """The picture as PNG. Raises DrawingFailed."""
        kept = await self._kept(chart.key, theme)
        if kept is not None:
            return kept
        async with self._one_at_a_time:
            kept = await self._kept(chart.key, theme)
            return kept if kept is not None else (await self._drawn(chart))[theme]

    async def _kept(self, key: str, theme: Theme) -> bytes | None:
        if key in self._unsaved:
            return self._unsaved[key][theme]
        return await asyncio.to_thread(_read, self._path(key, theme))

    async def _drawn(self, chart: Chart) -> Mapping[Theme, bytes]:
        pictures = await self._drawing(chart)
        if not all(intact(png) for png in pictures.values()):
            raise DrawingFailed("what was drawn is no picture")
        files = {self._path(chart.key, theme): png for theme, png in pictures.items()}
        try:
            await asyncio.to_thread(_write, files)
        except OSError as error:
            _log.warning("a picture could not be kept in %s: %s", self._folder, error)
            while len(self._unsaved) >= UNSAVED:
                del self._unsaved[next(iter(self._unsaved))]
            self._unsaved[chart.key] = pictures
        return pictures

    def _path(self, key: str, theme: Theme) -> Path:
        return self._folder / f"{key}-{theme}.png"


def intact(png: bytes) -> bool:
    """Whether these bytes are a whole PNG: every chunk with its checksum, up to the last."""
    if not png.startswith(_SIGNATURE):
        return False
    place, kind = len(_SIGNATURE), b""
    while kind != b"IEND" and place + 12 <= len(png):
        (length,) = struct.unpack_from(">I", png, place)
        end = place + 8 + length
        if end + 4 > len(png):
            return False
        kind = png[place + 4 : place + 8]
        if struct.unpack_from(">I", png, end)[0] != zlib.crc32(png[place + 4 : end]):
            return False
        place = end + 4
    return kind == b"IEND" and place == len(png)


def _read(path: Path) -> bytes | None:
    try:
        png = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        _log.warning("a kept picture could not be read: %s", error)
        return None
    if intact(png):
        return png
    _log.warning("%s is damaged and is drawn again", path)
    return None


def _write(files: Mapping[Path, bytes]) -> None:
    for path, png in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            draft.write_bytes(png)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
