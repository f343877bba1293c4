"""What is suggested after an answer: support against the challenge that it is about, then what stands near."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.model import Asked, Bar, Figure, Hit, Passage, Unit
from knowledge.related import Related
from knowledge.relations import Relations, load
from tests.fakes.knowledge import ShownKeys, passage

DATA = """
relations: {document: hjalp, title: Vad som hjälper}
challenges:
  - id: U01
    number: 1
    name: Rörig portfölj
    area: styrning
    section: 4.1.1 Styrning
    pages: [51]
    summary: Portföljen är rörig.
    risk: Nyttan uteblir.
    items: [portfolj]
    initiatives:
      - {document: hand, strength: direct, why: Hand hjälper.}
      - {document: fot, strength: indirect, why: Fot.}
  - id: U19
    number: 19
    name: SDK
    area: teknik
    section: 4.1.3 Teknik
    pages: [55]
    summary: SDK saknas.
    risk: Faxen blir kvar.
    regulations: [{document: nis2, why: NIS 2 berör SDK.}]
"""
TITLES = {"hjalp": "Vad som hjälper", "hand": "Handslaget", "nis2": "NIS 2", "rapport": "Rapporten"}


@pytest.fixture
def relations(tmp_path: Path) -> Relations:
    path = tmp_path / "samband.yaml"
    path.write_text(DATA, encoding="utf-8")
    return load(path)


def hit(text: str, heading: str, *asked: str) -> Hit:
    return Hit(1, 1.0, passage(text, heading), asked=tuple((Asked(one), 1.0) for one in asked))


def measured() -> Passage:
    figure = Figure("3", "Hur?", Unit.RESPONDENT, (Bar("Ja", 10.0),), id="portfolj")
    return passage("10 procent svarade ja.", "Portfölj", document="rapport", figure=figure)


@pytest.mark.parametrize(
    ("quoted", "suggested"),
    [
        (measured(), "<answer.related.challenge sv challenge=rörig portfölj>"),
        (passage("Text.", "4.1", "Utmaning 1: rörig portfölj", document="rapport"),
         "<answer.related.challenge sv challenge=rörig portfölj>"),
        (passage("Text.", "Krav", document="nis2"), "<answer.related.challenge sv challenge=SDK>"),
        (passage("Text.", "Rörig portfölj: vad som hjälper", document="hjalp"),
         "<answer.related.document sv title=Handslaget>"),
    ],
)  # fmt: skip
def test_an_answer_leads_to_what_is_connected_with_it(relations: Relations, quoted: Passage, suggested: str) -> None:
    assert Related(relations, TITLES, ShownKeys()).after("?", [quoted], [], "sv") == (suggested,)


def test_what_is_not_in_the_index_is_not_suggested(relations: Relations) -> None:
    without = Related(relations, {"rapport": "Rapporten"}, ShownKeys())
    assert without.after("?", [measured()], [], "sv") == ()
    assert Related(None, TITLES, ShownKeys()).after("?", [measured()], [], "sv") == ()


def test_what_stands_near_is_suggested_in_readers_words_and_never_what_was_quoted(relations: Relations) -> None:
    quoted = passage("Glass.", "Glass")
    hits = [
        hit("Glass.", "Glass", "var finns glass?"),
        hit("Bad.", "Bad", "var badar man?", "är det kallt?"),
        hit("Bad igen.", "Bad", "får man bada?"),
        hit("Båt.", "Båt"),
    ]
    related = Related(relations, TITLES, ShownKeys())
    assert related.after("Var köper man glass?", [quoted], hits, "sv") == (
        "Var badar man?",
        "<answer.suggestion sv topic=Båt>",
    )
    assert related.after("var badar man", [quoted], hits, "sv") == ("<answer.suggestion sv topic=Båt>",)
    assert related.near(hits[1:], (), "en")[0] == "<answer.suggestion en topic=Bad>"
