"""Challenge -> survey items -> regulations -> initiatives, and old state -> present state: no end dangles."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest
import yaml

from bot.knowledge_base import LIBRARY
from knowledge import changes, relations
from knowledge.model import DocumentKind
from knowledge.survey.loading import load
from tests.unit.library.reading import SHARED, documents

RELATIONS = relations.load(LIBRARY / "samband.yaml")
CHANGES = changes.load(LIBRARY / "andrat.yaml")
ITEMS = {item.id for item in load(LIBRARY / "enkat-2024.yaml").items}


@cache
def kinds() -> Mapping[str, DocumentKind]:
    """Of every document; read when a test asks, as every process imports this module."""
    return {document.id: document.kind for document in documents().values()}


def test_all_21_challenges_are_there_once_in_the_report_s_order() -> None:
    assert [challenge.number for challenge in RELATIONS.challenges] == list(range(1, 22))
    assert len({challenge.name for challenge in RELATIONS.challenges}) == 21
    areas = [challenge.area for challenge in RELATIONS.challenges]
    assert [areas.count(area) for area in ("styrning och ekonomi", "organisation", "teknik")] == [6, 8, 7]


@pytest.mark.parametrize("challenge", RELATIONS.challenges, ids=lambda challenge: challenge.id)
def test_no_end_of_a_challenge_dangles(challenge: relations.Challenge) -> None:
    assert {*challenge.items, *challenge.related_items} <= ITEMS
    assert not set(challenge.items) & set(challenge.related_items)
    for regulation in challenge.regulations:
        assert regulation.law or kinds()[regulation.document] is DocumentKind.REGULATION
    for initiative in challenge.initiatives:
        assert kinds()[initiative.document] in (DocumentKind.INITIATIVE, DocumentKind.OTHER, DocumentKind.GUIDE)
    linked = [one.document or one.law for one in challenge.regulations] + [
        one.document for one in challenge.initiatives
    ]
    assert len(linked) == len(set(linked))
    assert challenge.initiatives, "something must be said to those who have this challenge"
    assert challenge.pages
    assert set(challenge.pages) <= set(range(50, 57))


@pytest.mark.parametrize("challenge", RELATIONS.challenges, ids=lambda challenge: challenge.id)
def test_a_challenge_has_its_own_heading_in_chapter_4(challenge: relations.Challenge) -> None:
    headings = {
        block.text.lower()
        for path, document in documents().items()
        if path.startswith("statusrapport-2024/04-1")
        for block in document.blocks
        if block.level
    }
    assert any(challenge.name.lower() in heading for heading in headings)


def test_every_figure_of_the_survey_with_a_baseline_leads_to_a_challenge() -> None:
    """The check gives advice on each item that it compares with 2024."""
    measured = {item for challenge in RELATIONS.challenges for item in (*challenge.items, *challenge.related_items)}
    compared = {item.id for item in load(LIBRARY / "enkat-2024.yaml").items if item.baseline in ("ok", "caveat")}
    assert compared - measured == set()


def test_every_link_of_the_fact_base_is_carried_over() -> None:
    source = SHARED / "facts" / "links.yaml"
    if not source.is_file():
        pytest.skip("the fact base is not on this machine (../shared/facts)")
    truth = {link["challenge"]: link for link in yaml.safe_load(source.read_text(encoding="utf-8"))["links"]}
    for challenge in RELATIONS.challenges:
        link = truth[challenge.id]
        assert list(challenge.items) == (link.get("survey_items") or [])
        assert len(challenge.initiatives) == len(link.get("initiatives") or [])
        assert len(challenge.regulations) == len(link.get("regulations") or [])
        strengths = {"direkt": "direct", "indirekt": "indirect"}
        expected = sorted(strengths[one["strength"]] for one in link.get("initiatives") or [])
        assert sorted(one.strength.value for one in challenge.initiatives) == expected


@pytest.mark.parametrize("fact", CHANGES.facts, ids=lambda fact: fact.id)
def test_a_change_is_dated_on_both_sides_and_leads_to_a_sheet(fact: changes.ChangedFact) -> None:
    assert fact.then.startswith("I maj 2024 ")
    assert fact.now.startswith(("Den 23 november 2026 ", "I november 2026 "))
    assert fact.document in kinds()
    assert fact.source
    if fact.confidence is changes.Confidence.MEMORY:
        assert "ej kontrollerat" in fact.now
    if fact.confidence is changes.Confidence.SECONDARY:
        assert "sekundär" in fact.now


@pytest.mark.parametrize(
    "subject",
    ["AI-förordningen", "NIS 2", "cyberresiliensförordningen", "EHDS", "eIDAS 2", "gigabitinfrastrukturförordningen",
     "interoperabelt Europa", "Data Act", "Millennium", "Digg", "SDK", "digital post", "handslaget"],
)  # fmt: skip
def test_what_has_changed_since_the_report_is_told(subject: str) -> None:
    assert [fact.id for fact in CHANGES.facts if subject in fact.names]
