"""The quality gate at the command line: which questions are asked, and how what became of them is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from bot.cli.console import Console
from bot.knowledge_base import advising
from bot.questions.evaluation import lines
from bot.settings import Settings
from bot.storage.database import open_database
from ingest.drafts import Draft
from ingest.gate import compare
from ingest.gate_report import AnswerChange, GateReport, Said
from knowledge.access import EVERYBODY, people_of
from knowledge.adapters.generation import GenerationStore
from knowledge.errors import IndexMismatch, IndexUnavailable
from knowledge.evaluation.questions import EvaluationQuestion, load, read_lines
from knowledge.ports import Embedder

SHOWN = 10
"""Questions of a group that are shown; JSON has all."""
SAID = 240
"""Characters of an answer that are shown."""


async def questions_of(path: Path | None, settings: Settings) -> Sequence[EvaluationQuestion]:
    """Those of the file, else those that an administrator has picked for evaluation; empty where there are none.

    Raises LibraryInvalid where the file is not readable, StorageError.
    """
    if path is not None:
        return await asyncio.to_thread(load, path)
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not await asyncio.to_thread(Path(url.database or "").is_file):
        return ()  # nobody has used the service yet, and asking must not set up its database
    database = await open_database(settings.database, settings.identity_database)
    try:
        return read_lines(lines(await database.evaluation_questions.rows()), "evaluation questions")
    finally:
        await database.close()


async def asked(
    questions: Sequence[EvaluationQuestion],
    store: GenerationStore,
    embedder: Embedder | None,
    draft: Draft,
    settings: Settings,
    console: Console,
    progress: Callable[[int, int], None],
) -> GateReport | None:
    """What a draft makes of the questions, asked by somebody whom it is for; None where there is nothing to compare.

    That is without questions, without a published generation, and where that one cannot be asked by this installation
    any more, which is noted. Raises IndexUnavailable where the draft cannot.
    """
    if not questions or draft.base is None:
        return None
    audience = people_of(draft.owner) if draft.owner else EVERYBODY
    model = embedder.model if embedder is not None else None
    advise = await advising(settings, console.texts, embedder)
    try:
        old = await asyncio.to_thread(lambda: advise(store.open(model, draft.base).readable_by(audience)))
    except (IndexMismatch, IndexUnavailable) as error:
        console.note(console.say("publication.gate.impossible", detail=error))
        return None
    new = await asyncio.to_thread(lambda: advise(store.open(model, draft.generation).readable_by(audience)))
    return await compare(questions, old, new, progress=progress)


def tell(report: GateReport, console: Console) -> None:
    """What became worse, otherwise and better, with the answers before and after."""
    counts = {name: len(getattr(report, name)) for name in ("worse", "changed", "better")}
    console.line(console.say("publication.gate.summary", asked=report.asked, **counts))
    if report.skipped:
        console.note(console.say("publication.gate.skipped", count=report.skipped))
    for change in report.worse[:SHOWN]:
        _tell(change, console)
    for change in (*report.changed, *report.better)[:SHOWN]:
        _tell(change, console)
    if report.worse:
        console.note(console.say("publication.gate.warning", count=len(report.worse)))


def data(report: GateReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "asked": report.asked,
        "skipped": report.skipped,
        **{
            name: [asdict(change) | {"verdict": change.verdict.value} for change in getattr(report, name)]
            for name in ("worse", "changed", "better")
        },
    }


def _tell(change: AnswerChange, console: Console) -> None:
    console.line(f"  {change.question}")
    console.line(f"    {console.say(f'publication.gate.verdict.{change.verdict}')}")
    for name, said in (("before", change.before), ("after", change.after)):
        console.line(f"    {console.say(f'publication.gate.{name}')}: {_short(said)}")


def _short(said: Said) -> str:
    text = " ".join(said.text.split())
    sources = ", ".join(dict.fromkeys(each.document for each in said.citations))
    return (text if len(text) <= SAID else f"{text[:SAID].rstrip()} …") + (f" [{sources}]" if sources else "")
