"""Runs of words, by which a text that was taken over is told from one that was written."""

from __future__ import annotations

import re

RUN = 8
"""From this many words in a row on, a text is the report's and not ours."""

_WORD = re.compile(r"[^\W_]+")


def runs(text: str) -> list[str]:
    """Every run of `RUN` words of the text, in its order; none where it is shorter."""
    words = _WORD.findall(text.lower())
    return [" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)]
