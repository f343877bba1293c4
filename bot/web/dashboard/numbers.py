"""Numbers as each language writes them: `1 234,5` and `38 %` in Swedish, `1,234.5` and `38%` in English."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_THIN, _FIXED, _MINUS = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"


def number(value: float, language: str, places: int = 0) -> str:
    """The number with so many decimals, halves rounded away from zero as people do it."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if not rounded:
        rounded = abs(rounded)
    written = f"{abs(rounded):,.{places}f}"
    if language == "sv":
        written = written.replace(",", _THIN).replace(".", ",")
    return f"{_MINUS}{written}" if rounded < 0 else written


def short(value: float, language: str, places: int = 1) -> str:
    """The number with decimals only where it has any: `2`, `2,5`."""
    return number(value, language, places if round(value, places) % 1 else 0)


def percent(share: float, language: str) -> str:
    """A share (0-1) in whole percent."""
    written = number(100 * share, language)
    return f"{written}{_FIXED}%" if language == "sv" else f"{written}%"


def printed_percent(value: float, language: str) -> str:
    """A percentage as a source prints it, decimals and all."""
    written = short(value, language)
    return f"{written}{_FIXED}%" if language == "sv" else f"{written}%"


def span(low: float, high: float, language: str) -> str:
    """A range of numbers, or the one number where they are the same."""
    first, last = number(low, language), number(high, language)
    return first if first == last else f"{first}–{last}"


def percent_span(low: float, high: float, language: str) -> str:
    """A range of shares (0-1) in whole percent: `20–38 %`."""
    first, last = number(100 * low, language), percent(high, language)
    return last if percent(low, language) == last else f"{first}–{last}"
