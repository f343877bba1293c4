"""One question in a report: what was asked, what the answers are, and what has to be known about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.exports.numbers import percent
from bot.exports.report.blocks import Block, Heading, Note, Paragraph, Table
from bot.exports.report.charts import distribution, municipalities
from bot.exports.report.lines import Lines, lines_of
from bot.exports.report.scene import Scene
from bot.maturity.instrument import Item, Kind
from bot.results.comparison import Beside, beside_2024
from bot.results.model import Cell, ItemResult, MunicipalResult, State, Statement

SURVEYS: Final = "sv"
"""The language of what is known about 2024, whatever the report's."""


def item_part(scene: Scene, item: Item) -> Iterator[Block]:
    """The blocks of an item; none where the view holds nothing of it."""
    found = list(scene.results(item))
    if not found:
        return
    yield Heading(item.topic.say(scene.language), 3)
    yield Paragraph(item.question.say(scene.language), quiet=True, leading=True)
    first, *others = found
    yield from _result(scene, item, first)
    if others:
        yield _by_role(scene, item, others)
    for note in dict.fromkeys(_notes(scene, found)):
        yield Note(note)


def _result(scene: Scene, item: Item, result: ItemResult) -> Iterator[Block]:
    beside = beside_2024(result, item, scene.material.baseline) if scene.material.baseline else None
    lines = lines_of(scene, item, result.pooled, beside)
    yield Paragraph(" ".join(_sentences(scene, item, result)), leading=lines is not None or result.official)
    if lines is not None:
        yield distribution(scene, item, result.pooled, lines)
        yield _distribution(scene, item, lines)
    elif result.official and (figure := municipalities(scene, item, result.equal)) is not None:
        yield figure
        told = [
            (scene.names.option(item, each.code), scene.number(each.count) if each.count is not None else "")
            for each in result.equal.options
        ]
        hidden = scene.say("exports.not_told")
        yield Table(
            scene.say("exports.report.table.municipalities", topic=item.topic.say(scene.language)),
            (scene.say("exports.report.column.option"), scene.say("exports.report.column.municipalities")),
            tuple((label, count or hidden) for label, count in told),
            (1,),
        )
    if beside is not None:
        yield from _then(scene, beside)


def _distribution(scene: Scene, item: Item, lines: Lines) -> Table:
    """The lines as a table, without columns that would be empty."""
    columns = [
        ("option", [each.label for each in lines.lines]),
        ("now", [each.now for each in lines.lines]),
        ("interval", [each.sure for each in lines.lines]),
        ("then_ticks" if lines.ticks else "then", [each.then for each in lines.lines]),
    ]
    there = [(name, cells) for name, cells in columns if any(cells)]
    return Table(
        scene.say("exports.report.table.distribution", topic=item.topic.say(scene.language)),
        tuple(scene.say(f"exports.report.column.{name}") for name, _ in there),
        tuple(zip(*(cells for _, cells in there), strict=True)),
        tuple(range(1, len(there))),
    )


def _sentences(scene: Scene, item: Item, result: ItemResult) -> Iterator[str]:
    """What is said of a result in words, beginning with who answered."""
    yield scene.say(
        "exports.report.item.official" if result.official else "exports.report.item.asked", role=scene.role(result.role)
    )
    if not result.official:
        yield from _cell(scene, item, result.pooled)
    equal = result.equal
    if equal.state is State.SHOWN and item.kind is Kind.LEVEL and equal.median is not None:
        median = scene.level(item, equal.median)
        yield scene.say("exports.report.item.equal", count=equal.municipalities, of=equal.of, median=median)
        if equal.left_out:
            yield scene.say("exports.report.item.left_out", count=equal.left_out)
    own = scene.material.view.municipality
    if own:
        yield from _own(scene, item, result.municipalities.get(own), result.peers.get(own))


def _cell(scene: Scene, item: Item, cell: Cell) -> Iterator[str]:
    match cell.state:
        case State.EMPTY:
            yield scene.say("exports.report.item.empty")
        case State.SUPPRESSED:
            yield scene.say("exports.report.item.suppressed")
        case State.BANDED:
            yield scene.say(
                "exports.report.item.banded",
                low=scene.level(item, (cell.band or (0, 0))[0]),
                high=scene.level(item, (cell.band or (0, 0))[1]),
            )
        case State.SHOWN:
            yield scene.say("exports.report.item.answered", answered=cell.answered, unknown=cell.unknown or 0)
            if cell.index is not None and cell.median is not None:
                median = scene.level(item, cell.median)
                yield scene.say("exports.report.item.index", index=scene.number(cell.index), median=median)
            if cell.census:
                yield scene.say("exports.report.item.census")


def _own(scene: Scene, item: Item, own: MunicipalResult | None, peers: Cell | None) -> Iterator[str]:
    if own is not None:
        name = scene.names.municipality(scene.material.view.municipality)
        if own.statement is not None:
            yield scene.say(
                "exports.report.item.own_statement", municipality=name, stated=_stated(scene, item, own.statement)
            )
        if own.persons.state is State.SHOWN and own.persons.index is not None:
            index = scene.number(own.persons.index)
            yield scene.say("exports.report.item.own", municipality=name, answered=own.persons.answered, index=index)
        elif own.persons.state is State.SUPPRESSED:
            yield scene.say("exports.report.item.own_suppressed", municipality=name)
    if peers is not None and peers.state is State.SHOWN and peers.index is not None:
        yield scene.say("exports.report.item.peers", index=scene.number(peers.index))


def _stated(scene: Scene, item: Item, statement: Statement) -> str:
    if statement.level is not None:
        return scene.level(item, statement.level)
    if statement.codes:
        return scene.listed([scene.names.option(item, code) for code in statement.codes])
    return scene.say(f"exports.code.no_answer.{statement.null or 'skipped'}.label")


def _by_role(scene: Scene, item: Item, results: list[ItemResult]) -> Table:
    hidden = scene.say("exports.not_told")

    def row(result: ItemResult) -> tuple[str, ...]:
        cell = result.pooled
        if cell.state is not State.SHOWN or cell.index is None or cell.median is None:
            return scene.role(result.role), hidden, hidden, hidden
        answered = str(cell.answered)
        return scene.role(result.role), answered, scene.number(cell.index), scene.level(item, cell.median)

    head = (
        *(scene.say("exports.report.column.role"), scene.say("exports.report.column.answered")),
        *(scene.say("exports.report.column.index"), scene.say("exports.report.column.median")),
    )
    caption = scene.say("exports.report.table.roles", topic=item.topic.say(scene.language))
    return Table(caption, head, tuple(map(row, results)), (1, 2))


def _notes(scene: Scene, results: list[ItemResult]) -> Iterator[str]:
    for result in results:
        share = result.pooled.unknown_share
        if result.pooled.gap and share is not None:
            yield scene.say(
                "exports.report.note.gap", role=scene.role(result.role), share=percent(share, scene.language)
            )
        spread = sum(1 for one in result.municipalities.values() if one.persons.spread)
        if spread and not scene.material.view.municipality:
            yield scene.say("exports.report.note.spread", role=scene.role(result.role), count=spread)


def _then(scene: Scene, beside: Beside) -> Iterator[Block]:
    """What has to be said about 2024, and what is known of it in words only."""
    for finding in beside.findings:
        yield Paragraph(scene.say("exports.report.then.finding", finding=finding), quiet=True, language=SURVEYS)
    if not beside.comparable and beside.rows:
        yield Note(scene.say("exports.report.then.beside"))
    for caveat in beside.caveats:
        yield Note(scene.say("exports.report.then.caveat", caveat=caveat), SURVEYS)
