"""Numbers and lengths in attributes of office files; what cannot be read counts as not said, as in Office itself."""

from __future__ import annotations

import math

_UNITS = {"pt": 1.0, "cm": 72 / 2.54, "mm": 72 / 25.4, "in": 72.0, "px": 0.75, "pc": 12.0, "pi": 12.0}


def whole(text: str | None, default: int = 0) -> int:
    """A whole number, or the default where there is none."""
    try:
        return int(text or "")
    except ValueError:
        number = _number(text or "")
        return default if number is None else int(number)


def points(text: str | None, per_point: float = 0.0) -> float | None:
    """A length in points, from one with a unit or from so many small units `per_point`; None where it is neither."""
    for unit, size in _UNITS.items():
        if text and text.endswith(unit):
            number = _number(text.removesuffix(unit))
            return None if number is None else number * size
    number = _number(text or "")
    return number / per_point if number is not None and per_point else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
