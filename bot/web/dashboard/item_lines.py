"""Items as lines of tables: index and what it rests on, municipalities, direction since 2024, what to talk about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.maturity.instrument import Item, Kind
from bot.results.comparison import beside_2024
from bot.results.model import Cell, EqualWeight, ItemResult, State
from bot.results.wording import Direction
from bot.web.dashboard import numbers
from bot.web.dashboard.addresses import item_page
from bot.web.dashboard.filters import Filters, Items
from bot.web.dashboard.parts import Entry, Group, Look, Row, Table, untold
from bot.web.dashboard.scene import Scene
from bot.web.dashboard.voice import Voice


def items_table(scene: Scene, filters: Filters) -> Table:
    """The items by area, each as the role of the filter answered it, those that the filters leave."""
    voice = scene.voice
    groups = []
    for area in scene.instrument.areas:
        rows = [
            _row(scene, item, result, filters)
            for item, result in scene.results(filters.role, filters.area)
            if item.area == area.id and is_kept(scene, item, result, filters.items)
        ]
        if rows:
            groups.append(Group(tuple(rows), voice.word(area.title)))
    columns = ("item", "role", "index", "basis", "median_or_most", "municipalities", "since_2024", "talk")
    table = Table(
        voice.say("pages.results.items_caption"),
        tuple(voice.say(f"pages.column.{each}") for each in columns),
        tuple(groups),
        numeric=frozenset({2}),
    )
    return why_hidden_note(scene, table)


def is_kept(scene: Scene, item: Item, result: ItemResult, kind: str) -> bool:
    """Whether a filter on the kind of items leaves this one in."""
    if kind == Items.GAP:
        return result.pooled.gap or any(each.persons.gap for each in result.municipalities.values())
    if kind == Items.SPREAD:
        return any(each.persons.spread for each in result.municipalities.values())
    if kind == Items.COMPARED:
        return beside_2024(result, item, scene.baseline) is not None
    return True


def index_entry(scene: Scene, item: Item, cell: Cell) -> Entry:
    """A cell's index, or a sign for why it is not told."""
    voice = scene.voice
    if cell.state is State.SHOWN and cell.index is not None:
        return Entry(voice.whole(cell.index), look=Look.NUMBER)
    if cell.state is State.SHOWN:
        return untold(voice.say("pages.no_index"))
    return untold(voice.hidden(item, cell))


def basis_entry(scene: Scene, cell: Cell, municipalities: int | None = None) -> Entry:
    """What a cell's figures rest on."""
    told = scene.voice.basis(cell, municipalities)
    return Entry(told) if told else untold(scene.voice.say("pages.hidden.spoken"))


def based_entry(scene: Scene, item: Item, cell: Cell, municipalities: int | None = None) -> Entry:
    """A cell's index with what it rests on below it."""
    return replace(index_entry(scene, item, cell), note=scene.voice.basis(cell, municipalities))


def hidden_entry(scene: Scene, item: Item, cell: Cell) -> Entry:
    """What stands instead of the figures of a cell that is not told: a sign, or what can be said in words."""
    words = scene.voice.hidden(item, cell)
    return untold(words) if cell.state is State.SUPPRESSED else Entry(words, look=Look.HIDDEN)


def why_hidden_note(scene: Scene, table: Table) -> Table:
    """The table with the reason for its dashes below it, where it has any of cells that may not be told."""
    sign = scene.voice.say("pages.hidden.protected")
    cells = [each for group in table.groups for row in group.rows for each in row.cells]
    if any(sign in (each.spoken, each.note) for each in cells):
        return replace(table, note=scene.voice.say("pages.hidden.note"))
    return table


def median_words(voice: Voice, item: Item, cell: Cell) -> str:
    """The median by its level's name; the most chosen of what has no levels."""
    if cell.median is not None:
        return voice.level(item, cell.median)
    told = [each for each in cell.options if each.count]
    if not told:
        return ""
    most = max(each.count or 0 for each in told)
    first = [found for each in told if each.count == most and (found := item.option(each.code)) is not None]
    return voice.say("pages.most_chosen", labels=", ".join(voice.word(each.label) for each in first))


def equal_entry(scene: Scene, item: Item, equal: EqualWeight) -> Entry:
    """How many of the municipalities have a result, and their median where there is one."""
    voice = scene.voice
    if equal.state is not State.SHOWN:
        return untold(voice.say("pages.hidden.nobody" if equal.state is State.EMPTY else "pages.hidden.protected"))
    note = ""
    if equal.median is not None:
        note = voice.say("pages.median_of", level=voice.level(item, equal.median))
    return Entry(voice.say("pages.of", count=equal.municipalities, of=equal.of), note)


def since_2024(scene: Scene, item: Item, result: ItemResult) -> Entry:
    """The direction since 2024, which is never certain: nobody knows whether the same people answered."""
    voice = scene.voice
    beside = beside_2024(result, item, scene.baseline)
    if beside is None:
        return untold(voice.say("pages.beside.none"))
    if not beside.comparable or beside.direction is Direction.UNKNOWN or beside.index_then is None:
        return Entry(voice.say("pages.direction.unknown"))
    low, high = beside.index_then
    then = numbers.span(low, high, voice.language)
    return Entry(voice.say(f"pages.direction.{beside.direction}"), voice.say("pages.beside.index_then", index=then))


def talk_tags(scene: Scene, result: ItemResult) -> tuple[str, ...]:
    """What the answers give reason to talk about, in a few words each."""
    voice = scene.voice
    tags = []
    cells = [each.persons for each in result.municipalities.values()]
    if result.pooled.gap:
        share = result.pooled.unknown_share or 0.0
        tags.append(voice.say("pages.talk.gap", share=voice.percent(share)))
    told = (
        ("gap", sum(each.gap for each in cells)),
        ("spread", sum(each.spread for each in cells)),
    )
    for name, number in told:
        if number and scene.federation:
            tags.append(voice.say(f"pages.talk.{name}_in", municipalities=voice.municipalities(number)))
        elif number:
            tags.append(voice.say(f"pages.talk.{name}_here"))
    return tuple(tags)


def _row(scene: Scene, item: Item, result: ItemResult, filters: Filters) -> Row:
    voice = scene.voice
    role = result.role if filters.role else ""
    address = item_page(scene.held.id, item.id, role, scene.municipality)
    head = Entry(voice.word(item.topic), href=address)
    cells: Sequence[Entry] = (
        Entry(scene.role(result.role)),
        index_entry(scene, item, result.pooled),
        basis_entry(scene, result.pooled, scene.behind(item, result)),
        Entry(median_words(voice, item, result.pooled) if result.pooled.state is State.SHOWN else ""),
        equal_entry(scene, item, result.equal),
        since_2024(scene, item, result) if item.kind is not Kind.TEXT else Entry(""),
        Entry("", tags=talk_tags(scene, result)),
    )
    return Row(head, tuple(cells))
