"""Whether words hold a Swedish personal identity number, so that nobody's number is kept with an answer.

Recognised are personal identity numbers, coordination numbers (whose day is counted from 61) and the temporary numbers
of schools and universities, whose last four places begin with T or TF. A possible date is not enough: the check digit
must be right too, where there is one, or every invoice number that looks like a date would be somebody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

_DASHES = re.compile(r"[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff]")
_JOINT = r"\s{0,3}[-+/]?\s{0,3}"
_RUN = re.compile(rf"[0-9]+(?:{_JOINT}[0-9]+)*")
_GROUP = re.compile(r"[0-9]+")
_SHAPES = (
    *((10,), (6, 4), (6, 3, 1), (6, 2, 2), (2, 2, 2, 4), (2, 2, 2, 2, 2)),
    *((12,), (8, 4), (8, 3, 1), (4, 2, 2, 4), (2, 6, 4), (4, 4, 4)),
)
"""How people group ten or twelve digits: `811218-9876`, `1981-12-18 9876`, `19 811218-9876`."""
_BY_FIRST = {first: tuple(shape for shape in _SHAPES if shape[0] == first) for first in (2, 4, 6, 8, 10, 12)}
_TEMPORARY = re.compile(
    r"(?<![0-9])(?P<year>(?:18|19|20)?[0-9]{2})(?P<joint>[-/ ]?)(?P<month>[0-9]{2})(?P=joint)(?P<day>[0-9]{2})"
    rf"{_JOINT}(?:TF[0-9]{{2}}|T[0-9]{{3}})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_DECIMALS = re.compile(r"[.,][0-9]{1,2}(?![0-9])")
_CALL = re.compile(
    r"\b(?:tel|telefon|telefonnummer|tfn|mobil|mobilnummer|ring|sms|fax|phone|call)\b\W*(?:nr|nummer|till|på)?\W*$"
)
_BEFORE = 24
"""Characters before a number in which it may say that it is one to call."""
_LEAP_YEAR = 2000
"""Stands for a year whose century is not written, as it has a 29 February."""


class _Group(NamedTuple):
    """Digits that stand together, and where."""

    digits: str
    start: int
    end: int


def holds_personal_number(text: str) -> bool:
    """Whether a personal identity number stands anywhere in the text, in whatever form people write them."""
    plain = _DASHES.sub("-", _UNSEEN.sub("", unicodedata.normalize("NFKC", text)))
    if any(_possible(found["year"], found["month"], found["day"]) for found in _TEMPORARY.finditer(plain)):
        return True
    return any(
        _is_one(digits) and not _is_something_else(groups, run, plain)
        for run in _RUN.finditer(plain)
        for digits, groups in _grouped(run)
    )


def _grouped(run: re.Match[str]) -> Iterator[tuple[str, list[_Group]]]:
    """Ten or twelve neighbouring digits that are grouped as those of a personal identity number."""
    groups = [_Group(found.group(), found.start(), found.end()) for found in _GROUP.finditer(run.string, *run.span())]
    for first, group in enumerate(groups):
        for shape in _BY_FIRST.get(len(group.digits), ()):
            chosen = groups[first : first + len(shape)]
            if tuple(len(each.digits) for each in chosen) == shape:
                yield "".join(each.digits for each in chosen), chosen


def _is_something_else(groups: list[_Group], run: re.Match[str], plain: str) -> bool:
    """Whether the digits are an amount, part of a longer number in even groups, a moment, or a telephone number."""
    start, end = groups[0].start, groups[-1].end
    if _DECIMALS.match(plain, end):
        return True
    lengths = [len(group.digits) for group in groups]
    if len(lengths) > 1 and len(set(lengths)) == 1 and (start, end) != run.span():
        return True
    if lengths == [4, 2, 2, 4] and plain[groups[0].end] in "-/" and plain[groups[2].end : groups[3].start].isspace():
        hour, minute = int(groups[3].digits[:2]), int(groups[3].digits[2:])
        return hour < 24 and minute < 60
    before = plain[max(0, start - _BEFORE) : start].lower()
    return sum(lengths) == 10 and plain[start] == "0" and _CALL.search(before) is not None


def _is_one(digits: str) -> bool:
    if len(digits) == 12 and digits[:2] not in ("18", "19", "20"):
        return False
    return _possible(digits[:-8], digits[-8:-6], digits[-6:-4]) and digits[-4:-1] != "000" and _checks(digits[-10:])


def _possible(year: str, month: str, day: str) -> bool:
    counted = int(day)
    try:
        date(int(year) if len(year) == 4 else _LEAP_YEAR, int(month), counted - 60 if counted > 60 else counted)
    except ValueError:
        return False
    return True


def _checks(ten: str) -> bool:
    """Every other digit doubled, from the first on: the digits of them all add up to a multiple of ten (Luhn)."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(ten))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
