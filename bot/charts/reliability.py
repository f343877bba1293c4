"""What a reliability plot shows: bins of confidence against how often there was an answer, every word already said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReliabilityPoint:
    """One bin of questions, by confidence from `low` to `high`; all but `count` are 0-1."""

    low: float
    high: float
    count: int
    confidence: float
    answerable: float


@dataclass(frozen=True, slots=True)
class ReliabilityChart:
    """A plot's contents: the words around it, and its points from left to right, at least one.

    `across` and `up` name the axes, `ideal` the diagonal on which a calibrated confidence lies, `many` the bars below.
    """

    headline: str
    note: str
    across: str
    up: str
    ideal: str
    many: str
    points: tuple[ReliabilityPoint, ...]
