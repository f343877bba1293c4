"""`fyren maturity retention`: deletes what rounds no longer keep, by their decisions on retention."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from typing import Any

from bot.cli.console import Console
from bot.maturity.days import swedish_days
from bot.maturity.retention import Disposal, Disposed, dispose, planned
from bot.maturity.round_life import COMMAND_LINE
from bot.maturity.rounds import Round
from bot.settings import Settings
from bot.storage.database import open_database


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Tells what was deleted, or with `--dry-run` what would be, and what is due later."""
    asyncio.run(_run(arguments.dry_run, settings, console))
    return 0


async def _run(dry_run: bool, settings: Settings, console: Console) -> None:
    today = (await swedish_days())()
    database = await open_database(settings.database, settings.identity_database)
    try:
        done = await dispose(database.check, database.retention, today, dry_run=dry_run, by=COMMAND_LINE)
        rounds = await database.check.rounds()
    finally:
        await database.close()
    later = [each for held in rounds for each in planned(held) if each.due > today]
    if console.json:
        data = {"dry_run": dry_run, "due": [_done(each) for each in done], "later": [_planned(each) for each in later]}
        console.data(data | {"kept": [each.label for each in _kept(rounds)]})
        return
    for each in done:
        verb = "due" if dry_run else "deleted"
        console.line(_line(f"cli.maturity.retention.{verb}", each.disposal, console, count=each.count))
    if not done:
        console.line(console.say("cli.maturity.retention.nothing"))
    for disposal in later:
        console.line(_line("cli.maturity.retention.later", disposal, console))
    for held in _kept(rounds):
        console.line(console.say("cli.maturity.retention.kept", label=held.label))


def _kept(rounds: Sequence[Round]) -> list[Round]:
    """Rounds that are over and whose responses nobody has decided to delete."""
    return [each for each in rounds if each.is_over and (not each.retention or each.keep_answers is None)]


def _line(key: str, disposal: Disposal, console: Console, **values: object) -> str:
    held = console.say(f"cli.maturity.retention.held.{disposal.held}")
    decision = disposal.decision or console.say("cli.maturity.retention.no_decision")
    return console.say(
        key, label=disposal.round.label, held=held, day=disposal.due.isoformat(), decision=decision, **values
    )


def _done(done: Disposed) -> dict[str, Any]:
    return _planned(done.disposal) | {"count": done.count, "key": done.key}


def _planned(disposal: Disposal) -> dict[str, Any]:
    return {
        "label": disposal.round.label,
        "class": disposal.held.value,
        "due": disposal.due.isoformat(),
        "decision": disposal.decision,
    }
