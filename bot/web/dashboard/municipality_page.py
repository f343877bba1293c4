"""A municipality's own picture: its answers beside those of others, what it has stated, and who sees that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.access.permissions import Permission
from bot.maturity.instrument import Item, Kind
from bot.maturity.ports import Visibility, VisibilityDecision
from bot.maturity.rounds import RoundStatus
from bot.results.areas import area_results
from bot.results.model import ItemResult, MunicipalResult, Participation, State
from bot.web.dashboard.addresses import at, item_page
from bot.web.dashboard.drawn import chart_named, figure_of
from bot.web.dashboard.head import Head, head_of
from bot.web.dashboard.item_groups import persons_entry, statement_words
from bot.web.dashboard.item_lines import based_entry, why_hidden_note
from bot.web.dashboard.overview import area_entry
from bot.web.dashboard.parts import Choice, Entry, Fact, Group, Link, Row, Section, Table, untold
from bot.web.dashboard.round_page import counts
from bot.web.dashboard.scene import Scene


@dataclass(frozen=True, slots=True)
class VisibilityForm:
    """Who sees what the municipality has stated: the decision, and the choices where it may be changed now."""

    address: str
    municipality: str
    decided: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class MunicipalityPage:
    """The page. Without an edition there are no `sections`, and `waiting` says when there will be."""

    head: Head
    name: str
    facts: tuple[Fact, ...]
    waiting: str
    sections: tuple[Section, ...]
    visibility: VisibilityForm | None
    advice: Link | None


def municipality_of(
    scene: Scene,
    municipality: str,
    participation: Participation,
    decisions: Mapping[str, VisibilityDecision],
) -> MunicipalityPage:
    """The page of a municipality that the visitor may see."""
    voice, held = scene.voice, scene.held
    facts = []
    own = participation.municipalities.get(municipality)
    if own is not None:
        facts.append(Fact(voice.say("pages.facts.answers_here"), voice.response(own)))
    sections: list[Section] = []
    waiting = ""
    advice = None
    if scene.view is None:
        waiting = voice.say(_why_not_yet(scene, participation))
    else:
        sections = [
            *_picture(scene, municipality),
            _areas(scene, municipality),
            _talk(scene, municipality),
            _items(scene, municipality),
        ]
        if scene.municipality == municipality:
            where = at(held.id, "recommendations", municipality=municipality)
            advice = Link(voice.say("pages.municipality.advice"), where)
    return MunicipalityPage(
        head_of(scene, "municipalities", municipality=municipality),
        scene.place(municipality),
        tuple(facts),
        waiting,
        tuple(each for each in sections if each.figure or each.links or (each.table and not each.table.empty)),
        _visibility(scene, municipality, decisions.get(municipality)),
        advice,
    )


def _why_not_yet(scene: Scene, participation: Participation) -> str:
    """The key of the text that says when there are results, or why there are none."""
    if not scene.held.is_over:
        return "pages.municipality.waiting"
    if scene.compiled:
        return "pages.municipality.not_in_it"
    return "pages.publishing.compiling" if counts(scene.held, participation) else "pages.publishing.nothing"


def _picture(scene: Scene, municipality: str) -> list[Section]:
    """The own picture as a chart; the tables of the areas have the same numbers."""
    voice = scene.voice
    chart = chart_named(scene, "municipality", municipality=municipality)
    if chart is None:
        return []
    figure = figure_of(scene, "municipality", chart, municipality=municipality)
    key = "pages.municipality.picture_own" if scene.municipality == municipality else "pages.municipality.picture"
    return [Section("picture", voice.say("pages.municipality.picture_title"), (voice.say(key),), figure)]


def _talk(scene: Scene, municipality: str) -> Section:
    """What to talk about at home: views far apart, and what people do not know."""
    voice = scene.voice
    links = []
    for item, _ in scene.results():
        for result in scene.by_municipality(item, "", municipality):
            told = result.municipalities.get(municipality)
            if told is None or told.persons.state is not State.SHOWN:
                continue
            notes = [voice.say(f"pages.talk.{name}_here") for name in ("spread", "gap") if getattr(told.persons, name)]
            if notes:
                links.append(Link(scene.topic(item, result.role), _where(scene, item, result), note=", ".join(notes)))
    return Section(
        "talk", voice.say("pages.municipality.talk_title"), (voice.say("pages.municipality.talk"),), links=tuple(links)
    )


def _areas(scene: Scene, municipality: str) -> Section:
    """The municipality's own areas, by role; nothing is added up over roles."""
    voice = scene.voice
    told = [each for each in area_results(scene.edition, scene.instrument) if each.municipality == municipality]
    roles = [each.id for each in scene.instrument.roles if any(one.role == each.id for one in told)]
    by = {(each.area, each.role): each for each in told}
    rows = [
        Row(Entry(voice.word(area.title)), tuple(area_entry(scene, by.get((area.id, role))) for role in roles))
        for area in scene.instrument.areas
        if any(each.area == area.id and each.index is not None for each in told)
    ]
    table = Table(
        voice.say("pages.municipality.areas_caption", place=scene.place(municipality)),
        (voice.say("pages.column.area"), *(scene.role(role) for role in roles)),
        (Group(tuple(rows)),),
        numeric=frozenset(range(1, len(roles) + 1)),
    )
    notes = (voice.say("pages.municipality.areas_note"),)
    return Section("areas", voice.say("pages.municipality.areas_title"), (), None, table, notes)


def _items(scene: Scene, municipality: str) -> Section:
    """Every item by area: the own answers, the own statement, the peers, and everybody."""
    voice = scene.voice
    own = scene.municipality == municipality
    columns = ["item", "median_here", "index_here", "statement", *(["peers"] if own else []), "everybody"]
    groups = []
    for area in scene.instrument.areas:
        rows = []
        for item, _ in scene.results(area=area.id):
            for result in scene.by_municipality(item, "", municipality):
                told = result.municipalities.get(municipality)
                if told is not None or result.security:
                    rows.append(_row(scene, item, result, told, municipality, own=own))
        if rows:
            groups.append(Group(tuple(rows), voice.word(area.title)))
    table = Table(
        voice.say("pages.municipality.caption", place=scene.place(municipality)),
        tuple(voice.say(f"pages.column.{each}") for each in columns),
        tuple(groups),
    )
    title = voice.say("pages.municipality.items_title")
    return Section("items", title, (voice.say("pages.results.items_text"),), None, why_hidden_note(scene, table))


def _row(
    scene: Scene, item: Item, result: ItemResult, told: MunicipalResult | None, municipality: str, *, own: bool
) -> Row:
    voice = scene.voice
    head = Entry(
        voice.word(item.topic),
        scene.role(result.role),
        href=_where(scene, item, result),
    )
    everybody = _small_index(scene, item, result)
    if told is None:
        hidden = untold(voice.say("pages.hidden.spoken"), note=voice.say("pages.places.security_short"))
        nothing = untold(voice.say("pages.hidden.spoken"))
        return Row(head, (hidden, nothing, nothing, *([nothing] if own else []), everybody))
    stated = untold(voice.say("pages.statement.only"))
    cells = [
        stated if result.official else persons_entry(scene, item, told.persons),
        stated if result.official else based_entry(scene, item, told.persons),
        statement_words(scene, item, told.statement),
    ]
    if own:
        peers = result.peers.get(municipality)
        none = untold(voice.say("pages.hidden.spoken"))
        cells.append(none if peers is None else based_entry(scene, item, peers))
    return Row(head, (*cells, everybody))


def _where(scene: Scene, item: Item, result: ItemResult) -> str:
    role = result.role if len(scene.roles_of(item)) > 1 else ""
    return item_page(scene.held.id, item.id, role, scene.municipality)


def _small_index(scene: Scene, item: Item, result: ItemResult) -> Entry:
    if item.kind is not Kind.LEVEL:
        return untold(scene.voice.say("pages.no_index"))
    return based_entry(scene, item, result.pooled, scene.behind(item, result))


def _visibility(scene: Scene, municipality: str, decision: VisibilityDecision | None) -> VisibilityForm | None:
    """The form is for the municipality's contact, and only before the round is closed; others see the decision."""
    voice = scene.voice
    if not any(role.id for role in scene.instrument.roles):
        return None
    chosen = decision.visibility if decision is not None else Visibility.OWN
    if decision is None:
        decided = voice.say("pages.visibility.undecided")
    else:
        seen = voice.say(f"pages.visibility.{chosen}")
        decided = voice.say("pages.visibility.decided", seen=seen, day=voice.day(decision.decided))
    choices: tuple[Choice, ...] = ()
    open_to_change = scene.held.status in (RoundStatus.PLANNED, RoundStatus.OPEN)
    if open_to_change and scene.visitor.may(Permission.DECIDE_VISIBILITY, municipality):
        choices = tuple(Choice(each, voice.say(f"pages.visibility.{each}"), each is chosen) for each in Visibility)
    return VisibilityForm(at(scene.held.id, "visibility"), municipality, decided, choices)
