"""Dates and times that a workbook keeps as numbers of days."""

from __future__ import annotations

import datetime

_FIRST = datetime.datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook knows no time zones
_SHIFT_1904 = 1462
_LEAP = 60
"""The day that Excel counts although 1900 had no 29 February."""
_MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)


def shown_date(value: float, codes: str, *, since_1904: bool = False) -> str | None:
    """A number of days in a format of `y m d h s`: as ISO date, month, year or time. None where it is no date."""
    if "[" in codes:
        return _elapsed(value, codes)
    try:
        days = value + (_SHIFT_1904 if since_1904 else 1 if value < _LEAP else 0)
        moment = _FIRST + datetime.timedelta(seconds=round(days * 86_400))
    except (OverflowError, ValueError):
        return None
    clock = "h" in codes or "s" in codes
    time = f"{moment:%H:%M:%S}" if "s" in codes else f"{moment:%H:%M}"
    if "y" not in codes and "d" not in codes:
        return time if clock else _MONTHS[moment.month - 1]
    if moment.year < 1900:
        return None
    if "d" not in codes:
        date = f"{moment:%Y-%m}" if "m" in codes.replace("h:mm", "") else f"{moment:%Y}"
    else:
        date = f"{moment:%Y-%m-%d}"
    return f"{date} {time}" if clock else date


def iso_moment(text: str) -> str:
    """`2024-05-17T00:00:00` gives `2024-05-17`; a time of day other than midnight is kept."""
    date, _, time = text.partition("T")
    return f"{date} {time[:5]}" if time[:5] not in ("", "00:00") else date


def _elapsed(value: float, codes: str) -> str:
    seconds = round(abs(value) * 86_400)
    sign = "-" if value < 0 else ""
    if "[h" in codes:
        tail = f":{seconds % 60:02d}" if "s" in codes else ""
        return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}{tail}"
    return f"{sign}{seconds // 60}:{seconds % 60:02d}" if "[m" in codes else f"{sign}{seconds}"
