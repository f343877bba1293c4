"""`fyren maturity instruments`: what a round can ask."""

from __future__ import annotations

import argparse
from typing import Any

from bot.cli.console import Console
from bot.cli.table import table
from bot.maturity.instrument import Instrument
from bot.maturity.instrument_file import INSTRUMENTS, load_folder
from bot.settings import Settings


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """By id. Raises DataInvalid where one cannot be used."""
    found = sorted(load_folder(INSTRUMENTS, settings.instruments_dir).values(), key=lambda each: each.id)
    if console.json:
        console.data({"instruments": [_instrument(each) for each in found]})
        return 0
    head = [console.say(f"cli.maturity.head.{name}") for name in ("instrument", "version", "title", "items")]
    rows = [(each.id, each.version, each.title.say(console.language), len(each.items)) for each in found]
    for line in table(head, rows):
        console.line(line)
    return 0


def wanted(instrument_id: str, settings: Settings, console: Console) -> Instrument:
    """The instrument with this id. Raises CommandFailed, DataInvalid; it reads files."""
    instrument = load_folder(INSTRUMENTS, settings.instruments_dir).get(instrument_id)
    if instrument is None:
        raise console.fail("cli.maturity.no_instrument", instrument=instrument_id)
    return instrument


def _instrument(instrument: Instrument) -> dict[str, Any]:
    return {
        "id": instrument.id,
        "version": instrument.version,
        "title": instrument.title.sv,
        "minutes": instrument.minutes,
        "items": len(instrument.items),
        "digest": instrument.digest,
    }
