"""`fyren maturity api-keys`: keys by which programs read the API. A key is shown once, when it is made."""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.access.api_keys import ApiKey, new_key
from bot.access.audit import Action, AuditEvent
from bot.cli.console import Console
from bot.cli.table import table
from bot.maturity.days import swedish_days
from bot.maturity.instrument import Instrument
from bot.maturity.instrument_file import INSTRUMENTS, MAIN, load_folder
from bot.maturity.round_life import COMMAND_LINE
from bot.settings import Settings
from bot.storage.database import Database, open_database

_HEAD = ("id", "name", "for_whom", "created", "expires", "used", "state")


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """One of the actions."""
    asyncio.run(_run(arguments, settings, console))
    return 0


async def _run(asked: argparse.Namespace, settings: Settings, console: Console) -> None:
    today = (await swedish_days())()
    database = await open_database(settings.database, settings.identity_database)
    try:
        match asked.action:
            case "create":
                await _create(asked, database, settings, today, console)
            case "list":
                _tell(await database.api_keys.all(), today, console)
            case "revoke":
                await _revoke(asked.id, database, today, console)
    finally:
        await database.close()


async def _create(
    asked: argparse.Namespace, database: Database, settings: Settings, today: date, console: Console
) -> None:
    municipality = asked.municipality or ""
    instrument = (await asyncio.to_thread(load_folder, INSTRUMENTS, settings.instruments_dir))[MAIN]
    if municipality and municipality not in _municipalities(instrument):
        raise console.fail("cli.maturity.results.municipality", municipality=municipality)
    expires = today + timedelta(days=asked.days)
    key, written = new_key(asked.name.strip(), municipality, created=today, expires=expires)
    await database.api_keys.add(key)
    await _record(Action.API_KEY_CREATED, key, database)
    if console.json:
        console.data(_data(key, today) | {"key": written})
        return
    console.line(written)
    console.note(console.say("cli.maturity.api_keys.created", id=key.id, expires=expires.isoformat()))


async def _revoke(key_id: str, database: Database, today: date, console: Console) -> None:
    if not await database.api_keys.revoke(key_id, today):
        raise console.fail("cli.maturity.api_keys.unknown", id=key_id)
    key = await database.api_keys.find(key_id)
    assert key is not None  # noqa: S101 - keys are never deleted
    await _record(Action.API_KEY_REVOKED, key, database)
    if console.json:
        console.data(_data(key, today))
    else:
        console.line(console.say("cli.maturity.api_keys.revoked", id=key_id))


async def _record(action: Action, key: ApiKey, database: Database) -> None:
    details = {"name": key.name, "municipality": key.municipality, "expires": key.expires.isoformat()}
    event = AuditEvent(datetime.now(UTC), COMMAND_LINE.actor, COMMAND_LINE.tenant, action, key.id, details)
    await database.audit.append(event)


def _tell(keys: Any, today: date, console: Console) -> None:
    if console.json:
        console.data({"keys": [_data(each, today) for each in keys]})
        return
    if not keys:
        console.note(console.say("cli.maturity.api_keys.none"))
        return
    rows = [
        (
            *(each.id, each.name, each.municipality or console.say("cli.maturity.api_keys.federation")),
            *(each.created.isoformat(), each.expires.isoformat(), each.used.isoformat() if each.used else ""),
            console.say(f"cli.maturity.api_keys.state.{_state(each, today)}"),
        )
        for each in keys
    ]
    for line in table([console.say(f"cli.maturity.api_keys.head.{name}") for name in _HEAD], rows):
        console.line(line)


def _state(key: ApiKey, today: date) -> str:
    if key.revoked is not None:
        return "revoked"
    return "valid" if key.counts(today) else "expired"


def _data(key: ApiKey, today: date) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "audience": "municipality" if key.municipality else "federation",
        "municipality": key.municipality,
        "created": key.created.isoformat(),
        "expires": key.expires.isoformat(),
        "used": key.used.isoformat() if key.used else None,
        "revoked": key.revoked.isoformat() if key.revoked else None,
        "state": _state(key, today),
    }


def _municipalities(instrument: Instrument) -> frozenset[str]:
    return frozenset(each.id for each in instrument.organisations if not each.shared)
