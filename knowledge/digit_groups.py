"""Digits that stand together, and groups of them side by side, as long numbers are written.

A number is known by its shape, which is how many digits each of its groups has: `811218-9876` is (6, 4). Every group
begins at most as many numbers as there are shapes, so all of it takes time in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

Shape = tuple[int, ...]

_GROUP = re.compile(r"[0-9]+")
_JOINT = re.compile(r" {0,3}(?P<sign>[-+/.]?) {0,3}")
_WIDEST: Final = 7
"""Characters of the longest joint."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some digits without anything between them, and what joins them to the group before: None where nothing does."""

    digits: str
    start: int
    end: int
    joint: str | None


@dataclass(frozen=True, slots=True)
class Grouped:
    """Neighbouring groups that have one of the shapes asked for, and what joins another to the last of them."""

    shape: Shape
    groups: tuple[Group, ...]
    after: str | None

    @property
    def digits(self) -> str:
        """All of them, without what joins the groups."""
        return "".join(group.digits for group in self.groups)

    @property
    def start(self) -> int:
        """Where the first of them begins in the text."""
        return self.groups[0].start

    @property
    def end(self) -> int:
        """Where the last of them ends in the text."""
        return self.groups[-1].end

    @property
    def before(self) -> str | None:
        """What joins the first of them to another."""
        return self.groups[0].joint

    @property
    def joints(self) -> tuple[str, ...]:
        """What stands between the groups."""
        return tuple(group.joint or "" for group in self.groups[1:])


Shapes = Mapping[int, tuple[tuple[bytes, Shape], ...]]
"""Shapes by the length of their first group, each with its lengths as bytes, which compare quickly."""


def by_first(shapes: Iterable[Shape]) -> Shapes:
    """The shapes as `grouped` takes them."""
    ordered: dict[int, tuple[tuple[bytes, Shape], ...]] = {}
    for shape in dict.fromkeys(shapes):
        ordered[shape[0]] = (*ordered.get(shape[0], ()), (bytes(shape), shape))
    return ordered


def groups_of(plain: str) -> tuple[Group, ...]:
    """Every group of the text, in their order."""
    found: list[Group] = []
    for match in _GROUP.finditer(plain):
        joint = None
        if found and match.start() - found[-1].end <= _WIDEST:
            between = _JOINT.fullmatch(plain, found[-1].end, match.start())
            joint = between[0] if between else None
        found.append(Group(match[0], match.start(), match.end(), joint))
    return tuple(found)


def grouped(groups: tuple[Group, ...], shapes: Shapes) -> Iterator[Grouped]:
    """Wherever neighbouring groups have one of the shapes, however those overlap; from the left."""
    lengths = bytes(min(len(group.digits), 255) for group in groups)
    joined = bytes(group.joint is not None for group in groups)
    for first, length in enumerate(lengths):
        for wanted, shape in shapes.get(length, ()):
            after = first + len(shape)
            if lengths.startswith(wanted, first) and joined.find(0, first + 1, after) < 0:
                yield Grouped(shape, groups[first:after], groups[after].joint if after < len(groups) else None)


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others: ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
