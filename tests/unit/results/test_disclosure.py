"""D10 and D12: what a cell tells of those who are in it: nothing of few, and of those of one mind only a range."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.maturity.errors import ThresholdTooLow
from bot.maturity.instrument import Item, Kind
from bot.maturity.ports import Visibility
from bot.maturity.rounds import Round
from bot.results.counting.cells import band_of, tick_band
from bot.results.counting.disclosure import Group, told
from bot.results.counting.respondents import respondents
from bot.results.model import ItemResult, State
from tests.unit.results.disclosing import Given, K, Persons, compiled, counts, published, values
from tests.unit.results.made import Making, closed_round, responses
from tests.unit.results.small import answering, instrument, item, small_round

# ------------------------------------------------------------------------------------------------------------------ D10


@pytest.mark.parametrize("size", range(13))
def test_d10_small_groups_are_not_told_of(size: int) -> None:
    held = small_round(instrument())
    others = [("m1", code % 3) for code in range(20)]
    given = answering(held, *[("m0", code % 3) for code in range(size)], *others)
    result = compiled(held, given).result("styrning", "v")
    assert result is not None
    cell = result.municipalities["m0"].persons
    assert cell.state is (State.EMPTY if not size else State.SHOWN if size >= K else State.SUPPRESSED)
    assert (cell.median is not None) == (cell.answered is not None) == (size >= K)
    assert bool(cell.options) == (size >= 10)


def test_d10_a_threshold_of_a_round_is_kept() -> None:
    held = small_round(instrument(), threshold=8)
    given = answering(held, *[("m0", code % 3) for code in range(7)], *[("m1", code % 3) for code in range(20)])
    result = compiled(held, given).result("styrning", "v")
    assert result is not None
    assert result.municipalities["m0"].persons.state is State.SUPPRESSED


@pytest.mark.parametrize("threshold", [-1, 0, 1, 2, 3, 4])
def test_d10_a_threshold_that_protects_nobody_is_refused(threshold: int) -> None:
    with pytest.raises(ThresholdTooLow):
        small_round(instrument(), threshold=threshold)


# ------------------------------------------------------------------------------------------------------------------ D12


@pytest.mark.parametrize("seed", range(3))
def test_d12_groups_of_one_mind_are_never_told_exactly(seed: int) -> None:
    held = closed_round()
    given = responses(held, 150, seed, Making(agreement=0.95, null=0.0))
    edition = compiled(held, given)
    by_id = dict(given)
    for item_id, variable, group, distribution in published(edition, held, given):
        found = held.instrument.item(item_id)
        assert found is not None
        if found.kind is Kind.LEVEL or (variable and distribution):
            assert len(set(values(found, variable, group, by_id))) > 1
    for result in edition.results:
        found = held.instrument.item(result.item)
        assert found is not None
        if found.kind is Kind.LEVEL and result.pooled.state is State.SHOWN:
            rest = _untold(result, found, held, given)
            assert not rest or len(set(values(found, "", rest, by_id))) > 1


def _untold(result: ItemResult, found: Item, held: Round, given: Given) -> Persons:
    """The persons in a role whose municipality is not told of."""
    people = respondents(held.instrument, given, {}, 1)
    told_of = {key for key, each in result.municipalities.items() if each.persons.state is State.SHOWN}
    return frozenset(
        each.id
        for each in people
        if counts(found, each, result.role) and not (len(each.municipalities) == 1 and told_of & {*each.municipalities})
    )


def test_d12_everybody_of_one_mind_is_told_as_a_range() -> None:
    held = small_round(instrument(item(options=6)))
    result = compiled(held, answering(held, *[("m0", 3)] * 12)).result("styrning", "v")
    assert result is not None
    assert (result.pooled.state, result.pooled.band, result.pooled.median) == (State.BANDED, (2, 3), None)
    assert not result.pooled.options
    assert {each.persons.state for each in result.municipalities.values()} == {State.SUPPRESSED, State.EMPTY}


@pytest.mark.parametrize("levels", range(2, 8))
def test_d12_a_range_does_not_tell_which_level_it_stands_for(levels: int) -> None:
    bands = Counter(band_of(level, levels) for level in range(levels))
    assert min(bands.values()) >= 2
    assert all(low <= level <= high for level in range(levels) for low, high in [band_of(level, levels)])


@pytest.mark.parametrize("persons", [10, 18, 51, 400])
def test_d12_nobody_is_told_together_with_hardly_anybody(persons: int) -> None:
    bands = [tick_band(chosen, persons) for chosen in range(persons + 1)]
    for band in set(bands) - {None}:
        assert bands.count(band) >= 2


# ------------------------------------------------------------------------------------------------- official statements


def test_statements_that_a_municipality_keeps_to_itself_cannot_be_worked_out() -> None:
    held = small_round(instrument(item(roles=("i",)), municipalities=10))
    given = answering(held, *[(f"m{number}", number % 3) for number in range(10)], role="i")
    visible = {f"m{number}": Visibility.FEDERATION for number in range(9)}
    result = compiled(held, given, visibilities=visible).result("styrning", "i")
    assert result is not None
    seen = [each.statement.visibility for each in result.municipalities.values() if each.statement]
    # Nine are open to the federation and one is not: others are held back so that it stands among six.
    assert seen.count(Visibility.OWN) == 6
    assert result.pooled.answered == 10


def test_a_tree_is_told_of_from_the_largest_down() -> None:
    parts = tuple(Group(("v", name), (size, size)) for name, size in [("a", 1), ("b", 3), ("c", 9)])
    root = Group(("v", ""), (13, 13), parts)
    assert told(root, K) == {("v", ""), ("v", "c")}
