"""What is known of the turn that is under way, for the lines of the log that are written meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final


@dataclass(slots=True)
class TurnNotes:
    """`conversation` is its pseudonym; `failed` whether the person got an apology; `words` are what the person wrote,
    which must not reach the log. Shared by a turn's tasks."""

    conversation: str = ""
    words: str = ""
    failed: bool = False


_CURRENT: Final[ContextVar[TurnNotes | None]] = ContextVar("turn", default=None)


class Pseudonyms:
    """Names for conversations in the log. Without the secret nobody can tell whose they are; replicas that have the
    same give the same names."""

    def __init__(self, secret: bytes) -> None:
        """Raises ValueError without a secret: anybody could try conversations out on such names."""
        if not secret:
            raise ValueError("names of conversations need a secret")
        self._key = blake2b(secret).digest()

    def of(self, tenant: str, conversation: str) -> str:
        """Twelve hexadecimal digits."""
        said = f"{tenant}\0{conversation}".encode("utf-8", "replace")
        return blake2b(said, digest_size=6, key=self._key, person=b"fyren log").hexdigest()


def current_turn() -> TurnNotes | None:
    """The turn that this task works for; None outside of turns."""
    return _CURRENT.get()


@contextmanager
def noted(notes: TurnNotes) -> Iterator[TurnNotes]:
    """Let the tasks that begin meanwhile work for this turn."""
    token = _CURRENT.set(notes)
    try:
        yield notes
    finally:
        _CURRENT.reset(token)


def apologised() -> None:
    """The person of the turn that is under way is given an apology instead of an answer."""
    notes = _CURRENT.get()
    if notes is not None:
        notes.failed = True
