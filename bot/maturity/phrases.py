"""What phrases mean, and where they stand in a text.

A phrase is compared word by word, folded (see `typed`); `word*` stands for every word that begins so, and `...` for up
to two words of any kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.maturity.instrument import Null
from bot.maturity.typed import BREAK, words

GAP = "..."
"""Stands in a pattern for words of any kind."""

_LONGEST_GAP = 2
_NOT_GOOD = 20
_LEAST_LETTERS = 2


class Family(StrEnum):
    """What a meaning speaks of: how far something has come, how good it is, or how much of it there is."""

    STAGE = "stage"
    VALUE = "value"
    AMOUNT = "amount"


class Modifier(StrEnum):
    """What a word does to the meaning that follows it."""

    NOT = "not"
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A meaning, with its place between 0 (nothing at all) and 100, and what it becomes under a modifier.

    Without `negated`, its negation says nothing that an answer could be taken from. `otherwise` is where a scale that
    lacks this meaning is searched instead: the first group of which it has exactly one.
    """

    name: str
    family: Family
    degree: int
    more: str
    less: str
    negated: str | None
    otherwise: tuple[tuple[str, ...], ...]

    @property
    def denies(self) -> bool:
        """Whether it says that something is not there, or not good."""
        return self.degree == 0 or (self.family is Family.VALUE and self.degree <= _NOT_GOOD)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words with what they say: a meaning, a reason for no answer, a modifier, or that nothing can be told (`vague`).

    One phrase may be a meaning and a modifier: `helt` in `stämmer helt` and in `helt otillräcklig`.
    """

    pattern: tuple[str, ...]
    meaning: str | None = None
    null: Null | None = None
    modifier: Modifier | None = None
    vague: bool = False
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in a text, from word `start` up to `end`."""

    phrase: Phrase
    start: int
    end: int


def pattern_of(written: str) -> tuple[str, ...]:
    """The words of a phrase as they are compared. Raises ValueError where they are no phrase."""
    parts: list[str] = []
    for each in written.split():
        if each == GAP:
            parts.append(GAP)
            continue
        parts.extend(words(each.removesuffix("*")))
        if each.endswith("*") and parts:
            parts[-1] += "*"
    if not parts or GAP in (parts[0], parts[-1]):
        raise ValueError("a phrase begins and ends with a word")
    if any(len(part) <= _LEAST_LETTERS for part in parts if part.endswith("*")):
        raise ValueError(f"at least {_LEAST_LETTERS} letters stand before a star")
    return tuple(parts)


def end_of(pattern: Sequence[str], typed: Sequence[str], place: int) -> int | None:
    """Where the pattern ends that begins at this place; the nearest end, where a gap leaves a choice."""
    for index, part in enumerate(pattern):
        if part == GAP:
            ends = (_after_gap(pattern[index + 1 :], typed, place, length) for length in range(_LONGEST_GAP + 1))
            return next((end for end in ends if end is not None), None)
        if place >= len(typed):
            return None
        word = typed[place]
        if not (word.startswith(part[:-1]) if part.endswith("*") else word == part):
            return None
        place += 1
    return place


def _after_gap(pattern: Sequence[str], typed: Sequence[str], place: int, length: int) -> int | None:
    return None if BREAK in typed[place : place + length] else end_of(pattern, typed, place + length)
