"""Indices: what counts, what is left out, and that no answer can lower what it should raise."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from bot.maturity.instrument import Area, Instrument, Item, Kind, Null, Option, Role, Wording
from bot.maturity.scoring import AreaScore, area_scores, item_index
from bot.maturity.session import Given


def wording(text: str) -> Wording:
    return Wording(text, f"{text} (en)")


def item(item_id: str, area: str = "styrning", levels: int = 6, kind: Kind = Kind.LEVEL, *roles: str) -> Item:
    options = tuple(Option(str(code), wording(f"nivå {code}")) for code in range(levels))
    return Item(item_id, area, kind, wording(item_id), wording(f"Hur är {item_id}?"), options, roles=frozenset(roles))


def instrument(*items: Item) -> Instrument:
    areas = tuple(Area(area, wording(area)) for area in ("styrning", "teknik", "ekonomi"))
    roles = (Role("it_nara", wording("IT-nära")), Role("verksamhetsnara", wording("Verksamhetsnära")))
    return Instrument("prov", "1", wording("Prov"), 5, areas, items, roles)


def level(code: int) -> Given:
    return Given(codes=(str(code),))


def score(items: tuple[Item, ...], answers: Mapping[str, Given]) -> AreaScore:
    [one] = area_scores(instrument(*items), items, answers)
    return one


@pytest.mark.parametrize(
    ("levels", "code", "index"), [(6, 0, 0), (6, 1, 20), (6, 5, 100), (5, 2, 50), (5, 4, 100), (2, 1, 100)]
)
def test_an_item_s_index_is_its_place_on_the_scale(levels: int, code: int, index: float) -> None:
    assert item_index(item("a", levels=levels), level(code)) == index


@pytest.mark.parametrize("given", [None, *(Given(null=null) for null in Null), Given(), Given(codes=("9",))])
def test_what_is_no_level_has_no_index(given: Given | None) -> None:
    assert item_index(item("a"), given) is None


@pytest.mark.parametrize("kind", [Kind.CHOICE, Kind.CHOICES, Kind.TEXT])
def test_only_levels_have_an_index(kind: Kind) -> None:
    assert item_index(item("a", kind=kind), level(3)) is None


def test_an_area_is_the_mean_of_its_items_on_scales_of_any_length() -> None:
    items = (item("a"), item("b", levels=5), item("c", kind=Kind.CHOICES))
    assert score(items, {"a": level(1), "b": level(2), "c": level(5)}) == AreaScore("styrning", 35, 2, 2, 0)


@pytest.mark.parametrize(("answered", "there"), [(5, True), (3, True), (2, False), (0, False)])
def test_an_area_needs_an_answer_to_three_items_of_five(answered: int, there: bool) -> None:
    items = tuple(item(name) for name in "abcde")
    answers = {one.id: level(4) for one in items[:answered]}
    assert (score(items, answers).index == 80) is there
    assert (score(items, answers).index is None) is not there


def test_every_reason_for_no_answer_is_counted_as_what_it_is() -> None:
    items = tuple(item(name) for name in "abcdef")
    nulls = {"a": Null.DONT_KNOW, "b": Null.DONT_KNOW, "c": Null.NOT_APPLICABLE, "d": Null.SKIPPED}
    told = score(items, {name: Given(null=null) for name, null in nulls.items()} | {"e": level(1)})
    assert (told.answered, told.asked, told.unknown, told.not_applicable, told.index) == (1, 6, 2, 1, None)


def test_areas_come_in_the_instrument_s_order_and_only_where_something_was_asked() -> None:
    items = (item("a", "teknik"), item("b", "styrning"), item("c", "ekonomi", 6, Kind.TEXT))
    assert [one.area for one in area_scores(instrument(*items), items, {})] == ["styrning", "teknik"]


def test_two_roles_are_never_added_up() -> None:
    items = (
        item("natet", "teknik", 6, Kind.LEVEL, "it_nara"),
        item("stodet", "teknik", 6, Kind.LEVEL, "verksamhetsnara"),
        item("mognad", "teknik"),
    )
    answers = {"natet": level(5), "stodet": level(0), "mognad": level(2)}
    scores = area_scores(instrument(*items), items, answers, ("verksamhetsnara", "it_nara"))
    assert [(one.role, one.index, one.asked) for one in scores] == [("it_nara", 70, 2), ("verksamhetsnara", 20, 2)]
    [alone] = area_scores(instrument(*items), items[:1], answers, ("it_nara",))
    assert (alone.role, alone.index) == ("", 100)


ITEMS = (item("a"), item("b"), item("c", levels=5), item("d", levels=2), item("e", levels=3))
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        one.id: st.one_of(
            st.integers(0, len(one.options) - 1).map(level), st.sampled_from(Null).map(lambda null: Given(null=null))
        )
        for one in ITEMS
    },
)


@settings(deadline=None)
@over(ANSWERS)
def test_an_index_is_between_0_and_100_and_the_counts_add_up(answers: dict[str, Given]) -> None:
    told = score(ITEMS, answers)
    assert told.index is None or 0 <= told.index <= 100
    assert told.answered == sum(given.null is None for given in answers.values())
    assert told.answered + told.unknown + told.not_applicable <= told.asked == len(ITEMS)


@settings(deadline=None)
@over(ANSWERS, st.sampled_from(ITEMS))
def test_a_higher_answer_never_lowers_the_index(answers: dict[str, Given], changed: Item) -> None:
    indices = [score(ITEMS, answers | {changed.id: level(code)}).index or 0.0 for code in range(len(changed.options))]
    assert indices == sorted(indices)


@settings(deadline=None)
@over(ANSWERS, st.sampled_from(Null))
def test_no_answer_changes_nothing_but_whether_enough_is_answered(answers: dict[str, Given], null: Null) -> None:
    before = score(ITEMS, answers)
    filled = {one.id: answers.get(one.id, Given(null=null)) for one in ITEMS}
    assert score(ITEMS, filled).index == before.index
    answered = {name: given for name, given in answers.items() if given.null is None}
    assert score(ITEMS, answered).index == before.index
    more = (*ITEMS, item("f"), item("g"))
    after = score(more, answers | {"f": Given(null=null), "g": Given(null=null)})
    assert after.index in (before.index, None)
