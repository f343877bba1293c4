"""How an answer's stream goes on, and how after what went wrong with it."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from bot.teams.streaming.refusals import Refusal

PASSING: Final = frozenset({None, 412, 429, 502, 504})
"""HTTP statuses after which the next step may be taken; None where there was no answer at all."""


class Mode(Enum):
    """What may still be sent, and how."""

    LIVE = auto()
    QUIET = auto()
    """No more updates, but an end."""
    IN_PLACE = auto()
    """The message stands, and is replaced as any other."""
    PLAIN = auto()
    """The answer is sent as any other; what stands of the stream is left."""
    CANCELLED = auto()
    """The person wants no more."""


AFTER: Final = {
    Refusal.NOT_ALLOWED: Mode.PLAIN,
    Refusal.COMPLETED: Mode.IN_PLACE,
    Refusal.TIME_EXCEEDED: Mode.IN_PLACE,
    Refusal.CANCELLED: Mode.CANCELLED,
    Refusal.TOO_LARGE: Mode.PLAIN,
    Refusal.NOT_CONTINUED: Mode.QUIET,
    Refusal.OTHER: Mode.QUIET,
}
"""How it goes on after each refusal."""
