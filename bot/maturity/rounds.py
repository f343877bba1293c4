"""A round: when an instrument is answered, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.maturity.instrument import Instrument


class RoundStatus(StrEnum):
    """PLANNED takes no answers yet, OPEN does, CLOSED never again; its identity key is then destroyed."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Round:
    """A round of the check. `instrument` is frozen: the round keeps its text, whatever becomes of the file.

    `label` names it for people (`2026:1`) and is unique. Without `closes` (the last day) it is open until it is closed.
    A `practice` round is for trying out; its answers count nowhere.
    """

    id: str
    label: str
    instrument: Instrument
    status: RoundStatus
    opens: date
    closes: date | None = None
    practice: bool = False

    def has_ended(self, day: date) -> bool:
        """Whether its last day is over and it has not been closed yet."""
        return self.status is RoundStatus.OPEN and self.closes is not None and self.closes < day

    def takes_answers(self, day: date) -> bool:
        """Whether the round is open on this day."""
        return self.status is RoundStatus.OPEN and self.opens <= day and (self.closes is None or day <= self.closes)
