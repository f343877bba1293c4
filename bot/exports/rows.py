"""An edition as one long table, for whoever computes further: a row a group, and below it one for each option.

A row says of itself what it counts (`unit`) and whether its numbers may be told (`state`); what is not told is None.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.exports.names import Names
from bot.maturity.instrument import Item
from bot.maturity.rounds import Round
from bot.results.model import Cell, EqualWeight, ItemResult, OptionCount, State, Statement
from bot.results.views import View

FEWEST_FOR_SHARES = 20
"""Persons from which on a share is given beside the count; of fewer, a percentage says more than is known."""


class Group(StrEnum):
    """Whose answers a row is about.

    PERSONS: all persons, without weights. MUNICIPALITIES: every municipality once. MUNICIPALITY and OPERATION: the
    persons of one. STATEMENT: what a municipality stated. PEERS: the persons of all other municipalities.
    """

    PERSONS = "persons"
    MUNICIPALITIES = "municipalities"
    MUNICIPALITY = "municipality"
    STATEMENT = "statement"
    PEERS = "peers"
    OPERATION = "operation"


class Counted(StrEnum):
    """What the numbers of a row are numbers of."""

    RESPONDENT = "respondent"
    MUNICIPALITY = "municipality"


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One group's result on one item, or, with an `option`, how often one answer was given.

    The fields are the columns, in their order; what each one means is in the catalogue under `exports.column`. Levels
    count from 0; indices are 0-100; shares are 0-1. A count that is only told as a range has `count_low` and
    `count_high`. Ids are the instrument's, and beside each one stands its name in the language of the export.
    """

    round: str
    edition: int
    first_edition: int
    area: str
    area_name: str
    item: str
    item_name: str
    kind: str
    role: str
    role_name: str
    official: bool
    group: Group
    municipality: str = ""
    municipality_name: str = ""
    operation: str = ""
    operation_name: str = ""
    unit: Counted = Counted.RESPONDENT
    state: str = ""
    option: str = ""
    option_name: str = ""
    count: int | None = None
    count_low: int | None = None
    count_high: int | None = None
    share: float | None = None
    share_low: float | None = None
    share_high: float | None = None
    answered: int | None = None
    unknown: int | None = None
    not_applicable: int | None = None
    median: float | None = None
    lowest: int | None = None
    highest: int | None = None
    quartile_low: float | None = None
    quartile_high: float | None = None
    band_low: int | None = None
    band_high: int | None = None
    index: float | None = None
    index_if_unknown_absent: float | None = None
    spread: bool | None = None
    gap: bool | None = None
    census: bool | None = None
    municipalities: int | None = None
    municipalities_of: int | None = None
    municipalities_left_out: int | None = None
    level: float | None = None
    codes: str = ""
    no_answer: str = ""
    visibility: str = ""
    shared: bool | None = None
    joint: bool | None = None


def rows(view: View, held: Round, language: str) -> Iterator[ExportRow]:
    """Every row of a view, in the order of the edition. Nothing is worked out here that the edition does not tell."""
    names = Names(held.instrument, language)
    for result in view.edition.results:
        item = held.instrument.item(result.item)
        if item is not None:
            yield from _of_result(view, result, item, names)


def _of_result(view: View, result: ItemResult, item: Item, names: Names) -> Iterator[ExportRow]:
    head = ExportRow(
        round=view.edition.label,
        edition=view.edition.number,
        first_edition=result.edition,
        area=item.area,
        area_name=names.area(item.area),
        item=item.id,
        item_name=names.item(item.id),
        kind=item.kind,
        role=result.role,
        role_name=names.role(result.role),
        official=result.official,
        group=Group.PERSONS,
    )
    yield from _of_cell(head, result.pooled, item, names)
    yield from _of_municipalities(replace(head, group=Group.MUNICIPALITIES), result.equal, item, names)
    for municipality, one in result.municipalities.items():
        placed = replace(head, municipality=municipality, municipality_name=names.municipality(municipality))
        yield from _of_cell(replace(placed, group=Group.MUNICIPALITY), one.persons, item, names)
        if one.statement is not None:
            yield _of_statement(placed, one.statement)
    for municipality, cell in result.peers.items():
        placed = replace(head, municipality=municipality, municipality_name=names.municipality(municipality))
        yield from _of_cell(replace(placed, group=Group.PEERS), cell, item, names)
    for operation, cell in result.operations.items():
        named = replace(head, group=Group.OPERATION, operation=operation, operation_name=names.operation(operation))
        yield from _of_cell(named, cell, item, names)


def _of_cell(head: ExportRow, cell: Cell, item: Item, names: Names) -> Iterator[ExportRow]:
    low, high = cell.band or (None, None)
    whole = replace(
        head,
        state=cell.state,
        answered=cell.answered,
        unknown=cell.unknown,
        not_applicable=cell.not_applicable,
        median=cell.median,
        lowest=cell.lowest,
        highest=cell.highest,
        band_low=low,
        band_high=high,
        index=cell.index,
        index_if_unknown_absent=cell.index_if_unknown_absent,
        spread=cell.spread if cell.median is not None else None,
        gap=cell.gap if cell.unknown is not None else None,
        census=cell.census if cell.answered is not None else None,
    )
    yield whole
    named = replace(head, state=cell.state, answered=cell.answered)
    for option in cell.options:
        yield _of_option(named, option, item, names)


def _of_municipalities(head: ExportRow, equal: EqualWeight, item: Item, names: Names) -> Iterator[ExportRow]:
    low, high = equal.quartiles or (None, None)
    named = replace(
        head,
        unit=Counted.MUNICIPALITY,
        state=equal.state,
        municipalities=equal.municipalities,
        municipalities_of=equal.of,
        municipalities_left_out=equal.left_out,
    )
    yield replace(named, median=equal.median, quartile_low=low, quartile_high=high)
    for option in equal.options:
        yield _of_option(named, option, item, names)


def _of_option(head: ExportRow, option: OptionCount, item: Item, names: Names) -> ExportRow:
    low, high = option.band or (None, None)
    from_, to = option.interval or (None, None)
    persons = head.answered or 0
    enough = persons >= FEWEST_FOR_SHARES
    return replace(
        head,
        option=option.code,
        option_name=names.option(item, option.code),
        count=option.count,
        count_low=low,
        count_high=high,
        share=option.count / persons if enough and option.count is not None else None,
        share_low=from_ if enough else None,
        share_high=to if enough else None,
    )


def _of_statement(head: ExportRow, statement: Statement) -> ExportRow:
    return replace(
        head,
        group=Group.STATEMENT,
        unit=Counted.MUNICIPALITY,
        state=State.SHOWN,
        level=statement.level,
        codes=" ".join(statement.codes),
        no_answer=statement.null or "",
        visibility=statement.visibility,
        shared=statement.shared,
        joint=statement.joint,
    )
