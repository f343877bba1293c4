"""From round to round: who is matched, what is certain, and that a trend tells nothing that is not published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.maturity.instrument import Kind
from bot.maturity.ports import Visibility
from bot.results.model import Cell, Edition, MunicipalResult, State
from bot.results.statistics import fisher, mann_whitney
from bot.results.trend import ItemTrend, trend
from bot.results.views import municipality_view
from tests.unit.results.published import HIDDEN, NOBODY, edition, instrument, item, persons, result, stated, ticks

PLACES = ("norr", "soder", "vast", "ost")
ASKED = instrument(item("p", "x"))
LOW, HIGH = (10, 10, 5, 0, 0, 0), (0, 0, 5, 10, 10, 0)


def added(counts: Sequence[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*counts, strict=True)]


def one_item(counts: Mapping[str, Sequence[int]], hidden: Sequence[str] = (), label: str = "2026:1") -> Edition:
    """An edition of one item; every place is counted in the pool, the hidden ones are seen nowhere else."""
    cells = {
        place: NOBODY if not any(counts.get(place, ())) else HIDDEN if place in hidden else persons(*counts[place])
        for place in PLACES
    }
    people = {place: sum(each) for place, each in counts.items()}
    pooled = persons(*added(list(counts.values()))) if any(people.values()) else NOBODY
    return edition(result("p", pooled, cells), label=label, **people)


def only(now: Edition, before: Edition) -> ItemTrend:
    [one] = trend(now, before, ASKED).items
    return one


def test_the_matched_come_first_and_all_second_with_who_joined_and_left() -> None:
    before = one_item({"norr": LOW, "soder": LOW, "vast": HIGH}, label="2025:1")
    now = one_item({"norr": HIGH, "soder": LOW, "ost": HIGH})
    assert trend(now, before, ASKED).before_label == "2025:1"
    one = only(now, before)
    assert (one.matched, one.joined, one.left) == (("norr", "soder"), ("ost",), ("vast",))
    assert [one.index_before, one.index_now] == pytest.approx([16, 40])
    assert one.all_index_before == pytest.approx((16 + 16 + 64) / 3)
    assert one.all_index_now == pytest.approx((64 + 16 + 64) / 3)
    assert one.p == mann_whitney(added([LOW, LOW]), added([HIGH, LOW]))
    assert (one.direction, one.certain) == ("higher", True)


def test_nothing_is_certain_of_those_who_are_not_matched() -> None:
    one = only(one_item({"norr": added([HIGH] * 9)}), one_item({"soder": added([LOW] * 9)}))
    assert (one.matched, one.index_before, one.index_now, one.p) == ((), None, None, None)
    assert (one.direction, one.certain) == ("higher", False)


def test_a_sure_difference_too_small_to_tell_is_the_same() -> None:
    before, now = [0, 0, 5_300, 4_700, 0, 0], [0, 0, 5_000, 5_000, 0, 0]
    one = only(one_item({"norr": now}), one_item({"norr": before}))
    assert one.p is not None
    assert one.p < 0.05
    assert (one.direction, one.certain) == ("same", False)


def test_a_few_give_a_direction_that_is_not_certain() -> None:
    one = only(one_item({"norr": (0, 2, 3, 3, 2, 0)}), one_item({"norr": (1, 3, 3, 2, 1, 0)}))
    assert (one.direction, one.certain) == ("higher", False)
    assert one.p is not None


def test_the_hidden_are_followed_together_where_they_are_the_same() -> None:
    before = one_item(
        {"norr": LOW, "soder": (1, 2, 0, 0, 0, 0), "vast": (0, 0, 2, 2, 0, 0), "ost": HIGH}, ["soder", "vast"]
    )
    now = one_item({"norr": HIGH, "soder": (0, 0, 2, 2, 0, 0), "vast": (0, 0, 0, 2, 2, 0)}, ["soder", "vast"])
    one = only(now, before)
    assert one.matched == ("norr", "soder", "vast")
    assert one.index_now == pytest.approx(one.all_index_now)
    assert one.p == mann_whitney(added([LOW, (1, 2, 0, 0, 0, 0), (0, 0, 2, 2, 0, 0)]), [0, 0, 7, 14, 12, 0])


def test_the_hidden_are_left_out_where_they_are_others() -> None:
    before = one_item({"norr": LOW, "soder": (1, 2, 0, 0, 0, 0), "vast": (0, 0, 2, 2, 0, 0)}, ["soder", "vast"])
    now = one_item({"norr": HIGH, "soder": (0, 0, 2, 2, 0, 0)}, ["soder"])
    one = only(now, before)
    assert (one.matched, one.left) == (("norr",), ("vast",))
    assert [one.index_before, one.index_now] == pytest.approx([16, 64])


def test_a_municipality_that_hides_only_once_is_not_followed() -> None:
    small = (0, 2, 2, 0, 0, 0)
    one = only(one_item({"norr": HIGH, "soder": LOW}), one_item({"norr": LOW, "soder": small}, ["soder"]))
    assert one.matched == ("norr",)


def test_without_distributions_there_is_an_index_and_no_test() -> None:
    def told(cell: Cell) -> Edition:
        return edition(result("p", cell, {"norr": cell}), norr=6)

    before = persons(3, 3, 0, 0, 0, 0, spread_out=False)
    one = only(told(persons(0, 0, 3, 3, 0, 0, spread_out=False)), told(before))
    assert (one.matched, one.index_before, one.index_now, one.p) == (("norr",), 10, 50, None)
    assert not one.certain


def test_the_pool_s_distribution_stands_in_for_those_of_its_parts() -> None:
    """Two municipalities too small for distributions of their own, and nobody else: together they are everybody."""

    def told(*halves: tuple[int, ...]) -> Edition:
        cells = {place: persons(*half, spread_out=False) for place, half in zip(PLACES, halves, strict=False)}
        rest = dict.fromkeys(PLACES[2:], NOBODY)
        return edition(result("p", persons(*added(halves)), {**cells, **rest}), norr=8, soder=8)

    before, now = [(4, 4, 0, 0, 0, 0), (3, 5, 0, 0, 0, 0)], [(0, 0, 0, 4, 4, 0), (0, 0, 3, 5, 0, 0)]
    one = only(told(*now), told(*before))
    assert one.matched == ("norr", "soder")
    assert one.p == mann_whitney(added(before), added(now))
    assert one.certain


def test_persons_of_a_shared_organisation_are_in_the_pool_both_times_or_never() -> None:
    def told(counts: tuple[int, ...], shared: int) -> Edition:
        pooled = persons(*added([counts, (0, 0, 0, 0, 0, shared)]))
        cells = dict.fromkeys(PLACES, NOBODY) | {"norr": persons(*counts, spread_out=False)}
        return edition(result("p", pooled, cells), shared=shared, norr=25)

    both, once = only(told(HIGH, 5), told(LOW, 5)), only(told(HIGH, 5), told(LOW, 0))
    assert both.matched == once.matched == ("norr",)
    assert both.index_now == pytest.approx(both.all_index_now)
    assert once.index_now == pytest.approx(64)


def test_statements_that_the_federation_sees_are_followed_one_by_one() -> None:
    def told(*levels: float | None, last: Visibility = Visibility.FEDERATION) -> Edition:
        places: dict[str, Cell | MunicipalResult] = {
            place: stated(level, last if place == "ost" else Visibility.PUBLIC)
            for place, level in zip(PLACES, levels, strict=True)
        }
        return edition(result("p", persons(0, 1, 1, 1, 1, 1), places, official=True))

    one = only(told(2, 3.5, None, 5, last=Visibility.OWN), told(1, 2, 3, 0))
    assert one.matched == ("norr", "soder")
    assert [one.index_before, one.index_now] == pytest.approx([30, 55])
    assert one.p == mann_whitney((1, 1, 0), (0, 1, 1))
    assert one.left == ("ost",)


def test_options_are_told_of_the_matched_with_fisher_s_p() -> None:
    asked = instrument(item("p", "x", kind=Kind.CHOICES, options=2))

    def told(chosen: int) -> Edition:
        cell = ticks(20, **{"0": chosen, "1": 20})
        return edition(result("p", cell, {"norr": cell}), norr=20)

    [one] = trend(told(16), told(4), asked).items
    assert (one.matched, one.index_now, one.direction, one.certain) == (("norr",), None, "unknown", False)
    first, second = one.options
    assert (first.code, first.before, first.before_of, first.now, first.now_of) == ("0", 4, 20, 16, 20)
    assert (first.p, first.certain) == (fisher(4, 16, 16, 4), True)
    assert (second.p, second.certain) == (1, False)


def test_options_are_told_of_all_where_those_of_the_matched_are_not_and_are_not_certain() -> None:
    asked = instrument(item("p", "x", kind=Kind.CHOICES, options=2))

    def told(chosen: int) -> Edition:
        small = Cell(State.SHOWN, answered=8, unknown=0, not_applicable=0)
        return edition(result("p", ticks(20, **{"0": chosen, "1": 20}), {"norr": small}), norr=8, soder=12)

    [one] = trend(told(16), told(4), asked).items
    assert one.matched == ("norr",)
    assert [(each.before, each.now, each.p < 0.05, each.certain) for each in one.options] == [
        (4, 16, True, False),
        (20, 20, False, False),
    ]


def test_an_item_that_has_changed_or_is_new_has_no_trend() -> None:
    now, before = one_item({"norr": HIGH}), one_item({"norr": LOW})
    changed = instrument(replace(ASKED.items[0], question=replace(ASKED.items[0].question, sv="Hur var det nu igen?")))
    assert trend(now, before, ASKED, changed).items == ()
    assert len(trend(now, before, ASKED, ASKED).items) == 1
    assert trend(now, edition(), ASKED).items == ()
    assert trend(now, before, instrument(item("p", kind=Kind.TEXT)), None).items == ()


def test_in_a_municipality_s_own_view_it_alone_is_followed() -> None:
    before = municipality_view(one_item({"norr": LOW, "soder": LOW}), "norr").edition
    now = municipality_view(one_item({"norr": HIGH, "soder": LOW}), "norr").edition
    one = only(now, before)
    assert (one.matched, one.index_before, one.index_now) == (("norr",), 16, 64)


COUNTS = st.lists(st.integers(0, 9), min_size=6, max_size=6).map(tuple)
ROUND = st.fixed_dictionaries({place: st.just((0,) * 6) | COUNTS for place in PLACES})


@settings(max_examples=60, deadline=None)
@given(ROUND, ROUND, st.sets(st.sampled_from(PLACES)), st.sets(st.sampled_from(PLACES)))
def test_d11_the_matched_are_followed_exactly_and_from_published_cells_alone(
    before: Mapping[str, Sequence[int]], now: Mapping[str, Sequence[int]], hid: set[str], hides: set[str]
) -> None:
    """Against the raw counts of both rounds; and whatever stands in a hidden cell changes nothing."""
    old, new = one_item(before, sorted(hid)), one_item(now, sorted(hides))
    one = only(new, old)
    there_before = {place for place in PLACES if any(before[place])}
    there_now = {place for place in PLACES if any(now[place])}
    hidden = (hid & there_before, hides & there_now)
    followed = (there_before & there_now) if hidden[0] == hidden[1] else (there_before - hid) & (there_now - hides)
    assert set(one.matched) == followed
    assert (set(one.joined), set(one.left)) == (there_now - there_before, there_before - there_now)
    if followed:
        counts = [added([each[place] for place in sorted(followed)]) for each in (before, now)]
        indices = [100 * sum(level * n for level, n in enumerate(each)) / sum(each) / 5 for each in counts]
        assert [one.index_before, one.index_now] == pytest.approx(indices)
        assert one.p == mann_whitney(*counts)
    assert only(*(_with_something_in_hidden_cells(each) for each in (new, old))) == one


def _with_something_in_hidden_cells(told: Edition) -> Edition:
    """As if disclosure control had forgotten to take the figures out."""

    def filled(each: MunicipalResult) -> MunicipalResult:
        if each.persons.state is not State.SUPPRESSED:
            return each
        return replace(each, persons=replace(persons(1, 0, 0, 0, 0, 3), state=State.SUPPRESSED))

    results = tuple(
        replace(one, municipalities={place: filled(each) for place, each in one.municipalities.items()})
        for one in told.results
    )
    return replace(told, results=results)
