"""What a text states besides words: places, sums, counts, points in time, actors."""

from __future__ import annotations

import pytest

from knowledge import facets
from knowledge.kinds import Kind


def test_the_fourteen_member_municipalities_are_known() -> None:
    assert len(facets.MUNICIPALITIES) == 14
    for name in facets.MUNICIPALITIES:
        assert facets.places(f"Hur går det för {name}?") == {name.lower()}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tanums och Åmåls kommuner", {"tanum", "åmål"}),
        ("i DALS-ED", {"dals-ed"}),
        ("dals–ed", {"dals-ed"}),
        ("Tanumshede och Lysekilsvägen", set()),
        ("Göteborg", set()),
        ("", set()),
    ],
)
def test_a_place_is_a_whole_word_with_or_without_genitive(text: str, found: set[str]) -> None:
    assert facets.places(text) == found


@pytest.mark.parametrize("text", ["4 miljoner kronor", "12\u00a0500 kr", "€ 10", "10 miljoner euro", "kostnadsfritt"])
def test_sums_and_who_pays_are_amounts(text: str) -> None:
    assert facets.has_amount(text)


@pytest.mark.parametrize("text", ["17 kommuner", "många svarade", "kraften", "akronym"])
def test_other_numbers_are_no_amounts(text: str) -> None:
    assert not facets.has_amount(text)


@pytest.mark.parametrize("text", ["17", "tre kommuner", "hälften", "samtliga svarade", "inga alls"])
def test_counts_in_figures_and_words_are_numbers(text: str) -> None:
    assert facets.has_number(text)


@pytest.mark.parametrize("text", ["kommunerna svarade", "trevlig", "sekund", "nionde"])
def test_other_words_are_no_numbers(text: str) -> None:
    assert not facets.has_number(text)


@pytest.mark.parametrize(
    "text", ["den 17 oktober 2024", "inom 24 timmar", "inom tre månader", "senast i maj", "utan dröjsmål", "varje år"]
)
def test_dates_durations_and_deadlines_are_times(text: str) -> None:
    assert facets.has_time(text)


@pytest.mark.parametrize("text", ["förordning 2024/1689", "lagen gäller alla", "17 procent"])
def test_law_numbers_and_shares_are_no_times(text: str) -> None:
    assert not facets.has_time(text)


@pytest.mark.parametrize("text", ["Anna Åkesson leder", "SKR", "kommunstyrelsen beslutar", "en digitaliseringsstrateg"])
def test_people_bodies_and_roles_are_actors(text: str) -> None:
    assert facets.has_actor(text)


@pytest.mark.parametrize(
    "text",
    ["artikel 99", "artiklarna 5 och 6", "Artiklar 5–7", "art. 4", "2 kap. 5 §", "3 kap.", "kapitel 3", "5 §", "§ 12",
     "bilaga 2", "bilaga III", "BILAGA III"],
)  # fmt: skip
def test_articles_sections_and_annexes_by_number_are_references(text: str) -> None:
    assert facets.has_reference(text)


@pytest.mark.parametrize(
    "text", ["artikeln nämner detta", "se bilaga i slutet", "bilagan", "kapitlet om 14 kommuner", "17 procent", ""]
)
def test_texts_that_name_no_number_of_a_law_are_no_references(text: str) -> None:
    assert not facets.has_reference(text)


@pytest.mark.parametrize(
    ("kind", "stated", "vague"),
    [
        (Kind.NUMBER, "14 kommuner svarade", "flera kommuner svarade"),
        (Kind.NUMBER, "samtliga svarade", "många svarade"),
        (Kind.TIME, "den 17 oktober", "senast"),
        (Kind.TIME, "inom tre månader", "utan dröjsmål"),
        (Kind.TIME, "under 2024", "när det behövs"),
        (Kind.TIME, "varje vecka", "till våren"),
        (Kind.MONEY, "2 miljoner kronor", "en hög kostnad"),
        (Kind.REFERENCE, "enligt artikel 5", "enligt lagen"),
        (Kind.PERSON, "Digg ansvarar", "det görs"),
    ],
)
def test_what_is_stated_is_told_from_what_is_only_hinted_at(kind: Kind, stated: str, vague: str) -> None:
    assert facets.states(kind, stated)
    assert not facets.states(kind, vague)


def test_a_kind_without_a_shape_is_stated_by_any_text() -> None:
    assert all(facets.states(kind, "") for kind in Kind if not facets.demands(kind))
    assert not any(facets.states(kind, "") for kind in Kind if facets.demands(kind))


def test_only_some_kinds_demand_a_shape() -> None:
    demanding = {kind for kind in Kind if facets.demands(kind)}
    assert demanding == {Kind.MONEY, Kind.NUMBER, Kind.TIME, Kind.PERSON, Kind.CONTACT, Kind.REFERENCE}
    assert all(facets.fits(kind, "") for kind in Kind if kind not in demanding)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.MONEY, "5 kr"),
        (Kind.NUMBER, "5 råd"),
        (Kind.TIME, "i maj"),
        (Kind.PERSON, "Digg"),
        (Kind.CONTACT, "info@example.se"),
        (Kind.REFERENCE, "5 §"),
    ],
)
def test_a_text_with_the_demanded_shape_fits_and_an_empty_one_does_not(kind: Kind, text: str) -> None:
    assert facets.fits(kind, text)
    assert not facets.fits(kind, "")
