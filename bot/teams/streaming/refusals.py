"""Why Teams refuses to take a stream any further, and where it refused lately.

All refusals have status 403 and one code; only the words of the message tell them apart.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from enum import Enum, auto

from bot.teams.errors import SendFailed

MOST = 1024
REMEMBERED = 3600.0
FORBIDDEN = 403


class Refusal(Enum):
    """What a 403 means."""

    NOT_ALLOWED = auto()
    COMPLETED = auto()
    TIME_EXCEEDED = auto()
    CANCELLED = auto()
    TOO_LARGE = auto()
    NOT_CONTINUED = auto()
    """The text does not contain what was streamed before."""
    OTHER = auto()


_WORDS = (
    (("cancelled by user", "canceled by user"), Refusal.CANCELLED),
    (("already completed",), Refusal.COMPLETED),
    (("exceeded streaming time",), Refusal.TIME_EXCEEDED),
    (("size too large", "message size"), Refusal.TOO_LARGE),
    (("previous content", "previously streamed", "not contain"), Refusal.NOT_CONTINUED),
    (("stream is not allowed",), Refusal.NOT_ALLOWED),
)


def refusal_of(error: SendFailed) -> Refusal | None:
    """What a failure says about the stream; None where it is no refusal."""
    if error.status != FORBIDDEN:
        return None
    said = error.detail.casefold()
    return next((refusal for words, refusal in _WORDS if any(word in said for word in words)), Refusal.OTHER)


class RefusedStreams:
    """Conversations where streams were refused within the hour; the oldest are forgotten first."""

    def __init__(self, clock: Callable[[], float], *, most: int = MOST) -> None:
        self._clock = clock
        self._most = most
        self._until: OrderedDict[Hashable, float] = OrderedDict()

    def add(self, conversation: Hashable) -> None:
        """Streams are refused here."""
        self._until[conversation] = self._clock() + REMEMBERED
        self._until.move_to_end(conversation)
        while len(self._until) > self._most:
            self._until.popitem(last=False)

    def __contains__(self, conversation: Hashable) -> bool:
        until = self._until.get(conversation)
        return until is not None and self._clock() < until
