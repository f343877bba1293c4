"""A round: when an instrument is answered, by whom, and from how many answers on something may be shown.

How one status leads to another is in `round_life`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from bot.maturity.errors import ThresholdTooLow
from bot.maturity.instrument import Instrument

LEAST_THRESHOLD: Final = 5
"""Responses that every cell shown has at least; the disclosure threshold of a round that says nothing else."""

TEXT_THRESHOLD: Final = 10
"""Responses from which on distributions and words of one's own are shown at the earliest."""

Invited = Mapping[tuple[str, str], int]
"""How many people were invited, by municipality and role (ids of the instrument); only what is known."""


class RoundStatus(StrEnum):
    """PLANNED takes no answers yet, OPEN does, CLOSED no longer; its identity key is then destroyed. ARCHIVED is
    registered, and is never opened again."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"


OVER: Final = (RoundStatus.CLOSED, RoundStatus.ARCHIVED)
"""The statuses of rounds that have no drafts and no identity key."""


@dataclass(frozen=True, slots=True)
class Round:
    """A round of the check. `instrument` is frozen: the round keeps its text, whatever becomes of the file.

    `label` names it for people (`2026:1`) and is unique. Without `closes` (the last day) it is open until it is closed.
    A `practice` round is for trying out; its answers count nowhere.

    `threshold` is the disclosure threshold k, in responses; raises ThresholdTooLow below LEAST_THRESHOLD. `closed_on`
    and `archived_on` are days. `diary_number` and `retention` (the decision on what is deleted when) are given when it
    is archived; `keep_answers` is how many days after that the responses are kept, None for ever. `open_data` is
    whether what may be published of it is. `openings` counts how often it was opened, counting the first time from the
    beginning; each has an identity key of its own.
    """

    id: str
    label: str
    instrument: Instrument
    status: RoundStatus
    opens: date
    closes: date | None = None
    practice: bool = False
    invited: Invited = field(default_factory=dict, hash=False)
    closed_on: date | None = None
    diary_number: str = ""
    retention: str = ""
    open_data: bool = False
    threshold: int = LEAST_THRESHOLD
    keep_answers: int | None = None
    archived_on: date | None = None
    openings: int = 1

    def __post_init__(self) -> None:
        if self.threshold < LEAST_THRESHOLD:
            raise ThresholdTooLow(self.label, self.threshold)

    @property
    def text_threshold(self) -> int:
        """Responses from which on distributions and words of one's own may be shown."""
        return max(TEXT_THRESHOLD, self.threshold)

    @property
    def is_over(self) -> bool:
        """Whether it has been closed, archived or not."""
        return self.status in OVER

    def has_ended(self, day: date) -> bool:
        """Whether its last day is over and it has not been closed yet."""
        return self.status is RoundStatus.OPEN and self.closes is not None and self.closes < day

    def takes_answers(self, day: date) -> bool:
        """Whether the round is open on this day."""
        return self.status is RoundStatus.OPEN and self.opens <= day and (self.closes is None or day <= self.closes)
