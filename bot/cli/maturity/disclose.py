"""`fyren maturity disclose`: hands a round's responses out as they were given, by a decision, and records that.

It is the only way by which responses leave, and there is none on the web.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.access.audit import Action, AuditEvent
from bot.cli.console import Console
from bot.cli.maturity.disclosed import Disclosure, files_of, masked_items
from bot.cli.maturity.rounds import round_named
from bot.maturity.days import swedish_days
from bot.maturity.round_life import COMMAND_LINE
from bot.settings import Settings
from bot.storage.database import open_database


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Writes into a new folder that only its owner can read."""
    asyncio.run(_run(arguments, settings, console))
    return 0


async def _run(asked: argparse.Namespace, settings: Settings, console: Console) -> None:
    decision = asked.decision.strip()
    if not decision:
        raise console.fail("cli.maturity.disclose.no_decision")
    today = (await swedish_days())()
    database = await open_database(settings.database, settings.identity_database)
    try:
        held = await round_named(asked.label, database, console)
        unknown = [item for item in asked.mask if held.instrument.item(item) is None]
        if unknown:
            raise console.fail("cli.maturity.disclose.unknown", items=", ".join(unknown))
        folder: Path = asked.out
        try:
            await asyncio.to_thread(_make, folder)
        except OSError as error:
            raise console.fail("cli.maturity.disclose.folder", path=folder, detail=error.strerror or error) from error
        masked = masked_items(held, asked.mask, security=asked.include_security)
        told = Disclosure(held, await database.check.of_round(held.id), masked, decision, today)
        details = {
            "decision": decision,
            "responses": str(len(told.responses)),
            "masked": ", ".join(sorted(masked)),
            "security": "included" if asked.include_security else "masked",
        }
        # First the record, then the files: nothing is handed out that nobody can find out about.
        await database.audit.append(
            AuditEvent(
                datetime.now(UTC),
                COMMAND_LINE.actor,
                COMMAND_LINE.tenant,
                Action.RESPONSES_DISCLOSED,
                held.label,
                details,
            )
        )
    finally:
        await database.close()
    files = await asyncio.to_thread(files_of, told, console.texts, asked.language or console.language)
    try:
        await asyncio.to_thread(_write, folder, files)
    except OSError as error:
        raise console.fail("cli.maturity.disclose.folder", path=folder, detail=error.strerror or error) from error
    if console.json:
        done = {"label": held.label, "folder": str(folder), "responses": len(told.responses), "masked": sorted(masked)}
        console.data(done | {"files": sorted(files)})
        return
    console.line(console.say("cli.maturity.disclose.done", count=len(told.responses), path=folder))


def _make(folder: Path) -> None:
    """A folder of its own, so that nothing is mixed with what was handed out before. Raises FileExistsError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, body in files.items():
        path = folder / name
        path.touch(mode=0o600)
        path.write_bytes(body)
