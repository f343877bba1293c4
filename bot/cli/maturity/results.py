"""`fyren maturity results`: what is published of a round, as a table."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from bot.cli.console import Console
from bot.cli.maturity.rounds import round_named
from bot.cli.table import table
from bot.maturity.baseline import Distribution
from bot.maturity.instrument import Instrument
from bot.maturity.rounds import Round
from bot.maturity_check import read_baseline
from bot.results.comparison import beside_2024
from bot.results.edition_json import edition_from_json
from bot.results.errors import NotForAudience, ResultsError
from bot.results.model import Cell, ItemResult, State, Statement
from bot.results.views import View, federation_view, municipality_view
from bot.settings import Settings
from bot.storage.database import open_database

HEAD = ("role", "item", "answers", "median", "index", "index_2024")


@dataclass(frozen=True, slots=True)
class Line:
    """One item in one role. `stated` is a municipality's own statement, as a level; None is what is not there, or not
    shown; then `state` says why. `index_2024` is the lowest and the highest that it may have been."""

    role: str
    item: str
    state: State
    answered: int | None
    unknown: int | None
    median: float | None
    index: float | None
    stated: float | None
    index_2024: tuple[float, float] | None


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """As the federation sees it, or one municipality's contact."""
    return asyncio.run(_run(arguments, settings, console))


async def _run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    database = await open_database(settings.database, settings.identity_database)
    try:
        held = await round_named(arguments.label, database, console)
        latest = await database.editions.latest(held.id)
        if latest is None:
            why = "cli.maturity.results.none" if held.is_over else "cli.maturity.results.open"
            raise console.fail(why, label=held.label)
        content = await database.editions.content(held.id, latest.number)
    finally:
        await database.close()
    try:
        view = _view(content, arguments.municipality or "")
    except NotForAudience:
        raise console.fail("cli.maturity.results.municipality", municipality=arguments.municipality) from None
    except ResultsError as error:
        raise console.fail("cli.error.other", detail=error) from error
    baseline = await asyncio.to_thread(read_baseline)
    _tell(list(lines(view, held.instrument, baseline)), view, held, console)
    return 0


def _view(content: str, municipality: str) -> View:
    edition = edition_from_json(content)
    return municipality_view(edition, municipality) if municipality else federation_view(edition)


def lines(view: View, instrument: Instrument, baseline: Mapping[str, Distribution]) -> Iterator[Line]:
    """Every result of a view that its audience has, by role and then as the items are asked."""
    order = ["", *(role.id for role in instrument.roles)]
    for result in sorted(view.edition.results, key=lambda each: order.index(each.role)):
        cell, statement = _told(result, view.municipality)
        if cell is None:
            continue
        item = instrument.item(result.item)
        beside = beside_2024(result, item, baseline) if item is not None else None
        yield Line(
            result.role,
            result.item,
            cell.state,
            cell.answered,
            cell.unknown,
            cell.median,
            cell.index,
            statement.level if statement is not None else None,
            beside.index_then if beside is not None else None,
        )


def _told(result: ItemResult, municipality: str) -> tuple[Cell | None, Statement | None]:
    """The cell of everybody, or of the persons of a municipality with what it has stated."""
    if not municipality:
        return result.pooled, None
    own = result.municipalities.get(municipality)
    return (own.persons, own.statement) if own is not None else (None, None)


def _tell(told: list[Line], view: View, held: Round, console: Console) -> None:
    edition = view.edition
    if console.json:
        head = {"label": held.label, "edition": edition.number, "compiled": edition.compiled.isoformat()}
        whose = {"audience": view.audience.value, "municipality": view.municipality}
        console.data(head | whose | {"results": [asdict(each) for each in told]})
        return
    names = {role.id: role.title.say(console.language) for role in held.instrument.roles}
    topics = {item.id: item.topic.say(console.language) for item in held.instrument.items}
    rows = [
        (
            names.get(each.role) or console.say("cli.maturity.results.everybody"),
            topics.get(each.item, each.item),
            _answers(each, console),
            _number(each.median if each.stated is None else each.stated, console),
            _number(None if each.index is None else round(each.index), console),
            "" if each.index_2024 is None else "–".join(dict.fromkeys(f"{bound:.0f}" for bound in each.index_2024)),
        )
        for each in told
    ]
    for line in table([console.say(f"cli.maturity.results.head.{name}") for name in HEAD], rows, right=range(2, 6)):
        console.line(line)
    console.note(console.say("cli.maturity.results.edition", number=edition.number, day=edition.compiled.isoformat()))
    if any(each.state in (State.SUPPRESSED, State.BANDED) for each in told):
        console.note(console.say("cli.maturity.results.hidden", threshold=edition.threshold))


def _answers(line: Line, console: Console) -> str:
    if line.stated is not None:
        return console.say("cli.maturity.results.stated")
    return str(line.answered) if line.state is State.SHOWN else console.say(f"cli.maturity.results.state.{line.state}")


def _number(value: float | None, console: Console) -> str:
    if value is None:
        return ""
    return f"{value:g}".replace(".", ",") if console.language == "sv" else f"{value:g}"
