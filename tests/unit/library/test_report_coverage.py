"""Every section and every figure of the status report has its page in the library, with the right pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.knowledge_base import LIBRARY
from knowledge.model import Passage
from knowledge.survey.loading import load
from tests.unit.library.reading import SHARED, passages

OUTLINE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "report_outline.yaml").read_text(encoding="utf-8"))
SECTIONS: list[dict[str, Any]] = OUTLINE["sections"]
FIGURES: list[dict[str, Any]] = OUTLINE["figures"]
FOLDER = "statusrapport-2024"
SURVEY = "enkat-2024.yaml"


def _pages(entry: dict[str, Any]) -> set[int]:
    first, last = entry["pages"]
    return set(range(first, last + 1))


def _covering(reference: str) -> list[Passage]:
    """The passages that `03-1-1-eu.md: Rubrik` or `enkat-2024.yaml: portfoljstyrning` names."""
    file, _, name = reference.partition(": ")
    if file == SURVEY:
        topics = {item.id: item.topic for item in load(LIBRARY / SURVEY).items}
        return [one for one in passages() if one.path == SURVEY and topics[name] in one.headings]
    return [one for one in passages() if one.path == f"{FOLDER}/{file}" and name in one.headings]


@pytest.mark.parametrize("entry", [*SECTIONS, *FIGURES], ids=lambda entry: str(entry.get("id", entry.get("figure"))))
def test_a_section_or_figure_has_pages_that_tell_it(entry: dict[str, Any]) -> None:
    found = {reference: _covering(reference) for reference in entry["covered_by"]}
    assert found, "nothing covers it"
    assert [reference for reference, there in found.items() if not there] == []
    astray = [
        reference
        for reference, there in found.items()
        if not any(set(passage.pages) & _pages(entry) for passage in there)
    ]
    assert astray == [], "these stand on other pages of the report"


@pytest.mark.parametrize("entry", SECTIONS, ids=lambda entry: str(entry["id"]))
def test_a_section_is_told_under_its_own_number(entry: dict[str, Any]) -> None:
    """`3.2.2 …` for what stands in 3.2.2; an overview such as 3.2 may be told by its parts."""
    numbers = {
        passage.headings[0].split()[0]
        for reference in entry["covered_by"]
        for passage in _covering(reference)
        if passage.path != SURVEY
    }
    own = str(entry["number"])
    assert not own or any(number == own or number.startswith(f"{own}.") for number in numbers), numbers


def test_the_outline_leaves_nothing_of_the_report_out() -> None:
    table = SHARED / "facts" / "sections.yaml"
    if not table.is_file():
        pytest.skip("the table of the report's headings is not on this machine (../shared/facts)")
    truth = yaml.safe_load(table.read_text(encoding="utf-8"))
    assert [entry["id"] for entry in SECTIONS] == [section["id"] for section in truth["sections"]]
    assert [entry["figure"] for entry in FIGURES] == [figure["figure"] for figure in truth["figures"]]
    pages = {section["id"]: set(range(section["page"], section["page_end"] + 1)) for section in truth["sections"]}
    assert [entry["id"] for entry in SECTIONS if not _pages(entry) & pages[entry["id"]]] == []


def test_every_page_of_the_report_from_the_summary_to_the_conclusions_is_told() -> None:
    told = {page for passage in passages() if passage.path.startswith(FOLDER) for page in passage.pages}
    assert set(range(5, 65)) - told == set()
