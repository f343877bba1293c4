"""Days on which people are at work in Sweden, against the calendars of two years and the rules of all others."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.reminders.workdays import days_off, is_workday

OFF_ON_WEEKDAYS = {
    2026: "01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25 12-31",
    2027: "01-01 01-06 03-26 03-29 05-06 06-25 12-24 12-31",
    2028: "01-06 04-14 04-17 05-01 05-25 06-06 06-23 12-25 12-26",
}
"""Mondays to Fridays on which nobody is at work, from printed calendars."""


@pytest.mark.parametrize("year", OFF_ON_WEEKDAYS)
def test_a_year_has_these_days_off_between_monday_and_friday(year: int) -> None:
    days = (date(year, 1, 1) + timedelta(number) for number in range(366))
    off = [day for day in days if day.year == year and day.weekday() < 5 and not is_workday(day)]
    assert " ".join(f"{day:%m-%d}" for day in off) == OFF_ON_WEEKDAYS[year]


def test_nobody_works_on_weekends() -> None:
    assert not any(is_workday(date(2026, 11, 28) + timedelta(days)) for days in (0, 1))
    assert is_workday(date(2026, 11, 30))


@pytest.mark.parametrize("year", range(2024, 2060))
def test_movable_feasts_stay_where_the_law_puts_them(year: int) -> None:
    days = days_off(year)
    saturdays = [
        day for day in days if day.weekday() == 5 and (day.month, day.day) not in ((1, 1), (1, 6), (5, 1), (6, 6))
    ]
    assert any(date(year, 6, 20) <= day <= date(year, 6, 26) for day in saturdays)
    assert any(date(year, 10, 31) <= day <= date(year, 11, 6) for day in saturdays)
    ascension = [day for day in days if day.weekday() == 3 and date(year, 4, 30) <= day <= date(year, 6, 3)]
    assert ascension
    assert len(days) in (15, 16)
