"""Quotes become text in which every marker has its citation and every citation its marker."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.model import Passage, PassageKind
from knowledge.pieces import PieceReader
from knowledge.quotes import Quote
from knowledge.render import render
from knowledge.swedish.analysis import no_split
from knowledge.verify import problems
from tests.fakes.knowledge import CHALLENGES, FINES, INCIDENTS, METHOD, PASSAGES, PORTFOLIO, PROJECTS, passage

READER = PieceReader(no_split)


def quote(source: Passage, *positions: int) -> Quote:
    pieces = READER.read(source).pieces
    return Quote(source, tuple(pieces[position] for position in positions) if positions else pieces)


def markers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\[(\d+)\]", text)]


def test_every_sentence_carries_its_marker() -> None:
    text, citations = render([quote(PROJECTS)], {})
    first, second = (piece.text for piece in READER.read(PROJECTS).pieces)
    assert text == f"{first} [1] {second} [1]"
    assert [(one.n, one.passage) for one in citations] == [(1, PROJECTS)]
    assert citations[0].quote == f"{first}\n{second}"


def test_a_list_carries_its_marker_on_the_first_and_last_line() -> None:
    text, _ = render([quote(CHALLENGES)], {})
    lines = text.split("\n")
    assert [line.endswith("[1]") for line in lines] == [True, False, False, False, True]
    assert all(line.startswith("- ") for line in lines[1:])


def test_a_table_carries_its_marker_outside_its_rows() -> None:
    text, citations = render([quote(FINES)], {})
    assert not any("[1]" in line for line in text.split("\n") if line.startswith("|"))
    assert markers(text) == [1]
    assert citations[0].passage == FINES


def test_a_single_item_is_a_sentence_without_its_bullet() -> None:
    text, citations = render([quote(CHALLENGES, 1)], {})
    assert text == "Det saknas kompetens i verksamheterna. [1]"
    assert "Det saknas kompetens i verksamheterna." in citations[0].quote


def test_citations_are_numbered_in_the_order_of_the_text() -> None:
    text, citations = render([quote(PROJECTS, 0), quote(METHOD), quote(PORTFOLIO, 0)], {})
    assert markers(text) == [1, 2, 3]
    assert [one.passage for one in citations] == [PROJECTS, METHOD, PORTFOLIO]
    assert len(text.split("\n\n")) == 3


def test_two_quotes_of_one_passage_share_a_number() -> None:
    text, citations = render([quote(PROJECTS, 0), quote(METHOD), quote(PROJECTS, 1)], {})
    assert markers(text) == [1, 2, 1]
    assert [one.n for one in citations] == [1, 2]
    assert all(piece.text in citations[0].quote for piece in READER.read(PROJECTS).pieces)


def test_a_citation_carries_the_public_address_of_its_document() -> None:
    _, citations = render(
        [quote(INCIDENTS), quote(METHOD)], {(INCIDENTS.origin, INCIDENTS.path): "https://example.org/nis2"}
    )
    assert [one.url for one in citations] == ["https://example.org/nis2", None]


def test_no_quotes_no_text() -> None:
    assert render([], {}) == ("", ())


@given(
    st.lists(
        st.sampled_from(PASSAGES).flatmap(
            lambda source: st.sets(st.integers(0, len(READER.read(source).pieces) - 1), min_size=1, max_size=5).map(
                lambda chosen: quote(source, *sorted(chosen))
            )
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda one: one.passage.id,
    )
)
def test_any_choice_of_units_is_rendered_into_text_that_holds_against_its_sources(found: list[Quote]) -> None:
    text, citations = render(found, {})
    assert set(markers(text)) == {one.n for one in citations} == set(range(1, len(citations) + 1))
    assert problems(text, citations) == ()


@pytest.mark.parametrize("source", PASSAGES, ids=lambda source: source.section)
def test_a_whole_passage_is_rendered_word_for_word(source: Passage) -> None:
    text, citations = render([quote(source)], {})
    assert problems(text, citations) == ()
    plain = re.sub(r"\s?\[\d+\]", "", text)
    for piece in READER.read(source).pieces:
        assert piece.text in plain


TABLE = "| A | B |\n| --- | --- |\n| ett | 2 |\n| tre | 4 |"


def test_a_table_alone_is_shown_as_a_table_under_its_marker() -> None:
    text, citations = render([quote(passage(TABLE, kind=PassageKind.TABLE))], {})
    assert text == f"[1]\n{TABLE}"
    assert problems(text, citations) == ()


@pytest.mark.parametrize("bullet", ["-", "•", "*", "–"])
def test_a_single_item_loses_whatever_bullet_it_has(bullet: str) -> None:
    text, _ = render([quote(passage(f"Krav:\n{bullet} ett krav"), 1)], {})
    assert text == "ett krav [1]"


def test_a_number_in_brackets_of_the_source_is_not_shown_as_a_marker() -> None:
    text, citations = render([quote(passage("Det byggs ut enligt källa [7]."))], {})
    assert text == "Det byggs ut enligt källa (7). [1]"
    assert citations[0].quote == "Det byggs ut enligt källa [7]."
    assert problems(text, citations) == ()
