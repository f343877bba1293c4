"""Every published figure, worked out a second time with pandas from the raw answers: equal to the last digit. And what
is held back is held back by the rule, worked out a second time too."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

import pandas as pd
import pytest

from bot.maturity.instrument import Item, Kind
from bot.maturity.ports import Visibility
from bot.maturity.responses import Response
from bot.maturity.rounds import Round
from bot.results.compiling import compile_edition
from bot.results.edition_json import edition_from_json, edition_to_json
from bot.results.model import Cell, Edition, ItemResult, State, Statement
from tests.unit.results.made import CLOSED, Making, closed_round, lexicon, responses
from tests.unit.results.oracle import Figures, Oracle, raw_rows

Case = tuple[Round, Edition, Oracle, pd.DataFrame]

VISIBLE: Mapping[str, Visibility] = {"lysekil": Visibility.PUBLIC, "tanum": Visibility.FEDERATION} | dict.fromkeys(
    ("munkedal", "sotenas", "orust", "uddevalla", "trollhattan", "vanersborg", "amal"), Visibility.FEDERATION
)


@cache
def case(number: int, seed: int) -> Case:
    """A round with so many responses, its edition, and the figures by the second way."""
    held = closed_round(invited={("uddevalla", "verksamhetsnara"): 400})
    given = responses(held, number, seed, Making(two_roles=0.1, joint=0.02))
    edition = compile_edition(held, given, visibilities=VISIBLE, day=CLOSED, lexicon=lexicon()).edition
    rows = raw_rows(given)
    return held, edition, Oracle(rows, held.instrument), rows


CASES = [(40, 1), (300, 2)]


def compared(cell: Cell, figures: Figures, item: Item) -> None:
    """A shown cell has the figures of the second way."""
    own = (cell.answered, cell.unknown, cell.not_applicable, cell.gap)
    assert own == (figures.answered, figures.unknown, figures.not_applicable, figures.gap)
    if item.kind is Kind.LEVEL:
        assert (cell.median, cell.lowest, cell.highest) == (figures.median, figures.lowest, figures.highest)
        assert (cell.index, cell.index_if_unknown_absent) == (figures.index, figures.index_if_unknown_absent)
        assert cell.spread == figures.spread
    for option in cell.options:
        count = figures.counts[option.code]
        assert option.count in (None, count)
        assert option.band is None or option.band[0] <= count <= option.band[1]


@pytest.mark.parametrize(("number", "seed"), CASES)
def test_every_published_figure_is_equal_to_the_last_digit(number: int, seed: int) -> None:
    held, edition, oracle, _ = case(number, seed)
    for result in edition.results:
        item = held.instrument.item(result.item)
        assert item is not None
        cells = [(result.pooled, oracle.pooled(item, result.role))]
        cells += [
            (each.persons, oracle.municipality(item, result.role, key)) for key, each in result.municipalities.items()
        ]
        cells += [(each, oracle.peers(item, result.role, key)) for key, each in result.peers.items()]
        cells += [(each, oracle.operation(item, result.role, key)) for key, each in result.operations.items()]
        for cell, figures in cells:
            if cell.state is State.SHOWN:
                compared(cell, figures, item)
            elif cell.state is State.EMPTY and not result.official:
                assert figures.answered == 0
            assert cell.state is State.SHOWN or not (cell.median or cell.index or cell.options)


@pytest.mark.parametrize(("number", "seed"), CASES)
def test_statements_are_equal(number: int, seed: int) -> None:
    held, edition, oracle, _ = case(number, seed)
    for result in edition.results:
        item = held.instrument.item(result.item)
        assert item is not None
        if not result.municipalities:
            continue
        stated = {key: each.statement for key, each in result.municipalities.items() if each.statement}
        expected = oracle.statements(item, result.role)
        assert {key: _told(each) for key, each in stated.items()} == {
            key: (each.level, _codes(each.codes, item), each.null, each.shared, each.joint)
            for key, each in expected.items()
        }


def _codes(codes: tuple[str, ...], item: Item) -> tuple[str, ...]:
    """A level is told as such."""
    return () if item.kind is Kind.LEVEL else codes


def _told(statement: Statement) -> tuple[object, ...]:
    return statement.level, statement.codes, statement.null, statement.shared, statement.joint


@pytest.mark.parametrize(("number", "seed"), CASES)
def test_municipalities_of_equal_weight_are_equal(number: int, seed: int) -> None:
    held, edition, oracle, _ = case(number, seed)
    seen = 0
    for result in edition.results:
        item = held.instrument.item(result.item)
        assert item is not None
        equal = result.equal
        if equal.state is not State.SHOWN:
            continue
        seen += 1
        among = None if not equal.left_out else _shown(result)
        expected = oracle.municipalities_by_option(item, result.role, among)
        told = {option.code: option.count for option in equal.options if option.count is not None}
        assert told == {code: expected[code] for code in told}, (result.item, equal)
        if item.kind is Kind.LEVEL:
            middle = oracle.middle(item, result.role, among)
            assert middle is not None
            assert equal.median == middle[1]
            assert equal.quartiles in (None, (middle[0], middle[2]))
            values = oracle.values(item, result.role)
            assert (equal.municipalities, equal.left_out) == (
                len(values) if among is None else len(among & values.keys()),
                0 if among is None else len(values.keys() - among),
            )
            assert (equal.quartiles is None) == (equal.municipalities < 8)
    assert seen


def _shown(result: ItemResult) -> set[str]:
    """The municipalities whose value is told."""
    found: set[str] = set()
    for key, each in result.municipalities.items():
        stated = each.statement if each.statement and each.statement.null is None else None
        told = stated.visibility is not Visibility.OWN if stated else each.persons.state is State.SHOWN
        if told:
            found.add(key)
    return found


@pytest.mark.parametrize(("number", "seed"), CASES)
def test_what_is_held_back_is_what_the_rule_holds_back(number: int, seed: int) -> None:
    held, edition, _, rows = case(number, seed)
    for result in edition.results:
        item = held.instrument.item(result.item)
        assert item is not None
        if result.official or item.kind is not Kind.LEVEL or not item.roles:
            continue
        answers = _levels(rows, item, result.role, held)
        told, distributed = _rule(answers, held.threshold), frozenset[str]()
        if told is not None:
            distributed = _rule(answers, held.text_threshold, told) or frozenset()
        shown = {key for key, each in result.municipalities.items() if each.persons.state is State.SHOWN}
        assert shown == (told or set())
        assert {key for key in shown if result.municipalities[key].persons.options} == distributed


def _levels(rows: pd.DataFrame, item: Item, role: str, held: Round) -> pd.DataFrame:
    """The place (empty for organisations of several municipalities) and level of every person who answered."""
    order = [each.id for each in held.instrument.roles if each.id in item.roles]
    mine = rows[(rows["item"] == item.id) & (rows["source"] == "individual") & (rows["codes"].map(len) == 1)]
    first = mine["roles"].map(lambda roles: next((each for each in order if each in roles), ""))
    mine = mine[first == role]
    places = mine["municipalities"].map(lambda all_of_them: all_of_them[0] if len(all_of_them) == 1 else "")
    return pd.DataFrame({"place": places, "level": mine["codes"].map(lambda codes: codes[0])})


def _rule(answers: pd.DataFrame, k: int, among: Collection[str] | None = None) -> frozenset[str] | None:
    """The municipalities told of: those with k and more than one opinion, but the smallest until the rest has too."""

    def enough(some: pd.DataFrame) -> bool:
        return len(some) >= k and some["level"].nunique() > 1

    if not enough(answers):
        return None
    sizes = answers[answers["place"] != ""].groupby("place").size()
    kept = sorted(
        (str(place) for place in sizes.index if enough(answers[answers["place"] == place])),
        key=lambda place: (sizes[place], place),
    )
    kept = [place for place in kept if among is None or place in among]
    while True:
        rest = answers[~answers["place"].isin(kept)]
        if rest.empty or enough(rest):
            return frozenset(kept)
        kept.pop(0)


@pytest.mark.parametrize(("number", "seed"), CASES)
def test_an_edition_is_the_same_after_it_was_stored(number: int, seed: int) -> None:
    _, edition, _, _ = case(number, seed)
    assert edition_from_json(edition_to_json(edition)) == edition


def test_the_order_of_the_responses_changes_nothing() -> None:
    held = closed_round()
    given = responses(held, 60, 5)
    one = compile_edition(held, given, visibilities={}, day=CLOSED, lexicon=lexicon()).edition
    assert compile_edition(held, given[::-1], visibilities={}, day=CLOSED, lexicon=lexicon()).edition == one


def _members(given: Sequence[tuple[str, Response]]) -> Iterator[str]:
    return (identifier for identifier, _ in given)


def test_everybody_is_a_member_from_the_first_edition_on() -> None:
    held = closed_round()
    given = responses(held, 30, 6)
    compiled = compile_edition(held, given, visibilities={}, day=CLOSED, lexicon=lexicon())
    assert set(compiled.members) == set(_members(given))


def test_a_census_has_no_interval() -> None:
    places = [each.id for each in closed_round().instrument.organisations if not each.shared]
    held = closed_round(invited={(name, "verksamhetsnara"): 2 for name in places})
    given = [each for each in responses(held, 60, 8, Making(two_roles=0)) if each[1].roles == ("verksamhetsnara",)]
    result = compile_edition(held, given, visibilities={}, day=CLOSED, lexicon=lexicon()).edition.result(
        "it_miljo", "verksamhetsnara"
    )
    assert result is not None
    assert result.pooled.census
    assert all(option.interval is None for option in result.pooled.options)
