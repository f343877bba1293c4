"""Where a piece of text lies in a report whose extraction broke words, and whose cleaning mended them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.retrieval.pages import PageMap, letters, read_pages

FIRST = (
    "Kommunerna  beslutar själva om sin digitalisering, och varje nämnd svarar för sina egna syst em. "
    "Det gör att samverkan17 tar tid.\n"
)
SECOND = (
    "Förbundet samordnar de gemensamma projekten.\nStyrgruppen möts fyra gånger om året och prioriterar "
    "mellan förslagen, som nämnderna lämnar in före sommaren."
)


@pytest.fixture
def page_map() -> PageMap:
    return PageMap([(5, FIRST), (6, SECOND)])


def test_a_mended_word_and_a_removed_footnote_number_do_not_hide_a_passage(page_map: PageMap) -> None:
    mended = "Kommunerna beslutar själva om sin digitalisering, och varje nämnd svarar för sina egna system."
    assert page_map.locate(mended) == {5}
    assert page_map.locate(f"{mended} Det gör att samverkan tar tid.") == {5}


def test_what_crosses_a_page_lies_on_both(page_map: PageMap) -> None:
    assert page_map.locate(FIRST[60:] + SECOND[:60]) == {5, 6}


def test_the_end_of_a_sentence_does_not_put_a_passage_on_a_page(page_map: PageMap) -> None:
    assert page_map.locate(FIRST[-9:] + SECOND) == {6}


def test_other_text_lies_nowhere(page_map: PageMap) -> None:
    assert page_map.locate("Biblioteket har öppet varje dag utom söndagar, då det är stängt för alla.") == frozenset()
    assert page_map.locate("...") == frozenset()
    assert page_map.locate("kort") == frozenset()


def test_half_of_a_text_in_one_stretch_is_needed(page_map: PageMap) -> None:
    known, other = "Förbundet samordnar de gemensamma projekten.", "Biblioteket har öppet varje dag utom söndagar. "
    assert page_map.locate(known + other[:20]) == {6}
    assert page_map.locate(known + 3 * other) == frozenset()


def test_letters_are_all_that_is_compared() -> None:
    assert letters(" Sida 4:\n”Å­r – e-arkiv”") == "sida4årearkiv"


def test_pages_are_cut_at_the_lines_of_the_table(tmp_path: Path) -> None:
    text, starts = tmp_path / "report.txt", tmp_path / "pages.csv"
    text.write_text("ett\ntvå\ntre\nfyra\n", encoding="utf-8")
    starts.write_text('page,first_line,starts_with\n5,1,ett\n6,3,"tre, med komma"\n', encoding="utf-8")
    assert read_pages(text, starts) == [(5, "ett\ntvå"), (6, "tre\nfyra\n")]
