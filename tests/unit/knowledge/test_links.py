"""Addresses stay readable and become no links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.links import without_links


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Se https://evil.se/a", "Se https[:]//evil[.]se/a"),
        ("digg.se och bl.a. t.ex. fr.o.m.", "digg[.]se och bl.a. t.ex. fr.o.m."),
        ("a@b.se 10.0.0.1", "a[@]b[.]se 10[.]0[.]0[.]1"),
        ("javascript:x", "javascript[:]x"),
        ("Artikel 26.2 kl. 08.00", "Artikel 26.2 kl. 08.00"),
    ],
)
def test_r01_addresses_are_inert(text: str, shown: str) -> None:
    assert without_links(text, ()) == shown


def test_r01_a_cited_documents_address_stays() -> None:
    assert without_links("Se https://ok.se/a.", {"https://ok.se/a"}) == "Se https://ok.se/a."


@pytest.mark.parametrize("text", ["&amp;#104;ttps://evil.se", "&amp;amp;#46;", "evil&amp;#46;se"])
def test_r01_what_was_escaped_twice_is_inert(text: str) -> None:
    shown = without_links(text, ())
    assert "&" not in shown
    assert "evil.se" not in shown


def test_names_of_files_stay_as_they_are() -> None:
    assert without_links("Se enkat-2024.yaml och plan.pdf, men inte plan.pdf.se.") == (
        "Se enkat-2024.yaml och plan.pdf, men inte plan[.]pdf[.]se."
    )


@given(st.lists(st.sampled_from(("Se digg.se.", "a@b.se", "Kl. 08.00 t.ex.", "https://ok.se/a", "&#104;", "10.0.0.1"))))
def test_r01_what_is_streamed_stays_as_it_was_shown(paragraphs: list[str]) -> None:
    whole = without_links("\n\n".join(paragraphs), {"https://ok.se/a"})
    for count in range(len(paragraphs)):
        assert whole.startswith(without_links("\n\n".join(paragraphs[:count]), {"https://ok.se/a"}))
