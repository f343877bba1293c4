"""`fyren ingest`: documents into the knowledge base, with a table of what happened to each."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.access.audit import Action
from bot.cli import quality_gate
from bot.cli.addresses import are_fit, pages_fetched
from bot.cli.author import author_of
from bot.cli.console import Console
from bot.cli.ingest_rows import lines, rows
from bot.cli.progress import gate_progress, ingest_progress
from bot.cli.quality_gate import asked, questions_of
from bot.cli.reader import municipality
from bot.cli.recorded import recorded
from bot.cli.watch import keep_watching, until_stopped
from bot.knowledge_base import open_engine
from bot.settings import Settings
from bot.written_documents import replies_at_hand
from ingest.drafts import Draft, discard, prepare, publish
from ingest.errors import DraftOutdated
from ingest.gate_report import GateReport
from ingest.model import FileStatus, IngestReport
from ingest.pipeline import ingest
from ingest.sources import Source, is_there
from ingest.watching import Batch
from knowledge.adapters.generation import GenerationStore
from knowledge.ports import Embedder

WRONG_USAGE = 2
ATTEMPTS = 3
"""How often a draft is prepared where others keep publishing between it and its publication."""
CHANGED = frozenset({FileStatus.ADDED, FileStatus.UPDATED, FileStatus.REMOVED})


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """1 where a document was rejected; the rest is taken in all the same."""
    missing = [path for path in arguments.paths if isinstance(path, Path) and not is_there(path)]
    for path in missing:
        console.note(console.say("cli.ingest.missing", path=path))
    if missing or not are_fit(arguments, settings, console):
        return WRONG_USAGE
    if arguments.watch:
        if arguments.dry_run or arguments.draft:
            console.note(console.say("ingesting.watch.alone"))
            return WRONG_USAGE
        return until_stopped(_watched(arguments, settings, console), console)
    done = asyncio.run(_fetch_and_ingest(arguments, settings, console))
    if console.json:
        console.data(_data(done, console))
    else:
        _show(done, console, dry_run=arguments.dry_run)
    return 1 if any(outcome.status is FileStatus.REJECTED for outcome in done.report.outcomes) else 0


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of it; `draft` is set where nothing was published."""

    report: IngestReport
    draft: str | None = None
    gate: GateReport | None = None


async def _fetch_and_ingest(arguments: argparse.Namespace, settings: Settings, console: Console) -> _Done:
    async with pages_fetched(arguments, settings, console) as fetched:
        done = await _ingest(fetched, settings, console)
    if not arguments.dry_run:
        await _record(done, settings)
    return done


async def _watched(arguments: argparse.Namespace, settings: Settings, console: Console) -> None:
    engine = await open_engine(settings)

    async def take(batch: Batch) -> None:
        only = {"paths": batch.files, "prune": arguments.prune and batch.whole}
        done = await _ingest(argparse.Namespace(**(vars(arguments) | only)), settings, console, engine)
        await _record(done, settings)
        if console.json:
            console.data(_data(done, console))
        else:
            _show(done, console, dry_run=False, hide={FileStatus.UNCHANGED})

    await keep_watching(arguments.paths, console, take)


async def _record(done: _Done, settings: Settings) -> None:
    """Every publication is in the audit log; a draft is none, nor is a run that changed nothing."""
    if done.draft is None and any(each.status in CHANGED for each in done.report.outcomes):
        await recorded(settings, Action.DOCUMENTS_PUBLISHED, done.report.generation or "")


async def _ingest(
    arguments: argparse.Namespace,
    settings: Settings,
    console: Console,
    engine: tuple[GenerationStore, Embedder | None] | None = None,
) -> _Done:
    store, embedder = engine or await open_engine(settings)
    # Replies that became documents are in no folder of the caller's, and are not what pruning is meant to remove.
    answers = settings.answers_dir
    only_pages = bool(arguments.paths) and all(isinstance(each, Source) and each.url for each in arguments.paths)
    spared = arguments.prune and not only_pages and await replies_at_hand(answers, settings)
    written = [answers] if spared else []
    sources = [*arguments.paths, *written]
    owner = await asyncio.to_thread(municipality, arguments.owner, settings, console) if arguments.owner else ""
    told = {"author": author_of(arguments.author), "note": arguments.note, "owner": owner}
    questions = () if arguments.dry_run else await questions_of(arguments.gate, settings)
    if arguments.dry_run or not (arguments.draft or questions):
        with ingest_progress(console) as progress:
            report = await ingest(
                sources,
                store=store,
                embedder=embedder,
                prune=arguments.prune,
                dry_run=arguments.dry_run,
                progress=progress,
                limits=settings.limits,
                **told,
            )
        return _Done(report)
    for attempt in range(1, ATTEMPTS + 1):
        started = time.monotonic()
        with ingest_progress(console) as progress:
            draft = await prepare(
                sources,
                store=store,
                embedder=embedder,
                prune=arguments.prune,
                progress=progress,
                limits=settings.limits,
                **told,
            )
        gate = None
        if draft.generation is not None:
            with gate_progress(console) as asking:
                gate = await asked(questions, store, embedder, draft, settings, console, asking)
        hold = arguments.draft or (arguments.hold and gate is not None and bool(gate.worse))
        if draft.generation is None or hold:
            return _Done(_report(draft, draft.base, started), draft.generation, gate)
        try:
            published = await publish(store, draft.generation, author=told["author"])
        except DraftOutdated:
            # Somebody else published while the questions were asked; what was embedded is remembered.
            await discard(store, draft.generation)
            if attempt == ATTEMPTS:
                raise
            continue
        return _Done(_report(draft, published, started), None, gate)
    raise AssertionError("the last attempt returns or raises")


def _report(draft: Draft, generation: str | None, started: float) -> IngestReport:
    return IngestReport(generation, draft.outcomes, draft.passages, draft.embedded, time.monotonic() - started)


def _data(done: _Done, console: Console) -> dict[str, Any]:
    report = done.report
    told: dict[str, Any] = {
        "generation": report.generation,
        "documents": rows(report.outcomes, console),
        "passages": report.passages,
        "embedded": report.embedded,
        "seconds": round(report.seconds, 3),
    }
    if done.draft is not None:
        told["draft"] = done.draft
    if done.gate is not None:
        told["gate"] = quality_gate.data(done.gate)
    return told


def _show(done: _Done, console: Console, *, dry_run: bool, hide: Collection[FileStatus] = ()) -> None:
    report = done.report
    for line in lines([outcome for outcome in report.outcomes if outcome.status not in hide], console):
        console.line(line)
    rejected = sum(outcome.status is FileStatus.REJECTED for outcome in report.outcomes)
    summary = {"documents": len(report.outcomes), "passages": report.passages, "embedded": report.embedded}
    console.line(console.say("cli.ingest.done", **summary, seconds=round(report.seconds, 1)))
    if done.gate is not None:
        quality_gate.tell(done.gate, console)
    if done.draft is not None:
        console.line(console.say("publication.drafted", generation=done.draft))
    if rejected:
        console.note(console.say("cli.ingest.rejected", count=rejected))
    if dry_run:
        console.note(console.say("cli.ingest.dry_run"))
