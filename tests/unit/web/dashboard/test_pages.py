"""What the pages say: for the federation and for a contact, in both languages, and never a ranking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

import pytest

from bot.access.visitor import Visitor
from bot.maturity.advice_file import load_advice
from bot.results.advice import recommend
from bot.results.errors import NotForAudience
from bot.results.model import Themes
from bot.results.trend import trend
from bot.results.views import federation_view, municipality_view
from bot.web.dashboard.advice_page import advice_of
from bot.web.dashboard.audience import own_municipalities, view_for
from bot.web.dashboard.drawn import chart_named
from bot.web.dashboard.filters import Filters, filter_form, filters_of
from bot.web.dashboard.heat_map import heat_map
from bot.web.dashboard.municipality_page import municipality_of
from bot.web.dashboard.order import municipalities_of
from bot.web.dashboard.overview import overview
from bot.web.dashboard.scene import Scene
from bot.web.dashboard.themes_page import themes_of
from bot.web.dashboard.trend_page import trend_of
from tests.fakes.dashboard import ADMINISTRATOR, CLOSED, CONTACT, FEDERATION, NEIGHBOUR, Quoting
from tests.fakes.editions import IT, SERVICES, edition, main_instrument, previous_edition
from tests.unit.web.dashboard.scenes import contact_scene, heads, item_page, row, scene

TITLES = [each.title for each in municipalities_of(main_instrument())]


def words(told: object) -> Iterator[str]:
    """Every text of a page."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, list | tuple | frozenset):
        for each in told:
            yield from words(each)
    elif is_dataclass(told):
        for each in fields(told):
            yield from words(getattr(told, each.name))


def all_pages(held: Scene) -> list[object]:
    previous = previous_edition()
    before = municipality_view(previous, held.municipality) if held.municipality else federation_view(previous)
    told = trend(held.edition, before.edition, held.instrument)
    advice = recommend(held.view, held.instrument, load_advice(held.instrument)) if held.view is not None else ()
    pages: list[object] = [
        overview(held, Filters()),
        overview(held, Filters("overgripande", "styrning", "gap")),
        heat_map(held, Filters()),
        municipality_of(held, held.municipality or "uddevalla", held.edition.participation, {}),
        trend_of(held, told, "2025-1", [("2025-1", "2025:1")]),
        themes_of(held),
        advice_of(held, advice, Quoting()),
    ]
    return pages + [item_page(held, item.id, role) for item, _ in held.results() for role in held.roles_of(item)]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_can_be_made_for_everybody_who_may_see_it(language: str) -> None:
    for visitor in (FEDERATION, CONTACT):
        for page in all_pages(scene(visitor, language=language)):
            said = list(words(page))
            assert said
            assert not any("{" in each for each in said)


def test_a_contact_sees_the_own_municipality_and_no_other() -> None:
    others = [title for title in TITLES if title != "Uddevalla"]
    for page in all_pages(contact_scene()):
        said = " ".join(words(page))
        assert not any(title in said for title in others), page


def test_an_item_tells_what_is_said_beside_its_numbers() -> None:
    page = item_page(scene(), "digital_mognad")
    assert [each.id for each in page.sections] == ["distribution", "municipal", "roles", "places"]
    assert [link.text for link in page.roles] == ["Alla roller", "IT-nära", "Övergripande", "Verksamhetsnära"]
    assert [link.current for link in page.roles] == [True, False, False, False]
    distribution = page.sections[0]
    assert distribution.foreign_notes
    assert any("säkerställd" in note for note in distribution.notes)
    assert any("figur 8" in note for note in distribution.notes)
    assert {fact.name for fact in page.facts} == {"Index", "Median", "Underlag"}
    secret = item_page(scene(), "informationssakerhet")
    assert any("säkerhet" in note for note in secret.notes)
    assert [each.table for each in secret.sections if each.id == "places"] == [None]
    ticks = item_page(scene(), "org_hinder")
    assert any("kryss" in note for note in ticks.sections[0].notes)


def test_results_can_be_filtered_and_every_filter_taken_away() -> None:
    held = scene()
    everything = len(heads(overview(held, Filters()).items))
    filters = filters_of({"role": IT, "area": "teknik", "items": "nonsense"}, held)
    assert filters == Filters(IT, "teknik")
    page = overview(held, filters)
    assert 0 < len(heads(page.items)) < everything
    assert [group.title for group in page.items.groups] == ["Teknik"]
    form = filter_form(held, filters, "results")
    assert [link.text for link in form.active] == ["Roll: IT-nära", "Område: Teknik"]
    assert form.active[0].href == "/rounds/2026-1/results?area=teknik"
    assert form.reset == "/rounds/2026-1/results"
    assert filters_of({"role": "x", "area": "y"}, held) == Filters()
    gaps = overview(held, Filters(items="gap"))
    assert 0 < len(heads(gaps.items)) < everything
    compared = overview(held, Filters(items="compared"))
    assert "Modell för systemförvaltning" not in heads(compared.items)


def test_areas_are_by_role_and_never_added_up_over_roles() -> None:
    section = overview(scene(), Filters()).areas
    assert section.table is not None
    assert section.table.columns == ("Område", "IT-nära", "Övergripande", "Verksamhetsnära")
    assert row(section.table, "Samverkan")[0].spoken == "Rollen får inga frågor om området."
    assert section.figure is not None
    assert "Samverkan: Verksamhetsnära" in section.figure.alt


def test_the_trend_shows_the_matched_municipalities_first_and_calls_nothing_certain_that_is_not() -> None:
    held = scene()
    told = trend(held.edition, federation_view(previous_edition()).edition, held.instrument)
    page = trend_of(held, told, "2025-1", [("2025-1", "2025:1")])
    assert [each.id for each in page.sections] == ["matched", "options", "everybody", "baseline"]
    matched, options, everybody, _ = page.sections
    assert matched.table is not None
    assert options.table is not None
    for each in (cells[2] for cells in (row(matched.table, head) for head in heads(matched.table))):
        assert ("säkerställt" in each.text) == (
            each.note.startswith("p") and float(each.note[-5:].replace(",", ".")) < 0.05
        )
    few = row(options.table, "ITIL")[0].text
    assert " av " in few
    assert " → " in few
    assert "%" not in few
    assert everybody.notes == ("1 kommun har tillkommit: Åmål.",)
    alone = trend_of(held, None, "", [])
    assert [each.id for each in alone.sections] == ["baseline"]
    certain = replace(told.items[0], certain=True)
    again = trend_of(held, replace(told, items=(certain,)), "2025-1", []).sections[0]
    assert again.table is not None
    assert "säkerställt" in again.table.groups[0].rows[0].cells[2].text


def test_themes_have_quotes_only_where_the_edition_has() -> None:
    page = themes_of(scene())
    first, _, hidden = page.sections
    assert [bool(each.quotes) for each in first.themes] == [True, True, False]
    assert first.themes[2].without
    assert hidden.answers == "För få har skrivit för att något ska kunna visas."
    assert hidden.themes == ()
    none = scene(told=replace(edition(), themes=(Themes("fri_mal", SERVICES, None),)))
    assert len(themes_of(none).sections) == 1


def test_recommendations_are_cited() -> None:
    held = scene()
    assert held.view is not None
    chosen = recommend(held.view, held.instrument, load_advice(held.instrument))
    page = advice_of(held, chosen, Quoting())
    assert len(page.advice) == 3
    assert all(each.sources for each in page.advice)
    assert page.advice[0].sources[0].place.endswith("s. 12")
    assert page.advice[0].item.href.startswith("/rounds/2026-1/items/")


def test_views_are_chosen_by_role() -> None:
    told, instrument = edition(), CLOSED.instrument
    both = Visitor("b", "t", "", FEDERATION.roles | CONTACT.roles, CONTACT.municipalities)
    assert view_for(both, told, instrument).municipality == ""
    assert view_for(both, told, instrument, "uddevalla").municipality == "uddevalla"
    assert view_for(both, told, instrument, "tanum").municipality == ""
    assert view_for(NEIGHBOUR, told, instrument).municipality == "dals-ed"
    for visitor, municipality in ((CONTACT, "tanum"), (ADMINISTRATOR, ""), (Visitor(), "")):
        with pytest.raises(NotForAudience):
            view_for(visitor, told, instrument, municipality)
    assert own_municipalities(CONTACT, instrument) == ("uddevalla",)
    assert len(own_municipalities(FEDERATION, instrument)) == 14


def test_charts_are_found_by_name_and_only_where_there_is_something_to_see() -> None:
    held = scene()
    names = ("areas", "bars.forum", "squares.sdk", "roles.digital_mognad")
    assert all(chart_named(held, name) is not None for name in names)
    for name in (
        "nonsense",
        "bars.nonsense",
        "bars.",
        "roles.sdk",
        "squares.forum",
        "trend",
        "municipality",
        "response",
    ):
        assert chart_named(held, name) is None, name
    assert chart_named(held, "municipality", municipality="uddevalla") is not None
    assert chart_named(held, "municipality", municipality="dals-ed") is None
    assert chart_named(replace(held, view=None), "areas") is None
