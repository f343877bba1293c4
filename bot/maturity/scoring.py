"""Answers to indices of 0 to 100: one for an item, and the mean of them for an area. Nothing is added up over roles.

Only items with levels count. What has no answer is left out of every mean and never taken for zero.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.maturity.instrument import Instrument, Item, Kind, Null
from bot.maturity.session import Given

ENOUGH = 60
"""Percent of an area's items with levels that must be answered for the area to have an index."""


@dataclass(frozen=True, slots=True)
class AreaScore:
    """How an area looks to one person, or to one group.

    `index` is 0 to 100, None where too little is answered. The counts are of the items with levels that were `asked`:
    `answered` with a level, `unknown` with "vet ej", `not_applicable` with "ej aktuellt"; the rest were skipped.
    `role` is empty where the person has one role only: two roles look from different sides, and are kept apart.
    """

    area: str
    index: float | None
    answered: int
    asked: int
    unknown: int
    not_applicable: int = 0
    role: str = ""


def index_of(level: int, levels: int) -> float:
    """The index (0-100) of a level, counted from 0, on a scale of so many levels (two at least)."""
    return 100 * level / (levels - 1)


def item_index(item: Item, given: Given | None) -> float | None:
    """The index (0-100) of an answer; None for an item without levels, and for what is no answer to it."""
    if item.kind is not Kind.LEVEL or given is None or given.null is not None or len(given.codes) != 1:
        return None
    level = next((place for place, option in enumerate(item.options) if option.code == given.codes[0]), None)
    return None if level is None else index_of(level, len(item.options))


def area_scores(
    instrument: Instrument, items: Sequence[Item], answers: Mapping[str, Given], roles: Collection[str] = ()
) -> tuple[AreaScore, ...]:
    """The areas of the instrument in its order, those in which the person was asked anything with levels.

    `items` are those that the person was asked, in `roles`. With several roles every area has one score a role, over
    the items of that role: an item that all roles are asked counts in each.
    """
    views = [role.id for role in instrument.roles if role.id in roles] if len(roles) > 1 else [""]
    scores: list[AreaScore] = []
    for area in instrument.areas:
        asked = [item for item in items if item.area == area.id and item.kind is Kind.LEVEL]
        for role in views:
            seen = [item for item in asked if not role or not item.roles or role in item.roles]
            if seen:
                scores.append(_score(area.id, role, seen, answers))
    return tuple(scores)


def _score(area: str, role: str, asked: Sequence[Item], answers: Mapping[str, Given]) -> AreaScore:
    indices = [index for item in asked if (index := item_index(item, answers.get(item.id))) is not None]
    nulls = [given.null for item in asked if (given := answers.get(item.id)) is not None]
    return AreaScore(
        area=area,
        index=sum(indices) / len(indices) if 100 * len(indices) >= ENOUGH * len(asked) else None,
        answered=len(indices),
        asked=len(asked),
        unknown=nulls.count(Null.DONT_KNOW),
        not_applicable=nulls.count(Null.NOT_APPLICABLE),
        role=role,
    )
