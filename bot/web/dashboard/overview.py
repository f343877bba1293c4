"""The results of a round: areas by role, what to talk about, and every item in a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.maturity.instrument import Item
from bot.results.areas import AreaIndex, area_results, total_index
from bot.results.model import ItemResult
from bot.web.dashboard.addresses import at, item_page
from bot.web.dashboard.drawn import chart_named, figure_of
from bot.web.dashboard.filters import Filters, Items, filter_form
from bot.web.dashboard.head import Head, head_of
from bot.web.dashboard.item_lines import items_table
from bot.web.dashboard.parts import Entry, Fact, FilterForm, Group, Link, Look, Row, Section, Table, untold
from bot.web.dashboard.scene import Scene

SEVERAL: Final = 3
"""Municipalities in which many do not know, for that to be a finding about Fyrbodal."""
MOST: Final = 5
"""Findings of a kind that are listed; the rest are a click away."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The page. `facts` sum up the round; `items` is the table of all items that the filters leave."""

    head: Head
    facts: tuple[Fact, ...]
    filters: FilterForm
    areas: Section
    talk: tuple[Section, ...]
    items: Table


@dataclass(frozen=True, slots=True)
class Finding:
    """An item that is worth talking about in so many `places`."""

    item: Item
    result: ItemResult
    places: int


def overview(scene: Scene, filters: Filters) -> Overview:
    """The results as far as the visitor sees them, through the filters."""
    municipality = scene.municipality
    talk = [
        _section(scene, filters, "gaps", _gaps(scene, filters)),
        _section(scene, filters, "spreads", _spreads(scene, filters)),
    ]
    return Overview(
        head_of(scene, "results"),
        _facts(scene),
        filter_form(scene, filters, "results", municipality=municipality),
        areas_section(scene, filters),
        tuple(each for each in talk if each.links),
        items_table(scene, filters),
    )


def areas_section(scene: Scene, filters: Filters) -> Section:
    """Areas by role, all persons together; roles stand beside each other and are never added up."""
    voice = scene.voice
    told = [
        each
        for each in area_results(scene.edition, scene.instrument)
        if not each.municipality and filters.role in ("", each.role) and filters.area in ("", each.area)
    ]
    roles = [each.id for each in scene.instrument.roles if any(one.role == each.id for one in told)]
    by = {(each.area, each.role): each for each in told}
    rows = [
        Row(Entry(voice.word(area.title)), tuple(area_entry(scene, by.get((area.id, role))) for role in roles))
        for area in scene.instrument.areas
        if any(each.area == area.id for each in told)
    ]
    totals = {role: total_index([each for each in told if each.role == role]) for role in roles}
    if not filters.area and any(each is not None for each in totals.values()):
        entries = [
            untold(voice.say("pages.areas.no_total"))
            if (total := totals[role]) is None
            else Entry(voice.whole(total), look=Look.NUMBER)
            for role in roles
        ]
        rows.append(Row(Entry(voice.say("pages.areas.total")), tuple(entries)))
    table = Table(
        voice.say("pages.areas.caption"),
        (voice.say("pages.column.area"), *(scene.role(role) for role in roles)),
        (Group(tuple(rows)),),
        numeric=frozenset(range(1, len(roles) + 1)),
    )
    query = {"role": filters.role, "area": filters.area, "municipality": scene.municipality}
    chart = chart_named(scene, "areas", role=filters.role, area=filters.area)
    return Section(
        "areas",
        voice.say("pages.areas.title"),
        (voice.say("pages.areas.text"),),
        figure_of(scene, "areas", chart, **query),
        table,
        (voice.say("pages.areas.note"),),
    )


def area_entry(scene: Scene, told: AreaIndex | None) -> Entry:
    """An area's index with how many of its items it is made of, or why there is none."""
    voice = scene.voice
    if told is None:
        return untold(voice.say("pages.areas.not_asked"))
    note = voice.say("pages.areas.items", items=told.items, asked=told.asked)
    if told.index is None:
        return untold(voice.say("pages.areas.too_few"), note=note)
    return Entry(voice.whole(told.index), note, Look.NUMBER)


def _facts(scene: Scene) -> tuple[Fact, ...]:
    voice, participation = scene.voice, scene.edition.participation
    places = [each for each in participation.municipalities.values() if each.answered.high]
    facts = [Fact(voice.say("pages.facts.answers"), voice.response(participation.total))]
    if scene.federation:
        told = voice.say("pages.of", count=len(places), of=len(participation.municipalities))
        facts.append(Fact(voice.say("pages.facts.municipalities"), told))
    else:
        own = participation.municipalities.get(scene.municipality)
        if own is not None:
            facts.append(
                Fact(voice.say("pages.facts.from", place=scene.place(scene.municipality)), voice.response(own))
            )
    for role in scene.instrument.roles:
        told_role = participation.roles.get(role.id)
        if told_role is not None:
            facts.append(Fact(voice.word(role.title), voice.response(told_role)))
    return tuple(facts)


def _gaps(scene: Scene, filters: Filters) -> list[Finding]:
    """Items that many do not know about: of all who were asked, or else in several municipalities (for a contact, in
    the own one)."""
    found = []
    for item, result in scene.results(filters.role, filters.area):
        places = sum(each.persons.gap for each in result.municipalities.values())
        if result.pooled.gap or places >= (SEVERAL if scene.federation else 1):
            found.append(Finding(item, result, places))
    return sorted(found, key=lambda each: (each.result.pooled.gap, each.places), reverse=True)


def _spreads(scene: Scene, filters: Filters) -> list[Finding]:
    """Items on which more than half of the municipalities whose answers are told have views far apart."""
    found = []
    for item, result in scene.results(filters.role, filters.area):
        told = [each.persons for each in result.municipalities.values() if each.persons.median is not None]
        places = sum(each.spread for each in told)
        if 2 * places > len(told):
            found.append(Finding(item, result, places))
    return sorted(found, key=lambda each: each.places, reverse=True)


def _section(scene: Scene, filters: Filters, name: str, found: list[Finding]) -> Section:
    """The findings in the most municipalities, with a link to all of them."""
    voice = scene.voice
    links = []
    for each in found[:MOST]:
        role = each.result.role if filters.role else ""
        where = item_page(scene.held.id, each.item.id, role, scene.municipality)
        links.append(Link(voice.word(each.item.topic), where, note=_note(scene, name, each)))
    more: tuple[Link, ...] = ()
    if len(found) > MOST:
        kind = Items.GAP if name == "gaps" else Items.SPREAD
        query = filters.query() | {"items": kind.value, "municipality": scene.municipality}
        more = (Link(voice.say("pages.finding.more"), at(scene.held.id, "results", **query)),)
    title = voice.say(f"pages.finding.{name}.title")
    text = voice.say(f"pages.finding.{name}.{'text' if scene.federation else 'own'}")
    return Section(name, title, (text,), links=tuple(links), more=more)


def _note(scene: Scene, name: str, found: Finding) -> str:
    voice = scene.voice
    if name == "gaps" and found.result.pooled.gap:
        return voice.say("pages.talk.gap", share=voice.percent(found.result.pooled.unknown_share or 0.0))
    return voice.say("pages.talk.in", municipalities=voice.municipalities(found.places)) if scene.federation else ""
