"""How long a question to the federation is kept. Pure; `bot.case_sending` has it deleted.

Questions and replies are official documents, so nothing goes before its period is over: a case that was answered or
closed is kept for `done`, and an open one for twice as long, since somebody still waits for the reply. Before it goes
the page has shown it as overdue for at least as long as it took to become that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.questions.cases import Case, CaseStatus

OVERDUE: Final = timedelta(days=14)
"""After so long without a reply a question is overdue; sooner where `done` is shorter."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """`done` is how long a case is kept after it was answered or closed."""

    done: timedelta

    @property
    def open(self) -> timedelta:
        """How long an open case is kept after it was asked."""
        return 2 * self.done

    def is_overdue(self, case: Case, now: datetime) -> bool:
        """Whether an open case has waited for its reply for too long."""
        return case.status is CaseStatus.OPEN and now - case.at > min(OVERDUE, self.done)

    def until(self, case: Case) -> datetime:
        """The last moment at which a case is kept, as it stands now; UTC."""
        if case.status is CaseStatus.OPEN or case.replied_at is None:
            return case.at + self.open
        return case.replied_at + self.done
