"""`fyren doctor`: every check of the configuration, and what to do about what is wrong."""

from __future__ import annotations

import argparse
import asyncio

from bot.cli.console import Console
from bot.doctor.examination import examine
from bot.doctor.findings import Check, Verdict
from bot.settings import Settings

MARKS = {Verdict.OK: "✓", Verdict.WARNING: "!", Verdict.ERROR: "✗"}


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """1 where a check found an error."""
    checks = asyncio.run(_examine(settings, console))
    worst = max((check.verdict for check in checks), key=list(Verdict).index)
    if console.json:
        console.data({"status": worst, "checks": [_data(check, console) for check in checks]})
    else:
        console.line()
        console.line(console.say(f"doctor.verdict.{worst}"))
    return 1 if worst is Verdict.ERROR else 0


async def _examine(settings: Settings, console: Console) -> list[Check]:
    checks = []
    async for check in examine(settings):
        checks.append(check)
        if not console.json:
            console.line(f"{MARKS[check.verdict]} {_sentence(check, console)}")
    return checks


def _data(check: Check, console: Console) -> dict[str, object]:
    return {"check": check.name, "status": check.verdict, "message": _sentence(check, console)}


def _sentence(check: Check, console: Console) -> str:
    return console.say(f"doctor.{check.key}", **check.values)
