"""Whatever is changed in an answer, its marker, its quote or its figures, is found before it is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from knowledge.model import Citation
from knowledge.pieces import PieceReader
from knowledge.quotes import Quote
from knowledge.render import render
from knowledge.swedish.analysis import no_split
from knowledge.verify import numbers, problems
from tests.fakes.knowledge import ARCHIVE, FINES, INCIDENTS, METHOD, PASSAGES, PORTFOLIO, passage

READER = PieceReader(no_split)


def answer(*sources: object) -> tuple[str, tuple[Citation, ...]]:
    chosen = [one for one in PASSAGES if one in sources] if sources else list(PASSAGES)
    return render([Quote(one, READER.read(one).pieces) for one in chosen], {})


def test_an_answer_made_of_quotes_holds() -> None:
    assert problems(*answer()) == ()


def test_an_empty_answer_has_nothing_to_check() -> None:
    assert problems("", ()) == ()


def test_a_marker_without_a_citation_is_found() -> None:
    text, citations = answer(METHOD)
    assert any("[7]" in one for one in problems(f"{text} [7]", citations))


def test_a_citation_without_a_marker_is_found() -> None:
    text, citations = answer(METHOD)
    assert any("[2]" in one for one in problems(text, (*citations, replace(citations[0], n=2))))


@pytest.mark.parametrize(
    "invented",
    ["19 personer", "18 procent av 15", "den 3 maj 2031", "99,5 %", "2024/1689", "12 345 kronor", "artikel 26.2"],
)
def test_an_invented_figure_is_found(invented: str) -> None:
    text, citations = answer(METHOD)
    assert any("number" in one for one in problems(f"{text}\n\nDet gäller {invented}. [1]", citations))


def test_a_figure_of_another_citation_does_not_count() -> None:
    text, citations = answer(METHOD, INCIDENTS)
    assert problems(text, citations) == ()
    swapped = text.replace("[1]", "[9]").replace("[2]", "[1]").replace("[9]", "[2]")
    assert problems(swapped, citations)


def test_a_figure_in_an_unmarked_paragraph_is_found() -> None:
    text, citations = answer(METHOD)
    assert problems(f"Det gäller 5 kommuner.\n\n{text}", citations)


def test_a_figure_may_stand_in_the_heading_of_what_is_cited() -> None:
    _, citations = answer(PORTFOLIO)
    assert problems("Enligt avsnitt 3.2.2 saknas det i 17 procent av svaren. [1]", citations) == ()


@pytest.mark.parametrize(
    ("written", "source"),
    [("17 %", "17 procent"), ("5,5 procent", "5.5 %"), ("12\u00a0345 kr", "12 345 kronor"), ("17", "17 procent")],
)
def test_the_same_figure_may_be_written_in_another_way(written: str, source: str) -> None:
    cited = passage(f"Det gäller {source}.")
    assert problems(f"Det är {written}. [1]", [Citation(1, cited, cited.text)]) == ()


def test_line_breaks_and_letter_forms_do_not_matter_to_a_quote() -> None:
    cited = passage("Andelen är   17 procent\nav a\u030arets svar.")
    assert problems("Ja. [1]", [Citation(1, cited, "Andelen är 17 procent av årets svar.")]) == ()


def test_a_quote_of_several_places_is_checked_place_by_place() -> None:
    cited = passage("Ett. Två. Tre.")
    assert problems("Ja. [1]", [Citation(1, cited, "Ett.\nTre.")]) == ()
    assert problems("Ja. [1]", [Citation(1, cited, "Ett.\nFyra.")])


@given(st.data())
def test_any_changed_digit_of_an_answer_is_found_unless_the_source_has_that_figure_too(data: st.DataObject) -> None:
    text, citations = answer(ARCHIVE, METHOD, PORTFOLIO)
    places = [
        position for position, char in enumerate(text)
        if char.isdigit() and text[position - 1] != "["
    ]  # fmt: skip
    position = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != text[position]]))
    changed = text[:position] + digit + text[position + 1 :]
    paragraph = text[:position].count("\n\n")
    new = numbers(changed.split("\n\n")[paragraph].replace(f"[{paragraph + 1}]", ""))
    held = {figure for one in citations for figure in numbers(one.passage.context)}
    assume(new - held)
    assert problems(changed, citations)


def test_a_changed_digit_in_a_name_is_found() -> None:
    cited = passage("NIS2 gäller alla kommuner.")
    assert problems("NIS3 gäller alla kommuner. [1]", [Citation(1, cited, cited.text)])
    assert problems("NIS-2 gäller alla kommuner. [1]", [Citation(1, cited, cited.text)]) == ()


@given(st.data())
def test_any_changed_marker_is_found(data: st.DataObject) -> None:
    text, citations = answer(METHOD)
    number = data.draw(st.integers(0, 99).filter(lambda n: n != 1))
    assert problems(text.replace("[1]", f"[{number}]"), citations)


@given(st.data())
def test_any_changed_letter_of_a_quote_is_found(data: st.DataObject) -> None:
    text, citations = answer(*data.draw(st.sets(st.sampled_from(PASSAGES), min_size=1, max_size=3)))
    which = data.draw(st.integers(0, len(citations) - 1))
    quote = citations[which].quote
    position = data.draw(st.integers(0, len(quote) - 1).filter(lambda at: quote[at].isalnum()))
    letter = data.draw(st.sampled_from("xyz§0123456789").filter(lambda char: char != quote[position]))
    changed = replace(citations[which], quote=quote[:position] + letter + quote[position + 1 :])
    assume(changed.quote not in changed.passage.text)
    others = [one for one in citations if one is not citations[which]]
    assert any("quote" in one for one in problems(text, [*others, changed]))


def test_figures_are_compared_by_value() -> None:
    assert numbers("17 % och 5,5 samt 12 345, enligt 2024/1689 § 4") == {"17", "5.5", "12345", "2024/1689", "§", "4"}
    assert numbers("inga siffror") == frozenset()
    assert "10" in numbers(FINES.text)
