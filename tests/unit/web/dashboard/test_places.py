"""What pages say of municipalities: in the order of the alphabet, as far as each may be told, never as a ranking."""

from __future__ import annotations

from dataclasses import replace

from bot.access.visitor import Visitor
from bot.maturity.ports import Visibility, VisibilityDecision
from bot.maturity.rounds import RoundStatus
from bot.results.model import Cell, EqualWeight, State
from bot.web.dashboard.filters import Filters
from bot.web.dashboard.heat_map import heat_map, shade_of
from bot.web.dashboard.municipality_page import municipality_of
from bot.web.dashboard.order import municipalities_of, swedish
from bot.web.dashboard.parts import DASH, Entry, Look
from tests.fakes.dashboard import CONTACT, FEDERATION, OPEN, TODAY
from tests.fakes.editions import IT, OVERALL, SERVICES, edition, main_instrument
from tests.unit.web.dashboard.scenes import heads, item_page, row, scene

TITLES = [each.title for each in municipalities_of(main_instrument())]


def test_municipalities_stand_in_the_order_of_the_alphabet_everywhere() -> None:
    table = heat_map(scene(), Filters()).table
    assert list(table.columns[2:]) == TITLES == sorted(TITLES, key=swedish)
    for name in ("digital_mognad", "systemforvaltning", "processorientering"):
        places = next(each for each in item_page(scene(), name).sections if each.id == "places")
        assert places.table is not None
        assert heads(places.table) == TITLES


def test_a_cell_of_the_map_says_its_value_in_words_whatever_its_colour() -> None:
    table = heat_map(scene(), Filters()).table
    cells = dict(zip(table.columns[1:], row(table, "Innovationskultur"), strict=True))
    assert cells["Uddevalla"].look is Look.HEAT
    assert cells["Uddevalla"].text.isdecimal()
    assert cells["Dals-Ed"] == Entry(DASH, look=Look.HIDDEN, spoken="visas inte")
    assert cells["Orust"].text == "40–60"
    assert "Alla svarade lika" in cells["Orust"].spoken
    stated = dict(zip(table.columns[1:], row(table, "Systemförvaltning"), strict=True))
    assert stated["Tanum"].text.endswith("◆")
    assert "kommunens eget svar" in stated["Tanum"].spoken
    assert stated["Bengtsfors"].text == DASH
    secret = row(table, "Informationssäkerhet")
    assert secret[0].text.isdecimal()
    assert {each.text for each in secret[1:]} == {DASH}
    assert [shade_of(each) for each in (0, 19.9, 20, 60, 100)] == [0, 0, 1, 3, 4]


def test_how_many_municipalities_are_behind_all_roles_is_told_only_where_it_is_known() -> None:
    whole = EqualWeight(State.SHOWN, 12, 14, left_out=2)
    part = EqualWeight(State.SHOWN, 9, 14, left_out=2)

    def facts(equals: dict[str, EqualWeight]) -> str:
        told = edition()
        results = [
            replace(each, equal=equals[each.role]) if each.item == "digital_mognad" else each for each in told.results
        ]
        page = item_page(scene(told=replace(told, results=tuple(results))), "digital_mognad")
        return next(fact.note for fact in page.facts if fact.name == "Underlag").replace("\N{NO-BREAK SPACE}", " ")

    nothing = EqualWeight(State.EMPTY, of=14)
    assert facts({"": whole, IT: part, OVERALL: part, SERVICES: part}) == "från 14 kommuner, vet ej 12"
    assert facts({"": nothing, IT: part, OVERALL: part, SERVICES: whole}) == "från 14 kommuner, vet ej 12"
    assert facts({"": nothing, IT: part, OVERALL: part, SERVICES: part}) == "vet ej 12"


def test_roles_stand_alone_where_all_of_them_together_tell_nothing_of_municipalities() -> None:
    told = edition()
    results = tuple(
        replace(
            each,
            municipalities={
                key: replace(one, persons=Cell(State.SUPPRESSED)) for key, one in each.municipalities.items()
            },
        )
        if (each.item, each.role) == ("digital_mognad", "")
        else each
        for each in told.results
    )
    held = scene(told=replace(told, results=results))
    rows = [each for group in heat_map(held, Filters()).table.groups for each in group.rows]
    notes = [each.head.note for each in rows if each.head.text == "Digital mognad"]
    assert notes == ["IT-nära", "Övergripande", "Verksamhetsnära"]
    assert len(heads(heat_map(scene(), Filters()).table)) == len(set(heads(heat_map(scene(), Filters()).table)))
    page = municipality_of(held, "uddevalla", held.edition.participation, {})
    items = next(each.table for each in page.sections if each.id == "items")
    assert items is not None
    assert heads(items).count("Digital mognad") == 3


def test_statements_are_seen_as_far_as_the_municipality_lets_them() -> None:
    federation = item_page(scene(), "systemforvaltning")
    places = next(each.table for each in federation.sections if each.id == "places")
    assert places is not None
    assert row(places, "Bengtsfors")[-1].spoken == "inget eget svar som du får se"
    assert row(places, "Lysekil")[-1].note == "delad IT"
    assert any("officiella" in note for note in federation.notes)
    own = Visitor("x", "t", "", CONTACT.roles, frozenset({"bengtsfors"}))
    page = item_page(scene(own), "systemforvaltning")
    mine = next(each.table for each in page.sections if each.id == "places")
    assert mine is not None
    assert row(mine, "Bengtsfors")[-1].text != DASH
    joint = next(each.table for each in item_page(scene(), "portfoljstyrning").sections if each.id == "places")
    assert joint is not None
    assert row(joint, "Mellerud")[-1].note == "gruppens svar"


def test_a_municipality_decides_only_before_the_round_closes_and_only_by_its_own_contact() -> None:
    held = scene(CONTACT)
    participation = held.edition.participation
    assert held.held.status is RoundStatus.CLOSED
    closed = municipality_of(held, "uddevalla", participation, {}).visibility
    assert closed is not None
    assert closed.choices == ()
    open_scene = replace(held, held=OPEN, view=None, compiled=False)
    decision = VisibilityDecision(OPEN.id, "uddevalla", Visibility.FEDERATION, TODAY, "c1")
    page = municipality_of(open_scene, "uddevalla", participation, {"uddevalla": decision})
    assert page.waiting
    assert page.visibility is not None
    assert [choice.value for choice in page.visibility.choices if choice.chosen] == ["federation"]
    assert "15 oktober 2027" in page.visibility.decided
    other = municipality_of(replace(open_scene, visitor=FEDERATION), "uddevalla", participation, {}).visibility
    assert other is not None
    assert other.choices == ()
