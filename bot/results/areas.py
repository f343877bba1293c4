"""Indices of areas, by role: over all of Fyrbodal and in each municipality. Roles are never put together.

Every index here is a mean of indices that are published, and so tells nothing that those do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.maturity.instrument import Instrument, Item, Kind
from bot.maturity.scoring import ENOUGH
from bot.results.model import Edition, ItemResult


@dataclass(frozen=True, slots=True)
class AreaIndex:
    """An area as one role sees it: in a municipality, or, where `municipality` is empty, all persons together.

    `index` (0-100) is the mean of the indices of its items, None where fewer than 60 % of the `asked` items with levels
    have one; `items` have one, `stated` of them from the municipality's statement, as there is none from persons.
    """

    area: str
    role: str
    municipality: str
    index: float | None
    items: int
    asked: int
    stated: int = 0


def area_results(edition: Edition, instrument: Instrument) -> tuple[AreaIndex, ...]:
    """All areas that a role is asked about with levels: for every role, in the order of the instrument, first all
    persons together, then each municipality that the edition (or the view of it) has.

    An item that several roles are asked counts in each by that role's own result, never by everybody's. In a
    municipality the persons' index counts, and where that is not told the level that the municipality has stated. Give
    it the edition of a view: an edition itself holds statements that are not for everybody.
    """
    results = {(each.item, each.role): each for each in edition.results}
    municipalities = _municipalities(edition, instrument)
    found: list[AreaIndex] = []
    for role in [each.id for each in instrument.roles] or [""]:
        for area in instrument.areas:
            asked = [item for item in instrument.items if item.area == area.id and _rates(item, role)]
            told = [(item, results[item.id, role]) for item in asked if (item.id, role) in results]
            for place in ("", *municipalities) if asked else ():
                pairs = list(_indices(told, place))
                found.append(_area(area.id, role, place, pairs, len(asked)))
    return tuple(found)


def total_index(areas: Iterable[AreaIndex]) -> float | None:
    """The mean of the areas' indices (0-100), every area alike: of one role, in one place.

    None for a role with a single area, and where fewer than two areas, or than 60 % of them, have an index. Raises
    ValueError where roles or places are mixed.
    """
    given = list(areas)
    if len({(each.role, each.municipality) for each in given}) > 1:
        raise ValueError("a total is of one role in one place")
    indices = [each.index for each in given if each.index is not None]
    if len(indices) < 2 or 100 * len(indices) < ENOUGH * len(given):
        return None
    return sum(indices) / len(indices)


def _rates(item: Item, role: str) -> bool:
    return item.kind is Kind.LEVEL and (not item.roles or role in item.roles)


def _municipalities(edition: Edition, instrument: Instrument) -> Sequence[str]:
    """Those that have results, in the order of the instrument."""
    order = [place for each in instrument.organisations for place in each.municipalities]
    present = {place for result in edition.results for place in result.municipalities}
    return sorted(present, key=lambda place: (order.index(place) if place in order else len(order), place))


def _indices(told: Sequence[tuple[Item, ItemResult]], place: str) -> Iterator[tuple[float, bool]]:
    """The indices that there are, and whether each is a statement's."""
    for item, result in told:
        if not place:
            if result.pooled.index is not None:
                yield result.pooled.index, False
            continue
        one = result.municipalities.get(place)
        if one is None:
            continue
        if one.persons.index is not None:
            yield one.persons.index, False
        elif one.statement is not None and one.statement.level is not None:
            yield 100 * one.statement.level / (len(item.options) - 1), True


def _area(area: str, role: str, place: str, indices: Sequence[tuple[float, bool]], asked: int) -> AreaIndex:
    enough = 100 * len(indices) >= ENOUGH * asked
    return AreaIndex(
        area=area,
        role=role,
        municipality=place,
        index=sum(index for index, _ in indices) / len(indices) if enough else None,
        items=len(indices),
        asked=asked,
        stated=sum(stated for _, stated in indices),
    )
