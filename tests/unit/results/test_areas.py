"""Indices of areas: what they are the mean of, when there is none, and that roles stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.maturity.instrument import Kind
from bot.results.areas import AreaIndex, area_results, total_index
from bot.results.model import Cell, MunicipalResult, State
from tests.unit.results.published import HIDDEN, edition, instrument, item, persons, result, stated


def of(areas: tuple[AreaIndex, ...], area: str, role: str, municipality: str = "") -> AreaIndex:
    [one] = [each for each in areas if (each.area, each.role, each.municipality) == (area, role, municipality)]
    return one


def at(level: int, people: int = 10) -> Cell:
    return persons(*(people if each == level else 0 for each in range(6)))


def test_an_area_is_the_mean_of_its_items_whatever_their_number_of_answers() -> None:
    asked = instrument(item("p", "x"), item("q", "x"), item("r", "x", kind=Kind.CHOICES))
    areas = area_results(edition(result("p", at(1, 500)), result("q", at(4, 5)), result("r", at(5))), asked)
    assert areas == (AreaIndex("a", "x", "", 50.0, 2, 2),)


@pytest.mark.parametrize(("shown", "index"), [(3, 20.0), (2, None)])
def test_an_area_needs_sixty_percent_of_its_items(shown: int, index: float | None) -> None:
    asked = instrument(*(item(str(each), "x") for each in range(5)))
    results = [result(str(each), at(1) if each < shown else HIDDEN) for each in range(5)]
    assert of(area_results(edition(*results), asked), "a", "x").index == index


def test_an_item_that_all_are_asked_counts_in_each_role_by_that_role_s_answers() -> None:
    asked = instrument(item("p"), item("q", "x"))
    told = edition(
        result("p", at(5), role=""), result("p", at(1), role="x"), result("p", at(3), role="y"), result("q", at(2))
    )
    areas = area_results(told, asked)
    assert of(areas, "a", "x").index == 30
    assert of(areas, "a", "y").index == 60
    without = area_results(edition(result("p", at(5), role=""), result("q", at(2))), asked)
    assert (of(without, "a", "x").index, of(without, "a", "y").index) == (None, None)


def test_a_questionnaire_without_roles_has_areas_too() -> None:
    asked = instrument(item("p"))
    one = edition(result("p", at(5), role=""))
    roleless = type(asked)(asked.id, asked.version, asked.title, 1, asked.areas, asked.items)
    assert area_results(one, roleless) == (AreaIndex("a", "", "", 100.0, 1, 1),)


def test_a_municipality_has_its_persons_index_or_else_what_it_stated() -> None:
    asked = instrument(item("p", "x"), item("q", "x"))
    told = edition(
        result("p", at(3), {"soder": at(2), "norr": MunicipalResult(at(4), stated(0).statement)}),
        result("q", at(3), {"soder": HIDDEN, "norr": stated(2.5)}),
    )
    areas = area_results(told, asked)
    assert [(each.municipality, each.index, each.stated) for each in areas] == [
        ("", 60, 0),
        ("norr", 65, 1),
        ("soder", None, 0),
    ]


def test_banded_and_hidden_cells_count_nowhere() -> None:
    asked = instrument(item("p", "x"))
    told = edition(result("p", Cell(State.BANDED, answered=9, band=(4, 5)), {"norr": HIDDEN}))
    assert [(each.index, each.items) for each in area_results(told, asked)] == [(None, 0), (None, 0)]


def test_a_total_is_the_mean_of_areas_of_one_role() -> None:
    def area(name: str, index: float | None, role: str = "x", place: str = "") -> AreaIndex:
        return AreaIndex(name, role, place, index, 1, 1)

    assert total_index([area("a", 10), area("b", 40)]) == 25
    assert total_index([area("a", 10)]) is None
    assert total_index([area("a", 10), area("b", None)]) is None
    assert total_index([area("a", 10), area("b", 40), area("c", None)]) == 25
    assert total_index([area("a", 10), area("b", 40), area("c", None), area("d", None)]) is None
    for mixed in ([area("a", 1), area("b", 2, "y")], [area("a", 1), area("b", 2, "x", "norr")]):
        with pytest.raises(ValueError, match="one role in one place"):
            total_index(mixed)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=5), st.lists(st.integers(0, 5), min_size=1, max_size=5))
def test_one_role_never_moves_another_s_index(mine: list[int], theirs: list[int]) -> None:
    asked = instrument(
        *(item(f"x{place}", "x") for place in range(len(mine))),
        *(item(f"y{place}", "y") for place in range(len(theirs))),
    )
    own = [result(f"x{place}", at(level)) for place, level in enumerate(mine)]
    others = [result(f"y{place}", at(level), role="y") for place, level in enumerate(theirs)]
    together, alone = area_results(edition(*own, *others), asked), area_results(edition(*own), asked)
    assert of(together, "a", "x") == of(alone, "a", "x")
    assert of(together, "a", "x").index == pytest.approx(20 * sum(mine) / len(mine))
