"""`fyren ingest`: documents into the knowledge base, with a table of what happened to each."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import Any

from bot.cli.console import Console
from bot.cli.progress import ingest_progress
from bot.cli.table import table
from bot.knowledge_base import open_engine
from bot.settings import Settings
from ingest.model import FileStatus, IngestReport, Outcome
from ingest.pipeline import ingest
from knowledge.model import Origin

WRONG_USAGE = 2


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """1 where a document was rejected; the rest is taken in all the same."""
    missing = [path for path in arguments.paths if not path.exists()]
    for path in missing:
        console.note(console.say("cli.ingest.missing", path=path))
    if missing:
        return WRONG_USAGE
    with ingest_progress(console) as progress:
        report = asyncio.run(_ingest(arguments.paths, arguments.prune, arguments.dry_run, settings, progress))
    if console.json:
        console.data(_data(report, console))
    else:
        _show(report, console, dry_run=arguments.dry_run)
    return 1 if any(outcome.status is FileStatus.REJECTED for outcome in report.outcomes) else 0


async def _ingest(paths: list[Path], prune: bool, dry_run: bool, settings: Settings, progress: Any) -> IngestReport:
    store, embedder = await open_engine(settings)
    # Replies that became documents are in no folder of the caller's, and are not what pruning is meant to remove.
    answers = settings.answers_dir
    written = [answers] if prune and await asyncio.to_thread(answers.is_dir) else []
    return await ingest(
        [*paths, *written],
        store=store,
        embedder=embedder,
        origin=Origin.INGESTED,
        prune=prune,
        dry_run=dry_run,
        progress=progress,
    )


def _data(report: IngestReport, console: Console) -> dict[str, Any]:
    return {
        "generation": report.generation,
        "documents": [
            {
                "path": outcome.path,
                "status": outcome.status.value,
                "reason": _reason(outcome, console),
                "passages": outcome.passages,
                "pages": outcome.pages,
                "seconds": round(outcome.seconds, 3),
            }
            for outcome in report.outcomes
        ],
        "passages": report.passages,
        "embedded": report.embedded,
        "seconds": round(report.seconds, 3),
    }


def _reason(outcome: Outcome, console: Console) -> str | None:
    """In words, with the technical detail behind; None for what was not rejected."""
    if outcome.status is not FileStatus.REJECTED:
        return None
    return f"{console.say(outcome.reason)} ({outcome.detail})" if outcome.detail else console.say(outcome.reason)


def _show(report: IngestReport, console: Console, *, dry_run: bool) -> None:
    rows = [
        (
            outcome.path,
            console.say(f"cli.ingest.status.{outcome.status}"),
            outcome.passages,
            outcome.pages,
            round(outcome.seconds, 1),
        )
        for outcome in report.outcomes
    ]
    head = [console.say(f"cli.ingest.head.{name}") for name in ("path", "status", "passages", "pages", "seconds")]
    for line in table(head, rows):
        console.line(line)
    rejected = [outcome for outcome in report.outcomes if outcome.status is FileStatus.REJECTED]
    for outcome in rejected:
        console.line(f"{outcome.path}: {_reason(outcome, console)}")
    summary = {"documents": len(report.outcomes), "passages": report.passages, "embedded": report.embedded}
    console.line(console.say("cli.ingest.done", **summary, seconds=round(report.seconds, 1)))
    if rejected:
        console.note(console.say("cli.ingest.rejected", count=len(rejected)))
    if dry_run:
        console.note(console.say("cli.ingest.dry_run"))
