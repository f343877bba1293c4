"""What a picture shows: a figure in one language, every word of it already said."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from bot.conversation import figures
from bot.conversation.texts import Texts
from knowledge.model import Figure

DRAWING = 1
"""Raised whenever the drawing changes, so that pictures drawn before are not used any more."""
MOST_BARS = 24
"""More would not be legible in the size that Teams shows."""


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One bar. `share` is its number in words; `percent` and `corrected` are None where there is none."""

    label: str
    share: str
    percent: float | None
    corrected: float | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture's contents, from top to bottom. `notes` stand below the bars, `source` last."""

    headline: str
    unit: str
    bars: tuple[ChartBar, ...]
    notes: tuple[str, ...] = ()
    source: str = ""

    @property
    def key(self) -> str:
        """Names this picture among all: another content, or another way of drawing, has another key."""
        content = json.dumps([DRAWING, asdict(self)], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:32]


def drawable(figure: Figure) -> bool:
    """Whether there can be a picture: the figure has a name, and as many bars as one can read."""
    return bool(figure.id) and 0 < len(figure.bars) <= MOST_BARS


def chart_of(figure: Figure, texts: Texts, language: str) -> Chart:
    """The figure in words and numbers. A known misprint keeps its printed number, with a mark and a note."""
    bars = []
    notes = []
    for bar in figure.bars:
        if bar.percent is None:
            bars.append(ChartBar(bar.label, texts.say("figure.not_stated", language), None))
            continue
        printed = figures.percent(bar.percent, texts, language)
        if bar.corrected is None:
            bars.append(ChartBar(bar.label, printed, bar.percent))
            continue
        corrected = figures.percent(bar.corrected, texts, language)
        bars.append(ChartBar(bar.label, f"{printed} *", bar.percent, bar.corrected))
        notes.append(texts.say("figure.misprint", language, corrected=corrected))
    return Chart(
        headline=figures.headline(figure, texts, language),
        unit=figures.unit(figure, texts, language),
        bars=tuple(bars),
        notes=tuple(notes),
        source=figures.source(figure, texts, language),
    )
