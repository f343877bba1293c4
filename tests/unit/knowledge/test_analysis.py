"""Text to weighted terms: names and their parts, stop words gone, parts counting less than whole words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.swedish.analysis import PART_WEIGHT, Term, analyse, weights
from knowledge.swedish.compounds import CompoundSplitter
from knowledge.swedish.stems import stem
from knowledge.swedish.steps import ALL, Step
from knowledge.swedish.tokens import normalise


def mains(text: str) -> list[str]:
    return [term.main for term in analyse(text)]


@pytest.mark.parametrize("text", ["NIS2", "NIS 2", "nis 2", "nis2", "NIS\u00a02"])
def test_an_abbreviation_and_its_number_are_one_name(text: str) -> None:
    assert mains(text) == ["nis2"]


def test_the_joined_name_is_also_found_without_its_number() -> None:
    [term] = analyse("NIS 2")
    assert "nis" in term.parts
    assert "nis" in analyse("NIS2")[0].parts


@pytest.mark.parametrize("text", ["eIDAS2", "eIDAS 2", "EIDAS2"])
def test_eidas_is_the_same_with_and_without_a_space(text: str) -> None:
    assert mains(text) == ["eidas2"]


def test_a_longer_number_is_not_part_of_a_name() -> None:
    assert mains("NIS 2022") == ["nis", "2022"]


def test_a_name_followed_by_a_distant_number_is_not_joined() -> None:
    assert mains("NIS, 2") == ["nis", "2"]


def test_a_hyphenated_name_is_whole_and_in_parts() -> None:
    [term] = analyse("SML-IT")
    assert term.main == "sml-it"
    assert "sml" in term.parts


def test_a_hyphenated_compound_is_found_by_its_last_word() -> None:
    [term] = analyse("AI-förordningen")
    assert term.main == "ai-" + stem("förordning")
    assert {"ai", stem("förordning")} <= set(term.parts)


def test_function_words_leave_no_term_in_either_language() -> None:
    assert mains("och det är som en the of and") == []


def test_a_single_letter_counts_only_as_a_name() -> None:
    assert mains("c") == []
    assert mains("vitamin C")[-1] == "c"


def test_figures_and_law_numbers_are_terms() -> None:
    assert mains("17 % enligt 2024/1689 och 5,5") == ["17", stem("enligt"), "2024/1689", "5.5"]


def test_compound_parts_come_from_the_splitter() -> None:
    splitter = CompoundSplitter([stem("portfölj"), stem("styrning")])
    [term] = analyse("portföljstyrningen", splitter.split)
    assert term.main == stem("portföljstyrning")
    assert term.parts == (stem("portfölj"), stem("styrning"))


def test_positions_point_into_the_normalised_text() -> None:
    text = "Vad a\u0308r NIS 2 och portfo\u0308ljen"
    clean = normalise(text)
    assert [clean[term.token.start : term.token.end] for term in analyse(text)] == ["NIS 2", "portföljen"]


def test_a_part_counts_less_than_a_word_and_both_are_summed() -> None:
    one, two = analyse("SML-IT SML-IT")
    found = weights([one, two])
    assert found["sml-it"] == 2.0
    assert found["sml"] == pytest.approx(2 * PART_WEIGHT)
    assert 0 < PART_WEIGHT < 1


def test_a_part_equal_to_the_whole_is_not_counted_twice() -> None:
    [term] = analyse("portfölj")
    assert weights([Term(term.token, term.main, (term.main,))]) == {term.main: 1.0}


@given(st.text(max_size=200))
def test_any_text_is_analysed_and_every_weight_is_positive(text: str) -> None:
    found = analyse(text)
    starts = [term.token.start for term in found]
    assert starts == sorted(set(starts))
    assert all(term.main for term in found)
    assert all(weight > 0 for weight in weights(found).values())


@pytest.mark.parametrize("text", ["NIS-2", "NIS 2", "NIS2", "nis 2", "nis2", "Nis 2"])
def test_a_numbered_name_is_one_term_however_it_is_written(text: str) -> None:
    assert [term.main for term in analyse(text)] == ["nis2"]


@pytest.mark.parametrize("text", ["minst 3 kommuner", "Cirka 5 kommuner", "högst 2 år", "inom 3 år", "Figur 3"])
def test_a_word_and_its_count_are_no_name(text: str) -> None:
    assert any(term.main.isdigit() for term in analyse(text))


def test_without_stems_words_stay_as_they_are() -> None:
    plain = analyse("Kommunernas AI-förordningen", steps=ALL - {Step.STEMS})
    assert [term.main for term in plain] == ["kommunernas", "ai-förordningen"]
    assert plain[1].parts == ("ai", "förordningen")


def test_without_compounds_a_word_has_no_parts_but_a_hyphen_still_joins_two() -> None:
    splitter = CompoundSplitter([stem("portfölj"), stem("styrning")])
    whole, joined = analyse("portföljstyrning SML-NIS", splitter.split, ALL - {Step.COMPOUNDS})
    assert whole.parts == ()
    assert joined.parts == ("sml", "nis")


@pytest.mark.parametrize("text", ["bl.a.", "t.ex.", "m.fl.", "fr.o.m.", "ca", "cirka", "dvs."])
def test_office_abbreviations_leave_no_term(text: str) -> None:
    assert mains(text) == []


def test_sections_and_chapters_are_the_same_however_they_are_written() -> None:
    assert mains("3 kap. 5 §") == mains("3 kapitlet 5 §§")


@given(st.text(max_size=200), st.frozensets(st.sampled_from(Step)))
def test_any_text_is_analysed_by_any_steps(text: str, steps: frozenset[Step]) -> None:
    splitter = CompoundSplitter([stem("portfölj"), stem("styrning")], steps=steps)
    assert all(term.main for term in analyse(text, splitter.split, steps))
