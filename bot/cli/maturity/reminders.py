"""`fyren maturity rounds remind`: who would be reminded now and why the others would not, or the reminders themselves.

People are lines without names or municipalities: what somebody has begun is their own.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.app import teams_config
from bot.cli.console import Console
from bot.cli.paragraphs import wrapped
from bot.cli.table import table
from bot.cli.terminal import render
from bot.conversation.check.reminder_cards import reminder_card
from bot.maturity.round_life import COMMAND_LINE
from bot.maturity.rounds import Round
from bot.maturity.session import Source
from bot.reminders.model import Kept, Wish
from bot.reminders.planning import Line, Why
from bot.reminders.ports import Delivery
from bot.reminding import OpenReminders, open_reminders
from bot.settings import Settings
from bot.storage.database import Database, open_database

EXAMPLE_LEFT = 4
"""Questions that are left in the reminder that is shown."""


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """One line a person, or what became of the reminders. Raises CommandFailed, StorageError, DemoMismatch."""
    asyncio.run(_run(arguments, settings, console))
    return 0


async def _run(arguments: argparse.Namespace, settings: Settings, console: Console) -> None:
    database = await open_database(settings.database, settings.identity_database)
    try:
        held = await _found(arguments.label, database, console)
        channel = settings.federation_channel
        async with open_reminders(teams_config(settings), console.texts, database, channel) as opened:
            if arguments.dry_run:
                _tell(held, await opened.reminding.plan(held), opened, console)
            else:
                await _send(held, opened, console)
    finally:
        await database.close()


async def _found(label: str, database: Database, console: Console) -> Round:
    found = next((each for each in await database.check.rounds() if each.label == label), None)
    if found is None:
        raise console.fail("cli.maturity.unknown", label=label)
    return found


async def _send(held: Round, opened: OpenReminders, console: Console) -> None:
    if not opened.reminding.rules.allow(opened.clock()):
        raise console.fail("reminders.cli.outside")
    tally = await opened.reminding.one_round(held, COMMAND_LINE)
    if console.json:
        console.data({"label": held.label, "deliveries": {each.value: tally.get(each, 0) for each in Delivery}})
        return
    for delivery, number in sorted(tally.items()):
        console.line(console.say(f"reminders.delivery.{delivery}", number=number))
    if not tally:
        console.line(console.say("reminders.cli.nothing_sent"))


def _tell(held: Round, lines: Sequence[Line], opened: OpenReminders, console: Console) -> None:
    counts = Counter(line.why for line in lines)
    today, most = opened.clock().date(), opened.reminding.rules.most
    if console.json:
        told = {"label": held.label, "counts": {why.value: counts[why] for why in Why if counts[why]}}
        console.data(told | {"lines": [_data(line) for line in lines]})
        return
    if not lines:
        console.line(console.say("reminders.cli.none", label=held.label))
        return
    for why in Why:
        if counts[why]:
            console.line(
                console.say("reminders.cli.counts", why=console.say(f"reminders.why.{why}"), number=counts[why])
            )
    console.line()
    head = [console.say(f"reminders.cli.head.{name}") for name in ("id", "sent", "last", "why")]
    for text in table(head, [_row(line, console) for line in lines], right=(1,)):
        console.line(text)
    if counts[Why.DUE] or counts[Why.HOURS]:
        _example(held, today, most, console)


def _example(held: Round, today: date, most: int, console: Console) -> None:
    """The card that people get. How much somebody has left is their own: the number is made up."""
    wish = Wish("", console.language, "example", EXAMPLE_LEFT)
    kept = Kept(held.id, "example", Source.INDIVIDUAL, today)
    console.line()
    console.line(wrapped(console.say("reminders.cli.what")))
    console.line()
    card = reminder_card(kept, wish, held, today, most, console.texts)
    console.line(render(card, console.texts, console.language, console.width))


def _row(line: Line, console: Console) -> tuple[object, ...]:
    kept = line.kept
    last = kept.last.isoformat() if kept.last else ""
    return kept.short_id, str(kept.sent), last, console.say(f"reminders.why.{line.why}")


def _data(line: Line) -> dict[str, Any]:
    kept = line.kept
    last = kept.last.isoformat() if kept.last else None
    return {"id": kept.short_id, "sent": kept.sent, "last": last, "due": line.why is Why.DUE, "why": line.why.value}
