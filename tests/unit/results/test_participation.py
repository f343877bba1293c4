"""How many take part: exact from five on, a range below, and no sum from which a range could be resolved."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest

from bot.maturity.ports import Group
from bot.maturity.session import Source
from bot.results.model import Count, Participation
from bot.results.participation import participation_of
from tests.unit.results.small import instrument

OF = instrument(municipalities=4, shared=("m0", "m1"))


def taking_part(*numbers: int, shared: int = 0, joint: int = 0) -> Participation:
    groups = {Group(f"m{place}", (f"m{place}",), ("v",), Source.INDIVIDUAL): each for place, each in enumerate(numbers)}
    groups[Group("delad", ("m0", "m1"), ("i",), Source.INDIVIDUAL)] = shared
    groups[Group("delad", ("m0", "m1"), ("v", "i"), Source.CONSENSUS)] = joint
    return participation_of({group: each for group, each in groups.items() if each}, OF, {})


@pytest.mark.parametrize("number", range(8))
def test_d10_few_responses_are_a_range(number: int) -> None:
    told = taking_part(number, 9, 9, 9).municipalities["m0"].answered
    assert told == (Count(1, 4) if 0 < number < 5 else Count(number, number))


def test_d11_the_numbers_told_leave_two_possible_numbers_for_each_that_is_a_range() -> None:
    by_what_is_told: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for numbers in itertools.product(range(7), repeat=4):
        by_what_is_told[str(taking_part(*numbers))].append(numbers)
    for possible in by_what_is_told.values():
        for place in range(4):
            values = {numbers[place] for numbers in possible}
            assert values <= {0} or min(values) >= 5 or len(values) > 1


def test_a_rate_is_told_only_where_all_invited_are_known() -> None:
    groups = {Group("m0", ("m0",), ("v",), Source.INDIVIDUAL): 12}
    some = {("m0", "v"): 20, ("m0", "i"): 1, ("m1", "v"): 8}
    told = participation_of(groups, OF, some)
    assert (told.municipalities["m0"].invited, told.municipalities["m1"].invited) == (21, None)
    assert (told.roles["v"].invited, told.total.invited) == (None, None)
    everybody = {(f"m{place}", role): 2 for place in range(4) for role in "vi"}
    assert participation_of(groups, OF, everybody).total.invited == 16


def test_groups_and_shared_organisations_are_counted_apart() -> None:
    told = taking_part(9, 9, 9, 9, shared=6, joint=1)
    assert told.total.answered == Count(42, 42)
    assert told.shared is not None
    assert (told.shared.answered, told.joint) == (Count(6, 6), 2)
    assert told.roles["i"].answered == Count(6, 6)
