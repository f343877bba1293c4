"""Text of sources looks like itself in Teams, and does nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.teams.cards.markdown import markdown, shorten


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Se [rapporten](https://ond.example)", r"Se \[rapporten\](https://ond.example)"),
        ("![spion](https://ond.example/p.png)", r"!\[spion\](https://ond.example/p.png)"),
        ("Hej <at>Alla</at>", "Hej &lt;at>Alla&lt;/at>"),
        ("<img src=x onerror=y>", "&lt;img src=x onerror=y>"),
        ("<https://ond.example>", "&lt;https://ond.example>"),
        ("&lt;b&gt; och R&D", "&amp;lt;b&amp;gt; och R&D"),
        ("*fet* _kursiv_ `kod` ~~struken~~", r"\*fet\* \_kursiv\_ \`kod\` \~\~struken\~\~"),
        ("redan \\[klar", r"redan \\\[klar"),
        ("# Rubrik", r"\# Rubrik"),
        ("> citat", "&gt; citat"),
        ("+ plus", r"\+ plus"),
        ("1. ett", r"1\. ett"),
        ("rubrik\n---", "rubrik\n\n\\---"),
        ("rubrik\n===", "rubrik\n\n\\==="),
        ("    indraget", "indraget"),
        ("17,5 procent - 3 av 18 (s. 28)", "17,5 procent - 3 av 18 (s. 28)"),
    ],
)
def test_what_markdown_would_act_on_becomes_literal(source: str, shown: str) -> None:
    assert markdown(source) == shown


def test_lists_stay_lists_and_lines_become_paragraphs() -> None:
    source = "Utmaningarna är:\n- Ekonomi\n• Kompetens\n* Teknik\nSlut.\n\nNytt stycke."
    assert markdown(source) == "Utmaningarna är:\n\n- Ekonomi\n- Kompetens\n- Teknik\n\nSlut.\n\nNytt stycke."


def test_rows_of_a_table_are_told_with_their_columns() -> None:
    table = "Så här är det: [1]\n| Kommun | Antal |\n|---|---:|\n| Åmål | 3 |\n| Tanum | |\n| a | b | c |"
    assert markdown(table, {1: 1}) == (
        "Så här är det: [1]\n\n- Kommun: Åmål, Antal: 3\n- Kommun: Tanum\n- Kommun: a, Antal: b, c"
    )


def test_rows_without_a_header_are_told_as_they_are() -> None:
    assert markdown("| Åmål | 3 |\nSlut") == "- Åmål, 3\n\nSlut"


def test_markers_are_kept_renumbered_or_dropped_and_other_brackets_are_literal() -> None:
    assert markdown("Ett [3]. Två [7]. Tre [12]. År [2024].", {3: 1, 7: 2, 12: None}) == (
        r"Ett [1]. Två [2]. Tre. År \[2024\]."
    )


@pytest.mark.parametrize(("tail", "shown"), [("(https://ond.example)", r"\("), (": https://ond.example", r"\:")])
def test_a_marker_cannot_be_made_a_link(tail: str, shown: str) -> None:
    assert markdown(f"[1]{tail}", {1: 1}).startswith(f"[1]{shown}")


@given(st.text(alphabet=st.sampled_from("ab[]()!<>&;:*_`~\\#-+=1. \n|at/x"), max_size=60))
def test_no_text_leaves_an_open_bracket_or_tag(source: str) -> None:
    shown = markdown(source)
    assert "<" not in shown
    assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]`*_~]", shown)


@given(st.text(max_size=400), st.integers(20, 200))
def test_shortened_text_keeps_to_its_limit_and_to_its_words(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    whole = " ".join(text.split())
    assert short == whole or whole.startswith(short.removesuffix("…"))


def test_text_is_cut_between_words() -> None:
    assert shorten("Kommunerna samverkar om e-arkiv", 22) == "Kommunerna samverkar…"
    assert shorten("Kommunerna samverkar", 20) == "Kommunerna samverkar"
    assert shorten("x" * 30, 10) == "x" * 9 + "…"
