"""Questions that people send to the federation, and what becomes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from bot.access.audit import AuditEvent

QUESTION_LIMIT: Final = 1000
REPLY_LIMIT: Final = 4000
"""Characters of a question, and of a reply."""
OPEN_LIMIT: Final = 5
"""Open cases of one conversation; more would be a flood."""


class CaseStatus(StrEnum):
    """How far a case is."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Handed(StrEnum):
    """How far a reply is on its way to the person; NONE where there is nobody to tell.

    UNREACHABLE, the person cannot be written to; GAVE_UP, Teams did not take it however often it was tried; UNCERTAIN,
    it may have arrived. None of these is tried again.
    """

    NONE = "none"
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNREACHABLE = "unreachable"
    GAVE_UP = "gave_up"
    UNCERTAIN = "uncertain"


class Kept(StrEnum):
    """What became of a question that was to be kept."""

    NEW = "new"
    KNOWN = "known"
    TOO_MANY = "too_many"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Case:
    """A question for a person. `origin` tells a conversation from others without naming it; it is kept under a key, and
    read back so; empty for the federation's own. `address` is where the reply goes, and is gone as soon as it is not
    needed. `by` is who replied.

    `tries` are how often the reply was not taken, `try_at` when it is sent again (None: now), and `claimed_at` when
    some process began to send it."""

    id: str
    at: datetime
    question: str
    language: str
    origin: str = ""
    address: str = field(default="", repr=False)
    status: CaseStatus = CaseStatus.OPEN
    reply: str = ""
    replied_at: datetime | None = None
    by: str = ""
    handed: Handed = Handed.NONE
    posted: bool = False
    document: str = ""
    generation: str = ""
    tries: int = 0
    try_at: datetime | None = None
    claimed_at: datetime | None = None


def origin_of(tenant: str, conversation: str) -> str:
    """What the cases of a conversation are found by again, to be counted or erased: 64 hexadecimal digits, which begin
    with those of the conversation in any tenant."""
    return conversation_part(conversation) + _half(f"{tenant}\0{conversation}")


def conversation_part(conversation: str) -> str:
    """What every origin in a conversation begins with, whichever its tenant."""
    return _half(conversation)


def conversation_mark(conversation: str) -> str:
    """What an event says in the place of a conversation, and so of the person in it: 16 hexadecimal digits. The audit
    log keeps a keyed mark of it, which nobody can try conversations out on."""
    return conversation_part(conversation)[:16]


def _half(text: str) -> str:
    """128 bits of SHA-256, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Intake(Protocol):
    """Takes questions from conversations; raises QuestionsStoreFailed."""

    async def take(self, case: Case, event: AuditEvent, asker: str = "") -> Kept:
        """Keep an open case, and record that; one with the same id and origin is kept and recorded once only. `asker`
        is the id of who sent it, of which a pseudonym is kept."""

    async def cancel(self, case_id: str, origin: str, event: AuditEvent) -> Kept:
        """Record, once, that a question was not sent: NEW where it is so, KNOWN where it was sent before, REFUSED where
        the id is somebody else's."""


class CaseDesk(Protocol):
    """Cases as those who answer them see them; every method raises QuestionsStoreFailed."""

    async def all(self, limit: int = 200) -> Sequence[Case]:
        """Open ones first, then the newest first."""

    async def one(self, case_id: str) -> Case | None:
        """A case; None where there is none, or no longer."""

    async def answer(self, case_id: str, reply: str, at: datetime, by: str) -> bool:
        """Keep a reply, to be handed over; False where the case is not open any more."""

    async def close(self, case_id: str, at: datetime, by: str) -> bool:
        """Close an open case without a reply, and forget where it came from; False where it is not open."""
