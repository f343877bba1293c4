"""Who is reminded now, and why the others are not. Pure: what is kept, the moment and the rules decide alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.maturity.rounds import Round
from bot.reminders.model import Kept, Standing
from bot.reminders.workdays import is_workday


@dataclass(frozen=True, slots=True)
class Rules:
    """When a person may be reminded, and how often in a round.

    Between `begins` and `ends`, Swedish time, on working days. Working hours are 8 to 17; in the last hour of them
    nobody begins a questionnaire, so nobody is reminded either.
    """

    most: int = 2
    after_activity: timedelta = timedelta(days=3)
    between: timedelta = timedelta(days=4)
    begins: time = time(8)
    ends: time = time(16)

    def allow(self, now: datetime) -> bool:
        """Whether anybody may be reminded at this moment, given in Swedish time."""
        return is_workday(now.date()) and self.begins <= now.time() < self.ends


class Why(StrEnum):
    """DUE, or the reason not to be; the person's own reasons go before those of the calendar."""

    DUE = "due"
    PRACTICE = "practice"
    NOT_OPEN = "not_open"
    SUBMITTED = "submitted"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    ENOUGH = "enough"
    ACTIVE = "active"
    REMINDED = "reminded"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Line:
    """What is decided about one person's reminders."""

    kept: Kept
    why: Why


def can_come(held: Round, active: date, rules: Rules) -> bool:
    """Whether somebody who was here on this day can be reminded before the round's last day is over."""
    if held.practice:
        return False
    first = active + rules.after_activity
    if held.closes is None:
        return True
    return any(is_workday(first + timedelta(days)) for days in range((held.closes - first).days + 1))


def plan(held: Round, kept: Iterable[Kept], now: datetime, rules: Rules) -> tuple[Line, ...]:
    """A line for each, in the order given. `now` is in Swedish time."""
    return tuple(Line(each, _why(held, each, now, rules)) for each in kept)


def _why(held: Round, kept: Kept, now: datetime, rules: Rules) -> Why:
    today = now.date()
    reasons = (
        (Why.PRACTICE, held.practice),
        (Why.NOT_OPEN, not held.takes_answers(today)),
        (Why.SUBMITTED, kept.submitted),
        (Why.REFUSED, kept.standing is Standing.REFUSED),
        (Why.UNREACHABLE, kept.standing is Standing.UNREACHABLE or kept.wish is None),
        (Why.ENOUGH, kept.sent >= rules.most),
        (Why.ACTIVE, today - kept.active < rules.after_activity),
        (Why.REMINDED, kept.last is not None and today - kept.last < rules.between),
        (Why.HOURS, not rules.allow(now)),
    )
    return next((why for why, holds in reasons if holds), Why.DUE)
