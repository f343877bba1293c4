"""A question is understood with the conversation before it, and a new question stands on its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.kinds import Kind
from knowledge.question import Question, names, understand, years
from knowledge.swedish.stems import stem

PORTFOLIO = "hur många har väl fungerande portföljstyrning"


def mains(question: Question) -> set[str]:
    return {term.main for term in question.terms}


def carried(question: Question) -> set[str]:
    return {term.main for term in question.background}


def test_a_first_question_stands_as_it_was_written() -> None:
    asked = understand("Vad är NIS 2?")
    assert asked.text == asked.standalone == "Vad är NIS 2?"
    assert (asked.kind, asked.language) == (Kind.DEFINITION, "sv")
    assert mains(asked) == {"nis2"}
    assert asked.background == ()


def test_the_elliptic_follow_up_swaps_the_topic_and_keeps_what_was_asked() -> None:
    asked = understand("och projektstyrning då?", [PORTFOLIO])
    assert asked.standalone == "hur många har väl fungerande projektstyrning"
    assert asked.text == "och projektstyrning då?"
    assert asked.kind is Kind.NUMBER
    assert mains(asked) == {"projektstyrning"}
    assert "portföljstyrning" not in mains(asked) | carried(asked)
    assert carried(asked)  # what was asked of it is carried over


@pytest.mark.parametrize(
    "follow_up",
    [
        "och projektstyrning?", "och projektstyrning då", "men projektstyrning då?", "Hur är det med projektstyrning?",
        "hur ser det ut för projektstyrning?", "projektstyrning då?", "What about projektstyrning?",
    ],
)  # fmt: skip
def test_every_way_to_ask_the_same_of_something_else(follow_up: str) -> None:
    asked = understand(follow_up, [PORTFOLIO])
    assert asked.standalone == "hur många har väl fungerande projektstyrning"
    assert asked.kind is Kind.NUMBER


def test_a_place_is_exchanged_for_another_place() -> None:
    asked = understand("och Åmål?", ["Hur många invånare har Tanum?"])
    assert asked.standalone == "Hur många invånare har Åmål?"


@pytest.mark.parametrize("pronoun", ["När gäller den?", "när gäller det", "När träder den i kraft?"])
def test_a_pronoun_is_about_what_was_asked_before(pronoun: str) -> None:
    asked = understand(pronoun, ["Vad är NIS 2?"])
    assert asked.kind is Kind.TIME
    assert "nis2" in carried(asked)
    assert "NIS 2" in asked.standalone
    assert pronoun in asked.standalone
    assert asked.text == pronoun


@pytest.mark.parametrize("bare", ["Varför?", "Hur då?", "när?"])
def test_a_bare_question_word_is_about_what_was_asked_before(bare: str) -> None:
    asked = understand(bare, ["Vad är portföljstyrning?"])
    assert "portföljstyrning" in carried(asked) | mains(asked)


def test_the_topic_lasts_through_a_chain_of_pronouns() -> None:
    asked = understand("vem ansvarar för det?", ["Vad är NIS 2?", "när gäller den?"])
    assert asked.kind is Kind.PERSON
    assert "nis2" in carried(asked)


def test_a_new_topic_in_the_chain_replaces_the_old_one() -> None:
    asked = understand("när gäller den?", ["Vad är NIS 2?", "och AI-förordningen då?"])
    assert "ai-förordning" in carried(asked)
    assert "nis2" not in carried(asked)


@pytest.mark.parametrize(
    "text",
    [
        "Vilka nationella initiativ nämns i rapporten?",
        "Hur många kommuner svarade på enkäten?",
        "Finns det någon handlingsplan för bredband?",
        "Vad är portföljstyrning?",
        "What is a digital council?",
    ],
)
def test_an_unrelated_question_is_not_glued_to_the_conversation(text: str) -> None:
    asked = understand(text, ["Vad är NIS 2?", "när gäller den?"])
    assert asked == understand(text)


def test_a_full_question_ends_a_chain_of_follow_ups() -> None:
    chain = ["Vad är NIS 2?", "när gäller den?", "Vilka nationella initiativ nämns i rapporten?"]
    asked = understand("vem driver dem?", chain)
    assert "initiativ" in carried(asked)
    assert "nis2" not in carried(asked)


def test_a_follow_up_without_a_conversation_is_taken_as_it_stands() -> None:
    asked = understand("och projektstyrning då?")
    assert asked.standalone == "och projektstyrning då?"
    assert mains(asked) == {"projektstyrning"}


@pytest.mark.parametrize("context", [[""], ["   ", "???"], ["och", "men"]])
def test_empty_turns_before_it_change_nothing(context: list[str]) -> None:
    assert understand("Vad är NIS 2?", context) == understand("Vad är NIS 2?")
    assert mains(understand("och projektstyrning då?", context)) == {"projektstyrning"}


def test_old_turns_are_forgotten() -> None:
    many = [f"Vilka nationella initiativ om ämne{n} nämns i rapporten?" for n in range(6)]
    assert understand("när gäller den?", ["Vad är NIS 2?", *many]) == understand("när gäller den?", many)


def test_a_follow_up_keeps_the_language_of_the_conversation() -> None:
    assert understand("and NIS 2?", ["What is a digital council?"]).language == "en"
    assert understand("NIS 2 då?", ["Vad är ett digitalt råd?"]).language == "sv"


def test_the_language_can_be_given() -> None:
    assert understand("Vad är NIS 2?", language="en").language == "en"


def test_decomposed_letters_are_the_same_question() -> None:
    assert understand("Vad a\u0308r portfo\u0308ljstyrning?") == understand("Vad är portföljstyrning?")


@pytest.mark.parametrize("text", ["", "   ", "???", "och", "\n\t", "😀", "..."])
def test_a_text_without_content_is_empty(text: str) -> None:
    assert understand(text).is_empty


@given(st.text(max_size=120), st.lists(st.text(max_size=60), max_size=5))
def test_any_text_after_any_conversation_is_understood(text: str, context: list[str]) -> None:
    asked = understand(text, context)
    assert asked.language in ("sv", "en")
    assert asked.text == understand(text).text


@given(
    st.lists(st.sampled_from([PORTFOLIO, "Vad är NIS 2?", "och projektstyrning då?", "när gäller den?", "varför?"])),
    st.sampled_from(["och projektstyrning då?", "när gäller den?", "varför?", "Vad är NIS 2?"]),
)
def test_any_chain_of_follow_ups_leaves_something_to_search_for(context: list[str], text: str) -> None:
    asked = understand(text, context)
    assert asked.standalone
    if any(turn in (PORTFOLIO, "Vad är NIS 2?") for turn in context[-4:]):
        assert not asked.is_empty


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hur gick det 2020 och 2024?", {"2020", "2024"}),
        ("förordning 2024/1689 och lagen 2025:1506", set()),
        ("1899, 2100, 20245, 12024", set()),
        ("år 1999.", {"1999"}),
    ],
)
def test_years_are_years_and_no_law_numbers(text: str, found: set[str]) -> None:
    assert years(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vad gör Digg?", ("digg",)),
        ("Vad gör Digg och Inera?", ("digg", "inera")),
        ("Digg gör vad?", ()),
        ("Vad gör digg? Och Inera?", ("inera",)),
        ("Vad är det? Vilka?", ()),
        ("", ()),
    ],
)
def test_names_are_capitals_inside_a_sentence(text: str, found: tuple[str, ...]) -> None:
    assert names(text) == found


FIRST = "hur många har väl fungerande portföljstyrning"


@pytest.mark.parametrize("topic", ["informationsklassning", "inköp", "omställning", "förvaltning", "omvärldsbevakning"])
def test_a_topic_that_begins_like_a_preposition_is_swapped_in_whole(topic: str) -> None:
    assert understand(f"och {topic} då?", [FIRST]).standalone == f"hur många har väl fungerande {topic}"


@pytest.mark.parametrize("between", ["och projektstyrning då?", "och inköp?", "vad gäller inköp?"])
def test_a_chain_of_swaps_keeps_what_was_asked_at_first(between: str) -> None:
    asked = understand("och målstyrning?", [FIRST, between])
    assert asked.standalone == "hur många har väl fungerande målstyrning"
    assert stem("fungerande") in {term.main for term in asked.background}


def test_a_swap_after_a_pronoun_question_exchanges_what_the_pronoun_stood_for() -> None:
    asked = understand("och AI-förordningen då?", ["Vad är NIS 2?", "när gäller den?"])
    assert asked.standalone == "Vad är AI-förordningen: när gäller den?"
    assert "nis2" not in {term.main for term in (*asked.terms, *asked.background)}


def test_a_verb_is_no_topic_to_swap() -> None:
    assert understand("och Tanum då?", ["Vad kostar det?"]).standalone == "Vad kostar det? och Tanum då?"


def test_capitals_all_over_are_no_names() -> None:
    asked = understand("HUR MÅNGA PERSONER BESVARADE ENKÄTEN OM DIGITALISERING")
    assert names(asked.text) == ()
    assert not any(term.token.capital for term in asked.terms)
    assert {term.main for term in asked.terms} == {
        term.main for term in understand("hur många personer besvarade enkäten om digitalisering").terms
    }


@pytest.mark.parametrize(
    ("text", "points_back"),
    [
        ("Vilka är de största utmaningarna?", False),
        ("när gäller den?", True),
        ("vem ansvarar för det?", True),
        ("vilka svarade på den frågan?", True),
    ],
)
def test_an_article_before_an_adjective_does_not_point_back(text: str, points_back: bool) -> None:
    assert bool(understand(text, ["Vad kräver NIS 2 av oss?"]).background) is points_back
