"""The survey's numbers hang together: with counts, with the errors that tell of them, and with the extracted facts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from bot.knowledge_base import LIBRARY
from knowledge.model import Unit
from knowledge.survey.loading import load
from knowledge.survey.model import DONT_KNOW, Baseline, Combined, Form, Item, Option, Survey
from knowledge.survey.wording import percent_text, text
from tests.unit.library.percentages import OF_MUNICIPALITIES
from tests.unit.library.reading import SHARED, passages

SURVEY: Survey = load(LIBRARY / "enkat-2024.yaml")
ITEMS = {item.id: item for item in SURVEY.items}
COUNTED = [item for item in SURVEY.items if item.unit is Unit.RESPONDENT and item.figure is not None]
INSTRUMENT = SHARED / "maturity" / "instrument.yaml"

_DENIES = re.compile(r"\binte\b|felläsning")


def _parts(item: Item) -> Iterator[Option | Combined]:
    yield from item.options
    yield from item.combined


def _meant(part: Option | Combined) -> float | None:
    """The percentage that is probably meant: as printed where it is no known misprint."""
    return part.percent if isinstance(part, Combined) or part.corrected is None else part.corrected


def _rounds_to(exact: float, printed: float) -> bool:
    """Rounded half up to a whole number, or to the nearest half, as figure 4 does once."""
    return printed in (math.floor(exact + 0.5), math.floor(exact * 2 + 0.5) / 2)


def _told(item: Item, *percentages: float) -> bool:
    """Whether one of the item's errors gives all these numbers."""
    return any(
        all(re.search(rf"(?<![\d,]){re.escape(percent_text(one))} procent", error) for one in percentages)
        for error in item.errors
    )


class TestCounts:
    @pytest.mark.parametrize("item", COUNTED, ids=lambda item: item.id)
    def test_give_the_printed_percentages_or_an_error_says_what_they_give(self, item: Item) -> None:
        assert item.respondents is not None
        for part in _parts(item):
            meant = _meant(part)
            if part.count is None or meant is None:
                continue
            exact = 100 * part.count / item.respondents
            assert _rounds_to(exact, meant) or _told(item, math.floor(exact + 0.5)), (part, exact)

    @pytest.mark.parametrize("item", COUNTED, ids=lambda item: item.id)
    def test_are_there_for_every_printed_percentage(self, item: Item) -> None:
        assert [part for part in _parts(item) if part.percent is not None and part.count is None] == []

    @pytest.mark.parametrize("item", COUNTED, ids=lambda item: item.id)
    def test_without_a_percentage_only_where_no_other_option_is_left(self, item: Item) -> None:
        if any(option.percent is None and option.count is not None for option in item.options):
            together = {code for group in item.combined for code in group.codes}
            assert [o for o in item.options if o.count is None and o.code not in together] == []
            assert sum(part.count or 0 for part in _parts(item)) == item.respondents

    def test_of_ticks_are_unknown(self) -> None:
        ticked = [item for item in SURVEY.items if item.unit is Unit.TICK]
        assert [item.id for item in ticked] == ["forum", "roller", "org_hinder", "tekniska_hinder"]
        assert [item.id for item in ticked if item.respondents or any(part.count for part in _parts(item))] == []

    def test_are_not_carried_over_to_a_question_without_percentages(self) -> None:
        carried = [item.id for item in SURVEY.items if item.respondents_inferred and item.figure is None]
        assert carried == []


class TestErrors:
    @pytest.mark.parametrize("item", SURVEY.items, ids=lambda item: item.id)
    def test_tell_of_a_misprint_with_the_number_that_is_meant(self, item: Item) -> None:
        for option in item.options:
            if option.corrected is not None:
                assert option.percent is not None
                assert _told(item, option.percent, option.corrected)

    @pytest.mark.parametrize(
        "item", [item for item in SURVEY.items if item.figure is not None], ids=lambda item: item.id
    )
    def test_tell_of_a_sum_that_is_not_one_hundred(self, item: Item) -> None:
        total = sum(part.percent or 0 for part in _parts(item))
        told = any(f"summerar till {percent_text(total)} procent" in error for error in item.errors)
        assert total == 100 or told

    def test_say_that_shares_of_ticks_are_not_proven_to_be(self) -> None:
        for item in SURVEY.items:
            if item.unit is Unit.TICK:
                assert any("med all sannolikhet andelar av alla kryss" in error for error in item.errors), item.id


class TestWording:
    @pytest.mark.parametrize(
        "item", [item for item in SURVEY.items if item.form is not Form.REFERENCE], ids=lambda item: item.id
    )
    def test_never_makes_a_share_of_municipalities_of_answers_or_ticks(self, item: Item) -> None:
        told = [text(item), *(option.level for option in item.options)]
        assert [one for one in told if OF_MUNICIPALITIES.search(one)] == []
        notes = [error for error in item.errors if OF_MUNICIPALITIES.search(error)]
        assert [note for note in notes if not _DENIES.search(note)] == []

    def test_is_what_the_passages_say(self) -> None:
        rendered = {passage.text for passage in passages() if passage.path == "enkat-2024.yaml"}
        assert {text(item) for item in SURVEY.items} == rendered

    def test_gives_the_pages_of_levels_that_are_described_elsewhere(self) -> None:
        elsewhere = {item.id: item.level_pages for item in SURVEY.items if item.level_pages}
        assert elsewhere == {"roller": (35,), "org_hinder": (53,)}


@pytest.fixture(scope="module")
def instrument() -> dict[str, Any]:
    """The survey's questions and numbers as they were extracted from the report for the maturity check."""
    if not INSTRUMENT.is_file():
        pytest.skip("the extracted instrument is not on this machine (../shared/maturity/instrument.yaml)")
    extracted: dict[str, Any] = yaml.safe_load(INSTRUMENT.read_text(encoding="utf-8"))
    return extracted


class TestInstrument:
    def test_has_the_same_items(self, instrument: dict[str, Any]) -> None:
        asked = {question["id"] for question in instrument["questions"]}
        referred = {point["id"] for point in instrument["external_reference_points"]}
        assert {item.id for item in SURVEY.items if item.form is not Form.REFERENCE} == asked
        assert {item.id for item in SURVEY.items if item.form is Form.REFERENCE} == referred

    def test_has_the_same_questions_in_the_same_figures(self, instrument: dict[str, Any]) -> None:
        for question in instrument["questions"]:
            item = ITEMS[question["id"]]
            assert item.question == question.get("typo_fix_sv", question["question_sv"]), item.id
            assert item.number == (None if question["fig"] is None else str(question["fig"])), item.id
            assert item.area == question["area"], item.id
            assert item.unit is (Unit.TICK if "pct_unit" in question else Unit.RESPONDENT), item.id
            assert item.municipalities == question.get("n_municipalities"), item.id
            assert item.scale == question.get("scale", ""), item.id
            assert item.respondents == (question.get("n_inf") if item.figure else None), item.id

    def test_has_the_same_use_as_a_baseline(self, instrument: dict[str, Any]) -> None:
        for question in instrument["questions"]:
            assert ITEMS[question["id"]].baseline == question["baseline_use"], question["id"]
        for point in instrument["external_reference_points"]:
            assert ITEMS[point["id"]].baseline is Baseline.NONE, point["id"]

    def test_has_the_same_numbers(self, instrument: dict[str, Any]) -> None:
        for question in instrument["questions"]:
            item = ITEMS[question["id"]]
            extracted = {str(option["code"]): option for option in question.get("options") or []}
            assert [option.code for option in item.options] == list(extracted), item.id
            for option in item.options:
                other = extracted[option.code]
                place = (item.id, option.code)
                assert option.percent == other["pct"], place
                assert option.corrected == other.get("pct_corrected"), place
                # What is counted without a printed number is a guess, which our data need not share.
                guessed = other["pct"] is None and option.count is None
                assert guessed or option.count == other.get("count_inf"), place
            groups = [
                (tuple(map(str, group["codes"])), group["pct"], group["count_inf"])
                for group in question.get("combined", [])
            ]
            assert [(group.codes, group.percent, group.count) for group in item.combined] == groups, item.id
            if question.get("reported_sum") is not None:
                assert sum(part.percent or 0 for part in _parts(item)) == question["reported_sum"], item.id

    def test_has_the_same_scales(self, instrument: dict[str, Any]) -> None:
        extracted = {
            name: [(str(option["code"]), option["label_sv"].replace(" / ", " eller ")) for option in scale["options"]]
            for name, scale in instrument["scales"].items()
        }
        ours = {name: [(level.code, level.label) for level in levels] for name, levels in SURVEY.scales.items()}
        assert ours == extracted
        assert [name for name, levels in SURVEY.scales.items() if DONT_KNOW in [level.code for level in levels]] == [
            "etablering6"
        ]

    def test_has_the_same_reference_points(self, instrument: dict[str, Any]) -> None:
        for point in instrument["external_reference_points"]:
            item = ITEMS[point["id"]]
            if "value_pct" in point:
                assert f"{point['value_pct']} procent" in text(item), item.id
            assert item.municipalities == point.get("n_municipalities"), item.id
