"""How a round lies to an earlier one: first the municipalities that are in both, then all, with who came and left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.maturity.instrument import Item, Kind
from bot.results.trend import ItemTrend, OptionTrend, Trend
from bot.results.wording import told as told_code
from bot.web.dashboard.addresses import at, item_page
from bot.web.dashboard.distribution import PERCENT_FROM
from bot.web.dashboard.drawn import chart_named, figure_of
from bot.web.dashboard.head import Head, head_of
from bot.web.dashboard.item_lines import since_2024
from bot.web.dashboard.order import swedish
from bot.web.dashboard.parts import Choice, Entry, FilterForm, Group, Look, Row, Section, Select, Table, untold
from bot.web.dashboard.scene import Scene


@dataclass(frozen=True, slots=True)
class TrendPage:
    """The page. `choice` names the earlier round; without any there is only what can be said against 2024."""

    head: Head
    choice: FilterForm | None
    sections: tuple[Section, ...]


def trend_of(scene: Scene, told: Trend | None, before: str, earlier: Sequence[tuple[str, str]]) -> TrendPage:
    """The page against the round with the id `before`; `earlier` are those that it can be held against, with labels."""
    voice = scene.voice
    sections: list[Section] = []
    if told is not None:
        sections += [_matched(scene, told, before), _options(scene, told), _everybody(scene, told)]
    sections.append(_since_2024(scene))
    choice = None
    if len(earlier) > 1:
        choices = tuple(Choice(each, label, each == before) for each, label in earlier)
        hidden = (("municipality", scene.municipality),) if scene.municipality else ()
        choice = FilterForm(
            at(scene.held.id, "trend"),
            (Select("before", voice.say("pages.trend.before"), choices),),
            hidden=hidden,
        )
    return TrendPage(
        head_of(scene, "trend"), choice, tuple(each for each in sections if each.table is None or not each.table.empty)
    )


def _matched(scene: Scene, told: Trend, before: str) -> Section:
    """The same municipalities in both rounds, so that nobody's coming or leaving looks like a change."""
    voice = scene.voice
    rows = []
    for each, item in _levels(scene, told):
        if not each.matched or each.index_before is None or each.index_now is None:
            continue
        cells = (
            Entry(voice.whole(each.index_before), look=Look.NUMBER),
            Entry(voice.whole(each.index_now), look=Look.NUMBER),
            Entry(voice.say(f"pages.change.{told_code(each.direction, certain=each.certain)}"), _p_words(scene, each)),
            Entry(voice.municipalities(len(each.matched))),
        )
        rows.append(Row(_head(scene, item, each), cells))
    columns = (
        voice.say("pages.column.item"),
        voice.say("pages.column.index_in", label=told.before_label),
        voice.say("pages.column.index_in", label=scene.edition.label),
        voice.say("pages.column.change"),
        voice.say("pages.column.matched"),
    )
    chart = chart_named(scene, "trend", trend=told)
    figure = figure_of(scene, "trend", chart, before=before, municipality=scene.municipality)
    own = "pages.trend.matched_own" if scene.municipality else "pages.trend.matched_text"
    texts = [voice.say(own), voice.say("pages.trend.certain_text")]
    if not rows:
        texts = [voice.say("pages.trend.nobody_matched")]
    table = Table(voice.say("pages.trend.matched_caption"), columns, (Group(tuple(rows)),), frozenset({1, 2}))
    return Section("matched", voice.say("pages.trend.matched_title"), tuple(texts), figure, table if rows else None)


def _options(scene: Scene, told: Trend) -> Section:
    """Items without levels: how many chose each option, in numbers where few answered."""
    voice = scene.voice
    groups = []
    for each in told.items:
        item = scene.instrument.item(each.item)
        if item is None or not each.options:
            continue
        rows = []
        for option in each.options:
            found = item.option(option.code)
            label = voice.word(found.label) if found is not None else option.code
            certain = (
                voice.say("pages.change.certain") if _is_certain(option, each) else voice.say("pages.change.uncertain")
            )
            rows.append(Row(Entry(label), (Entry(_change_words(scene, option), look=Look.NUMBER), Entry(certain))))
        groups.append(Group(tuple(rows), voice.word(item.topic)))
    columns = tuple(voice.say(f"pages.column.{each}") for each in ("answer", "from_to", "certainty"))
    table = Table(voice.say("pages.trend.options_caption"), columns, tuple(groups), frozenset({1}))
    return Section(
        "options", voice.say("pages.trend.options_title"), (voice.say("pages.trend.options_text"),), table=table
    )


def _everybody(scene: Scene, told: Trend) -> Section:
    """All who answered in each round, whoever they were; with who joined and who left."""
    voice = scene.voice
    rows = []
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    for each, item in _levels(scene, told):
        joined, left = each.joined, each.left
        cells = tuple(
            untold(voice.say("pages.hidden.spoken")) if index is None else Entry(voice.whole(index), look=Look.NUMBER)
            for index in (each.all_index_before, each.all_index_now)
        )
        rows.append(Row(_head(scene, item, each), cells))
    columns = (
        voice.say("pages.column.item"),
        voice.say("pages.column.index_in", label=told.before_label),
        voice.say("pages.column.index_in", label=scene.edition.label),
    )
    notes = []
    for key, places in (("joined", joined), ("left", left)):
        if places and not scene.municipality:
            names = ", ".join(_names(scene, places))
            notes.append(voice.say(f"pages.trend.{key}", municipalities=voice.municipalities(len(places)), names=names))
    table = Table(voice.say("pages.trend.all_caption"), columns, (Group(tuple(rows)),), frozenset({1, 2}))
    return Section(
        "everybody",
        voice.say("pages.trend.all_title"),
        (voice.say("pages.trend.all_text"),),
        table=table,
        notes=tuple(notes),
    )


def _since_2024(scene: Scene) -> Section:
    voice = scene.voice
    rows = []
    for item, result in scene.results():
        if item.kind is Kind.LEVEL and item.baseline:
            index = result.pooled.index
            now = untold(voice.say("pages.hidden.spoken"))
            if index is not None:
                now = Entry(voice.whole(index), look=Look.NUMBER)
            head = Entry(
                voice.word(item.topic),
                scene.role(result.role),
                href=item_page(scene.held.id, item.id, municipality=scene.municipality),
            )
            rows.append(Row(head, (now, since_2024(scene, item, result))))
    columns = tuple(voice.say(f"pages.column.{each}") for each in ("item", "index", "since_2024"))
    table = Table(voice.say("pages.trend.baseline_caption"), columns, (Group(tuple(rows)),), frozenset({1}))
    texts = (voice.say("pages.trend.baseline_text"), voice.say("pages.trend.mode"))
    return Section("baseline", voice.say("pages.trend.baseline_title"), texts, table=table)


def _levels(scene: Scene, told: Trend) -> list[tuple[ItemTrend, Item]]:
    found = [(each, scene.instrument.item(each.item)) for each in told.items]
    return [(each, item) for each, item in found if item is not None and item.kind is Kind.LEVEL]


def _head(scene: Scene, item: Item, each: ItemTrend) -> Entry:
    several = len(scene.roles_of(item)) > 1
    address = item_page(scene.held.id, item.id, each.role if several else "", scene.municipality)
    return Entry(scene.voice.word(item.topic), scene.role(each.role), href=address)


def _p_words(scene: Scene, each: ItemTrend) -> str:
    if each.p is None:
        return ""
    shown = scene.voice.decimal(max(each.p, 0.001), 3)
    return scene.voice.say("pages.change.p_below" if each.p < 0.001 else "pages.change.p", p=shown)


def _change_words(scene: Scene, option: OptionTrend) -> str:
    """`3 av 10 → 6 av 11`, and as percent only where at least twenty answered both times."""
    voice = scene.voice
    if min(option.before_of, option.now_of) >= PERCENT_FROM:
        shares = (option.before / option.before_of, option.now / option.now_of)
        return voice.say("pages.change.from_to", before=voice.percent(shares[0]), now=voice.percent(shares[1]))
    told = [
        voice.say("pages.of", count=count, of=of)
        for count, of in ((option.before, option.before_of), (option.now, option.now_of))
    ]
    return voice.say("pages.change.from_to", before=told[0], now=told[1])


def _is_certain(option: OptionTrend, each: ItemTrend) -> bool:
    return option.certain and bool(each.matched)


def _names(scene: Scene, places: Sequence[str]) -> list[str]:
    return sorted((scene.place(each) for each in places), key=swedish)
