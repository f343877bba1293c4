"""A survey figure with everything a figure can have: a misprint, a share that is not printed, a zero, half percents."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

from bot.charts.chart import Chart
from bot.charts.errors import DrawingFailed
from bot.charts.palette import Theme
from knowledge.model import Bar, Figure, Unit

FIGURE = Figure(
    number="3",
    question="Hur väl etablerad är portföljstyrning i kommunen?",
    unit=Unit.RESPONDENT,
    bars=(
        Bar("Icke-existerande", 17.0),
        Bar("Delvis etablerad", 5.5),
        Bar("Väl fungerande", 2.0, corrected=11.0),
        Bar("Fullt etablerad", 0.0),
        Bar("Vet ej", None),
    ),
    id="portfoljstyrning",
    title="Portföljstyrning",
    source="Statusrapport",
    pages=(28, 29),
)
SHARES = (
    "Icke-existerande: 17 %; Delvis etablerad: 5,5 %; Väl fungerande: 2 % (troligen 11 %); Fullt etablerad: 0 %; "
    "Vet ej: anges inte i källan"
)
ALTERNATIVE = f"Stapeldiagram. Figur 3. Hur väl etablerad är portföljstyrning i kommunen? Procent av svaren. {SHARES}."


def png(comment: str = "") -> bytes:
    """A whole PNG of one pixel."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"tEXt", b"Comment\0" + comment.encode("latin-1", "replace")),
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    )
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


class RecordingDrawing:
    """Implements `bot.charts.store.Drawing`; remembers what it was asked to draw. `broken` makes it fail."""

    def __init__(self) -> None:
        self.drawn: list[Chart] = []
        self.broken = False

    async def __call__(self, chart: Chart) -> Mapping[Theme, bytes]:
        self.drawn.append(chart)
        if self.broken:
            raise DrawingFailed("out of ink")
        return {theme: png(f"{chart.headline} {theme}") for theme in Theme}
