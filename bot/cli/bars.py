"""A survey figure as lines of a terminal: bars of block characters, told apart by length alone."""

from __future__ import annotations

from collections.abc import Iterator

from bot.conversation import figures
from bot.conversation.texts import Texts
from knowledge.model import Figure

BAR = 40
"""Most characters of a bar of one hundred percent."""
SHORTEST = 10
"""Characters that a bar of one hundred percent needs beside its label; with fewer, it stands below."""
INDENT = "  "

_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")


def bars(figure: Figure, texts: Texts, language: str, width: int) -> Iterator[str]:
    """One bar an option, on lines of at most `width` characters: beside its label, or below where that is long."""
    shares = [figures.share(bar, texts, language) for bar in figure.bars]
    label = max((len(bar.label) for bar in figure.bars), default=0)
    known = [len(share) for bar, share in zip(figure.bars, shares, strict=True) if bar.percent is not None]
    beside = width - 2 * len(INDENT) - label - 1 - max(known, default=0)
    room = min(BAR, beside if beside >= SHORTEST else width - len(INDENT) - 1 - max(known, default=0))
    for bar, share in zip(figure.bars, shares, strict=True):
        told = " ".join(filter(None, (drawn(bar.percent, max(room, 1)), share)))
        if beside >= SHORTEST:
            yield f"{INDENT}{bar.label:<{label}}{INDENT}{told}"
        else:
            yield f"{INDENT}{bar.label}"
            yield f"{INDENT}{told}"


def drawn(percent: float | None, room: int) -> str:
    """A bar to an eighth of a character, `room` characters for one hundred percent; what is not nothing shows."""
    if percent is None:
        return ""
    eighths = round(min(percent, 100) / 100 * room * 8)
    if percent > 0:
        eighths = max(eighths, 1)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8]
