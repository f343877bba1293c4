"""What 2024 found: the printed table can be worked out again, and nothing is said to be what it is not."""

from __future__ import annotations

import pytest

from bot.knowledge_base import LIBRARY
from bot.maturity.baseline import Comparison, baseline_of, compare, index_range
from bot.maturity.instrument import Instrument, Item, Kind, Null
from bot.maturity.instrument_file import INSTRUMENTS, load_folder
from bot.maturity.session import Given
from knowledge.model import Unit
from knowledge.survey.loading import load
from knowledge.survey.model import Baseline

SURVEY = load(LIBRARY / "enkat-2024.yaml")
BASELINE = baseline_of(SURVEY)

INDEX_2024 = {
    "portfoljstyrning": 33,
    "projektstyrning": 33,
    "informationssakerhet": 54,
    "processorientering": 42,
    "innovationskultur": 39,
    "digital_kompetens": 41,
    "bestallarkompetens": 60,
    "oronmarkta_medel": 33,
    "nyttorealisering": 30,
    "systemforvaltning": 60,
    "arkitekturstyrning": 36,
    "infrastruktur": 60,
    "teknisk_skuld": 50,
    "kompetensmix": 60,
    "it_miljo": 54,
}
"""The indices of 2024 as they were worked out by hand, with counts in place of misprinted percentages."""


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    return load_folder(INSTRUMENTS)["fyrbodal-mognad"]


def compared(item: Item | None, given: Given | None) -> Comparison:
    assert item is not None
    comparison = compare(item, given, BASELINE)
    assert comparison is not None
    return comparison


@pytest.mark.parametrize(("item", "index"), INDEX_2024.items())
def test_the_index_of_2024_is_the_one_worked_out_by_hand(item: str, index: int) -> None:
    found = index_range(BASELINE[item])
    assert found is not None
    low, high = found
    assert low == high
    assert round(low) == index


def test_where_too_little_is_printed_the_index_is_an_interval() -> None:
    found = index_range(BASELINE["informationshantering"])
    assert found is not None
    assert [round(end) for end in found] == [27, 66]


def test_every_other_item_has_no_single_index() -> None:
    rest = [index_range(result) for item, result in BASELINE.items() if item not in INDEX_2024]
    assert all(found is None or found[0] < found[1] for found in rest)


def test_figures_of_other_studies_are_no_baseline() -> None:
    assert not any("dimios" in item for item in BASELINE)
    assert all(result.use is not Baseline.NONE for result in BASELINE.values())


def test_shares_of_ticks_are_told_as_ticks_with_their_caveat() -> None:
    ticks = [result for result in BASELINE.values() if result.unit is Unit.TICK]
    assert {result.item for result in ticks} == {"forum", "roller", "org_hinder", "tekniska_hinder"}
    for result in ticks:
        assert any("kryss" in caveat for caveat in result.caveats)
        assert all(share.count is None for share in result.shares)
    assert not any(result.unit is Unit.MUNICIPALITY for result in BASELINE.values())


def test_the_number_of_respondents_is_told_to_be_inferred() -> None:
    assert {(result.respondents, result.inferred) for result in BASELINE.values()} == {
        (None, False),
        (10, True),
        (18, True),
        (51, True),
    }


def test_a_misprint_keeps_what_is_printed_and_what_is_meant(instrument: Instrument) -> None:
    comparison = compared(instrument.item("portfoljstyrning"), Given(codes=("1",)))
    told = [(row.labels[0].sv, row.percent, row.corrected, row.own) for row in comparison.rows]
    assert told == [
        ("Icke-existerande", 17.0, None, False),
        ("Ostrukturerad", 28.0, None, True),
        ("Utvecklingsfas", 33.0, None, False),
        ("Delvis etablerad", 6.0, None, False),
        ("Väl fungerande", 2.0, 11.0, False),
        ("Fullt etablerad", None, None, False),
    ]
    assert [label.en for label in comparison.own] == [comparison.rows[1].labels[0].en]
    assert comparison.roles == {"overgripande"}
    assert any("tryckfel" in caveat for caveat in comparison.distribution.caveats)


def test_options_that_are_printed_together_are_one_row(instrument: Instrument) -> None:
    comparison = compared(instrument.item("digital_mognad"), Given(codes=("2",)))
    assert [(row.codes, row.percent, row.own) for row in comparison.rows] == [
        (("0",), None, False),
        (("1", "2"), 70.0, True),
        (("3",), 24.0, False),
        (("4",), 4.0, False),
    ]


def test_those_who_did_not_know_have_a_row_of_their_own(instrument: Instrument) -> None:
    comparison = compared(instrument.item("bestallarkompetens"), Given(null=Null.DONT_KNOW))
    assert (comparison.own, comparison.null) == ((), Null.DONT_KNOW)
    assert [(row.codes, row.labels, row.percent) for row in comparison.rows if row.own] == [(("dk",), (), 30.0)]
    unprinted = compared(instrument.item("portfoljstyrning"), Given(codes=("1",)))
    assert ("dk",) not in [row.codes for row in unprinted.rows]


def test_several_choices_are_each_marked_and_what_2024_did_not_offer_has_no_share(instrument: Instrument) -> None:
    chosen = compared(instrument.item("forum"), Given(codes=("itrad", "arkitekturrad")))
    assert [(row.codes[0], row.percent) for row in chosen.rows if row.own] == [("itrad", 24.0), ("arkitekturrad", 2.0)]
    nothing = compared(instrument.item("forum"), Given(codes=("inget",)))
    assert [(row.codes[0], row.percent) for row in nothing.rows if row.own] == [("inget", None)]


def test_without_numbers_there_are_words(instrument: Instrument) -> None:
    for item in ("samv_erfarenhet", "samv_ledning", "sdk"):
        comparison = compared(instrument.item(item), Given(codes=("3",)))
        assert comparison.rows == ()
        assert comparison.distribution.use is Baseline.TEXT_ONLY
        assert comparison.distribution.findings


def test_an_item_that_was_skipped_still_shows_2024(instrument: Instrument) -> None:
    comparison = compared(instrument.item("it_miljo"), None)
    assert (comparison.own, comparison.null) == ((), None)
    assert len(comparison.rows) == 6
    assert not any(row.own for row in comparison.rows)


def test_what_2024_does_not_have_is_not_compared(instrument: Instrument) -> None:
    own_words = [item for item in instrument.items if item.kind is Kind.TEXT]
    new = instrument.item("systemforvaltning_modell")
    assert new is not None
    assert [compare(item, Given(text="mål"), BASELINE) for item in own_words] == [None, None]
    assert compare(new, Given(codes=("itil",)), BASELINE) is None
    old = instrument.item("sdk")
    assert old is not None
    assert compare(old, Given(codes=("1",)), {}) is None


def test_the_instrument_asks_what_2024_asked_on_the_same_scale(instrument: Instrument) -> None:
    """Shares are told under the instrument's labels, so a code must mean the same in both."""
    questions = {item.id: item for item in SURVEY.items}
    forms = {(level.label, form) for scale in SURVEY.scales.values() for level in scale for form in level.forms}
    for item in instrument.items:
        asked = questions.get(item.baseline)
        if asked is None or not asked.options or item.kind is Kind.TEXT:
            continue
        labels = {option.code: option.label.sv for option in item.options}
        for option in asked.options:
            if option.code == "dk" or option.differs:
                continue
            assert option.label == labels[option.code] or (labels[option.code], option.label) in forms
