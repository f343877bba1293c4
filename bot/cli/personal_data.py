"""`fyren personal-data`: what the journal keeps of one conversation, to be taken along or deleted."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import asdict
from typing import Any

from bot.cli.console import Console
from bot.cli.table import table
from bot.settings import Settings
from bot.storage.database import open_database
from bot.storage.people import KeptPerson
from bot.storage.personal_data import Kept, KeptAnswer, KeptCase, SqlPersonalData


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """1 where nothing is kept of the conversation."""
    return asyncio.run(_run(arguments, settings, console))


async def _run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    database = await open_database(settings.database, settings.identity_database)
    try:
        match arguments.action:
            case "find":
                return await _find(arguments.words, database.personal_data, console)
            case "export":
                kept = await database.personal_data.export(arguments.conversation, arguments.tenant)
                person = await database.people.export(*arguments.person.split("/", 1)) if arguments.person else None
                return _exported(kept, person, console)
            case _:
                gone = await database.personal_data.erase(arguments.conversation, arguments.tenant)
                counts = await database.budgets.erase(arguments.person) if arguments.person else 0
                named = await database.people.erase(*arguments.person.split("/", 1)) if arguments.person else 0
                return _erased(gone, counts, named, console)
    finally:
        await database.close()


async def _find(words: str, personal_data: SqlPersonalData, console: Console) -> int:
    found = await personal_data.find(words)
    if console.json:
        console.data({"conversations": [asdict(each) | {"latest": each.latest.isoformat()} for each in found]})
    elif found:
        head = [console.say(f"cli.personal.head.{name}") for name in ("conversation", "tenant", "answers", "latest")]
        rows = [(each.conversation, each.tenant, each.answers, f"{each.latest:%Y-%m-%d %H:%M}") for each in found]
        for line in table(head, rows):
            console.line(line)
    else:
        console.note(console.say("cli.personal.nothing"))
    return 0 if found else 1


def _exported(kept: Kept, person: KeptPerson | None, console: Console) -> int:
    """As JSON in any case: it is a file to hand over."""
    if not kept.answers and not kept.cases and person is None:
        console.note(console.say("cli.personal.nothing"))
        return 1
    told: dict[str, Any] = {
        "answers": [_answer(each) for each in kept.answers],
        "questions": [_case(each) for each in kept.cases],
    }
    if person is not None:
        work = [asdict(each) | {"at": each.at.isoformat()} for each in person.work]
        acted = person.acted.isoformat() if person.acted is not None else None
        told["documents"] = {"name": person.name, "acted": acted, "work": work}
    console.data(told)
    return 0


def _erased(gone: int, counts: int, named: int, console: Console) -> int:
    """`counts` are those of a language model's tokens, by months; `named` is what named the person at documents."""
    if console.json:
        console.data({"erased": gone, "counts": counts, "documents": named})
        return 0 if gone or counts or named else 1
    if gone:
        console.line(console.say("cli.personal.erased", count=gone))
    if counts:
        console.line(console.say("cli.personal.counts", count=counts))
    if named:
        console.line(console.say("document.person.erased", count=named))
    if not gone and not counts and not named:
        console.note(console.say("cli.personal.nothing"))
    return 0 if gone or counts or named else 1


def _answer(kept: KeptAnswer) -> dict[str, Any]:
    thumbs = [{"liked": liked, "comment": comment} for liked, comment in kept.thumbs]
    return asdict(kept) | {"at": kept.at.isoformat(), "thumbs": thumbs}


def _case(kept: KeptCase) -> dict[str, Any]:
    replied = kept.replied_at.isoformat() if kept.replied_at is not None else None
    return asdict(kept) | {"at": kept.at.isoformat(), "replied_at": replied}
