"""Cases for tests, and what is recorded when they are sent."""

from __future__ import annotations

from bot.access.audit import Action, AuditEvent
from bot.questions.cases import Case


def sent_event(case: Case, action: Action = Action.CASE_SENT) -> AuditEvent:
    """What a conversation has recorded of a case."""
    return AuditEvent(case.at, "0123456789abcdef", "t", action, case.id)
