"""Beside 2024: like with like, in the units that 2024 has, and never more certain than it is."""

from __future__ import annotations

import pytest

from bot.knowledge_base import LIBRARY
from bot.maturity.baseline import baseline_of, index_range
from bot.maturity.instrument import Item, Kind
from bot.maturity.instrument_file import INSTRUMENTS, MAIN, load_folder
from bot.results.comparison import Beside, beside_2024
from bot.results.model import Cell, OptionCount, State
from bot.results.statistics import mann_whitney
from bot.results.wording import Direction, Hidden, Told, direction, told, why_hidden
from knowledge.model import Unit
from knowledge.survey.loading import load
from knowledge.survey.model import Baseline
from tests.unit.results.published import HIDDEN, persons, result, ticks

BASELINE = baseline_of(load(LIBRARY / "enkat-2024.yaml"))
INSTRUMENT = load_folder(INSTRUMENTS)[MAIN]


def asked(item_id: str) -> Item:
    item = INSTRUMENT.item(item_id)
    assert item is not None
    return item


def beside(item_id: str, cell: Cell, role: str | None = None) -> Beside:
    item = asked(item_id)
    own = next(iter(item.roles), "") if role is None else role
    found = beside_2024(result(item_id, cell, role=own), item, BASELINE)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("area", "index", "items"), [("styrning", 40, 3), ("organisation", 46, 4), ("ekonomi", 32, 2), ("teknik", 53, 6)]
)
def test_the_areas_of_2024_are_those_worked_out_by_hand(area: str, index: int, items: int) -> None:
    ranges = [index_range(BASELINE[each.baseline]) for each in INSTRUMENT.items if each.area == area and each.baseline]
    exact = [low for low, high in filter(None, ranges) if low == high]
    assert len(exact) == items
    assert sum(exact) / items == pytest.approx(index, abs=0.6)


def test_every_item_of_2024_can_be_set_beside_or_has_none() -> None:
    for item in INSTRUMENT.items:
        own = next(iter(item.roles)) if len(item.roles) == 1 else ""
        found = beside_2024(result(item.id, HIDDEN, role=own), item, BASELINE)
        assert (found is None) == (item.kind is Kind.TEXT or not item.baseline)
        if found is not None and found.comparable and BASELINE[item.baseline].use is not Baseline.BOUNDS_ONLY:
            assert found.index_then == index_range(BASELINE[item.baseline])


def test_levels_stand_side_by_side_with_numbers_index_and_p() -> None:
    one = beside("it_miljo", persons(0, 2, 10, 20, 15, 3))
    assert (one.unit, one.then_n, one.then_inferred, one.now_n) == (Unit.RESPONDENT, 51, True, 50)
    told_rows = [(row.codes, row.then_count, row.then_percent, row.now_count, row.now_share) for row in one.rows]
    assert told_rows[1:3] == [(("1",), 3, 6.0, 2, 0.04), (("2",), 19, 37.0, 10, 0.2)]
    assert one.index_then == index_range(BASELINE["it_miljo"])
    assert one.index_now == pytest.approx(62.8)
    assert one.direction is Direction.HIGHER
    assert one.p == mann_whitney((0, 3, 19, 20, 9, 0), (0, 2, 10, 20, 15, 3))
    assert (one.figure, one.pages, one.comparable) == ("23", (48, 49), True)
    assert one.caveats == BASELINE["it_miljo"].caveats


@pytest.mark.parametrize(("people", "in_percent"), [(19, False), (20, True)])
def test_below_twenty_there_are_counts_and_no_percentages(people: int, in_percent: bool) -> None:
    one = beside("portfoljstyrning", persons(0, 0, 0, people, 0, 0))
    assert all(row.then_percent is None for row in one.rows)
    assert [row.then_count for row in one.rows] == [3, 5, 6, 1, 2, None]
    assert {row.now_share is not None for row in one.rows} == {in_percent}


def test_a_misprint_is_marked_and_counted_as_what_is_meant() -> None:
    one = beside("portfoljstyrning", persons(1, 1, 1, 1, 1, 1))
    [marked] = [row for row in one.rows if row.then_corrected is not None]
    assert (marked.codes, marked.then_count, marked.then_corrected) == (("4",), 2, 11.0)
    assert any("tryckfel" in caveat for caveat in one.caveats)


def test_those_who_did_not_know_are_counted_on_both_sides_where_2024_counts_them() -> None:
    one = beside("nyttorealisering", persons(10, 10, 10, 0, 0, 0, unknown=10))
    assert (one.then_n, one.now_n) == (51, 40)
    assert [row.now_share for row in one.rows] == [0.25, 0.25, 0.25, 0, 0, 0, 0.25]
    assert (one.rows[-1].codes, one.rows[-1].labels, one.rows[-1].then_percent) == (("dk",), (), 12.0)
    other = beside("it_miljo", persons(10, 10, 10, 0, 0, 0, unknown=10))
    assert other.now_n == 30
    assert (other.rows[-1].codes, other.rows[-1].now_count, other.rows[-1].now_share) == (("dk",), 10, None)
    assert "dk" not in [row.codes[0] for row in beside("it_miljo", persons(1, 1, 1, 1, 1, 1)).rows]


def test_an_interval_is_shown_only_with_the_share_that_it_is_of() -> None:
    options = tuple(OptionCount(str(code), 10, interval=(0.1, 0.3)) for code in range(6))
    known = Cell(State.SHOWN, answered=60, unknown=0, index=50.0, options=options)
    assert {row.now_interval for row in beside("nyttorealisering", known).rows[:6]} == {(0.1, 0.3)}
    some_unknown = Cell(State.SHOWN, answered=60, unknown=5, index=50.0, options=options)
    assert {row.now_interval for row in beside("nyttorealisering", some_unknown).rows} == {None}


def test_ticks_are_shares_of_ticks_and_are_not_compared() -> None:
    codes = [option.code for option in asked("forum").options]
    one = beside("forum", ticks(30, **dict.fromkeys(codes, 5) | {"itrad": 20, "inget": 4}))
    assert (one.unit, one.then_n, one.now_n) == (Unit.TICK, None, 50)
    assert (one.comparable, one.index_then, one.p, one.direction) == (False, None, None, Direction.UNKNOWN)
    shares = {row.codes[0]: (row.then_percent, row.then_count, row.now_share) for row in one.rows}
    assert shares["itrad"] == (24.0, None, 0.4)
    assert shares["inget"] == (None, None, None)
    assert sum(row.now_share or 0 for row in one.rows) == pytest.approx(1)


def test_ticks_of_which_one_is_not_told_have_no_shares() -> None:
    codes = [option.code for option in asked("forum").options]
    one = beside("forum", ticks(30, **dict.fromkeys(codes, 5) | {"ciso": 3, "itrad": None}))
    assert (one.now_n, {row.now_share for row in one.rows}) == (None, {None})


def test_options_that_2024_prints_together_are_together_now() -> None:
    one = beside("digital_mognad", persons(1, 20, 19, 12, 8))
    assert [(row.codes, row.then_percent, row.now_count) for row in one.rows] == [
        (("0",), None, 1),
        (("1", "2"), 70.0, 39),
        (("3",), 24.0, 12),
        (("4",), 4.0, 8),
    ]
    assert len(one.rows[1].labels) == 2
    assert one.p == mann_whitney((1, 36, 12, 2), (1, 39, 12, 8))
    low, high = one.index_then or (0, 0)
    assert low < high
    assert one.direction is Direction.UNKNOWN


def test_a_range_together_with_a_count_is_a_range() -> None:
    options = (OptionCount("0", 3), OptionCount("1", None, (0, 4)), *(OptionCount(code, 10) for code in "234"))
    one = beside("digital_mognad", Cell(State.SHOWN, answered=35, unknown=0, index=50.0, options=options))
    assert [(row.now_count, row.now_band) for row in one.rows[:2]] == [(3, None), (None, (10, 14))]
    assert one.p is None


def test_bounds_have_a_direction_only_outside_of_them() -> None:
    below = beside("informationshantering", persons(20, 5, 0, 0, 0, 0))
    within = beside("informationshantering", persons(0, 10, 10, 10, 0, 0))
    assert (below.direction, within.direction) == (Direction.LOWER, Direction.UNKNOWN)
    assert below.p is None
    assert below.comparable


def test_what_2024_has_in_words_stays_words() -> None:
    one = beside("sdk", persons(5, 5, 5, 5, 0, 0))
    assert (one.rows, one.comparable, one.index_then, one.p) == ((), False, None, None)
    assert one.findings == BASELINE["sdk"].findings


def test_one_role_s_view_is_not_held_against_everybody_s() -> None:
    for role in (each.id for each in INSTRUMENT.roles):
        assert beside_2024(result("digital_mognad", HIDDEN, role=role), asked("digital_mognad"), BASELINE) is None
    assert beside_2024(result("it_miljo", HIDDEN, role=""), asked("it_miljo"), BASELINE) is None


@pytest.mark.parametrize("cell", [HIDDEN, Cell(State.EMPTY), Cell(State.BANDED, answered=9, band=(3, 4))])
def test_what_is_not_shown_stands_beside_2024_without_figures(cell: Cell) -> None:
    one = beside("it_miljo", cell)
    assert (one.now_n, one.index_now, one.p, one.direction) == (None, None, None, Direction.UNKNOWN)
    assert {(row.now_count, row.now_share, row.now_band) for row in one.rows} == {(None, None, None)}
    assert [row.then_percent for row in one.rows] == [0.0, 6.0, 37.0, 39.0, 18.0, 0.0]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ((40, 40), 42.5, Direction.SAME),
        ((40, 40), 42.6, Direction.HIGHER),
        ((40, 40), 37.4, Direction.LOWER),
        ((40, 45), 42.0, Direction.UNKNOWN),
        ((40, 45), 48.0, Direction.HIGHER),
        (None, 48.0, Direction.UNKNOWN),
        ((40, 40), None, Direction.UNKNOWN),
    ],
)
def test_a_direction_needs_more_than_one_person_of_ten_moving_one_step(
    before: tuple[float, float] | None, now: float | None, expected: Direction
) -> None:
    assert direction(before, now) is expected


def test_only_what_is_certain_is_told_as_certain() -> None:
    assert told(Direction.HIGHER, certain=True) is Told.HIGHER_CERTAIN
    assert told(Direction.LOWER, certain=True) is Told.LOWER_CERTAIN
    for each in Direction:
        assert told(each, certain=False).value == each.value
    assert told(Direction.SAME, certain=True) is Told.SAME


def test_why_a_cell_has_no_figures_does_not_tell_how_many_there_are() -> None:
    cells = [HIDDEN, Cell(State.BANDED, answered=9, band=(3, 4)), Cell(State.EMPTY), persons(5, 5)]
    assert [why_hidden(cell) for cell in cells] == [Hidden.PROTECTED, Hidden.ALIKE, Hidden.NOBODY, None]
