"""Who is reminded now, and why the others are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from bot.maturity.rounds import Round, RoundStatus
from bot.maturity.session import Source
from bot.reminders.model import Kept, Standing, Wish
from bot.reminders.planning import Rules, Why, can_come, plan
from bot.reminders.workdays import is_workday
from tests.unit.reminders.checks import SWEDEN, a_round, at

RULES = Rules()
WISH = Wish("{}", "sv", "s1", 3)
TUESDAY = at("2026-12-01 10:00")
KEPT = Kept("r1", "owner", Source.INDIVIDUAL, date(2026, 11, 25), wish=WISH)


def why(kept: Kept = KEPT, now: datetime = TUESDAY, held: Round | None = None) -> Why:
    [line] = plan(held or a_round(), [kept], now, RULES)
    assert line.kept is kept
    return line.why


def test_somebody_who_left_three_days_ago_is_due() -> None:
    assert why() is Why.DUE
    assert why(replace(KEPT, active=date(2026, 11, 28))) is Why.DUE
    assert why(replace(KEPT, active=date(2026, 11, 29))) is Why.ACTIVE


def test_a_second_reminder_comes_four_days_after_the_first_at_the_earliest_and_is_the_last() -> None:
    assert why(replace(KEPT, sent=1, last=date(2026, 11, 28))) is Why.REMINDED
    assert why(replace(KEPT, sent=1, last=date(2026, 11, 27))) is Why.DUE
    assert why(replace(KEPT, sent=2, last=date(2026, 11, 20))) is Why.ENOUGH


@pytest.mark.parametrize(
    "moment",
    [
        "2026-12-01 07:59",
        "2026-12-01 16:00",  # the last working hour
        "2026-12-01 17:00",
        "2026-12-01 23:59",
        "2026-12-05 10:00",  # Saturday
        "2026-12-06 10:00",  # Sunday
    ],
)
def test_nobody_is_reminded_outside_of_working_hours_or_in_the_last_of_them(moment: str) -> None:
    assert why(now=at(moment)) is Why.HOURS


@pytest.mark.parametrize("moment", ["2026-12-24 10:00", "2027-01-01 10:00", "2027-01-06 10:00", "2027-03-26 10:00"])
def test_nobody_is_reminded_on_a_holiday(moment: str) -> None:
    assert why(now=at(moment), held=a_round(closes=None)) is Why.HOURS


@pytest.mark.parametrize("moment", ["2026-12-01 08:00", "2026-12-01 15:59"])
def test_the_hours_are_those_of_sweden(moment: str) -> None:
    assert why(now=at(moment)) is Why.DUE


def test_the_persons_own_reasons_go_before_the_calendars() -> None:
    night = at("2026-12-01 03:00")
    assert why(replace(KEPT, submitted=True, wish=None), night) is Why.SUBMITTED
    assert why(replace(KEPT, standing=Standing.REFUSED, wish=None), night) is Why.REFUSED
    assert why(replace(KEPT, standing=Standing.UNREACHABLE, wish=None), night) is Why.UNREACHABLE
    assert why(replace(KEPT, wish=None), night) is Why.UNREACHABLE


def test_only_an_open_round_that_counts_reminds() -> None:
    assert why(held=a_round(practice=True)) is Why.PRACTICE
    assert why(held=a_round(status=RoundStatus.PLANNED)) is Why.NOT_OPEN
    assert why(held=a_round(opens=date(2026, 12, 2))) is Why.NOT_OPEN
    assert why(held=a_round(closes=date(2026, 11, 30))) is Why.NOT_OPEN
    assert why(held=a_round(closes=date(2026, 12, 1))) is Why.DUE


def test_a_reminder_is_promised_only_where_there_is_a_day_left_for_it() -> None:
    friday = date(2026, 12, 18)
    for active, possible in ((date(2026, 12, 15), True), (date(2026, 12, 16), False), (date(2026, 12, 18), False)):
        assert can_come(a_round(closes=friday), active, RULES) is possible
    assert not can_come(a_round(closes=date(2026, 12, 20)), date(2026, 12, 16), RULES)  # only a weekend is left
    assert can_come(a_round(closes=None), date(2026, 12, 16), RULES)
    assert not can_come(a_round(practice=True), date(2026, 11, 2), RULES)


days = st.dates(date(2026, 11, 1), date(2027, 2, 1))
kept_by_anybody = st.builds(
    Kept,
    round=st.just("r1"),
    owner=st.text(min_size=1, max_size=3),
    source=st.sampled_from(Source),
    active=days,
    standing=st.sampled_from([Standing.WANTED, Standing.WANTED, *Standing]),
    sent=st.integers(0, 3),
    last=st.none() | days,
    submitted=st.booleans(),
    wish=st.sampled_from([WISH, WISH, None]),
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(kept_by_anybody, max_size=8),
    st.datetimes(datetime(2026, 11, 1), datetime(2027, 2, 1)),  # noqa: DTZ001 - made Swedish below
    st.sampled_from([a_round(), a_round(closes=None), a_round(practice=True), a_round(status=RoundStatus.PLANNED)]),
)
def test_whoever_is_due_has_every_right_to_be(kept: list[Kept], naive: datetime, held: Round) -> None:
    now = naive.replace(tzinfo=SWEDEN)
    lines = plan(held, kept, now, RULES)
    assert [line.kept for line in lines] == kept
    for line in lines:
        if line.why is not Why.DUE:
            continue
        one = line.kept
        assert one.sent < 2
        assert not one.submitted
        assert one.standing is Standing.WANTED
        assert one.wish is not None
        assert now.date() - one.active >= timedelta(days=3)
        assert one.last is None or now.date() - one.last >= timedelta(days=4)
        assert is_workday(now.date())
        assert 8 <= now.hour < 16
        assert held.takes_answers(now.date())
        assert not held.practice
