"""Numbers of a workbook as a Swedish reader sees them: decimal comma, blanks between thousands, ISO dates.

The codes are those of ECMA-376, part 1, 18.8.31; a file keeps them in their English form whatever the language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from ingest.loaders.office.serial_dates import shown_date

GENERAL = "General"
BUILT_IN = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??"},
    **{14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm"},
    **{21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00"},
    **{41: "#,##0", 42: "#,##0 kr", 43: "#,##0.00", 44: "#,##0.00 kr", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss"},
    **{48: "##0.0E+0", 49: "@"},
}
"""Formats that a file names by number only; those that depend on the language are the Swedish ones."""

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[\$([^\]-]*)[^\]]*\]|(\[(?:h+|m+|s+)\])|\[[^\]]*\]|(.)', re.IGNORECASE)
_SECTIONS = re.compile(r'((?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[])*);?')
_LONGEST = 255
_PLACES = "0#?"


@dataclass(frozen=True, slots=True)
class _Sign:
    """One sign of a format; `literal` stands as it is."""

    text: str
    literal: bool


def shown_number(value: float, code: str, *, since_1904: bool = False) -> str | None:
    """A number in a format; None where the format shows nothing, as `;;;` does."""
    if code == GENERAL:
        return general(value)
    section, value = _section(_sections(code[:_LONGEST]), value)
    if not section.strip():
        return None
    if "general" in section.lower() or "@" in section:
        return general(value)
    signs = _signs(section)
    codes = "".join(sign.text for sign in signs if not sign.literal).lower()
    if re.search(r"[ymdhs]", codes) and not any(place in codes for place in "#?"):
        return shown_date(value, codes, since_1904=since_1904) or general(value)
    return _number(value, signs) if any(place in codes for place in _PLACES) else _text(signs)


def general(value: float) -> str:
    """A number as it is shown without a format: up to ten digits that count."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.10g}".replace(".", ",")


@lru_cache(maxsize=256)
def _sections(code: str) -> tuple[str, ...]:
    """The parts of a format: for positive numbers, negative ones, zero and text."""
    return tuple(match.group(1) for match in _SECTIONS.finditer(code))[:-1] or (GENERAL,)


def _section(sections: tuple[str, ...], value: float) -> tuple[str, float]:
    """The part of a format that is for numbers like this one, and the number without a sign that the part writes."""
    if len(sections) > 1 and value < 0:
        return sections[1], -value
    if len(sections) > 2 and value == 0:
        return sections[2], value
    return sections[0], value


@lru_cache(maxsize=256)
def _signs(section: str) -> tuple[_Sign, ...]:
    signs: list[_Sign] = []
    for match in _TOKEN.finditer(section):
        quoted, escaped, currency, elapsed, sign = match.groups()
        if sign is not None:
            literal = sign not in "0#?.,%EeyYmMdDhHsS/"
            signs.append(_Sign(sign, literal))
        elif elapsed is not None:
            signs.append(_Sign(elapsed, False))
        elif (text := quoted or escaped or currency) is not None:
            signs.append(_Sign(text, True))
    return tuple(signs)


def _text(signs: Sequence[_Sign]) -> str:
    return "".join(sign.text for sign in signs if sign.literal)


def _number(value: float, signs: Sequence[_Sign]) -> str:
    codes = "".join(sign.text for sign in signs if not sign.literal)
    if "e" in codes.lower() or "/" in codes:
        return general(value)
    places = [index for index, sign in enumerate(signs) if not sign.literal and sign.text in _PLACES]
    first, last = places[0], places[-1]
    point = next((i for i, s in enumerate(signs) if first <= i <= last and not s.literal and s.text == "."), last + 1)
    whole = [sign for sign in signs[first:point] if sign.literal or sign.text in _PLACES]
    decimals = [sign.text for sign in signs[point : last + 1] if not sign.literal and sign.text in _PLACES]
    grouped = any(sign.text == "," and not sign.literal for sign in signs[first:point][:-1])
    scale = sum(1 for sign in signs[last + 1 :] if sign.text == "," and not sign.literal)
    percent = sum(1 for sign in signs if sign.text == "%" and not sign.literal)
    scaled = Decimal(repr(value)) * 100**percent / 1000**scale
    exact = scaled.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    digits, _, fraction = f"{abs(exact):f}".partition(".")
    while fraction.endswith("0") and decimals and decimals[len(fraction) - 1] != "0":
        fraction = fraction[:-1]
    figure = _whole(digits, whole, grouped=grouped) + (f",{fraction}" if fraction else "")
    before = "".join(sign.text for sign in signs[:first] if sign.literal or sign.text == "%")
    after = "".join(sign.text for sign in signs[last + 1 :] if sign.literal or sign.text == "%")
    after = re.sub(r"^%", " %", after)
    return f"{'-' if exact < 0 else ''}{before}{figure}{after}".strip()


def _whole(digits: str, signs: Sequence[_Sign], *, grouped: bool) -> str:
    """The part before the decimal comma, with leading zeros and what stands between the digits, as in `123 45`."""
    least = sum(1 for sign in signs if sign.text == "0" and not sign.literal)
    digits = digits.lstrip("0").rjust(least, "0")
    if grouped:
        return f"{int(digits):,}".replace(",", " ") if digits else ""
    result = ""
    for sign in reversed(signs):
        if sign.literal:
            result = sign.text + result
        elif digits:
            digits, result = digits[:-1], digits[-1] + result
    return digits + result
