"""What pages, exports and the report say in the same words: codes here, their sentences in the catalogues."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bot.results.model import Cell, State

SAME_WITHIN: Final = 2.5
"""Points of an index (0-100) up to which two are told as the same.

One person of ten who chooses the next step moves an index by 2 points where there are six levels, and by 2.5 where
there are five. Percentages rounded to whole numbers move it by about one.
"""


class Direction(StrEnum):
    """How a later index lies to an earlier one. UNKNOWN: one is missing, or known too loosely to say."""

    HIGHER = "higher"
    LOWER = "lower"
    SAME = "same"
    UNKNOWN = "unknown"


class Told(StrEnum):
    """The sentence for a change. Only what is certain may be called a change; all else is a direction."""

    HIGHER_CERTAIN = "higher_certain"
    LOWER_CERTAIN = "lower_certain"
    HIGHER = "higher"
    LOWER = "lower"
    SAME = "same"
    UNKNOWN = "unknown"


class Hidden(StrEnum):
    """Why a cell has no figures. PROTECTED: too few, or others could be worked out from it; which of them is not told,
    as that would tell how many there are. ALIKE: everybody answered alike. NOBODY: no answers."""

    PROTECTED = "protected"
    ALIKE = "alike"
    NOBODY = "nobody"


def direction(before: tuple[float, float] | None, now: float | None) -> Direction:
    """Where an index lies to an earlier one that is known as an interval (the same twice where it is exact)."""
    if before is None or now is None:
        return Direction.UNKNOWN
    low, high = before
    if now > high + SAME_WITHIN:
        return Direction.HIGHER
    if now < low - SAME_WITHIN:
        return Direction.LOWER
    return Direction.SAME if high - low <= SAME_WITHIN else Direction.UNKNOWN


def told(direction: Direction, *, certain: bool) -> Told:
    """The sentence for a direction."""
    if certain and direction is Direction.HIGHER:
        return Told.HIGHER_CERTAIN
    if certain and direction is Direction.LOWER:
        return Told.LOWER_CERTAIN
    return Told(direction.value)


def why_hidden(cell: Cell) -> Hidden | None:
    """Why a cell has no figures; None where it has them."""
    match cell.state:
        case State.SHOWN:
            return None
        case State.BANDED:
            return Hidden.ALIKE
        case State.EMPTY:
            return Hidden.NOBODY
        case State.SUPPRESSED:
            return Hidden.PROTECTED
