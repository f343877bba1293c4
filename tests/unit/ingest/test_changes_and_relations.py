"""What has changed, and what is connected with what: data in, passages that can be quoted alone out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.errors import DocumentRejected, Reason
from ingest.loaders.registry import TEXT_LOADERS, load_file
from ingest.model import BlockKind, LoadedDocument
from ingest.passages import cut
from knowledge.model import Asked, Change, Origin

CHANGES = """
changes: {document: andrat, title: Ändrat, as_of: 2026-11-23, aliases: [nytt]}
items:
  - id: journal
    topic: Journalia är stoppat
    names: [Journalia]
    then: {text: I maj 2024 väntade rapporten på Journalia., section: 3.1 Omvärlden, pages: [16, 17]}
    now: {text: I november 2026 är Journalia stoppat., document: journalia, source: Regionen, confidence: confirmed}
    answers: ["Är Journalia igång?"]
"""
RELATIONS = """
relations: {document: hjalp, title: Vad som hjälper, as_of: 2026-11-23}
sections:
  - heading: Hur det är bedömt
    text: |
      Svarar på: Hur är stödet bedömt?

      Stödet är bedömt så här:

      - Direkt stöd löser saken.
      - Indirekt stöd ger kunskap.
challenges:
  - id: U01
    number: 1
    name: Ostrukturerad portföljstyrning
    area: styrning
    section: 4.1.1 Styrning
    pages: [51]
    summary: Portföljstyrningen är ostrukturerad.
    risk: Portföljstyrningen ger mindre nytta.
    items: [portfoljstyrning]
    related_items: [forum]
    regulations: [{law: kommunallagen, why: Kommunallagen berör portföljstyrningen.}]
    initiatives:
      - {document: handslaget, strength: direct, why: Handslaget hjälper portföljstyrningen.}
      - {document: dimios, strength: indirect, why: DiMiOS hjälper portföljstyrningen indirekt.}
    answers: ["Vad hjälper mot rörig portföljstyrning?"]
  - id: U02
    number: 2
    name: Bristande projektstyrning
    area: styrning
    section: 4.1.1 Styrning
    pages: [51]
    summary: Projektstyrningen brister.
    risk: Projekten blir dyra.
"""
Load = Callable[[str], LoadedDocument]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def from_text(text: str) -> LoadedDocument:
        path = tmp_path / "data.yaml"
        path.write_text(text, encoding="utf-8")
        return load_file(path, "data.yaml", TEXT_LOADERS)

    return from_text


def test_a_change_becomes_one_passage_that_knows_its_names_and_places(load: Load) -> None:
    (passage,) = cut(load(CHANGES), path="data.yaml", origin=Origin.LIBRARY)
    assert passage.headings == ("Journalia är stoppat",)
    assert passage.text == "I maj 2024 väntade rapporten på Journalia. I november 2026 är Journalia stoppat."
    assert passage.change == Change(names=("Journalia",), pages=(16, 17), document="journalia")
    assert passage.questions == (Asked("Är Journalia igång?"),)


def test_a_challenge_becomes_what_helps_and_which_rules_touch_it(load: Load) -> None:
    document = load(RELATIONS)
    free, helps, rules, second = cut(document, path="data.yaml", origin=Origin.LIBRARY)
    assert free.text.startswith("Stödet är bedömt så här:\n- Direkt")
    assert free.questions == (Asked("Hur är stödet bedömt?"),)
    assert helps.headings == ("Ostrukturerad portföljstyrning: vad som hjälper",)
    assert helps.text.split(". ") == [
        "Portföljstyrningen är ostrukturerad",
        "Portföljstyrningen ger mindre nytta",
        "Handslaget hjälper portföljstyrningen",
        "DiMiOS hjälper portföljstyrningen indirekt.",
    ]
    assert [asked.text for asked in helps.questions] == [
        "Vad hjälper mot ostrukturerad portföljstyrning?",
        "Vad hjälper mot rörig portföljstyrning?",
    ]
    assert rules.text == "Kommunallagen berör portföljstyrningen."
    assert second.headings == ("Bristande projektstyrning: vad som hjälper",)
    assert [block.kind for block in document.blocks].count(BlockKind.LIST) == 1


@pytest.mark.parametrize(
    ("text", "wrong", "named"),
    [
        (CHANGES, ("names: [Journalia]", "names: []"), "names"),
        (CHANGES, ("confidence: confirmed", "confidence: gissning"), "confidence"),
        (CHANGES, ("I november 2026 är Journalia stoppat.", "''"), "now.text"),
        (CHANGES, ("topic:", "rubrik:"), "rubrik"),
        (RELATIONS, ("strength: direct", "strength: stark"), "strength"),
        (RELATIONS, ("law: kommunallagen", "law: kommunallagen, document: x"), "document"),
        (RELATIONS, ("law: kommunallagen, ", ""), "document"),
        (RELATIONS, ("id: U02", "id: U01"), "U01"),
        (RELATIONS, ("number: 2", "number: två"), "number"),
    ],
)
def test_a_field_that_breaks_the_schema_is_named(load: Load, text: str, wrong: tuple[str, str], named: str) -> None:
    with pytest.raises(DocumentRejected) as rejected:
        load(text.replace(*wrong))
    assert rejected.value.reason is Reason.FRONT_MATTER
    assert named in rejected.value.detail


@pytest.mark.parametrize("text", ["changes: {document: a, title: A}", "relations: {document: a, title: A}"])
def test_a_file_without_entries_is_rejected_as_empty(load: Load, text: str) -> None:
    with pytest.raises(DocumentRejected) as rejected:
        load(text)
    assert rejected.value.reason is Reason.EMPTY
