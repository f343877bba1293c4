"""How long cases are kept, when they are overdue, how often a reply is tried: at the border, before and after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.questions.cases import Case, CaseStatus
from bot.questions.keeping import OVERDUE, Keeping
from bot.questions.retrying import LEASE, TRY_LIMIT, WAITS, next_try
from bot.teams.sending.pauses import ATTEMPTS
from bot.teams.sending.proactive import LONGEST_PAUSE

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = Case("a" * 32, NOON, "Vem beslutar?", "sv")
CLOSED = replace(OPEN, status=CaseStatus.CLOSED, replied_at=NOON + DAY)


@pytest.mark.parametrize(("days", "overdue"), [(90, OVERDUE), (14, OVERDUE), (3, 3 * DAY)])
def test_an_open_case_is_overdue_after_two_weeks_or_the_period_if_that_is_shorter(
    days: int, overdue: timedelta
) -> None:
    keeping = Keeping(timedelta(days=days))
    waited = [keeping.is_overdue(OPEN, NOON + overdue + more) for more in (-DAY, 0 * DAY, DAY)]
    assert waited == [False, False, True]
    assert not keeping.is_overdue(CLOSED, NOON + overdue + DAY)


@pytest.mark.parametrize("days", [1, 3, 14, 90, 3650])
def test_an_open_case_is_shown_as_overdue_at_least_as_long_as_it_took_to_become_that(days: int) -> None:
    keeping = Keeping(timedelta(days=days))
    assert keeping.open > keeping.done
    middle = NOON + keeping.open / 2 + timedelta(seconds=1)
    assert keeping.is_overdue(OPEN, middle)


def test_a_case_is_kept_from_its_question_while_it_is_open_and_from_its_end_then() -> None:
    keeping = Keeping(90 * DAY)
    assert keeping.until(OPEN) == NOON + 180 * DAY
    assert keeping.until(CLOSED) == NOON + 91 * DAY


def test_pauses_between_tries_grow_and_end_after_three_days() -> None:
    assert all(shorter < longer for shorter, longer in pairwise(WAITS))
    assert sum(WAITS, timedelta()) == timedelta(days=3)
    limit = len(WAITS)
    assert [next_try(tries, NOON) for tries in (1, limit, limit + 1)] == [NOON + WAITS[0], NOON + WAITS[-1], None]


def test_a_lease_is_longer_than_a_try_and_a_try_longer_than_its_pauses() -> None:
    assert timedelta(seconds=ATTEMPTS * LONGEST_PAUSE) < TRY_LIMIT < LEASE
