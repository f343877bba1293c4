"""How groups stand on an item: municipalities in numbers, roles, each municipality, areas of operation."""

from __future__ import annotations

from collections.abc import Iterator

from bot.maturity.instrument import Item, Kind
from bot.results.model import Cell, ItemResult, State, Statement
from bot.web.dashboard.addresses import at, item_page
from bot.web.dashboard.drawn import chart_named, figure_of
from bot.web.dashboard.item_lines import basis_entry, hidden_entry, index_entry, median_words, why_hidden_note
from bot.web.dashboard.order import municipalities_of
from bot.web.dashboard.parts import DASH, Entry, Group, Look, Row, Section, Table, untold
from bot.web.dashboard.scene import Scene


def statement_words(scene: Scene, item: Item, statement: Statement | None) -> Entry:
    """What a municipality has stated, as far as the visitor may know."""
    voice = scene.voice
    if statement is None:
        return untold(voice.say("pages.statement.none"))
    if statement.null is not None:
        text = voice.say(f"pages.null.{statement.null}")
    elif statement.level is not None and item.kind is Kind.LEVEL:
        text = voice.level(item, statement.level)
    else:
        labels = [found for code in statement.codes if (found := item.option(code)) is not None]
        text = ", ".join(voice.word(each.label) for each in labels)
    marks = [name for name, holds in (("shared", statement.shared), ("joint", statement.joint)) if holds]
    return Entry(text, ", ".join(voice.say(f"pages.statement.{each}") for each in marks))


def persons_entry(scene: Scene, item: Item, cell: Cell) -> Entry:
    """The median of persons with how far their views reach, or why it is not told."""
    voice = scene.voice
    if cell.state is not State.SHOWN:
        return hidden_entry(scene, item, cell)
    if cell.median is None:
        words = median_words(voice, item, cell)
        return Entry(words) if words else untold(voice.say("pages.hidden.protected"))
    reach = ""
    if cell.lowest is not None and cell.highest is not None:
        reach = voice.say("pages.reach", levels=voice.levels(item, cell.lowest, cell.highest))
    tags = [voice.say(f"pages.talk.{name}_here") for name in ("spread", "gap") if getattr(cell, name)]
    return Entry(voice.level(item, cell.median), reach, tags=tuple(tags))


def municipal_level(scene: Scene, item: Item, result: ItemResult) -> Iterator[Section]:
    """How many municipalities stand where, each counting once."""
    voice, equal = scene.voice, result.equal
    if equal.state is State.EMPTY:
        return
    title = voice.say("pages.equal.title")
    if equal.state is not State.SHOWN:
        yield Section("municipal", title, (voice.say("pages.equal.hidden"),))
        return
    name = f"squares.{item.id}"
    chart = chart_named(scene, name, role=result.role)
    texts = [voice.say("pages.equal.text", count=equal.municipalities, of=equal.of)]
    if equal.median is not None:
        texts.append(voice.say("pages.equal.median", level=voice.level(item, equal.median)))
    if equal.quartiles is not None:
        low, high = (voice.level(item, each) for each in equal.quartiles)
        texts.append(voice.say("pages.equal.quartiles", low=low, high=high))
    notes = (
        [voice.say("pages.equal.left_out", municipalities=voice.municipalities(equal.left_out))]
        if equal.left_out
        else []
    )
    rows = []
    for option in equal.options:
        found = item.option(option.code)
        label = voice.word(found.label) if found is not None else option.code
        entry = untold(voice.say("pages.hidden.spoken"))
        if option.count is not None:
            entry = Entry(voice.say("pages.of", count=option.count, of=equal.municipalities), look=Look.NUMBER)
        rows.append(Row(Entry(label), (entry,)))
    table = Table(
        voice.say("pages.equal.caption"),
        (voice.say("pages.column.answer"), voice.say("pages.column.municipalities")),
        (Group(tuple(rows)),),
        frozenset({1}),
    )
    query = {"role": result.role, "municipality": scene.municipality}
    yield Section("municipal", title, tuple(texts), figure_of(scene, name, chart, **query), table, tuple(notes))


def roles_apart(scene: Scene, item: Item) -> Iterator[Section]:
    """How differently roles look at an item that several are asked."""
    voice = scene.voice
    name = f"roles.{item.id}"
    rows = []
    for role in scene.roles_of(item):
        result = scene.edition.result(item.id, role)
        if role and result is not None:
            where = item_page(scene.held.id, item.id, role, scene.municipality)
            cells = _cells(scene, item, result.pooled, scene.behind(item, result))
            rows.append(Row(Entry(scene.role(role), href=where), cells))
    if len(rows) < 2:
        return
    figure = figure_of(scene, name, chart_named(scene, name), municipality=scene.municipality)
    table = _table(scene, item, "roles", "role", rows)
    yield Section("roles", voice.say("pages.roles.title"), (voice.say("pages.roles.text"),), figure, table)


def municipality_rows(scene: Scene, item: Item, result: ItemResult) -> Iterator[Section]:
    """Every municipality that the visitor sees, in the order of the alphabet; for a contact also the peers."""
    voice = scene.voice
    title = voice.say("pages.places.title")
    if result.security:
        yield Section("places", title, (voice.say("pages.places.security"),))
        return
    rows = []
    for each in municipalities_of(scene.instrument):
        told = result.municipalities.get(each.id)
        if told is not None:
            head = Entry(each.title, href=at(scene.held.id, "municipalities", each.id))
            persons = () if result.official else _cells(scene, item, told.persons)
            rows.append(Row(head, (*persons, statement_words(scene, item, told.statement))))
    peers = result.peers.get(scene.municipality)
    if peers is not None and not result.official:
        cells = (*_cells(scene, item, peers), untold(voice.say("pages.statement.peers")))
        rows.append(Row(Entry(voice.say("pages.series.peers")), cells))
    if not rows:
        return
    text = voice.say("pages.places.text" if scene.federation else "pages.places.own_text")
    if result.official:
        columns = (voice.say("pages.column.municipality"), voice.say("pages.column.statement"))
        table = Table(voice.say("pages.places.caption"), columns, (Group(tuple(rows)),))
    else:
        table = _table(scene, item, "places", "municipality", rows, "statement")
    yield Section("places", title, (text,), None, table)


def operation_rows(scene: Scene, item: Item, result: ItemResult) -> Iterator[Section]:
    """Persons by area of operation, over all municipalities."""
    voice = scene.voice
    rows = []
    for each in scene.instrument.operations:
        cell = result.operations.get(each.id)
        if cell is not None and cell.state is not State.EMPTY:
            rows.append(Row(Entry(voice.word(each.title)), _cells(scene, item, cell)))
    if any(row.cells[0].text != DASH for row in rows):
        table = _table(scene, item, "operations", "operation", rows)
        title = voice.say("pages.operations.title")
        yield Section("operations", title, (voice.say("pages.operations.text"),), None, table)


def _cells(scene: Scene, item: Item, cell: Cell, municipalities: int | None = None) -> tuple[Entry, ...]:
    """Median, index, and what they rest on; an item without levels has no index."""
    persons, basis = persons_entry(scene, item, cell), basis_entry(scene, cell, municipalities)
    return (persons, index_entry(scene, item, cell), basis) if item.kind is Kind.LEVEL else (persons, basis)


def _table(scene: Scene, item: Item, name: str, head: str, rows: list[Row], *more: str) -> Table:
    """The table of such cells; `more` are columns after them."""
    voice = scene.voice
    told = ("median", "index", "basis") if item.kind is Kind.LEVEL else ("most", "basis")
    columns = tuple(voice.say(f"pages.column.{each}") for each in (head, *told, *more))
    numeric = frozenset({2}) if item.kind is Kind.LEVEL else frozenset()
    return why_hidden_note(scene, Table(voice.say(f"pages.{name}.caption"), columns, (Group(tuple(rows)),), numeric))
