"""Passages are cut into what can be quoted, and every unit stands word for word in its passage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.model import PassageKind
from knowledge.pieces import PieceReader, Role, pairs
from knowledge.swedish.analysis import no_split
from knowledge.swedish.stems import stem
from knowledge.swedish.steps import ALL, Step
from tests.fakes.knowledge import CHALLENGES, FINES, PASSAGES, PORTFOLIO, passage


@pytest.fixture
def reader() -> PieceReader:
    return PieceReader(no_split)


def test_running_text_gives_sentences_and_reservations(reader: PieceReader) -> None:
    roles = [piece.role for piece in reader.read(PORTFOLIO).pieces]
    assert roles == [Role.SENTENCE, Role.SENTENCE, Role.RESERVATION]


def test_a_list_gives_its_lead_in_and_its_items(reader: PieceReader) -> None:
    roles = [piece.role for piece in reader.read(CHALLENGES).pieces]
    assert roles == [Role.LEAD, *[Role.ITEM] * 4]


def test_a_table_gives_rows_without_the_line_under_its_header(reader: PieceReader) -> None:
    pieces = reader.read(FINES).pieces
    assert [piece.role for piece in pieces] == [Role.LEAD, *[Role.ROW] * 4]
    assert not any("---" in piece.text for piece in pieces)


@pytest.mark.parametrize("bullet", ["-", "•", "*", "–"])
def test_every_bullet_makes_an_item(reader: PieceReader, bullet: str) -> None:
    assert [piece.role for piece in reader.read(passage(f"Krav:\n{bullet} ett krav")).pieces] == [Role.LEAD, Role.ITEM]


def test_a_definition_that_ends_with_a_colon_is_no_lead_in(reader: PieceReader) -> None:
    [piece] = reader.read(passage("SDK: säker digital kommunikation:", kind=PassageKind.DEFINITION)).pieces
    assert piece.role is Role.SENTENCE


@pytest.mark.parametrize("one", PASSAGES, ids=lambda one: one.section)
def test_units_are_numbered_and_stand_in_the_passage(reader: PieceReader, one: object) -> None:
    source = next(each for each in PASSAGES if each is one)
    pieces = reader.read(source).pieces
    assert [piece.position for piece in pieces] == list(range(len(pieces)))
    assert all(piece.text in source.text for piece in pieces)


def test_a_unit_knows_its_neighbours_and_its_lead_in(reader: PieceReader) -> None:
    analysed = reader.read(CHALLENGES)
    lead, first, second, third, _ = analysed.pieces
    assert analysed.lead(third) is lead
    assert analysed.lead(lead) is lead
    assert first.text in analysed.beside(second)
    assert third.text in analysed.beside(second)
    assert stem("utmaningar") in analysed.near(third)  # from the lead-in, which is not beside it
    assert stem("resurserna") in analysed.near(first)
    assert second.terms.isdisjoint(lead.terms)


def test_headings_and_title_are_analysed_apart_from_the_text(reader: PieceReader) -> None:
    analysed = reader.read(PORTFOLIO)
    assert stem("styrning") in analysed.headings
    assert stem("statusrapport") in analysed.title
    assert stem("statusrapport") not in analysed.headings


def test_words_that_follow_each_other_are_pairs_whichever_comes_first() -> None:
    assert pairs(["b", "a", "c"]) == {("a", "b"), ("a", "c")}
    assert pairs(["a", "b"]) == pairs(["b", "a"])
    assert pairs(["a"]) == pairs([]) == frozenset()


def test_pairs_go_through_headings_and_text_and_pass_over_stop_words(reader: PieceReader) -> None:
    there = reader.read(passage("Gemensam kalender för nämnden.", "Arkiv och register")).pairs
    for text in ("gemensam kalender", "kalendern gemensamt", "register och arkiv", "kalender för nämnder"):
        assert reader.pairs(text) <= there, text
        assert reader.pairs(text), text
    assert not reader.pairs("gemensam nämnd") & there


def test_pairs_are_made_of_the_words_that_the_steps_leave() -> None:
    plain = PieceReader(no_split, steps=ALL - {Step.STEMS})
    there = plain.read(passage("Kommunernas kalendrar.")).pairs
    assert plain.pairs("kommunernas kalendrar") == there
    assert not plain.pairs("kommun kalender") & there


def test_the_same_passage_is_analysed_once(reader: PieceReader) -> None:
    assert reader.read(PORTFOLIO) is reader.read(PORTFOLIO)


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_a_passage_without_text_has_no_units(reader: PieceReader, text: str) -> None:
    assert reader.read(passage(text)).pieces == ()


@given(st.text(max_size=300))
def test_any_text_is_cut_into_units_with_their_own_places(text: str) -> None:
    pieces = PieceReader(no_split).read(passage(text)).pieces
    assert [piece.position for piece in pieces] == list(range(len(pieces)))
    assert all(piece.text.strip() for piece in pieces)
