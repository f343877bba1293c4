"""A measured figure beside its limit: what every benchmark prints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One measured figure and its limit: `holds` compares the two. `detail` is what it was computed from."""

    name: str
    measured: float
    limit: float
    unit: str
    holds: Callable[[float, float], bool]
    detail: str = ""

    def __str__(self) -> str:
        sign = "≤" if self.holds(0, 1) else "≥"
        verdict = "ok" if self.is_held else "MISSED"
        line = f"{self.name:<56} {self.measured:>8.2f} {sign} {self.limit:<5g} {self.unit:<3} {verdict}"
        return f"{line}  ({self.detail})" if self.detail else line

    @property
    def is_held(self) -> bool:
        """Whether the measured figure is within its limit."""
        return self.holds(self.measured, self.limit)


def at_most(measured: float, limit: float) -> bool:
    """Whether a figure that should be small is."""
    return measured <= limit


def at_least(measured: float, limit: float) -> bool:
    """Whether a figure that should be large is."""
    return measured >= limit
