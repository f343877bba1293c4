"""`fyren feedback`: the thumbs that answers have been given, with question, answer and generation."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import asdict

from bot.cli.console import Console
from bot.settings import Settings
from bot.storage.database import open_database
from bot.storage.journal import RatedAnswer


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Newest first."""
    ratings = asyncio.run(_ratings(settings, arguments.limit))
    if console.json:
        console.data({"feedback": [asdict(rating) | {"at": rating.at.isoformat()} for rating in ratings]})
        return 0
    if not ratings:
        console.note(console.say("cli.feedback.nothing"))
    for rating in ratings:
        thumb = console.say("cli.feedback.liked" if rating.liked else "cli.feedback.disliked")
        console.line(f"{rating.at:%Y-%m-%d %H:%M}  {thumb}  {rating.question}")
        if rating.comment:
            console.line(f"    {rating.comment}")
    return 0


async def _ratings(settings: Settings, limit: int) -> Sequence[RatedAnswer]:
    database = await open_database(settings.database, settings.identity_database)
    try:
        return await database.journal.ratings(limit)
    finally:
        await database.close()
