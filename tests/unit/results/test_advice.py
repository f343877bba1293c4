"""Advice for groups: the rule for persons, over what is shown of everybody or of one municipality."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.maturity.advice_file import load_advice
from bot.maturity.instrument import Kind, Null
from bot.maturity.instrument_file import INSTRUMENTS, MAIN, load_folder
from bot.maturity.ports import Visibility
from bot.maturity.recommendations import choose
from bot.maturity.session import Given
from bot.results.advice import GroupAdvice, recommend
from bot.results.model import Cell, ItemResult, MunicipalResult, OptionCount, State, Statement
from bot.results.views import federation_view, municipality_view, public_view
from tests.unit.results.published import HIDDEN, NOBODY, edition, persons, result, ticks

INSTRUMENT = load_folder(INSTRUMENTS)[MAIN]
LOADED = load_advice(INSTRUMENT)
assert LOADED is not None
ADVICE = LOADED


def role_of(item_id: str) -> str:
    item = INSTRUMENT.item(item_id)
    assert item is not None
    return next(iter(item.roles)) if len(item.roles) == 1 else ""


def about(item_id: str, cell: Cell, **places: Cell | MunicipalResult) -> ItemResult:
    return result(item_id, cell, places, role=role_of(item_id))


def at(level: int, unknown: int = 0) -> Cell:
    return persons(*(10 if each == level else 0 for each in range(6)), unknown=unknown, gap=unknown > 0)


def for_all(*results: ItemResult, limit: int = 3) -> tuple[GroupAdvice, ...]:
    return recommend(federation_view(edition(*results)), INSTRUMENT, ADVICE, limit)


def test_the_lowest_median_comes_first_with_its_text_and_its_citation() -> None:
    first, second = for_all(about("it_miljo", at(1)), about("nyttorealisering", at(0)))
    assert (first.item, first.area, first.role, first.index) == ("nyttorealisering", "ekonomi", "verksamhetsnara", 0)
    assert first.advice == ADVICE.items["nyttorealisering"].levels["0"]
    assert first.advice.sources
    assert (second.item, second.index, second.unknown) == ("it_miljo", 20, False)


def test_a_median_between_two_levels_counts_as_the_lower() -> None:
    [one] = for_all(about("it_miljo", persons(0, 5, 5, 0, 0, 0)))
    assert one.advice == ADVICE.items["it_miljo"].levels["1"]


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.sampled_from([i.id for i in INSTRUMENT.items if i.kind is Kind.LEVEL]), st.integers(0, 4)))
def test_a_group_that_agrees_gets_what_one_person_would_get(levels: dict[str, int]) -> None:
    def cell(item_id: str, level: int) -> Cell:
        item = INSTRUMENT.item(item_id)
        assert item is not None
        return persons(*(7 if each == level else 0 for each in range(len(item.options))))

    answers = {item_id: Given(codes=(str(level),)) for item_id, level in levels.items()}
    one_person = choose(ADVICE, INSTRUMENT, INSTRUMENT.items, answers)
    group = for_all(*(about(item_id, cell(item_id, level)) for item_id, level in levels.items()))
    assert [(one.item, one.index, one.advice) for one in group] == [
        (one.item, one.index, one.advice) for one in one_person
    ]


def test_a_gap_in_knowledge_counts_as_a_gap_unless_the_level_is_worse() -> None:
    [high] = for_all(about("it_miljo", at(5, unknown=4)))
    [low] = for_all(about("it_miljo", at(1, unknown=4)))
    assert (high.unknown, high.index) == (True, ADVICE.unknown.weighs)
    assert (low.unknown, low.index) == (False, 20)
    person = choose(ADVICE, INSTRUMENT, INSTRUMENT.items, {"it_miljo": Given(null=Null.DONT_KNOW)})
    assert high.advice == person[0].advice


def test_what_is_not_shown_gives_nothing() -> None:
    assert for_all(about("it_miljo", HIDDEN), about("sdk", NOBODY)) == ()
    assert for_all(about("it_miljo", Cell(State.BANDED, answered=9, band=(0, 1)))) == ()
    assert recommend(federation_view(edition(about("it_miljo", at(0)))), INSTRUMENT, None) == ()


def test_an_obstacle_counts_where_half_or_more_have_chosen_it() -> None:
    codes = dict.fromkeys(("forandringstrangsel", "expertis", "ledarskap", "motstand", "samarbete", "inget"), 0)
    few = about("org_hinder", ticks(20, **codes | {"expertis": 9}))
    half = about("org_hinder", ticks(20, **codes | {"expertis": 10}))
    assert for_all(few) == ()
    [one] = for_all(half)
    [gap] = [each for each in ADVICE.items["org_hinder"].gaps if "expertis" in each.codes]
    assert (one.advice, one.index) == (gap.advice, gap.weighs)


def test_what_most_do_not_have_is_missing_and_what_is_not_told_is_not() -> None:
    item = INSTRUMENT.item("forum")
    assert item is not None
    everything = ticks(20, **{option.code: 0 if option.exclusive else 20 for option in item.options})
    nothing = ticks(20, **{option.code: 15 if option.exclusive else 4 for option in item.options})
    hidden = Cell(State.SHOWN, answered=20, options=tuple(OptionCount(each.code) for each in item.options))
    banded = Cell(State.SHOWN, answered=20, options=tuple(OptionCount(o.code, None, (0, 4)) for o in item.options))
    assert for_all(about("forum", everything)) == for_all(about("forum", hidden)) == ()
    assert for_all(about("forum", nothing)) == for_all(about("forum", banded)) != ()


def test_a_municipality_s_advice_comes_from_its_persons_or_else_from_its_statement() -> None:
    stated = MunicipalResult(HIDDEN, Statement(Visibility.OWN, 1.5))
    unknown = MunicipalResult(NOBODY, Statement(Visibility.OWN, None, null="dk"))
    told = edition(
        about("it_miljo", at(5), tanum=at(0), orust=HIDDEN),
        about("sdk", at(5), tanum=stated, orust=unknown),
        about("nyttorealisering", at(0), tanum=HIDDEN),
    )
    tanum = recommend(municipality_view(told, "tanum"), INSTRUMENT, ADVICE)
    assert [(one.item, one.index) for one in tanum] == [("it_miljo", 0), ("sdk", 20)]
    [orust] = recommend(municipality_view(told, "orust"), INSTRUMENT, ADVICE)
    assert (orust.item, orust.unknown) == ("sdk", True)
    seen = recommend(federation_view(told), INSTRUMENT, ADVICE, municipality="tanum")
    assert [one.item for one in seen] == ["it_miljo"]


def test_an_item_of_several_roles_is_advised_on_from_everybody_s_answers() -> None:
    everybody = result("digital_mognad", persons(9, 0, 0, 0, 0), role="")
    [one] = for_all(everybody, result("digital_mognad", persons(0, 0, 0, 0, 9), role="it_nara"))
    assert (one.item, one.role, one.index) == ("digital_mognad", "", 0)


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_there_are_no_more_than_asked_for(limit: int) -> None:
    results = [about(item_id, at(0)) for item_id in ("it_miljo", "nyttorealisering", "sdk")]
    assert len(for_all(*results, limit=limit)) == limit
    assert len(recommend(public_view(edition(*results)), INSTRUMENT, ADVICE, limit)) == limit
