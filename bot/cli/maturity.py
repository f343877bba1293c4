"""`fyren maturity`: the rounds of the check and the instruments that can be asked."""

from __future__ import annotations

import argparse
import asyncio
import re
from typing import Any

from bot.cli.console import Console
from bot.cli.table import table
from bot.maturity.days import swedish_days
from bot.maturity.errors import Conflict, RoundClosed
from bot.maturity.instrument import Instrument
from bot.maturity.instrument_file import INSTRUMENTS, MAIN, load_folder
from bot.maturity.rounds import Round, RoundStatus
from bot.settings import Settings
from bot.storage.database import Database, open_database


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """One of the actions; each says what it did."""
    if arguments.subject == "instruments":
        _instruments(settings, console)
    else:
        asyncio.run(_rounds(arguments, settings, console))
    return 0


def _instruments(settings: Settings, console: Console) -> None:
    found = sorted(load_folder(INSTRUMENTS, settings.instruments_dir).values(), key=lambda each: each.id)
    if console.json:
        console.data({"instruments": [_instrument(each) for each in found]})
        return
    head = [console.say(f"cli.maturity.head.{name}") for name in ("instrument", "version", "title", "items")]
    rows = [(each.id, each.version, each.title.say(console.language), len(each.items)) for each in found]
    for line in table(head, rows):
        console.line(line)


async def _rounds(arguments: argparse.Namespace, settings: Settings, console: Console) -> None:
    database = await open_database(settings.database, settings.identity_database)
    try:
        match arguments.action:
            case "list":
                await _list(database, console)
            case "create":
                await _create(arguments, database, settings, console)
            case "open":
                await _change(arguments.label, database, console, "opened")
            case "close":
                await _change(arguments.label, database, console, "closed")
            case "correct":
                await _correct(arguments.label, database, settings, console)
    finally:
        await database.close()


async def _list(database: Database, console: Console) -> None:
    rounds = await database.check.rounds()
    if console.json:
        console.data({"rounds": [_round(each) for each in rounds]})
        return
    if not rounds:
        console.note(console.say("cli.maturity.none"))
        return
    head = [
        console.say(f"cli.maturity.head.{name}")
        for name in ("label", "status", "opens", "closes", "instrument", "version")
    ]
    rows = [
        (
            each.label,
            console.say(f"cli.maturity.status.{each.status}"),
            each.opens.isoformat(),
            each.closes.isoformat() if each.closes else "",
            each.instrument.id,
            each.instrument.version,
        )
        for each in rounds
    ]
    for line in table(head, rows):
        console.line(line)


async def _create(arguments: argparse.Namespace, database: Database, settings: Settings, console: Console) -> None:
    instrument = await asyncio.to_thread(_wanted, arguments.instrument or MAIN, settings, console)
    today = (await swedish_days())()
    opens, closes = arguments.opens or today, arguments.closes
    if closes is not None and closes < opens:
        raise console.fail("cli.maturity.dates", opens=opens.isoformat(), closes=closes.isoformat())
    status = RoundStatus.OPEN if arguments.open else RoundStatus.PLANNED
    new = Round(round_id(arguments.label), arguments.label, instrument, status, opens, closes)
    try:
        await database.check.add(new)
    except Conflict:
        raise console.fail("cli.maturity.taken", label=arguments.label) from None
    _told(new, "created" if status is RoundStatus.PLANNED else "created_open", console)


async def _change(label: str, database: Database, console: Console, done: str) -> None:
    found = await _found(label, database, console)
    try:
        if done == "opened":
            await database.check.open(found.id)
        else:
            await database.check.close(found.id)
    except RoundClosed:
        raise console.fail("cli.maturity.not_planned", label=label) from None
    _told(await _found(label, database, console), done, console)


async def _correct(label: str, database: Database, settings: Settings, console: Console) -> None:
    found = await _found(label, database, console)
    instrument = await asyncio.to_thread(_wanted, found.instrument.id, settings, console)
    corrected = Round(
        found.id, found.label, instrument, found.status, found.opens, found.closes, practice=found.practice
    )
    try:
        await database.check.correct(corrected)
    except RoundClosed:
        raise console.fail("cli.maturity.closed_already", label=label) from None
    _told(corrected, "corrected", console)


async def _found(label: str, database: Database, console: Console) -> Round:
    found = next((each for each in await database.check.rounds() if each.label == label), None)
    if found is None:
        raise console.fail("cli.maturity.unknown", label=label)
    return found


def _wanted(instrument_id: str, settings: Settings, console: Console) -> Instrument:
    instrument = load_folder(INSTRUMENTS, settings.instruments_dir).get(instrument_id)
    if instrument is None:
        raise console.fail("cli.maturity.no_instrument", instrument=instrument_id)
    return instrument


def _told(one: Round, done: str, console: Console) -> None:
    if console.json:
        console.data(_round(one))
    else:
        console.line(console.say(f"cli.maturity.{done}", label=one.label))


def round_id(label: str) -> str:
    """An id from a label: small letters, figures and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower().translate(str.maketrans("åäö", "aao"))).strip("-") or "omgang"


def _instrument(instrument: Instrument) -> dict[str, Any]:
    return {
        "id": instrument.id,
        "version": instrument.version,
        "title": instrument.title.sv,
        "minutes": instrument.minutes,
        "items": len(instrument.items),
        "digest": instrument.digest,
    }


def _round(one: Round) -> dict[str, Any]:
    return {
        "label": one.label,
        "status": one.status.value,
        "opens": one.opens.isoformat(),
        "closes": one.closes.isoformat() if one.closes else None,
        "practice": one.practice,
        "instrument": one.instrument.id,
        "version": one.instrument.version,
        "digest": one.instrument.digest,
    }
