"""A second division of the same persons, by area of operation, and how much of it may be told beside the first."""

from __future__ import annotations

from collections import Counter

from bot.maturity.instrument import Kind
from bot.results.counting.disclosure import Group, Name, told, too_close
from bot.results.counting.fyrbodal import Fyrbodal, everybody
from bot.results.counting.judging import Judgement
from bot.results.counting.tallies import ItemTally

REST = ""
"""All persons of whose part nothing is told."""


def judge_operations(tally: ItemTally, role: str, setting: Fyrbodal, judgement: Judgement) -> Judgement:
    """The areas of operation of which something may be told, given what is told of municipalities."""
    held = setting.round
    sizes = tally.item.kind is not Kind.LEVEL
    sums = _told(tally, tally.variables[0], role, setting, judgement.sums, held.threshold, None, sizes=sizes)
    distributions = {
        variable: _told(tally, variable, role, setting, judgement.distributions[variable], held.text_threshold, sums)
        for variable in tally.variables
    }
    return Judgement(sums, distributions)


def _told(
    tally: ItemTally,
    variable: str,
    role: str,
    setting: Fyrbodal,
    municipal: frozenset[Name],
    k: int,
    among: frozenset[Name] | None,
    *,
    sizes: bool = False,
) -> frozenset[Name]:
    root = everybody(role)
    if root not in municipal:
        return frozenset()

    def group(name: Name, operation: str | None) -> Group:
        counts = tally.counts(
            variable, lambda place: place.role == role and (operation is None or place.operation == operation)
        )
        return Group(name, (sum(counts),) if sizes else counts)

    areas = tuple(group((role, each.id), each.id) for each in setting.instrument.operations)
    whole = group(root, None)
    limited = None if among is None else among | {root}
    kept = told(Group(root, whole.counts, areas), k, limited) - {root}
    size_of = {each.name: each.size for each in areas}
    while close := too_close(_together(tally, role, setting, municipal, kept), k):
        at_fault = [name for name in kept if name[1] in close] or list(kept)
        kept -= {min(at_fault, key=lambda name: (size_of[name], name))}
    return kept


def _together(
    tally: ItemTally, role: str, setting: Fyrbodal, municipal: frozenset[Name], areas: frozenset[Name]
) -> Counter[tuple[str, str]]:
    """Persons by the municipality and the area that are told of; the untold of each are one part."""
    found: Counter[tuple[str, str]] = Counter()
    for place, number in tally.places().items():
        if place.role == role:
            home = setting.home(place.unit)
            one = home if (role, home) in municipal else REST
            other = place.operation if (role, place.operation) in areas else REST
            found[one, other] += number
    return found
