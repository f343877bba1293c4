"""Numbers in words, as the language writes them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_HARD: Final = "\N{NO-BREAK SPACE}"


def decimal(value: float, language: str, places: int = 0) -> str:
    """A number with so many decimals at most, halves rounded up as on the pages: `2,5` in Swedish, `2.5` in English."""
    text = str(Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    # What rounds to nothing is nothing, from either side.
    text = "0" if text == "-0" else text.replace("-", "\N{MINUS SIGN}")
    return text.replace(".", ",") if language == "sv" else text


def percent(share: float, language: str) -> str:
    """A share (0-1) in whole percent: `31 %` in Swedish, `31%` in English."""
    return f"{decimal(100 * share, language)}{_HARD if language == 'sv' else ''}%"


def interval(low: float, high: float, language: str) -> str:
    """A range of shares (0-1) in whole percent: `21–43 %`."""
    first, last = decimal(100 * low, language), decimal(100 * high, language)
    return f"{first}–{last}{_HARD if language == 'sv' else ''}%"


def listed(names: list[str], conjunction: str) -> str:
    """Names in a sentence: `a, b och c`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"
