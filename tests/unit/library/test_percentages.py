"""Every percentage of the library is the survey's, of the item that its sentence names, or stands in a register.

The survey's numbers are shares of answers or of ticks: nowhere is one worded as a share of municipalities.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.library.mentions import Mention, fault, matching, mentions
from tests.unit.library.percentages import Share, items, shares

OTHER: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "other_percentages.yaml").read_text(encoding="utf-8")
)


def _mention(sentence: str, share: Share, section: str = "", *headings: str) -> Mention:
    return Mention("prov.md", (), headings, section or sentence, sentence, sentence.startswith("Obs:"), share)


def registered(mention: Mention, entry: dict[str, Any]) -> bool:
    """Whether the register has the mention under this entry."""
    return (
        entry["file"] == mention.path
        and mention.share.number in entry["numbers"]
        and not mention.share.fraction
        and entry["word"] in mention.sentence
    )


def test_every_percentage_is_the_surveys_or_in_the_register() -> None:
    faults = [
        f"{mention.path}: {mention.share.fraction or mention.share.number} {why}: {mention.sentence}"
        for mention in mentions()
        if not any(registered(mention, entry) for entry in OTHER) and (why := fault(mention))
    ]
    assert faults == []


def test_the_register_holds_nothing_that_no_longer_occurs() -> None:
    gone = [
        f"{entry['file']}: {number}"
        for entry in OTHER
        for number in entry["numbers"]
        if not any(registered(mention, entry) and mention.share.number == number for mention in mentions())
    ]
    assert gone == []


def test_the_register_says_what_a_number_is_and_where_its_source_has_it() -> None:
    assert [entry for entry in OTHER if set(entry) != {"file", "numbers", "word", "what", "source"}] == []
    assert [entry for entry in OTHER if not all(entry.values())] == []


def test_every_item_with_shares_is_told_outside_the_survey_file_too() -> None:
    """The walk finds the report's chapters: an item that it never met would mean that it reads past them."""
    met = {
        item.id
        for mention in mentions()
        if mention.path != "enkat-2024.yaml" and not any(registered(mention, entry) for entry in OTHER)
        for item, _ in matching(mention)
    }
    assert {item.id for item in items() if item.figure is not None} - met == set()


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("I 17 procent av svaren och i 5,5 procent.", [17, 5.5]),
        ("De fick 3 respektive 2 procent av kryssen.", [3, 2]),
        ("Andelen var 53 % 2022 och 63 % 2023, i rapport 2025.", [53, 63]),
        ("De 53 procenten och tio procent till.", [53, 10]),
        ("En fjärdedel, nästan hälften och var femte.", [25, 50, 20]),
        ("Rapporten trycker inga procenttal för 11 kommuner.", []),
    ],
)
def test_percentages_are_found_in_figures_and_in_words(sentence: str, numbers: list[float]) -> None:
    assert [share.number for share in shares(sentence)] == numbers


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("I 29 procent av svaren är portföljstyrningen ostrukturerad.", "is no value of portfoljstyrning"),
        ("I 33 procent av svaren är portföljstyrningen ostrukturerad.", "is no value of portfoljstyrning"),
        ("I 28 procent av svaren är arbetet ostrukturerat.", "names no item of the survey"),
        ("I 28 procent av kommunerna som svarar är portföljstyrningen ostrukturerad.", "as a share of municipalities"),
        ("Var femte kommun som svarar saknar öronmärkta medel.", "as a share of municipalities"),
        ("Projektledare för digitalisering fick 15 procent.", "nothing says so"),
        ("Innovationskulturen är i utvecklingsfas i 49 procent.", "nothing says so"),
        ("Väl fungerande portföljstyrning får 2 procent av svaren.", "is no value of portfoljstyrning"),
        ("Väl fungerande portföljstyrning får 11 procent av svaren.", "is no value of portfoljstyrning"),
        ("Obs: Talen om portföljstyrning är 86 procent av svaren.", "is no value of portfoljstyrning"),
        ("Medel digital kompetens får 49 procent av svaren.", "is no value of digital_kompetens"),
        ("En fjärdedel av svaren kallar kompetensmixen tillfredsställande.", "is no value of kompetensmix"),
    ],
)
def test_a_percentage_that_the_survey_does_not_bear_out_is_a_fault(sentence: str, why: str) -> None:
    assert [fault(_mention(sentence, share)) for share in shares(sentence)] != []
    assert all(why in fault(_mention(sentence, share)) for share in shares(sentence))


def test_a_misprint_may_be_told_where_the_section_has_what_is_probably_meant() -> None:
    sentence = "Väl fungerande portföljstyrning får 2 procent av svaren."
    section = f"{sentence} Obs: Talet för portföljstyrning är troligen 2 av 18 svar, alltså 11 procent."
    (share,) = shares(sentence)
    assert fault(_mention(sentence, share, section)) == ""


def test_a_heading_names_the_item_where_the_sentence_does_not() -> None:
    sentence = "I 28 procent av svaren är arbetet ostrukturerat."
    (share,) = shares(sentence)
    assert fault(_mention(sentence, share, sentence, "Portföljstyrning i enkäten 2024")) == ""
    assert fault(_mention(sentence, share, sentence, "Beställarkompetens i enkäten 2024")) != ""
