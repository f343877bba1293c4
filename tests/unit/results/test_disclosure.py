"""No group smaller than the threshold can be worked out from what is published: tried with everything published, by
linear algebra that knows nothing of how groups were chosen, and over every way in which people might have answered."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from bot.maturity.errors import ThresholdTooLow
from bot.maturity.instrument import Item, Kind
from bot.maturity.ports import Visibility
from bot.maturity.responses import Response
from bot.maturity.rounds import Round
from bot.results.compiling import compile_edition
from bot.results.counting.cells import band_of, tick_band
from bot.results.counting.disclosure import Group, told, too_close
from bot.results.counting.respondents import Respondent, respondents
from bot.results.edition_json import edition_to_json
from bot.results.model import Cell, Edition, ItemResult, State
from tests.unit.results.made import CLOSED, Making, closed_round, lexicon, responses
from tests.unit.results.small import answering, instrument, item, small_round

K = 5
Given = Sequence[tuple[str, Response]]
Persons = frozenset[str]


def compiled(held: Round, given: Given, **more: object) -> Edition:
    fields: dict[str, object] = {"visibilities": {}, "day": CLOSED, **more}
    return compile_edition(held, given, lexicon=lexicon(), **fields).edition  # type: ignore[arg-type]  # what a test adds


# -------------------------------------------------------------------------------------------- what is published of whom


def published(edition: Edition, held: Round, given: Given) -> Iterator[tuple[str, str, Persons, bool]]:
    """Every group of persons of whom anything is published: item, variable, who they are, and whether a distribution.

    Made from the edition and the raw responses alone. A variable is the item itself, or an option of several.
    """
    people = {each.id: each for each in respondents(held.instrument, given, {}, 1) if not each.joint}
    for result in edition.results:
        found = held.instrument.item(result.item)
        assert found is not None
        answered = {key for key, one in people.items() if _counts(found, one, result.role)}
        for group, cell in _cells(result, people, answered):
            if cell.state is not State.SHOWN:
                continue
            yield result.item, "", group, found.kind is not Kind.CHOICES and bool(cell.options)
            if found.kind is Kind.CHOICES:
                for option in cell.options:
                    if option.count is not None:
                        yield result.item, option.code, group, True


def _cells(
    result: ItemResult, people: Mapping[str, Respondent], answered: Iterable[str]
) -> Iterator[tuple[Persons, Cell]]:
    everybody = frozenset(answered)
    yield everybody, result.pooled
    for municipality, each in result.municipalities.items():
        own = frozenset(key for key in everybody if people[key].municipalities == (municipality,))
        yield own, each.persons
        if municipality in result.peers:
            yield everybody - own, result.peers[municipality]
    for operation, cell in result.operations.items():
        yield frozenset(key for key in everybody if people[key].operation == operation), cell


def _counts(found: Item, person: Respondent, role: str) -> bool:
    answer = person.answers.get(found.id)
    mine = person.role_for(found)
    return answer is not None and answer.null is None and bool(answer.codes) and (not role or mine == role)


def _values(found: Item, variable: str, people: Iterable[str], given: Mapping[str, Response]) -> list[int]:
    answers = [{each.item: each for each in given[key].answers}[found.id] for key in people]
    if found.kind is Kind.CHOICES:
        return [int(variable in each.codes) for each in answers]
    codes = [option.code for option in found.options]
    return [codes.index(each.codes[0]) for each in answers]


def nothing_small_follows(groups: Sequence[Persons], least: int) -> None:
    """No sum of published groups, whatever each is multiplied with, is about fewer persons than `least`.

    Persons who are in the same groups cannot be told apart, so they are one column. A set of columns can be isolated
    when leaving it out of the matrix makes its rank smaller.
    """
    if not groups:
        return
    alike: dict[tuple[bool, ...], int] = Counter(
        tuple(key in group for group in groups) for key in frozenset().union(*groups)
    )
    columns, sizes = list(alike), list(alike.values())
    matrix = np.array(columns, dtype=float).T
    rank = np.linalg.matrix_rank(matrix)
    for chosen in _too_few(sizes, least):
        rest = np.delete(matrix, chosen, axis=1)
        left = np.linalg.matrix_rank(rest) if rest.size else 0
        assert left == rank, f"{sum(sizes[place] for place in chosen)} persons can be isolated"


MOST_TRIED = 400


def _too_few(sizes: Sequence[int], least: int) -> Iterable[tuple[int, ...]]:
    """The sets of columns that hold too few, without those that are part of another; a sample of very many."""
    few = sorted((place for place, size in enumerate(sizes) if size < least), key=lambda place: sizes[place])
    found: list[tuple[int, ...]] = []
    if len(few) <= 10:
        for number in range(1, least):
            for chosen in itertools.combinations(few, number):
                left = least - 1 - sum(sizes[place] for place in chosen)
                if left >= 0 and not any(sizes[place] <= left for place in few if place not in chosen):
                    found.append(chosen)
        return found
    dice = random.Random(len(few))
    for _ in range(MOST_TRIED):
        chosen_now: list[int] = []
        for place in dice.sample(few, len(few)):
            if sum(sizes[each] for each in chosen_now) + sizes[place] < least:
                chosen_now.append(place)
        found.append(tuple(chosen_now))
    return found


def safe(edition: Edition, held: Round, given: Given) -> int:
    """Hold an edition, or several one after the other, against the threshold; how many groups it tells of."""
    return _safe([(edition, given)], held)


def _safe(editions: Sequence[tuple[Edition, Given]], held: Round) -> int:
    sums: dict[tuple[str, str], list[Persons]] = defaultdict(list)
    distributions: dict[tuple[str, str], list[Persons]] = defaultdict(list)
    for edition, given in editions:
        official = {each.item for each in edition.results if each.official}
        for item_id, variable, group, distribution in published(edition, held, given):
            sums[item_id, variable].append(group)
            if distribution and item_id not in official:
                distributions[item_id, variable].append(group)
    for groups in sums.values():
        nothing_small_follows(groups, held.threshold)
    for groups in distributions.values():
        nothing_small_follows(groups, held.text_threshold)
    return sum(map(len, sums.values()))


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


# ------------------------------------------------------------------------------------------------------------------ D11


@pytest.mark.parametrize("seed", range(6))
def test_d11_nothing_smaller_follows_from_all_that_is_published(seed: int) -> None:
    dice = random.Random(seed)
    held = closed_round()
    making = Making(null=dice.choice([0.0, 0.2]), two_roles=0.2, joint=0.03, agreement=dice.choice([0.0, 0.5]))
    given = responses(held, dice.choice([25, 60, 120, 250]), seed, making)
    visible = {name: dice.choice(list(Visibility)) for name in ("lysekil", "munkedal", "sotenas", "tanum", "orust")}
    assert safe(compiled(held, given, visibilities=visible), held, given)


@pytest.mark.parametrize("seed", range(40))
def test_d11_nothing_smaller_follows_in_small_rounds(seed: int) -> None:
    dice = random.Random(1000 + seed)
    of = instrument(
        item(options=dice.choice([2, 3, 5])),
        item("alla", roles=(), options=3),
        item("flera", kind=Kind.CHOICES, options=3),
        item("en", kind=Kind.CHOICE, options=3),
        municipalities=dice.randint(3, 6),
        operations=dice.randint(0, 4),
        shared=("m0", "m1") if dice.random() < 0.5 else (),
        roles="vio",
    )
    held = small_round(of)
    given = responses(held, dice.randint(5, 60), seed, Making(null=0.1, two_roles=0.3, joint=0.05, agreement=0.3))
    safe(compiled(held, given), held, given)


def test_d11_total_minus_visible_is_never_small() -> None:
    held = small_round(instrument(municipalities=3))
    given = answering(
        held, *[("m0", code % 3) for code in range(6)], *[("m1", code % 3) for code in range(9)], ("m2", 0), ("m2", 2)
    )
    result = compiled(held, given).result("styrning", "v")
    assert result is not None
    states = {key: each.persons.state for key, each in result.municipalities.items()}
    assert states == {"m0": State.SUPPRESSED, "m1": State.SHOWN, "m2": State.SUPPRESSED}


def test_d11_an_area_of_operation_is_told_of_only_where_no_municipality_nearly_equals_it() -> None:
    held = small_round(instrument(operations=3))
    given = [
        *answering(held, *[("m0", code % 3) for code in range(10)], operation="o0"),
        *answering(held, ("m0", 1), ("m0", 2), operation="o1", first=100),
        *answering(held, *[("m1", code % 3) for code in range(12)], operation="o1", first=200),
        *answering(held, *[("m2", code % 3) for code in range(12)], operation="o2", first=300),
    ]
    edition = compiled(held, given)
    result = edition.result("styrning", "v")
    assert result is not None
    assert result.municipalities["m0"].persons.state is State.SHOWN
    # m0 without o0 would be two persons.
    assert result.operations["o0"].state is State.SUPPRESSED
    assert result.operations["o2"].state is State.SHOWN
    safe(edition, held, given)


@pytest.mark.parametrize(
    ("together", "safe_at_5"),
    [
        ({("a", "x"): 7, ("b", "y"): 6}, True),
        ({("a", "x"): 7, ("a", "y"): 1, ("b", "y"): 6}, False),
        ({("a", "x"): 7, ("a", "y"): 5, ("b", "y"): 6}, True),
        ({("a", "x"): 3, ("a", "y"): 3, ("b", "x"): 3, ("b", "y"): 3}, True),
        ({("a", "x"): 2, ("a", "y"): 2, ("b", "x"): 2, ("b", "y"): 2}, False),
    ],
)
def test_d11_two_divisions_at_once(together: Mapping[tuple[str, str], int], safe_at_5: bool) -> None:
    assert (not too_close(together, K)) is safe_at_5
    persons = [f"{one}{other}{each}" for (one, other), number in together.items() for each in range(number)]
    groups = [frozenset(each for each in persons if name in each) for name in "abxy"]
    try:
        nothing_small_follows(groups, K)
    except AssertionError:
        assert not safe_at_5
    else:
        assert safe_at_5


@pytest.mark.parametrize("seed", range(15))
def test_d11_one_edition_after_another_tells_nothing_of_those_who_came_between(seed: int) -> None:
    dice = random.Random(2000 + seed)
    held = small_round(instrument(item(), item("flera", kind=Kind.CHOICES, options=3), operations=2, roles="v"))
    given: list[tuple[str, Response]] = []
    editions: list[tuple[Edition, Given]] = []
    batches: dict[str, int] = {}
    previous: Edition | None = None
    for number in range(1, 4):
        more = responses(
            held, dice.choice([0, 1, 3, 6, 20, 50]) if given else 40, dice.random().__hash__(), first=len(given)
        )
        given = [*given, *more]
        compiled_now = compile_edition(
            held, given, visibilities={}, day=CLOSED + timedelta(number), previous=previous, batches=batches
        )
        for identifier in compiled_now.members:
            batches.setdefault(identifier, number)
        previous = compiled_now.edition
        # What stands from an earlier edition is about those who had answered then.
        for at in range(1, number + 1):
            part = replace(previous, results=tuple(each for each in previous.results if each.edition == at))
            editions.append((part, [each for each in given if batches[each[0]] <= at]))
    assert _safe(editions, held)


def test_d11_one_more_answer_changes_nothing() -> None:
    held = small_round(instrument(municipalities=3))
    first = answering(held, *[("m0", code % 3) for code in range(12)], *[("m1", code % 3) for code in range(12)])
    one = compile_edition(held, first, visibilities={}, day=CLOSED)
    late = [*first, *answering(held, ("m0", 2), first=900)]
    two = compile_edition(
        held, late, visibilities={}, day=CLOSED, previous=one.edition, batches=dict.fromkeys(one.members, 1)
    )
    assert two.edition.results == one.edition.results
    assert two.edition.number == 2


def test_d11_enough_new_answers_are_counted() -> None:
    held = small_round(instrument(municipalities=3))
    first = answering(held, *[("m0", code % 3) for code in range(12)], *[("m1", code % 3) for code in range(12)])
    one = compile_edition(held, first, visibilities={}, day=CLOSED)
    late = [*first, *answering(held, *[("m0", code % 3) for code in range(11)], first=900)]
    two = compile_edition(
        held, late, visibilities={}, day=CLOSED, previous=one.edition, batches=dict.fromkeys(one.members, 1)
    )
    result = two.edition.result("styrning", "v")
    assert result is not None
    assert (result.pooled.answered, result.edition) == (35, 2)


# ---------------------------------------------------------------------------------------- every way to have answered


def _worlds(held: Round, places: Sequence[str], levels: int) -> Mapping[str, list[tuple[int, ...]]]:
    """Every way in which these persons can answer, by what is then published.

    Which of a municipality's persons gives which of its answers is the same to all that is published and asked here.
    """
    found: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    sizes = [len(list(group)) for _, group in itertools.groupby(places)]
    answers = [itertools.combinations_with_replacement(range(levels), size) for size in sizes]
    for world in (tuple(itertools.chain.from_iterable(ways)) for ways in itertools.product(*answers)):
        edition = compiled(held, answering(held, *zip(places, world, strict=True)))
        found[edition_to_json(edition)].append(world)
    return found


@pytest.mark.parametrize(
    ("sizes", "levels"),
    [((1, 1, 1, 1, 2), 3), ((1, 1, 2, 2), 3), ((5, 1, 1), 3), ((1, 1, 1, 1, 5), 2), ((6, 1, 1, 1, 2), 2)],
)
def test_d11_whatever_is_published_leaves_two_possibilities_for_everybody_who_is_few(
    sizes: Sequence[int], levels: int
) -> None:
    held = small_round(instrument(item(options=levels), municipalities=len(sizes), roles="v"))
    places = [f"m{number}" for number, size in enumerate(sizes) for _ in range(size)]
    few = [number for number, size in enumerate(sizes) if size < K]
    for worlds in _worlds(held, places, levels).values():
        for number in few:
            mine = [place for place, name in enumerate(places) if name == f"m{number}"]
            assert len({tuple(sorted(world[place] for place in mine)) for world in worlds}) > 1, worlds[:3]


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
            assert len(set(_values(found, variable, group, by_id))) > 1
    for result in edition.results:
        found = held.instrument.item(result.item)
        assert found is not None
        if found.kind is Kind.LEVEL and result.pooled.state is State.SHOWN:
            rest = _untold(result, found, held, given)
            assert not rest or len(set(_values(found, "", rest, by_id))) > 1


def _untold(result: ItemResult, found: Item, held: Round, given: Given) -> Persons:
    """The persons in a role whose municipality is not told of."""
    people = respondents(held.instrument, given, {}, 1)
    told_of = {key for key, each in result.municipalities.items() if each.persons.state is State.SHOWN}
    return frozenset(
        each.id
        for each in people
        if _counts(found, each, result.role)
        and not (len(each.municipalities) == 1 and told_of & {*each.municipalities})
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
