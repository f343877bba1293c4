"""What is kept of the parts of a text is what the whole text has: claims are told apart as if nothing were kept."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.composing.municipalities import named
from knowledge.composing.stated import stated
from knowledge.composing.words import Words
from knowledge.swedish.analysis import no_split

PARTS = (
    "", " ", "NIS", "NIS 2", "2", "2 och 3", "eIDAS", "17", "000 kronor", "procent av svaren", "% av svaren", "Art.",
    "4 a §", "1 000", "(2)", "kommunen ska anmäla", "SML-IT", "é", "\u0301", "Är", "3.", "½", "٣",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map(tuple))
def test_parts_hold_what_they_hold_joined(parts: tuple[str, ...]) -> None:
    words = Words(no_split)
    assert words.held_in(parts) == words.held(" ".join(parts))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Trosas nämnd och ÅMÅL", {"trosa", "åmål"}),
        ("I MalungSälen och Malung – Sälen", {"malungsälen", "malung-sälen"}),
        ("Lilla  Edet, _Ale_ och Trollhättans", {"lilla-edet", "ale", "trollhättan"}),
        ("Ingen av dem nämns, och lunden är ingen kommun", set()),
        ("I\u00adnget och Göteborg\u00a0stad", {"göteborg"}),
    ],
)
def test_names_are_found_wherever_one_may_begin(text: str, names: set[str]) -> None:
    assert named(text) == names


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("enligt kapitel IV och i maj", {"chapter", "month", "roman"}),
        ("Beslutet gäller från januari", {"month"}),
        ("kommunerna samverkar", set()),
        ("en tredjedel av svaren", {"share"}),
    ],
)
def test_a_text_without_digits_states_what_its_words_do(text: str, kinds: set[str]) -> None:
    assert {one.kind for one in stated(text)} == kinds
