"""Whose an activity is that anybody may be given, as those who ask and the store that knows see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol


class Standing(Enum):
    """Whose an activity is: nobody else's, somebody else's who is at it, or answered already."""

    MINE = auto()
    UNDER_WAY = auto()
    ANSWERED = auto()


@dataclass(frozen=True, slots=True)
class End:
    """A turn that has ended with an HTTP `status`, and until when that is remembered; without a status it was stopped,
    and whoever gets the activity next takes it."""

    key: str
    status: int | None
    until: datetime


class ClaimStore(Protocol):
    """Every method raises AccessStoreFailed."""

    @property
    def shared(self) -> bool:
        """Whether other replicas may be there. Where there are none, what is under way need not be written down: it
        ends with the process, and whoever gets it again takes it."""

    async def answered(self, now: datetime) -> Mapping[str, datetime]:
        """What was answered and is still remembered, and until when."""

    async def write(
        self, holder: str, wishes: Sequence[str], ends: Sequence[End], now: datetime, until: datetime
    ) -> Mapping[str, Standing]:
        """Note the ends; then take of the wished keys what nobody has, until then. Whose each of them is.

        An end counts where the turn is the holder's, or where nothing is written down of it."""

    async def renew(self, holder: str, keys: Sequence[str], until: datetime) -> None:
        """Say that these are still under way."""

    async def forget(self, before: datetime) -> int:
        """Delete what counted only until then; how many."""
