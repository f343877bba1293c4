"""Forms of one word become one term, and different words stay apart."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge.swedish.stems import STOP_WORDS, root, stem

FORMS: dict[str, dict[str, list[list[str]]]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "word_forms.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    "forms",
    [
        "kommun kommunen kommuner kommunerna kommunernas",
        "digital digitalt digitala",
        "strategisk strategiskt strategiska",
        "viktig viktigt viktiga",
        "administrativ administrativt administrativa",
        "anmäla anmäler anmälan",
        "hinder hindren",
        "säkerhet säkerhets säkerheten säkerhetens",
        "styrning styrningen styrningens",
        "utmaning utmaningar utmaningarna",
        "förordning förordningen förordningar",
        "nämnd nämnden nämnder nämnderna",
        "råd rådet",
        "beslut beslutet besluten",
    ],
)
def test_inflected_forms_share_a_term(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1, {form: stem(form) for form in forms.split()}


@pytest.mark.parametrize(
    "forms",
    [
        "skriver skrev skrivit skrivna",
        "driver drev drivit",
        "håller höll hållit",
        "gäller gällde gällt",
        "bok böcker böckerna",
        "stad städer städerna",
        "hand händer",
        "ledamot ledamöter ledamöterna",
        "valde väljer vald",
        "lade lagt",
        "sade sagt",
        "tog tagit",
    ],
)
def test_irregular_forms_share_a_term(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1, {form: stem(form) for form in forms.split()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kommun", "kommunikation"),
        ("regel", "region"),
        ("lag", "lagring"),
        ("portfölj", "projekt"),
        ("data", "dator"),
        ("styrning", "styrelse"),
        ("nät", "nytta"),
    ],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize("word", ["nis2", "eidas2", "5g", "2024", "dos", "ai", "it", "sdk"])
def test_short_words_and_words_with_digits_are_their_own_stem(word: str) -> None:
    assert stem(word) == word


@pytest.mark.parametrize(("half", "together", "apart"), [("development", 60, 24), ("held_back", 58, 27)])
def test_forms_of_one_word_meet_and_neighbours_do_not(half: str, together: int, apart: int) -> None:
    assert sum(stem(one) == stem(other) for one, other in FORMS["together"][half]) >= together
    assert sum(stem(one) != stem(other) for one, other in FORMS["apart"][half]) >= apart


@pytest.mark.parametrize(
    "forms",
    [
        "skola skolan skolans skolor",
        "gata gatan gator",
        "bolagsstämma bolagsstämman",
        "handlingsplan handlingsplanen handlingsplaner",
        "ansökan ansökans ansökningar",
        "söka söker",
        "bygga bygger byggt byggd",
        "införa infört infördes",
        "nationell nationellt nationella",
        "gemensam gemensamt gemensamma",
        "kapitel kapitlet kap",
        "artikel artiklar artikeln artiklarna",
        "register registret registren",
        "nyckel nycklar nyckelns",
        "sektor sektorn sektorer",
    ],
)
def test_forms_that_snowball_leaves_apart_share_a_term(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1, {form: stem(form) for form in forms.split()}


def test_the_root_has_lost_one_ending_only() -> None:
    assert root("säkerheten") == "säker"
    assert root("säkerhets") == "säkerhet"


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäö", min_size=1, max_size=25))
def test_every_word_has_a_stem_and_never_a_longer_one(word: str) -> None:
    assert 1 <= len(stem(word)) <= max(len(word), 7)  # the longest irregular stem is `ledamot`


def test_stop_words_are_folded_words_of_both_languages() -> None:
    assert {"och", "som", "är", "the", "of"} <= STOP_WORDS
    assert all(word == word.lower() and word.isalpha() for word in STOP_WORDS)
    assert not {"inga", "kommun", "nis"} & STOP_WORDS
