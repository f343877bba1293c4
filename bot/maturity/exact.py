"""What counts as pressing a button: a position, the words of an option, or one of the three reasons for no answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.maturity.instrument import Item, Kind, Null, Option
from bot.maturity.phrasebook import NONE, Phrasebook
from bot.maturity.positions import position
from bot.maturity.typed import slips_between, words

CLEARLY = 2
"""Slips that the next option must be further away, where there are any at all."""
_SEPARATORS = re.compile(r"\s*(?:[,;/+&\n]|\b(?:och|samt|plus|and)\b)\s*")
_ROW = re.compile(r"\s*\d{1,2}(?:\s+\d{1,2})+\s*")
_MOST_PARTS = 40
_LONGEST_LABEL = 4
"""Parts that an option's own words may be cut into at their commas and `och`."""


@dataclass(frozen=True, slots=True)
class Outside:
    """A position that the list does not have."""


def null_of(book: Phrasebook, text: str) -> Null | None:
    """The reason for no answer that the text is."""
    return next((null for null in Null if _is_form(book, null, text)), None)


def codes_of(book: Phrasebook, item: Item, text: str, language: str) -> tuple[str, ...] | Outside | None:
    """The options that the text names, in the item's order. None where it names none, or says more than that."""
    if item.kind is not Kind.CHOICES:
        found = _one(item, text, language)
        return (found.code,) if isinstance(found, Option) else found
    exclusive = next((option for option in item.options if option.exclusive), None)
    if exclusive is not None and _is_form(book, NONE, text):
        return (exclusive.code,)
    return _several(item, text, language)


@lru_cache(maxsize=1024)
def wordings(option: Option) -> tuple[tuple[str, ...], ...]:
    """The words of an option, in both languages and all forms, folded."""
    return tuple(typed for each in (option.label.sv, option.label.en, *option.forms) if (typed := words(each)))


def _one(item: Item, text: str, language: str) -> Option | Outside | None:
    place = position(text)
    if place is not None:
        return item.options[place - 1] if 1 <= place <= len(item.options) else Outside()
    typed = words(text)
    if not typed:
        return None
    away = [(count, option) for option in item.options if (count := _slips(typed, option)) is not None]
    nearest = min((count for count, _ in away), default=0)
    named = [option for count, option in away if count == nearest]
    if len(named) > 1:
        named = [option for option in named if slips_between(typed, words(option.label.say(language))) == nearest]
    others = [count for count, option in away if option not in named]
    clear = nearest == 0 or all(count - nearest >= CLEARLY for count in others)
    return named[0] if len(named) == 1 and clear else None


def _several(item: Item, text: str, language: str) -> tuple[str, ...] | Outside | None:
    parts = _parts(text)
    if len(parts) > _MOST_PARTS:
        return None
    named: list[Option] = []
    outside = False
    first = 0
    while first < len(parts):
        for last in range(min(len(parts), first + _LONGEST_LABEL), first, -1):
            found = _one(item, text[parts[first][0] : parts[last - 1][1]], language)
            if found is not None and (isinstance(found, Option) or last == first + 1):
                break
        else:
            return None
        outside |= isinstance(found, Outside)
        named.extend([found] if isinstance(found, Option) else [])
        first = last
    if outside or not named:
        return Outside() if outside else None
    if len({option.code for option in named}) > 1 and any(option.exclusive for option in named):
        return None
    return tuple(option.code for option in item.options if option in named)


def _parts(text: str) -> Sequence[tuple[int, int]]:
    """Where the parts of an enumeration stand; a row of figures is one, too."""
    if _ROW.fullmatch(text):
        return [found.span() for found in re.finditer(r"\d+", text)]
    ends = [found.span() for found in _SEPARATORS.finditer(text)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(text)]
    return [(start, stop) for start, stop in zip(starts, stops, strict=True) if text[start:stop].strip()]


def _slips(typed: Sequence[str], option: Option) -> int | None:
    counts = [slips_between(typed, each) for each in wordings(option)]
    return min((count for count in counts if count is not None), default=None)


def _is_form(book: Phrasebook, key: str, text: str) -> bool:
    typed = words(text)
    return bool(typed) and any(slips_between(typed, form) is not None for form in book.forms[key])
