"""What an answer opens with, and what a unit brings along when it is quoted."""

from __future__ import annotations

import pytest

from knowledge.bundles import LISTED, MAX_LIST, bundle, opening
from knowledge.concepts import concepts
from knowledge.evidence import weigh
from knowledge.model import Hit, Passage, PassageKind
from knowledge.pieces import PieceReader
from knowledge.places import Place, ranked
from knowledge.question import Question, understand
from tests.fakes.knowledge import CHALLENGES, FINES, GOALS, METHOD, MemoryIndex, WordList, passage

FILLER = passage("Utfyllnad om annat.", document="annat", title="Annat")


def placed(text: str, one: Passage) -> tuple[Question, Place, PieceReader]:
    index = MemoryIndex([one, FILLER])
    reader = PieceReader(index.split)
    question = understand(text)
    hits = [Hit(1, 1.0, one)]
    [place] = ranked(question, weigh(question, concepts(question, index, WordList()), hits, reader))
    return question, place, reader


def opened(text: str, one: Passage) -> list[str]:
    question, place, reader = placed(text, one)
    return [piece.text for piece in opening(question, place, reader)]


INITIATIVES = passage(
    "Rapporten nämner tre gemensamma initiativ för digitalisering. "
    "Ett av de gemensamma initiativen är e-arkivet. Mer står i bilagan.\n"
    "Gemensamma initiativ är:\n"
    "- e-arkivet\n"
    "- dataportalen\n"
    "- handslaget",
    kind=PassageKind.LIST,
)


@pytest.mark.parametrize("text", ["Vilka gemensamma initiativ finns?", "vilka är de gemensamma initiativen"])
def test_a_list_question_opens_with_the_whole_list_though_a_sentence_holds_as_much(text: str) -> None:
    assert opened(text, INITIATIVES)[-4:] == INITIATIVES.text.split("\n")[-4:]


def test_a_list_question_opens_with_the_list_though_a_sentence_of_the_passage_holds_more() -> None:
    one = passage(
        "Hamnarna har tre gemensamma initiativ sedan länge. Mer står i bilagan.\n"
        "Gemensamma initiativ är:\n- en kran\n- en kaj",
        "Hamnarna",
        kind=PassageKind.LIST,
    )
    assert opened("Vilka gemensamma initiativ har hamnarna?", one) == [
        "Gemensamma initiativ är:",
        "- en kran",
        "- en kaj",
    ]


def test_one_fact_of_the_same_passage_is_quoted_without_the_list() -> None:
    first, *_ = INITIATIVES.text.split(". ")
    assert opened("Hur många initiativ nämner rapporten?", INITIATIVES) == [f"{first}."]


def test_a_list_whose_lead_in_is_about_something_else_stays_out() -> None:
    one = passage(
        "Arkivarien ansvarar för gallring av handlingar. Det sker varje år.\nHamnen har:\n- en kran\n- en kaj",
        kind=PassageKind.LIST,
    )
    found = opened("Vilka ansvarar för gallring av handlingar?", one)
    assert found == ["Arkivarien ansvarar för gallring av handlingar."]


@pytest.mark.parametrize("text", ["Vilka utmaningar lyfts?", "Vilka äldre system är utmaningar?"])
def test_a_question_for_one_item_of_a_list_gets_all_of_it(text: str) -> None:
    assert opened(text, CHALLENGES) == CHALLENGES.text.split("\n")


def test_of_a_long_list_come_as_many_items_as_there_is_room_for() -> None:
    lines = "\n".join(f"- Krav nummer {n}: rutiner för säkerhet i leveranser av slag {n}." for n in range(40))
    found = opened("Vilka krav ställs?", passage(f"Krav som ställs:\n{lines}", kind=PassageKind.LIST))
    assert found[0] == "Krav som ställs:"
    assert 2 < len(found) <= MAX_LIST + 1
    assert sum(map(len, found)) <= LISTED


def test_a_row_that_answers_opens_under_its_header_and_what_introduces_the_table() -> None:
    found = opened("Hur stor är sanktionsavgiften för offentlig verksamhet?", FINES)
    assert found[0].startswith("Sanktionsavgiftens storlek")
    assert found[1] == "| Verksamhetsutövare | Högsta belopp |"
    assert "| Offentlig verksamhet | 10 miljoner kronor |" in found


def test_a_figure_opens_with_its_distribution_and_a_sentence_stands_for_itself() -> None:
    assert opened("Hur många saknar målstyrning?", GOALS) == [GOALS.text]
    assert opened("Hur många besvarade enkäten?", METHOD) == [METHOD.text]


def test_an_item_that_is_quoted_later_brings_its_lead_in() -> None:
    _, place, reader = placed("äldre system", CHALLENGES)
    item = next(one for one in place.units if "Äldre system" in one.piece.text)
    assert [piece.text for piece in bundle(place, item, reader)] == [
        CHALLENGES.text.split("\n")[0],
        "- Äldre system är svåra att byta ut.",
    ]
