"""How long a full line is, around each line: what tells a paragraph's last line and a heading from running text."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from ingest.cleaning.lines import PARAGRAPH_GAP, Line

_WINDOW = 20


def widths(lines: Sequence[Line]) -> list[float]:
    """For each line, how long a full line is around it, in characters."""
    lengths = [len(line.text.strip()) for line in lines]
    widths: list[float] = []
    for index in range(len(lines)):
        near = sorted(lengths[max(0, index - _WINDOW) : index + _WINDOW + 1])
        widths.append(float(near[int(len(near) * 0.85)]) if near else 0.0)
    floor = median(widths) * 0.6 if widths else 0.0
    return [max(width, floor, 30.0) for width in widths]


def measures(lines: Sequence[Line], widths: Sequence[float]) -> list[float]:
    """For each line, how long a full line is in its own run of lines without free space, since columns differ."""
    measures = list(widths)
    start = 0
    for end in range(1, len(lines) + 1):
        if end < len(lines) and lines[end].gap < PARAGRAPH_GAP and lines[end].size == lines[start].size:
            continue
        run = lines[start:end]
        if run[0].size and 2 <= len(run) <= 2 * _WINDOW:
            lengths = sorted(len(line.text.strip()) for line in run)
            measures[start:end] = [float(lengths[int(len(lengths) * 0.85)])] * len(run)
        start = end
    return measures
