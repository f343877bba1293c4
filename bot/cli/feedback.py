"""`fyren feedback`: the thumbs that answers have been given, with question, answer and generation."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import asdict

from bot.cli.console import Console
from bot.questions.evaluation import lines
from bot.questions.model import EvaluationRow
from bot.settings import Settings
from bot.storage.answers.journal import RatedAnswer
from bot.storage.database import open_database


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Newest first; or the questions that were picked for evaluation, oldest first."""
    if arguments.evaluation_questions:
        for line in lines(asyncio.run(_picked(settings))).splitlines():
            console.line(line)
        return 0
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
        console.line(f"    {rating.generator}, {rating.generation}")
        for each in rating.cited:
            console.line(f"    [{each.n}] {each.title or each.document} > {each.section}: {each.quote}")
    return 0


async def _ratings(settings: Settings, limit: int) -> Sequence[RatedAnswer]:
    database = await open_database(settings.database, settings.identity_database)
    try:
        return await database.journal.ratings(limit)
    finally:
        await database.close()


async def _picked(settings: Settings) -> Sequence[EvaluationRow]:
    database = await open_database(settings.database, settings.identity_database)
    try:
        return await database.evaluation_questions.rows()
    finally:
        await database.close()
