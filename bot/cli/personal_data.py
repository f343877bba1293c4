"""`fyren personal-data`: what is kept of one person or one conversation, to be taken along or deleted."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from bot.cli.console import Console
from bot.cli.table import table
from bot.maturity.ports import Person
from bot.settings import Settings
from bot.storage.database import open_database
from bot.storage.personal.conversation_data import Kept, KeptAnswer, SqlPersonalData
from bot.storage.personal.person_data import KeptOfPerson


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """1 where nothing is kept."""
    if arguments.action != "find" and not (arguments.person or arguments.conversation):
        raise console.fail("cli.personal.whose")
    return asyncio.run(_run(arguments, settings, console))


async def _run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    person = Person(*arguments.person.split("/", 1)) if getattr(arguments, "person", None) else None
    database = await open_database(settings.database, settings.identity_database)
    try:
        match arguments.action:
            case "find":
                return await _find(arguments.words, database.personal_data, console)
            case "export":
                told: dict[str, Any] = {}
                if arguments.conversation:
                    told = _conversation(await database.personal_data.export(arguments.conversation, arguments.tenant))
                if person is not None and (kept := await database.person_data.export(person)):
                    told["person"] = _person(kept)
                return _exported(told, console)
            case _:
                gone = 0
                if arguments.conversation:
                    gone = await database.personal_data.erase(arguments.conversation, arguments.tenant)
                of_person = await database.person_data.erase(person) if person is not None else {}
                return _erased(gone, of_person, console)
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


def _exported(told: Mapping[str, Any], console: Console) -> int:
    """As JSON in any case: it is a file to hand over."""
    if not any(told.values()):
        console.note(console.say("cli.personal.nothing"))
        return 1
    console.data(_plain(told))
    return 0


def _erased(gone: int, of_person: Mapping[str, int], console: Console) -> int:
    """`gone` are rows of a conversation, `of_person` those of a person by where they were."""
    found = bool(gone or of_person)
    if console.json:
        console.data({"erased": gone, "person": dict(of_person)})
        return 0 if found else 1
    if gone:
        console.line(console.say("cli.personal.erased", count=gone))
    for store, count in of_person.items():
        console.line(console.say(f"cli.personal.store.{store}", count=count))
    if not found:
        console.note(console.say("cli.personal.nothing"))
    return 0 if found else 1


def _conversation(kept: Kept) -> dict[str, Any]:
    answers = [_answer(each) for each in kept.answers]
    return {"answers": answers, "questions": [asdict(each) for each in kept.cases], "chats": list(kept.chats)}


def _person(kept: KeptOfPerson) -> dict[str, Any]:
    rows = asdict(kept.rows) | {"answers": [_answer(each) for each in kept.rows.answers]}
    return rows | {
        "documents": asdict(kept.documents) if kept.documents is not None else None,
        "check": [asdict(each) for each in kept.check],
        "refused_reminders": kept.refused,
        "tokens": dict(kept.tokens),
    }


def _answer(kept: KeptAnswer) -> dict[str, Any]:
    return asdict(kept) | {"thumbs": [{"liked": liked, "comment": comment} for liked, comment in kept.thumbs]}


def _plain(value: Any) -> Any:
    """The same with days and times as text."""
    if isinstance(value, date):  # which a datetime is, too
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value
