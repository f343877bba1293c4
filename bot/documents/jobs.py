"""A job: what somebody does to documents, from the first press until it is published, discarded or given up.

Most are files that were sent together; others take a document out, or change facts about one, without any file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from bot.access.audit import AuditEvent
from bot.documents.ports import Prepared
from ingest.difference import Difference
from ingest.gate_report import GateReport
from ingest.model import Outcome

LEASE: Final = timedelta(seconds=30)
"""How long a job counts as being read after its reader last said so; a crashed one says nothing."""
BEAT: Final = 5.0
"""Seconds between two such words."""


class JobState(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    READING = "reading"
    DRAFT = "draft"
    PUBLISHED = "published"
    DISCARDED = "discarded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDONE = "undone"


class JobKind(StrEnum):
    """What a job does: files come in, a document goes out, facts about one are changed. All of them make a draft."""

    SENT = "sent"
    REMOVAL = "removal"
    FACTS = "facts"


UNDER_WAY: Final = (JobState.QUEUED, JobState.READING)
ACTIVE: Final = (*UNDER_WAY, JobState.DRAFT)
"""Jobs whose files are still needed."""


@dataclass(frozen=True, slots=True)
class JobFile:
    """A file as it was sent. `id` names it on disk; `name` is the sender's, and never a path, or a web address.

    `size` is in bytes.
    """

    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Far:
    """How far the reading of a job is: `done` of `total` in a `phase`, and the last file where that is about files."""

    phase: str = ""
    done: int = 0
    total: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """`by` is the sign-in service's id of who began it; `owner` is the municipality whose people alone will find the
    documents (empty: everybody). `generation` is the draft, later what was published; `base` is what it was made on.
    `problem` is why there is no draft, or not yet. `gate` is how known questions would be answered (None: none were
    asked). `holder` reads it, and last said so at `held_at`. `paths` are the documents that a job without files is
    about. `tries` is how often something could not be reached while it was read, and `due_at` when the next try is."""

    id: str
    at: datetime
    by: str
    tenant: str
    owner: str
    files: tuple[JobFile, ...]
    state: JobState = JobState.QUEUED
    note: str = ""
    problem: str = ""
    outcomes: tuple[Outcome, ...] = ()
    difference: Difference = field(default_factory=Difference)
    gate: GateReport | None = None
    generation: str = ""
    base: str = ""
    done_at: datetime | None = None
    holder: str = ""
    held_at: datetime | None = None
    kind: JobKind = JobKind.SENT
    paths: tuple[str, ...] = ()
    tries: int = 0
    due_at: datetime | None = None

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(each.size for each in self.files)

    def drafted(self, draft: Prepared) -> Job:
        """The job with its draft."""
        return replace(
            self,
            state=JobState.DRAFT,
            outcomes=draft.outcomes,
            difference=draft.difference.sampled(),
            gate=draft.gate,
            generation=draft.generation,
            base=draft.base,
            problem="",
            tries=0,
            due_at=None,
            holder="",
            held_at=None,
        )

    def ended(self, state: JobState, at: datetime, *, problem: str = "", outcomes: Sequence[Outcome] = ()) -> Job:
        """The job as it ended. What came of its files stays."""
        return replace(
            self,
            state=state,
            done_at=at,
            problem=problem,
            outcomes=tuple(outcomes) or self.outcomes,
            holder="",
            held_at=None,
            due_at=None,
        )

    def queued_again(self, problem: str = "", *, tries: int = 0, due_at: datetime | None = None) -> Job:
        """The job, to be read once more; `problem` says why where there is a reason to tell."""
        return replace(
            self,
            state=JobState.QUEUED,
            generation="",
            base="",
            gate=None,
            problem=problem,
            holder="",
            held_at=None,
            tries=tries,
            due_at=due_at,
        )


class Jobs(Protocol):
    """Keeps jobs; every method raises DocumentsStoreFailed."""

    async def add(self, job: Job, event: AuditEvent, most: int) -> bool:
        """Keep a new job with an entry in the audit log: both or neither, and neither where `most` are active."""

    async def one(self, job_id: str) -> Job | None:
        """A job; None where there is none."""

    async def all(self, owners: Sequence[str] | None = None, limit: int = 50) -> Sequence[Job]:
        """The latest first; those of these owners, where any are named."""

    async def active(self) -> Sequence[Job]:
        """Those whose files are still needed, the oldest first."""

    async def of_generation(self, generation: str) -> Job | None:
        """The job that published a generation."""

    async def claim(self, holder: str, now: datetime, stale: datetime) -> Job | None:
        """Take the oldest job that waits, or whose reader was last heard of before `stale`; None while another is
        being read, while that one waits for its next try, or where there is none."""

    async def beat(self, job_id: str, holder: str, now: datetime, far: Far | None = None) -> bool:
        """Say that a job is still being read, and how far that is; False where it is not the holder's any more."""

    async def followed(self) -> Sequence[tuple[str, JobState, Far | None]]:
        """The ids of those whose files are still needed, their states, and how far each is that somebody reads, in
        whichever process. Quick: it is asked again and again."""

    async def change(
        self, job: Job, expected: Sequence[JobState], event: AuditEvent | None = None, *, holder: str | None = None
    ) -> bool:
        """Keep what became of a job, with an entry in the audit log: both or neither. False, and nothing is changed,
        where it is in none of the `expected` states, or held by somebody else than `holder` where one is given."""

    async def forget(self, ended_before: datetime) -> int:
        """Delete those that ended before this, for good; how many they were."""
