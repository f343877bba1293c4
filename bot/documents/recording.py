"""What is recorded of documents in the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.access.audit import Action, AuditEvent
from bot.documents.jobs import Job


@dataclass(frozen=True, slots=True)
class Person:
    """Who does something, as the audit log names them. `name` is for people to read, where it is known."""

    subject: str
    tenant: str
    name: str = ""


def event_of(at: datetime, by: Person, action: Action, job: Job, **details: str) -> AuditEvent:
    """That somebody did something to a job; no content of documents, and no names of files."""
    return AuditEvent(at, by.subject, by.tenant, action, job.id, {"owner": job.owner, **details})
