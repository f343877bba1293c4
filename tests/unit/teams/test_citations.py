"""Citation chips: title, section, page and quote within Teams' limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.texts import Texts
from bot.teams.cards.citations import MOST, ai_entity, page_range, renumbering, source_name
from knowledge.model import Citation
from tests.fakes.teams import source

TEXTS = Texts.load()
REPORT = "Status för digitalisering i Fyrbodals kommuner"


@pytest.mark.parametrize(
    ("pages", "shown"), [((), ""), ((28,), "28"), ((29, 28), "28\N{EN DASH}29"), ((3, 7, 8, 8), "3, 7\N{EN DASH}8")]
)
def test_pages_are_shown_as_runs(pages: tuple[int, ...], shown: str) -> None:
    assert page_range(pages) == shown


@pytest.mark.parametrize(
    ("title", "headings", "name"),
    [
        ("NIS 2", (), "NIS 2, s. 28"),
        ("NIS 2", ("NIS 2", "Vad gäller"), "NIS 2, Vad gäller, s. 28"),
        (
            "AI-förordningen",
            ("Kapitel III", "Artikel 26 Skyldigheter", "artikel 26.2"),
            "AI-förordningen, artikel 26.2, s. 28",
        ),
        ("Dataskyddslagen", ("2 kap. Rättslig grund", "2 kap. 5 §"), "Dataskyddslagen, 2 kap. 5 §, s. 28"),
        (REPORT, ("2 Metod", "Urval"), f"{REPORT}, 2 Metod > Urval, s. 28"),
        (
            REPORT,
            ("3.2.2 Kommunernas förutsättningar för styrning av digitalisering", "Portföljstyrning"),
            f"{REPORT}, 3.2.2 Portföljstyrning, s. 28",
        ),
        (
            REPORT,
            ("3.2.2 Kommunernas förutsättningar", "Organisation", "Forum för styrning av digitaliseringen"),
            "Status för digitalisering…, 3.2.2 Forum för styrning av digitaliseringen, s. 28",
        ),
        (
            REPORT,
            ("3.1.3 Kommunal digitalisering", "Hur kommunerna arbetar med införande av nya arbetssätt och stöd"),
            "3.1.3 Hur kommunerna arbetar med införande av nya arbetssätt och stöd, s. 28",
        ),
    ],
)
def test_a_source_is_named_by_title_section_and_page(title: str, headings: tuple[str, ...], name: str) -> None:
    assert source_name(source(title=title, headings=headings), "s. 28") == name
    assert len(name) <= 80


@given(st.text(max_size=150), st.lists(st.text(max_size=150), max_size=3), st.sampled_from(["", "s. 28", "s. 3, 7, 9"]))
def test_a_name_keeps_to_80_characters_and_to_its_page(title: str, headings: list[str], pages: str) -> None:
    name = source_name(source(title=title, headings=tuple(headings)), pages)
    assert len(name) <= 80
    assert name.endswith(pages)


def test_positions_close_the_gaps_and_end_where_teams_does() -> None:
    numbers = [2, 5, 5, 9, *range(20, 30)]
    positions = renumbering([Citation(n, source(), "citat") for n in numbers])
    assert [positions[n] for n in (2, 5, 9)] == [1, 2, 3]
    assert [n for n in numbers if positions[n] is None] == [27, 28, 29]


def test_no_more_claims_than_teams_takes_and_each_position_once() -> None:
    citations = [Citation(n, source(), f"citat {n}") for n in (*range(1, 26), 1)]
    entity = ai_entity(citations, renumbering(citations), TEXTS, "sv")
    assert [claim["position"] for claim in entity["citation"]] == list(range(1, MOST + 1))
    assert entity["citation"][0]["appearance"]["abstract"] == "citat 1"


def test_an_answer_without_citations_is_labelled_and_claims_nothing() -> None:
    assert ai_entity((), {}, TEXTS, "sv") == {
        "type": "https://schema.org/Message",
        "@type": "Message",
        "@context": "https://schema.org",
        "additionalType": ["AIGeneratedContent"],
    }


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "file:///etc/passwd", "www.example.se"])
def test_only_web_addresses_become_links(url: str | None) -> None:
    citations = [Citation(1, source(), "citat", url)]
    appearance = ai_entity(citations, renumbering(citations), TEXTS, "sv")["citation"][0]["appearance"]
    assert "url" not in appearance


def test_a_citation_without_quote_shows_the_passage_and_is_never_empty() -> None:
    citations = [Citation(1, source("Ett långt stycke. " * 30), "")]
    abstract = ai_entity(citations, renumbering(citations), TEXTS, "sv")["citation"][0]["appearance"]["abstract"]
    assert abstract.startswith("Ett långt stycke.")
    assert len(abstract) <= 160
    assert abstract.endswith("…")
