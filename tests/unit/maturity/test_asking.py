"""A question in the middle of the check is told from an answer, and an answer is never taken for a question."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from bot.maturity.asking import is_question

QUESTIONS = (
    *(
        "Vad menas med portföljstyrning?",
        "vad menas med portföljstyrning",
        "hur räknar man detta",
        "varför frågar ni om det",
    ),
    *(
        "vilka kommuner har svarat",
        "vilken nivå valde andra",
        "när träder NIS 2 i kraft",
        "vem är ansvarig",
        "var hittar jag mer",
    ),
    *("får man svara flera gånger", "kan man ändra sig sen", "måste man svara", "ska vi svara för hela kommunen"),
    *("finns det exempel", "finns det någon mall", "är det samma sak som projektstyrning", "gäller det hela kommunen"),
    *(
        "betyder det att vi ska ha en metod",
        "innebär det att allt ska vara digitalt",
        "räknas piloter",
        "ingår it-avdelningen",
    ),
    *(
        "har ni exempel",
        "menar ni hela förvaltningen",
        "kan du ge ett exempel",
        "förklara portföljstyrning",
        "Förklara EIM.",
    ),
    *(
        "berätta om SDK",
        "beskriv nivåerna närmare",
        "definiera teknisk skuld",
        "ge exempel på detta",
        "jag undrar vad som räknas",
    ),
    *(
        "jag förstår inte frågan",
        "fattar inte frågan",
        "snälla förklara",
        "portföljstyrning?",
        "delvis?",
        "EIM, vad är det",
    ),
    *(
        "hej, vad är EIM",
        "ok men vad menas",
        "Hej Fyren! Hur svarade andra",
        "Vet ej. Vad menas med EIM?",
        "räknas det? 🤔",
    ),
    *(
        "what is portfolio management",
        "what's technical debt",
        "how do we count it",
        "how's it counted",
        "is there an example",
    ),
    *(
        "are pilots included?",
        "can you explain",
        "does it include pilots",
        "do we count pilots",
        "should i answer for everyone",
    ),
    *(
        "tell me about ITIL",
        "explain technical debt",
        "i don't understand the question",
        "when does it enter into force",
    ),
    *("which municipalities answered", "so, what counts", "vad　är　det", "VAD MENAS MED DET"),
)

ANSWERS = (
    *(
        "Vi har väl lite sådär",
        "är väl ganska bra",
        "vet inte vad det är",
        "vet inte hur det ser ut",
        "vi vet inte varför",
    ),
    *(
        "har vi inte",
        "finns det inte",
        "finns inte",
        "det finns",
        "finns det på vissa håll",
        "har vi på gång",
        "gör vi inte",
    ),
    *(
        "4",
        "delvis etablerad",
        "vet ej",
        "hoppa över",
        "bra",
        "inget vidare",
        "är på gång",
        "är under uppbyggnad",
        "är det inte",
    ),
    *("kan inte säga", "kan inte svara", "ska införas", "har börjat", "kommer nästa år", "får jag säga 4", "tror jag"),
    *("hur som helst är det bra", "vad jag vet finns det inget", "vad gäller portföljstyrning så har vi inget"),
    *(
        "när vi bygger nytt gör vi så",
        "när det behövs",
        "var för sig",
        "var och en gör som den vill",
        "det beror på hur man ser det",
    ),
    *("ingen aning om vad det betyder", "det är oklart vem som ansvarar", "ja det har vi", "vilket är ganska dåligt"),
    *("delvis, hur man nu ser det", "det vet jag inte, vad jag vet", "jag svarar vad jag tror", "frågan är oklar"),
    *(
        "where we need it",
        "when needed",
        "i don't know what it is",
        "has started",
        "is working well",
        "must be improved",
    ),
    *("can't say", "we have it", "", "   ", "👍", "...", "se https://example.invalid/?sida=1 för mer"),
)


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_is_one(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_is_no_question(text: str) -> None:
    assert not is_question(text)


def test_a_long_answer_with_a_question_in_it_is_an_answer_and_one_that_ends_with_a_question_asks() -> None:
    told = "Vi vill ha fler e-tjänster. Vi samordnar upphandlingen och delar på kostnaden. " * 120
    assert not is_question(told)
    assert is_question(f"{told} Räcker det?" + " " * 1_000)
    assert is_question(f"Hur menar ni? {told}")


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=400))
def test_any_text_is_one_or_the_other_and_a_question_mark_makes_it_a_question(text: str) -> None:
    assert isinstance(is_question(text), bool)
    assert is_question(f"{text}?")


@settings(deadline=None)
@given(st.sampled_from(QUESTIONS), st.sampled_from(["hej ", "ok, ", "och ", "Men ", "  ", "hej Fyren, ", "well, "]))
def test_a_greeting_before_a_question_changes_nothing(text: str, before: str) -> None:
    assert is_question(before + text)
