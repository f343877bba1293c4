"""The audit log: who did what to what, and when, in a chain that shows where it was changed afterwards.

Every entry holds the hash of the one before it, so that changing, adding, moving or removing an entry breaks the chain
from there on. Whoever can rewrite the whole table can compute a new chain, too; against that helps only what is kept
elsewhere, so `Verified` tells the number and the hash of the latest entry to be written down.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Protocol

GENESIS: Final = "0" * 64
"""What stands as the hash before the first entry."""


class Action(StrEnum):
    """What is recorded. Stored as text, so that an action may be dropped here without losing its entries."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    RESULTS_SEEN = "results_seen"
    RESULTS_EXPORTED = "results_exported"
    LOG_SEEN = "log_seen"
    ROUND_CREATED = "round_created"
    ROUND_CHANGED = "round_changed"
    ROUND_OPENED = "round_opened"
    ROUND_CLOSED = "round_closed"
    ROUND_REOPENED = "round_reopened"
    ROUND_ARCHIVED = "round_archived"
    ROUND_CORRECTED = "round_corrected"
    EDITION_COMPILED = "edition_compiled"
    REMINDERS_SENT = "reminders_sent"
    VISIBILITY_DECIDED = "visibility_decided"
    WEBHOOK_SENT = "webhook_sent"
    DATA_DELETED = "data_deleted"
    RESPONSES_DISCLOSED = "responses_disclosed"
    API_KEY_CREATED = "api_key_created"
    API_KEY_REVOKED = "api_key_revoked"
    CONVERSATION_EXPORTED = "conversation_exported"
    CONVERSATION_ERASED = "conversation_erased"
    PERSON_EXPORTED = "person_exported"
    PERSON_ERASED = "person_erased"
    FEEDBACK_SEEN = "feedback_seen"
    EVALUATION_QUESTION_KEPT = "evaluation_question_kept"
    EVALUATION_QUESTION_DROPPED = "evaluation_question_dropped"
    CASE_SENT = "case_sent"
    CASE_CANCELLED = "case_cancelled"
    CASE_OPENED = "case_opened"
    CASE_ANSWERED = "case_answered"
    CASE_CLOSED = "case_closed"
    CASE_PUBLISHED = "case_published"
    DOCUMENTS_SENT = "documents_sent"
    DOCUMENTS_REMOVAL_ASKED = "documents_removal_asked"
    DOCUMENTS_FACTS_CHANGED = "documents_facts_changed"
    DOCUMENTS_CANCELLED = "documents_cancelled"
    DOCUMENTS_PUBLISHED = "documents_published"
    DOCUMENTS_DISCARDED = "documents_discarded"
    DOCUMENTS_UNDONE = "documents_undone"
    DOCUMENTS_REMOVED = "documents_removed"
    BOT_PAUSED = "bot_paused"
    BOT_RESUMED = "bot_resumed"


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """What is to be recorded.

    `actor` is the sign-in service's id of the person, or `system` or `command line`; of who is not signed in, what
    stands for their conversation; never a name. `subject` is what it
    was done to, such as a round's label. `details` are short and hold no content of answers.
    """

    at: datetime
    actor: str
    tenant: str
    action: str
    subject: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A recorded event: its `number`, counted from one, and its place in the chain."""

    number: int
    event: AuditEvent
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How the chain is: `entries` in it, the `head` (hash of the latest), and the number of the first entry that does
    not fit what stands before it; None where all fit."""

    entries: int
    head: str
    broken: int | None = None


class AuditLog(Protocol):
    """Keeps entries for good; every method raises AccessStoreFailed."""

    async def append(self, event: AuditEvent) -> AuditEntry:
        """Record an event after the latest one; on disk when this returns."""

    async def entries(self, *, before: int | None = None, limit: int = 100, subject: str = "") -> Sequence[AuditEntry]:
        """The latest entries, newest first; below the number `before`, and about a `subject`, where they are given."""

    async def verify(self) -> Verified:
        """Walk the chain from its beginning."""


def sealed(event: AuditEvent, previous: AuditEntry | None) -> AuditEntry:
    """The entry that follows `previous`; None where it is the first. Raises ValueError for a time without a zone."""
    number = previous.number + 1 if previous else 1
    before = previous.hash if previous else GENESIS
    return AuditEntry(number, event, before, fingerprint(number, event, before))


def fingerprint(number: int, event: AuditEvent, previous: str) -> str:
    """SHA-256 (hex) of an entry's canonical form, which holds the hash before it."""
    return hashlib.sha256(canonical(number, event, previous)).hexdigest()


def canonical(number: int, event: AuditEvent, previous: str) -> bytes:
    """An entry as JSON in one form only: keys sorted, no spaces, UTF-8, time in UTC with microseconds."""
    if event.at.tzinfo is None:
        raise ValueError("an event's time needs a time zone")
    content = {
        "number": number,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "tenant": event.tenant,
        "action": str(event.action),
        "subject": event.subject,
        "details": dict(event.details),
        "previous": previous,
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def verified(entries: Iterable[AuditEntry], since: Verified = Verified(0, GENESIS)) -> Verified:
    """How a chain is; `entries` come oldest first, and none of them is held. `since` is how it was before them."""
    number, head, broken = since.entries, since.head, since.broken
    for entry in entries:
        fits = (
            entry.number == number + 1
            and entry.previous == head
            and entry.hash == fingerprint(entry.number, entry.event, entry.previous)
        )
        if not fits and broken is None:
            broken = entry.number
        number, head = entry.number, entry.hash
    return Verified(number, head, broken)
