"""`fyren pause`: the switch by which the bot answers nobody, or nobody of one tenant, in every replica."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime

from bot.access.audit import Action, AuditEvent
from bot.access.pauses import EVERYBODY, Pause
from bot.cli.console import Console
from bot.cli.table import table
from bot.settings import Settings
from bot.storage.database import Database, open_database

ACTOR = "command line"


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """1 where the bot is to answer again and was not paused."""
    return asyncio.run(_run(arguments, settings, console))


async def _run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    tenant = getattr(arguments, "tenant", None) or EVERYBODY
    database = await open_database(settings.database, settings.identity_database)
    try:
        match arguments.action:
            case "on":
                return await _begin(tenant, arguments.note, database, console)
            case "off":
                return await _end(tenant, database, console)
            case _:
                return await _show(database, console)
    finally:
        await database.close()


async def _begin(tenant: str, note: str, database: Database, console: Console) -> int:
    now = datetime.now(UTC)
    event = AuditEvent(now, ACTOR, tenant, Action.BOT_PAUSED, tenant, {"note": note} if note else {})
    await database.pauses.begin(Pause(tenant, now, ACTOR, note), event)
    return _tell("begun", tenant, console)


async def _end(tenant: str, database: Database, console: Console) -> int:
    event = AuditEvent(datetime.now(UTC), ACTOR, tenant, Action.BOT_RESUMED, tenant)
    if await database.pauses.end(tenant, event):
        return _tell("ended", tenant, console)
    if console.json:
        console.data({"paused": False, "tenant": tenant, "changed": False})
    else:
        console.note(console.say("pausing.was_not"))
    return 1


def _tell(what: str, tenant: str, console: Console) -> int:
    if console.json:
        console.data({"paused": what == "begun", "tenant": tenant, "changed": True})
    elif tenant == EVERYBODY:
        console.line(console.say(f"pausing.{what}_everybody"))
    else:
        console.line(console.say(f"pausing.{what}_tenant", tenant=tenant))
    return 0


async def _show(database: Database, console: Console) -> int:
    pauses = await database.pauses.all()
    if console.json:
        rows = [{"tenant": each.tenant, "since": each.at.isoformat(), "note": each.note} for each in pauses]
        console.data({"pauses": rows})
    elif pauses:
        head = [console.say(f"pausing.head.{name}") for name in ("tenant", "since", "note")]
        told = [
            (each.tenant or console.say("pausing.everybody"), f"{each.at:%Y-%m-%d %H:%M}", each.note) for each in pauses
        ]
        for line in table(head, told):
            console.line(line)
    else:
        console.line(console.say("pausing.none"))
    return 0
