"""One item: what was asked, how the answers are spread beside 2024, and how groups differ."""

from __future__ import annotations

from dataclasses import dataclass

from bot.maturity.instrument import Item
from bot.results.model import ItemResult, State
from bot.results.wording import Direction
from bot.web.dashboard import numbers
from bot.web.dashboard.addresses import item_page
from bot.web.dashboard.distribution import Spread, spread_of
from bot.web.dashboard.drawn import chart_named, figure_of
from bot.web.dashboard.head import Head, head_of
from bot.web.dashboard.item_groups import municipal_level, municipality_rows, operation_rows, roles_apart
from bot.web.dashboard.item_lines import median_words
from bot.web.dashboard.parts import Entry, Fact, Group, Link, Look, Row, Section, Table, untold
from bot.web.dashboard.scene import Scene


@dataclass(frozen=True, slots=True)
class ItemPage:
    """The page. `roles` are the same item as other roles answered it; `before` and `after` its neighbours."""

    head: Head
    title: str
    area: str
    question: str
    help: str
    asked: str
    roles: tuple[Link, ...]
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    before: Link | None
    after: Link | None


def item_of(scene: Scene, item: Item, result: ItemResult) -> ItemPage:
    """The page of an item as a role answered it."""
    voice = scene.voice
    spread = spread_of(scene, item, result)
    sections = [_distribution(scene, item, result, spread)]
    sections += municipal_level(scene, item, result)
    sections += roles_apart(scene, item)
    sections += [*municipality_rows(scene, item, result), *operation_rows(scene, item, result)]
    notes = []
    if result.official:
        notes.append(voice.say("pages.item.official"))
    if result.security:
        notes.append(voice.say("pages.item.security"))
    before, after = _neighbours(scene, item)
    asked = ", ".join(
        voice.word(each.title) for each in scene.instrument.roles if not item.roles or each.id in item.roles
    )
    return ItemPage(
        head_of(scene, "results"),
        voice.word(item.topic),
        scene.area(item.area),
        voice.word(item.question),
        voice.word(item.help) if item.help is not None else "",
        voice.say("pages.item.asked", roles=asked),
        _roles(scene, item, result),
        _facts(scene, item, result),
        tuple(notes),
        tuple(sections),
        before,
        after,
    )


def _facts(scene: Scene, item: Item, result: ItemResult) -> tuple[Fact, ...]:
    voice, cell = scene.voice, result.pooled
    if cell.state is not State.SHOWN:
        return (Fact(voice.say("pages.facts.result"), voice.hidden(item, cell), voice.basis(cell)),)
    facts = []
    if cell.index is not None:
        note = ""
        if cell.unknown and cell.index_if_unknown_absent is not None:
            note = voice.say("pages.facts.index_if", index=voice.whole(cell.index_if_unknown_absent))
        facts.append(Fact(voice.say("pages.column.index"), voice.whole(cell.index), note))
    words = median_words(voice, item, cell)
    if words:
        facts.append(Fact(voice.say("pages.column.median" if cell.median is not None else "pages.column.most"), words))
    facts.append(_basis(scene, item, result))
    return tuple(facts)


def _basis(scene: Scene, item: Item, result: ItemResult) -> Fact:
    """How many answered, from how many municipalities, and how many did not know."""
    voice, cell = scene.voice, result.pooled
    unknown, places = voice.whole(cell.unknown or 0), scene.behind(item, result)
    if places is None:
        rest = voice.say("pages.basis.unknown", unknown=unknown)
    else:
        rest = voice.say("pages.basis.rest", municipalities=voice.municipalities(places), unknown=unknown)
    note = f"{rest}. {voice.say('pages.facts.census')}" if cell.census else rest
    answers = voice.say("pages.basis.answers", answered=voice.whole(cell.answered or 0))
    return Fact(voice.say("pages.facts.basis"), answers, note)


def _distribution(scene: Scene, item: Item, result: ItemResult, spread: Spread) -> Section:
    voice = scene.voice
    beside = spread.beside
    texts = []
    foreign: tuple[str, ...] = ()
    if not spread.told:
        texts.append(voice.say("pages.distribution.hidden"))
    if beside is None:
        texts.append(voice.say("pages.beside.none"))
    else:
        if spread.ticks:
            texts.append(voice.say("pages.beside.ticks"))
        elif spread.before_name and not spread.alike:
            texts.append(voice.say("pages.beside.other_unit"))
        if beside.comparable and beside.direction is not Direction.UNKNOWN and beside.index_then is not None:
            then = numbers.span(*beside.index_then, voice.language)
            now = voice.whole(beside.index_now or 0.0)
            texts.append(voice.say(f"pages.beside.direction_{beside.direction}", then=then, now=now))
            texts.append(voice.say("pages.beside.not_matched"))
        if beside.then_inferred:
            texts.append(voice.say("pages.beside.inferred"))
        if beside.figure:
            pages = ", ".join(map(str, beside.pages))
            texts.append(voice.say("pages.beside.source", figure=beside.figure, pages=pages))
        foreign = (*beside.findings, *beside.caveats)
    name = f"bars.{item.id}"
    chart = chart_named(scene, name, role=result.role)
    query = {"role": result.role, "municipality": scene.municipality}
    key = "pages.distribution.title_beside" if spread.before_name else "pages.distribution.title"
    return Section(
        "distribution",
        voice.say(key),
        (),
        figure_of(scene, name, chart, **query),
        _distribution_table(scene, spread),
        tuple(texts),
        foreign_notes=foreign,
    )


def _distribution_table(scene: Scene, spread: Spread) -> Table | None:
    voice = scene.voice
    if not spread.lines:
        return None
    sure = any(each.sure for each in spread.lines)
    columns = [voice.say("pages.column.answer"), spread.now_name]
    columns += [voice.say("pages.column.interval")] if sure else []
    columns += [spread.before_name] if spread.before_name else []
    rows = []
    for line in spread.lines:
        cells = [Entry(line.now, look=Look.NUMBER)]
        cells += [Entry(line.sure, look=Look.NUMBER)] if sure else []
        if spread.before_name:
            nothing = untold(voice.say("pages.beside.not_stated"), note=line.note)
            cells.append(Entry(line.before, line.note, Look.NUMBER) if line.before else nothing)
        rows.append(Row(Entry(line.label), tuple(cells)))
    caption = voice.say("pages.distribution.caption")
    return Table(caption, tuple(columns), (Group(tuple(rows)),), frozenset(range(1, len(columns))))


def _roles(scene: Scene, item: Item, result: ItemResult) -> tuple[Link, ...]:
    roles = scene.roles_of(item)
    if len(roles) < 2:
        return ()
    return tuple(
        Link(
            scene.role(role),
            item_page(scene.held.id, item.id, role, scene.municipality),
            current=role == result.role,
        )
        for role in roles
    )


def _neighbours(scene: Scene, item: Item) -> tuple[Link | None, Link | None]:
    items = [each for each, _ in scene.results()]
    place = items.index(item)
    links = [
        Link(scene.voice.word(each.topic), item_page(scene.held.id, each.id, municipality=scene.municipality))
        for each in items
    ]
    return (
        links[place - 1] if place else None,
        links[place + 1] if place + 1 < len(links) else None,
    )
