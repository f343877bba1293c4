"""Small talk is recognised, and never swallows a question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.router import Flow, Router, clean

ROUTER = Router.load()


@pytest.mark.parametrize(
    ("message", "flow", "language"),
    [
        ("Hej!", Flow.GREETING, "sv"),
        ("  hej hej 👋 ", Flow.GREETING, "sv"),
        ("Hello", Flow.GREETING, "en"),
        ("Tack så mycket!!", Flow.THANKS, "sv"),
        ("Thanks", Flow.THANKS, "en"),
        ("vad kan du?", Flow.HELP, "sv"),
        ("HJÄLP", Flow.HELP, "sv"),
        ("Är du en människa?", Flow.ABOUT, "sv"),
        ("Vad sparar du om mig?", Flow.PRIVACY, "sv"),
        ("jag vill starta mognadskollen", Flow.CHECK, "sv"),
        ("maturity check please", Flow.CHECK, "en"),
        ("hej då", Flow.GOODBYE, "sv"),
        ("", Flow.EMPTY, None),
        (" \u200b\n\t ", Flow.EMPTY, None),
        ("🤔🤔", Flow.NO_WORDS, None),
        ("???", Flow.NO_WORDS, None),
        ("Hej, vad kräver NIS 2 av oss?", Flow.QUESTION, "sv"),
        ("och projektstyrning då?", Flow.QUESTION, "sv"),
        ("What does the report say about AI?", Flow.QUESTION, "en"),
        ("7", Flow.QUESTION, "sv"),
        ("Hur behandlas personuppgifter enligt dataskyddsförordningen?", Flow.QUESTION, "sv"),
    ],
)
def test_messages_find_their_flow(message: str, flow: Flow, language: str | None) -> None:
    route = ROUTER.route(message)
    assert (route.flow, route.language) == (flow, language)


def test_a_long_message_that_mentions_the_check_is_a_question() -> None:
    message = "Finns det något i rapporten om hur en mognadskoll kan göras tillsammans med andra kommuner?"
    assert ROUTER.route(message).flow is Flow.QUESTION


def test_cleaning_composes_letters_and_drops_what_cannot_be_seen_or_stored() -> None:
    assert clean("a\u030arsbudget\u200b\u202e \x00 nu\n\nda\u0308r") == "årsbudget nu där"
    assert clean("trasig \ud800 halva") == "trasig ? halva"


@given(st.text(alphabet=st.characters(codec=None), max_size=300))
def test_any_text_is_routed_and_can_be_stored_afterwards(message: str) -> None:
    route = ROUTER.route(message)
    assert "\x00" not in route.text
    assert route.text.encode("utf-8").decode("utf-8") == route.text
    assert clean(route.text) == route.text
