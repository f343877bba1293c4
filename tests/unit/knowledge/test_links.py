"""Addresses stay readable and become no links."""

from __future__ import annotations

import pytest

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
