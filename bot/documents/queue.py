"""What brings jobs to who reads them: one at a time, whichever process that is in, the oldest first.

A job whose reading is put off holds up those behind it: what it could not reach, they could not either.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.documents.jobs import Job

Read = Callable[[Job], Awaitable[None]]
"""Reads a job that is its caller's until this returns. Raises Postponed to have it brought again, and any other
DocumentsError where nobody knows how far it came, so that it is brought again, too."""


class Queue(Protocol):
    """Knows which jobs wait, from the moment on at which they are kept."""

    def poke(self) -> None:
        """Something may be due."""

    async def serve(self, read: Read) -> None:
        """Bring what is due to a reader, one after another, until cancelled; no failing job or database ends it.

        What is being read then is cancelled, and given back where that works, before this ends.
        """
