"""Which sentence speaks to a question, and what of the question it does not hold."""

from __future__ import annotations

import pytest

from knowledge.concepts import concepts
from knowledge.evidence import Evidence, weigh
from knowledge.model import Hit, Passage
from knowledge.pieces import PieceReader, Role
from knowledge.question import understand
from tests.fakes.knowledge import ARCHIVE, DEFINITION, METHOD, PORTFOLIO, PROJECTS, MemoryIndex, WordList, passage


def weighed(text: str, *passages: Passage) -> list[Evidence]:
    """All passages are found equally well, so that the units alone decide."""
    index = MemoryIndex([*passages, passage("Utfyllnad om annat.", document="annat", title="Annat")])
    question = understand(text)
    hits = [Hit(rank, 1.0, one) for rank, one in enumerate(passages, start=1)]
    found = concepts(question, index, WordList())
    return weigh(question, found, hits, PieceReader(index.split))


def unit(found: list[Evidence], start: str) -> Evidence:
    return next(one for one in found if one.piece.text.startswith(start))


def test_the_sentence_that_holds_the_words_comes_first() -> None:
    assert weighed("Vem driver e-arkivet?", ARCHIVE, METHOD)[0].piece.text.startswith("Tanum och Strömstad")
    assert weighed("Vad kostar avtalet?", ARCHIVE, METHOD)[0].piece.text.startswith("Avtalet tecknades")


def test_every_unit_is_weighed_best_first() -> None:
    found = weighed("portföljstyrning", PORTFOLIO, PROJECTS)
    assert len(found) == 5
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= one.own <= one.coverage <= 1.0 for one in found)


def test_a_heading_covers_what_the_sentence_leaves_out() -> None:
    under = passage("Det saknas helt i 17 procent av svaren.", "Portföljstyrning")
    elsewhere = passage("Det saknas helt i 17 procent av svaren.", "Bredband")
    by_passage = {one.hit.passage.section: one for one in weighed("saknas portföljstyrning?", elsewhere, under)}
    assert by_passage["Portföljstyrning"].coverage > by_passage["Bredband"].coverage
    assert by_passage["Portföljstyrning"].own == by_passage["Bredband"].own
    assert by_passage["Portföljstyrning"].score > by_passage["Bredband"].score


def test_a_neighbouring_sentence_covers_less_than_the_sentence_itself() -> None:
    text = "Kommunen köper arkivtjänster. Avtalet löper tills vidare. Bredbandet byggs ut. Vägar saknas."
    found = weighed("arkivtjänster", passage(text))
    own, beside, far = (unit(found, start).coverage for start in ("Kommunen", "Avtalet", "Vägar"))
    assert own > beside > far


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Hur många svarade på enkäten i Tanum?", "tanum"),
        ("Hur många svarade på enkäten i Åmåls kommun?", "åmål"),
        ("Hur många svarade på enkäten 2020?", "2020"),
        ("Vilken kommun svarade inte på enkäten?", "kommun"),
    ],
)
def test_a_municipality_or_year_that_the_place_does_not_hold_is_missing(question: str, name: str) -> None:
    best = unit(weighed(question, METHOD), "Enkäten")
    assert name in best.missing


def test_a_name_that_the_place_does_not_hold_is_missing() -> None:
    assert weighed("Hur många svarade på enkäten från Skatteverket?", METHOD)[0].missing


@pytest.mark.parametrize("question", ["Vad driver Tanum?", "Vad driver Tanums kommun?", "Vad kostade avtalet 2021?"])
def test_what_stands_in_the_sentence_or_beside_it_is_not_missing(question: str) -> None:
    assert weighed(question, ARCHIVE)[0].missing == ()


def test_what_stands_in_the_heading_is_not_missing() -> None:
    one = passage("Avtalet kostar mest av allt.", "Läget i Tanum 2024")
    assert weighed("Vad kostar avtalet i Tanum 2024?", one)[0].missing == ()


def test_a_law_number_is_no_year_to_be_missed() -> None:
    assert weighed("Enkäten enligt 2024/1689?", METHOD)[0].missing == ()


def test_what_is_missing_costs() -> None:
    here = passage("Avtalet i Tanum kostar mycket.")
    there = passage("Avtalet i Orust kostar mycket.")
    found = weighed("Vad kostar avtalet i Tanum?", there, here)
    assert found[0].hit.passage == here


@pytest.mark.parametrize(
    ("question", "fitting", "other"),
    [
        ("Hur många använder arkivet?", "Arkivet används av 12 nämnder.", "Arkivet används gärna."),
        ("Vad kostar arkivet?", "Arkivet betalas med 3 miljoner kronor.", "Arkivet betalas gemensamt."),
        ("När startade arkivet?", "Arkivet startade i maj 2021.", "Arkivet startade bra."),
    ],
)
def test_a_unit_of_the_demanded_shape_is_preferred(question: str, fitting: str, other: str) -> None:
    found = weighed(question, passage(other), passage(fitting))
    assert [one.fits for one in found] == [True, False]


def test_a_definition_is_preferred_where_one_is_asked_for() -> None:
    assert weighed("Vad är portföljstyrning?", PORTFOLIO, DEFINITION)[0].hit.passage == DEFINITION


def test_a_reservation_is_never_preferred_to_what_it_reserves() -> None:
    text = "Enkäten besvarades av kommunerna.\nObs: enkäten besvarades av kommunerna."
    found = weighed("enkäten besvarades", passage(text))
    assert [one.piece.role for one in found] == [Role.SENTENCE, Role.RESERVATION]


def test_without_hits_there_is_no_evidence() -> None:
    assert weighed("portföljstyrning") == []
