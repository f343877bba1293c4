"""What may be told of one item: of which groups a median and an index, of which a distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.maturity.instrument import Kind
from bot.results.counting.cells import tick_band
from bot.results.counting.disclosure import Name, protected, told
from bot.results.counting.fyrbodal import Fyrbodal, everybody
from bot.results.counting.tallies import ItemTally
from bot.results.counting.trees import tree
from bot.results.model import ItemResult, State


@dataclass(frozen=True, slots=True)
class Judgement:
    """The groups of which something is told: `sums` (how many, and median and index where there are levels), and by
    variable those of which the `distributions` are."""

    sums: frozenset[Name]
    distributions: Mapping[str, frozenset[Name]]


def judge(tally: ItemTally, setting: Fyrbodal) -> Judgement:
    """What may be told of an item of which nothing has been told before."""
    item, held = tally.item, setting.round
    sums = told(tree(tally, tally.variables[0], setting, sizes=item.kind is not Kind.LEVEL), held.threshold)
    distributions = {
        variable: told(group, held.text_threshold, sums)
        for variable, group in ((each, tree(tally, each, setting)) for each in tally.variables)
        if item.kind is not Kind.CHOICES or tick_band(group.counts[1], group.size) is None
    }
    return Judgement(sums, {variable: distributions.get(variable, frozenset()) for variable in tally.variables})


def judged_before(before: Mapping[str, ItemResult], tally: ItemTally) -> Judgement:
    """What has been told of an item in an earlier edition; `before` are its results by role, the widest first.

    Of a group told as a range only the widest counts as told: inside it, others hide the rest of what it is.
    """
    item = tally.item
    widest = everybody(next(iter(before)))
    sums: set[Name] = set()
    distributions: dict[str, set[Name]] = {variable: set() for variable in tally.variables}
    for role, result in before.items():
        cells = [(everybody(role), result.pooled)]
        cells += [((role, municipality), each.persons) for municipality, each in result.municipalities.items()]
        for name, cell in cells:
            if cell.state is not State.SHOWN and (cell.state is not State.BANDED or name != widest):
                continue
            sums.add(name)
            for option in cell.options:
                if option.count is not None or option.band is not None:
                    distributions["" if item.kind is not Kind.CHOICES else option.code].add(name)
    return Judgement(frozenset(sums), {variable: frozenset(names) for variable, names in distributions.items()})


def may_follow(tally: ItemTally, setting: Fyrbodal, before: Judgement, since: int) -> bool:
    """Whether those who came after the edition `since` are enough wherever they add to what was told in it."""
    item, held = tally.item, setting.round
    sizes = tree(tally, tally.variables[0], setting, since=since, sizes=item.kind is not Kind.LEVEL)
    return protected(sizes, before.sums, held.threshold) and all(
        protected(tree(tally, variable, setting, since=since), before.distributions[variable], held.text_threshold)
        for variable in tally.variables
    )
