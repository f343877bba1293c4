"""Rounds in words and as JSON, for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.access.audit import AuditEntry
from bot.cli.console import Console
from bot.cli.table import table
from bot.maturity.ports import Edition
from bot.maturity.rounds import Round
from bot.results.model import Count, Participation, Response
from bot.results.participation import participation_of
from bot.storage.database import Database

_COLUMNS = ("label", "status", "opens", "closes", "instrument", "version")


def tell_all(rounds: Sequence[Round], console: Console) -> None:
    """A line for each round."""
    if console.json:
        console.data({"rounds": [round_data(each) for each in rounds]})
        return
    if not rounds:
        console.note(console.say("cli.maturity.none"))
        return
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
    for line in table([console.say(f"cli.maturity.head.{name}") for name in _COLUMNS], rows):
        console.line(line)


def tell_done(held: Round, done: str, console: Console) -> None:
    """What was done to a round."""
    if console.json:
        console.data(round_data(held))
    else:
        console.line(console.say(f"cli.maturity.{done}", label=held.label))


async def tell_whole(held: Round, database: Database, console: Console) -> None:
    """Everything about a round; how many have answered as far as it may be told. Raises StorageError."""
    groups = (await database.check.participation(held.id)).groups
    answered = participation_of(groups, held.instrument, held.invited)
    editions = await database.editions.all(held.id)
    if console.json:
        told = {"responses": _answered_data(answered), "editions": [_edition_data(each) for each in editions]}
        console.data(round_data(held) | told)
        return
    data = round_data(held) | {"status": console.say(f"cli.maturity.status.{held.status}")}
    shown = {name: value for name, value in data.items() if name not in ("invited", "digest", "practice")}
    shown |= {"open_data": console.say(f"cli.maturity.open_data.{'yes' if held.open_data else 'no'}")}
    labels = [(console.say(f"cli.maturity.field.{name}"), value) for name, value in shown.items()]
    width = max(len(label) for label, _ in labels)
    for label, value in labels:
        if value not in (None, ""):
            console.line(f"{label.ljust(width)}  {value}")
    console.line()
    head = [console.say(f"cli.maturity.head.{name}") for name in ("municipality", "responses", "invited")]
    rows = [(name, _count(one.answered), one.invited or "") for name, one in _by_municipality(held, answered)]
    total = (console.say("cli.maturity.total"), _count(answered.total.answered), answered.total.invited or "")
    for line in table(head, [*rows, total], right=(1, 2)):
        console.line(line)
    for edition in editions:
        text = console.say("cli.maturity.edition", number=edition.number, day=edition.compiled.isoformat())
        console.line(text)


async def tell_log(label: str, limit: int, database: Database, console: Console) -> int:
    """Entries of the audit log, newest first; 1 where its chain is broken. Raises StorageError."""
    entries = await database.audit.entries(subject=label, limit=limit)
    whole = await database.audit.verify()
    if console.json:
        chain = {"entries": whole.entries, "head": whole.head, "broken": whole.broken}
        console.data({"log": [_entry_data(each) for each in entries], "chain": chain})
        return 1 if whole.broken else 0
    for each in entries:
        event = each.event
        details = ", ".join(f"{name}: {value}" for name, value in event.details.items())
        who = f"{event.actor} ({event.tenant})" if event.tenant else event.actor
        console.line(f"{each.number}  {event.at:%Y-%m-%d %H:%M}  {event.action}  {event.subject}  {who}")
        if details:
            console.line(f"    {details}")
    if whole.broken:
        console.note(console.say("cli.maturity.log_broken", number=whole.broken))
        return 1
    console.note(console.say("cli.maturity.log_whole", count=whole.entries, head=whole.head))
    return 0


def round_data(held: Round) -> dict[str, Any]:
    """A round for JSON."""
    return {
        "label": held.label,
        "status": held.status.value,
        "opens": held.opens.isoformat(),
        "closes": held.closes.isoformat() if held.closes else None,
        "closed_on": held.closed_on.isoformat() if held.closed_on else None,
        "archived_on": held.archived_on.isoformat() if held.archived_on else None,
        "practice": held.practice,
        "instrument": held.instrument.id,
        "version": held.instrument.version,
        "digest": held.instrument.digest,
        "threshold": held.threshold,
        "open_data": held.open_data,
        "diary_number": held.diary_number,
        "retention_decision": held.retention,
        "keep_answers": held.keep_answers,
        "openings": held.openings,
        "invited": [
            {"municipality": municipality, "role": role, "invited": number}
            for (municipality, role), number in sorted(held.invited.items())
        ],
    }


def _by_municipality(held: Round, answered: Participation) -> Iterable[tuple[str, Response]]:
    for one in held.instrument.organisations:
        if one.id in answered.municipalities:
            yield one.title, answered.municipalities[one.id]


def _count(count: Count) -> str:
    return str(count.low) if count.low == count.high else f"{count.low}–{count.high}"


def _answered_data(answered: Participation) -> dict[str, Any]:
    def told(one: Response) -> dict[str, Any]:
        return {"least": one.answered.low, "most": one.answered.high, "invited": one.invited}

    return {
        "total": told(answered.total),
        "municipalities": {name: told(one) for name, one in answered.municipalities.items()},
        "roles": {name: told(one) for name, one in answered.roles.items()},
        "joint": answered.joint,
    }


def _edition_data(edition: Edition) -> dict[str, Any]:
    return {"number": edition.number, "compiled": edition.compiled.isoformat(), "checksum": edition.checksum}


def _entry_data(entry: AuditEntry) -> dict[str, Any]:
    event = entry.event
    return {
        "number": entry.number,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "tenant": event.tenant,
        "action": str(event.action),
        "subject": event.subject,
        "details": dict(event.details),
        "hash": entry.hash,
    }
