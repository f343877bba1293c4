"""Free texts in groups: every text once, nothing below the threshold, and no quote that points at anybody."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.results.model import Theme, Themes
from bot.results.quotable import Gate
from bot.results.themes import themes_of
from knowledge.swedish.compounds import CompoundSplitter
from knowledge.swedish.lexicon import NO_LEXICON, load_lexicon

SERVICES = "Fler e-tjänster för medborgarna inom bygglov"
SCHOOL = "Bättre läromedel till eleverna i skolan"
ARCHIVE = "Gemensam lagring av allmänna handlingar"


def numbered(*texts: str) -> list[tuple[str, str]]:
    return [(f"svar{place}", text) for place, text in enumerate(texts)]


def themes(*texts: str, threshold: int = 10) -> Themes:
    return themes_of(numbered(*texts), "fri_mal", "", threshold)


def sizes(told: Themes) -> list[int]:
    return [theme.answers for theme in told.themes]


@pytest.mark.parametrize(("people", "answers"), [(0, None), (1, None), (9, None), (10, 10), (12, 12)])
def test_d10_below_the_threshold_nothing_is_told(people: int, answers: int | None) -> None:
    told = themes(*[SERVICES] * people, "", "  \n")
    assert (told.answers, told.other) == (answers, None if answers is None else 0)
    assert sizes(told) == ([] if answers is None else [people])


def test_texts_are_grouped_by_the_words_they_share_in_any_form() -> None:
    told = themes(
        *["Läromedel för eleverna"] * 4,
        *["Ett digitalt läromedel"] * 4,
        *["läromedlen är dåliga"] * 4,
        *[SERVICES] * 11,
    )
    assert sizes(told) == [12, 11]
    assert told.themes[0].words[0] == "läromedel"
    assert told.themes[1].words[0] == "medborgarna" or "e-tjänster" in told.themes[1].words
    assert told.other == 0


def test_compounds_join_the_theme_of_their_part() -> None:
    told = themes(
        *["Upphandling av allt"] * 4,
        *["en upphandlingsenhet"] * 4,
        *["samordnad upphandlingsprocess"] * 4,
        *["annat"] * 10,
    )
    assert (sizes(told), told.themes[0].words[0], told.other) == ([12], "upphandling", 10)


def test_d10_a_small_rest_takes_the_smallest_theme_with_it() -> None:
    told = themes(*[SERVICES] * 15, *[SCHOOL] * 10, *["Nej"] * 9)
    assert (sizes(told), told.other) == ([15], 19)
    assert themes(*[SERVICES] * 15, *[SCHOOL] * 10, *["Nej"] * 10).other == 10
    assert themes(*[SERVICES] * 12, *["Nej"] * 9).themes == ()


def test_a_word_that_most_have_written_makes_no_theme_while_others_do() -> None:
    told = themes(*[f"{SERVICES} och skatt"] * 10, *[f"{SCHOOL} och skatt"] * 10, *["skatt"] * 10)
    assert "skatt" not in {theme.words[0] for theme in told.themes[:2]}
    assert sizes(told) == [10, 10, 10]


def test_one_person_counts_once_however_much_is_written() -> None:
    twice = [("svar", SERVICES), ("svar", SCHOOL), *numbered(*[SERVICES] * 9)]
    assert themes_of(twice, "fri_mal", "x", 10) == Themes(
        "fri_mal", "x", 10, (Theme(themes(*[SERVICES] * 10).themes[0].words, 10, (SERVICES,)),), 0
    )


def test_quotes_are_short_whole_sentences_of_different_people_and_not_alike() -> None:
    told = themes(
        *[f"{SERVICES}. Och en mening till som handlar om något helt annat och är lång."] * 6,
        *["Våra e-tjänster för medborgarna behöver fungera bättre i telefonen."] * 6,
        *["Det finns inga e-tjänster alls för medborgarna i dag, och dem behöver de ha."] * 6,
        *["För medborgarna behövs e-tjänster som är lätta att förstå och enkla att hitta."] * 6,
    )
    [theme] = told.themes
    assert theme.quotes[0] == f"{SERVICES}."
    assert len(theme.quotes) == 3
    assert len(themes(*[SERVICES, f"{SERVICES}!", SERVICES.lower()] * 5).themes[0].quotes) == 1


def test_nobody_s_words_alone_name_a_theme() -> None:
    told = themes(*[SERVICES] * 19, f"{SERVICES} med hemligheter")
    assert "hemligheter" not in " ".join(told.themes[0].words)


def test_addresses_and_names_name_no_theme() -> None:
    told = themes(*["Fråga Anna Bladh eller skriv till anna.bladh@kommunen.se"] * 12)
    assert not {"anna", "bladh"} & {word for theme in told.themes for word in theme.words}
    assert all(theme.quotes == () for theme in told.themes)


@cache
def gate() -> Gate:
    """Reading the dictionary takes a second, of the process alone that these tests run in."""
    lexicon = load_lexicon()
    return Gate(lexicon, CompoundSplitter(frozenset(), lexicon=lexicon).split)


@pytest.mark.parametrize(
    "sentence",
    [
        SERVICES,
        "Vi behöver fler e-tjänster så att medborgarna kan göra mer själva.",
        "Bättre IT-stöd i hemtjänsten och AI i handläggningen.",
        "Minst 10 procent av tiden går till dubbelarbete i verksamhetssystemen.",
        "Kompetensutveckling för all personal inom vård och omsorg per år.",
        "Vi behöver hjälp med NIS2 och med den nya lagen.",
        "Inför SDK i alla förvaltningar så snart som möjligt.",
    ],
)
def test_ordinary_sentences_may_be_quoted(sentence: str) -> None:
    assert gate().quotable(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Prata med Anna om hur vi ska göra detta.",
        "Anna vet hur vi ska göra med de nya systemen.",
        "det var anna som bestämde att vi inte ska ha systemet",
        "Bo har sagt att vi inte ska ha det på det sättet.",
        "Per har sagt att vi inte ska ha det på det sättet.",
        "Det var ANNA som bestämde att vi inte ska ha det.",
        "Fråga Kowalczyk om hur vi ska göra med detta.",
        "fråga kowalczyk om hur vi ska göra med detta",
        "Skriv till anna.bladh@kommunen.se om detta nya.",
        "Läs mer om det på www.kommunen.se innan ni gör något.",
        "Ring mig på 0522 12 34 56 om ni vill veta mer.",
        "Det gäller ärendet 811218-9876 som vi har hanterat fel.",
        "I Uddevalla har vi redan kommit långt med detta.",
        "i färgelanda har vi redan kommit långt med detta",
        "Vår it-chef vill inte att vi gör på det här sättet.",
        "Kommundirektören har sagt att vi inte får göra detta.",
        "Att han lyssnar mer på vad verksamheten behöver.",
        "Vi vill byta ut Treserva mot något som är bättre.",
        "Vi kör allt med kontot anna82 och det går bra.",
        "Det gäller t.ex. Berg som inte får göra det här.",
        "Vi kör allt i xqzzt och det fungerar inte så bra.",
        "We need better systems for everybody who works here.",
        "För kort.",
        "Mycket lång mening " + "och så vidare " * 20,
    ],
)
def test_d10_a_sentence_that_may_point_at_somebody_is_never_quoted(sentence: str) -> None:
    assert not gate().quotable(sentence)


def test_without_a_dictionary_nothing_is_quoted() -> None:
    assert not Gate(NO_LEXICON, CompoundSplitter(frozenset()).split).quotable(SERVICES)
    told = themes_of(numbered(*[SERVICES] * 10), "fri_mal", "", 10, NO_LEXICON)
    assert [theme.quotes for theme in told.themes] == [()]


WORDS = ("bygglov", "läromedel", "skatt", "arkiv", "avlopp", "bibliotek", "vi", "behöver", "nej")
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), max_size=60)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.integers(0, 999), st.integers(10, 12))
def test_d11_every_text_is_in_one_group_and_every_group_is_large(texts: Sequence[str], seed: int, least: int) -> None:
    given_texts = numbered(*texts)
    told = themes_of(given_texts, "fri_mal", "", least, NO_LEXICON)
    written = sum(bool(text.strip()) for text in texts)
    if written < least:
        assert told == Themes("fri_mal", "", None)
        return
    assert told.other is not None
    assert told.answers == written == sum(sizes(told)) + told.other
    assert all(size >= least for size in sizes(told))
    assert told.other == 0 or told.other >= least
    assert all(theme.words for theme in told.themes)
    random.Random(seed).shuffle(given_texts)
    assert themes_of(given_texts, "fri_mal", "", least, NO_LEXICON) == told
