"""Swedish personal identity numbers in whatever form people write them, for all who must not keep them.

Skatteverket, SKV 704 (personnummer) and SKV 707 (samordningsnummer, whose day is 60 more), with the check digit by the
Luhn algorithm; and the temporary numbers of schools and health care, which have a letter and no check digit.

What decides, where other numbers have the same form:

- A date that there is and the right check digit: a personal identity number. One in 140 of all ten digits is taken for
  one by chance; that is the price of missing nobody's. Not so where the digits are those of two dates, of a date of
  these years and an hour (`2026-03-09 1430`), or of a period that is called one (`perioden 230822-1203`).
- A wrong check digit: people mistype. `YYMMDD-XXXX` is likely a number all the same, unless it can be a period or a
  moment of these years (`230822-1203`, `240115-0930`) or the word before says that it is something else (`dnr`,
  `faktura`).
- The word before says that it is a personal identity number (`personnummer`, `pnr`, `född`): then it is one anyway.
- So a mistyped number whose year is 00 to 39 passes where its last four digits can be read as an hour and a minute,
  and nothing says what it is: one mistyped number in seven of those.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import product
from typing import Final

from knowledge.digit_groups import Group, Grouped, Shape, by_first, grouped, luhn


class Surety(Enum):
    """How sure it is that some digits are a personal identity number."""

    SURE = "sure"
    LIKELY = "likely"
    """Mistyped, or with the right check digit in a form that other numbers have too."""
    CALLED = "called"
    """What stands before says that it is a telephone number."""


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """Where one stands in a plain text, and how sure that is."""

    start: int
    end: int
    surety: Surety


_DATES: Final[tuple[Shape, ...]] = ((6,), (2, 2, 2), (8,), (4, 2, 2), (2, 6), (4, 4), (2, 2, 2, 2), (1,) * 6, (1,) * 8)
_LASTS: Final[tuple[Shape, ...]] = (
    *((4,), (3, 1), (2, 2), (1, 3)),
    *((2, 1, 1), (1, 2, 1), (1, 1, 2), (1, 1, 1, 1)),
)
_SPLIT: Final[tuple[Shape, ...]] = ((7, 3), (8, 2), (9, 1), (9, 3), (10, 2), (11, 1))
"""Somewhere in the last four digits, by a space."""
_DATED: Final[tuple[Shape, ...]] = ((2, 2, 6), (4, 2, 6))
"""Only the date has separators."""
_SHAPES = by_first(((10,), (12,), (2, 10), *_SPLIT, *_DATED, *(day + last for day, last in product(_DATES, _LASTS))))
"""How people group ten or twelve digits: `811218-9876`, `1981-12-18 9876`, `19 811218-9876`, `81 12 18 98 76`."""
_USUAL: Final[tuple[Shape, ...]] = ((6, 4), (8, 4))
_IN_ONE: Final[tuple[Shape, ...]] = ((10,), (12,))

_JOINT: Final = r" {0,3}[-+/.]? {0,3}"
_TEMPORARY = re.compile(
    r"(?<![0-9])(?P<year>(?:18|19|20)?[0-9]{2})(?P<joint>[-/. ]?)(?P<month>[0-9]{2})(?P=joint)(?P<day>[0-9]{2})"
    rf"(?:{_JOINT}(?:T ?F ?[0-9] ?[0-9]|T ?[0-9] ?[0-9] ?[0-9])"
    r"|(?P<rare>[-+]?[RSUWXJKLMN] ?[0-9] ?[0-9] ?[0-9]))(?![0-9A-Z])",
    re.IGNORECASE,
)
_DECIMALS = re.compile(r"[.,][0-9]{1,2}(?![0-9])")
_DATE = re.compile(r"(?:19|20)[0-9]{2}(?P<joint>[-/.])(?:0[1-9]|1[0-2])(?P=joint)(?:[0-2][0-9]|3[01])(?![0-9])")

_NUMBER: Final = r"(?:s?nr|s?nummer|s?numret|s?numren|-?id)?"
_SAID = re.compile(
    r"(?<!\[)\b(?:(?:person|p|samordnings|sam|födelse)-?(?:nr|nummer|numret|numren|id)|pers\.?-?nr|född|födda"
    r"|(?:personal|national) (?:identity )?(?:number|no)|social security number|ssn|date of birth|born)\b"
    r"[^0-9.!?]{0,16}$",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"(?<!\[)\b(?:tel|telefon|telefonnummer|tfn|mobil|mobilnummer|ring|sms|fax|phone|call)\b\W*(?:nr|nummer|till|på)?\W*$",
    re.IGNORECASE,
)
_PERIOD = re.compile(r"\b(?:period(?:en)?|tiden|datum|dagarna|mellan|from|fr\. ?o\. ?m\.?)[ :(]{0,2}$", re.IGNORECASE)
_ELSE = re.compile(
    r"\b(?:dnr|diarie|ärende|mål|faktura|order|ocr|konto|artikel|avtal|protokoll|version|beslut|projekt|serie"
    rf"|inventarie|referens|ref|kod|kodsträng|objekt|org|organisation){_NUMBER}[ .:]{{0,2}}(?:nr|är)?[ .:]{{0,2}}$",
    re.IGNORECASE,
)
_BEFORE: Final = 40
"""Characters before a number in which it may say what it is."""
_CALL_BEFORE: Final = 24
_THESE_YEARS: Final = range(40)
"""Years without their century of which texts at work tell periods and moments: 2000 to 2039."""
_LEAP_YEAR: Final = 2000
"""Stands for a year whose century is not written, as it has a 29 February."""


def personal_numbers(plain: str, groups: tuple[Group, ...]) -> Iterator[PersonalNumber]:
    """Those of a plain text (see `plain_text`) with the groups of its digits; they may overlap."""
    for match in _TEMPORARY.finditer(plain):
        if _possible(match["year"], match["month"], match["day"]):
            yield PersonalNumber(match.start(), match.end(), Surety.LIKELY if match["rare"] else Surety.SURE)
    for found in grouped(groups, _SHAPES):
        surety = _surety(found, plain)
        if surety is not None:
            yield PersonalNumber(found.start, found.end, surety)


def _surety(found: Grouped, plain: str) -> Surety | None:
    digits = found.digits
    if len(digits) == 12 and digits[:2] not in ("18", "19", "20"):
        return None
    if digits[-4:-1] == "000" or not _possible(digits[:-8], digits[-8:-6], digits[-6:-4]):
        return None
    if luhn(digits[-10:]):
        return _surety_of_right(found, digits, plain)
    if found.shape not in (*_USUAL, *_IN_ONE):
        return None
    before = plain[max(0, found.start - _BEFORE) : found.start]
    if _SAID.search(before):
        return Surety.LIKELY
    if found.shape in _IN_ONE or found.joints[0] not in ("-", "+") or "-" in (found.before, found.after):
        return None
    return None if (_is_these_years(digits) and _is_moment(digits)) or _ELSE.search(before) else Surety.LIKELY


def _surety_of_right(found: Grouped, digits: str, plain: str) -> Surety | None:
    before = plain[max(0, found.start - _BEFORE) : found.start]
    in_row = len(found.shape) > 1 and len(set(found.shape)) == 1 and (found.before or found.after) is not None
    if _is_else(found, digits, plain, before, in_row=in_row):
        return Surety.SURE if _SAID.search(before) else None
    dated = found.shape == (4, 2, 2, 4) and found.joints[0] in ("-", "/") and found.joints[2].isspace()
    doubtful = (
        in_row
        or found.shape in (*_SPLIT, *_DATED)
        or (dated and _is_moment(digits))
        or (len(found.shape) == 1 and _DECIMALS.match(plain, found.end) is not None)
        or any("." in joint for joint in found.joints)
    )
    if len(digits) == 10 and digits[0] == "0" and _CALL.search(before[-_CALL_BEFORE:]):
        return Surety.CALLED
    return Surety.LIKELY if doubtful and not _SAID.search(before) else Surety.SURE


def _is_else(found: Grouped, digits: str, plain: str, before: str, *, in_row: bool) -> bool:
    """Whether the digits are a date and an hour, a period, or something else that has the check digit by chance."""
    if found.shape in _SPLIT and not found.joints[0].isspace():
        return True
    if found.shape in _DATED and found.joints[0] != found.joints[1]:
        return True
    if _is_of_several(found, in_row=in_row) or (len(found.shape) > 2 and _DATE.match(plain, found.groups[-1].start)):
        return True
    if not (_is_these_years(digits) and _is_moment(digits)):
        return False
    if found.shape == (4, 2, 2, 4) and found.joints[0] in ("-", "/") and found.joints[2].isspace():
        return True
    return found.shape in _USUAL and _PERIOD.search(before) is not None


def _is_of_several(found: Grouped, *, in_row: bool) -> bool:
    """Whether the digits are the end of one thing and the beginning of another, by how they are joined: two dates
    (`25-03-04–25-04-11`, `26/03-12/08`), or two rows of pairs or single digits."""
    joints = [joint.strip() for joint in found.joints]
    dated = found.shape[:3] in ((2, 2, 2), (4, 2, 2)) and len(found.digits) == sum(found.shape[:3]) + 4
    if dated and (joints[0] != joints[1] or (in_row and joints[0] == "-")):
        return True
    if len(joints) > 1 and found.shape[0] < 4 and len(set(found.shape)) == 1:
        del joints[-4 // found.shape[0]]  # the one before the last four digits
        return len(set(joints)) > 1
    return False


def _is_these_years(digits: str) -> bool:
    return int(digits[-10:-8]) in _THESE_YEARS and digits[:-10] in ("", "20")


def _is_moment(digits: str) -> bool:
    """Whether the last four can be an hour and a minute, as also the month and day of every date can."""
    return int(digits[-4:-2]) < 24 and int(digits[-2:]) < 60


def _possible(year: str, month: str, day: str) -> bool:
    counted, of_year = int(day), int(year) if len(year) == 4 else _LEAP_YEAR
    if counted > 60:
        counted -= 60
    return 1 <= int(month) <= 12 and 1 <= counted <= monthrange(of_year, int(month))[1]
