"""Swedish working days: no weekends, no public holidays, and no eves on which nobody is at work.

The holidays are those of the act on public holidays (1989:253); the eves are the days that the act on annual leave
(1977:480, section 3 a) counts as Sundays.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

SATURDAY = 5


def is_workday(day: date) -> bool:
    """Whether people are at work on this day."""
    return day.weekday() < SATURDAY and day not in days_off(day.year)


@lru_cache(maxsize=8)
def days_off(year: int) -> frozenset[date]:
    """The holidays and eves of a year, on whichever weekday they fall."""
    sunday: date = easter(year)
    by_easter = (sunday + timedelta(days) for days in (-2, 0, 1, 39, 49))
    fixed = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
    midsummer = _saturday_from(date(year, 6, 20))
    return frozenset(
        {
            *by_easter,
            *(date(year, month, day) for month, day in fixed),
            midsummer - timedelta(1),
            midsummer,
            _saturday_from(date(year, 10, 31)),
        }
    )


def _saturday_from(day: date) -> date:
    return day + timedelta((SATURDAY - day.weekday()) % 7)
