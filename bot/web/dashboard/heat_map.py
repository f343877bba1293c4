"""Municipalities beside each other on every item, in alphabetical order: a table whose colours repeat its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.maturity.instrument import Item, Kind
from bot.maturity.scoring import index_of
from bot.results.model import Cell, ItemResult, MunicipalResult, State
from bot.web.dashboard import numbers
from bot.web.dashboard.addresses import at, item_page
from bot.web.dashboard.filters import Filters, filter_form
from bot.web.dashboard.head import Head, head_of
from bot.web.dashboard.order import municipalities_of
from bot.web.dashboard.parts import Entry, FilterForm, Group, Link, Look, Row, Table, untold
from bot.web.dashboard.scene import Scene

SHADES: Final = 5
"""Colours, each for a fifth of the scale of 0 to 100."""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The page. `legend` are the shades with what they mean; `places` lead to each municipality's own page."""

    head: Head
    filters: FilterForm
    table: Table
    legend: tuple[Entry, ...]
    places: tuple[Link, ...]


def heat_map(scene: Scene, filters: Filters) -> HeatMap:
    """The items with levels that the filters leave, by municipality."""
    voice = scene.voice
    places = [each for each in municipalities_of(scene.instrument) if _seen(scene, each.id)]
    groups = []
    for area in scene.instrument.areas:
        rows = [
            _row(scene, item, result, [each.id for each in places], filters)
            for item, _ in scene.results(filters.role, filters.area)
            if item.area == area.id and item.kind is Kind.LEVEL
            for result in scene.by_municipality(item, filters.role)
        ]
        if rows:
            groups.append(Group(tuple(rows), voice.word(area.title)))
    table = Table(
        voice.say("pages.heat.caption"),
        (voice.say("pages.column.item"), voice.say("pages.series.everybody"), *(each.title for each in places)),
        tuple(groups),
        numeric=frozenset(range(1, len(places) + 2)),
        narrow=True,
    )
    return HeatMap(
        head_of(scene, "municipalities"),
        filter_form(scene, filters, "municipalities", items=False),
        table,
        tuple(_legend(scene, shade) for shade in range(SHADES)),
        tuple(Link(each.title, at(scene.held.id, "municipalities", each.id)) for each in places),
    )


def shade_of(index: float) -> int:
    """The shade of an index (0-100)."""
    return min(int(index * SHADES / 100), SHADES - 1)


def heat_entry(scene: Scene, item: Item, told: MunicipalResult | None, *, official: bool = False) -> Entry:
    """A municipality's index on an item: of its persons, or else of what it has stated; `official` is stated only."""
    voice = scene.voice
    if told is None:
        return untold(voice.say("pages.heat.not_seen"))
    if official and (told.statement is None or told.statement.level is None):
        return untold(voice.say("pages.statement.none"))
    statement = told.statement
    if told.persons.state is not State.SHOWN and statement is not None and statement.level is not None:
        index = index_of(1, len(item.options)) * statement.level
        text = voice.whole(index)
        return Entry(
            voice.say("pages.heat.stated", index=text),
            look=Look.HEAT,
            heat=shade_of(index),
            spoken=voice.say("pages.heat.stated_spoken", index=text),
        )
    return cell_entry(scene, item, told.persons)


def cell_entry(scene: Scene, item: Item, cell: Cell) -> Entry:
    """The index of persons, or a sign for why it is not told."""
    voice = scene.voice
    if cell.state is State.SHOWN and cell.index is not None:
        return Entry(voice.whole(cell.index), look=Look.HEAT, heat=shade_of(cell.index))
    if cell.state is State.BANDED and cell.band is not None:
        low, high = (index_of(1, len(item.options)) * each for each in cell.band)
        text = numbers.span(low, high, voice.language)
        return Entry(text, look=Look.HIDDEN, spoken=voice.hidden(item, cell))
    if cell.state is State.EMPTY:
        return Entry(voice.say("pages.heat.empty"), look=Look.HIDDEN, spoken=voice.say("pages.hidden.nobody"))
    return untold(voice.say("pages.hidden.spoken"))


def _row(scene: Scene, item: Item, result: ItemResult, places: list[str], filters: Filters) -> Row:
    several = len(scene.roles_of(item)) > 1
    where = item_page(scene.held.id, item.id, result.role if several or filters.role else "")
    head = Entry(scene.voice.word(item.topic), scene.role(result.role), href=where)
    if result.security:
        hidden = untold(scene.voice.say("pages.heat.security"))
        return Row(head, (cell_entry(scene, item, result.pooled), *([hidden] * len(places))))
    cells = [heat_entry(scene, item, result.municipalities.get(each), official=result.official) for each in places]
    return Row(head, (cell_entry(scene, item, result.pooled), *cells))


def _seen(scene: Scene, municipality: str) -> bool:
    return any(municipality in each.municipalities for each in scene.edition.results)


def _legend(scene: Scene, shade: int) -> Entry:
    step = 100 // SHADES
    last = 100 if shade == SHADES - 1 else (shade + 1) * step - 1
    return Entry(numbers.span(shade * step, last, scene.voice.language), look=Look.HEAT, heat=shade)
