"""`fyren eval`: quality as numbers, from a question set in JSON lines."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bot.cli.console import Console
from bot.cli.progress import ingest_progress
from bot.cli.table import table
from bot.knowledge_base import open_knowledge
from bot.settings import Settings
from knowledge import evaluation
from knowledge.errors import LibraryInvalid
from knowledge.evaluation import Result, Scores


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """Raises CommandFailed where the question set cannot be read."""
    return asyncio.run(_run(arguments.questions, arguments.worst, settings, console))


async def _run(path: Path, worst: int, settings: Settings, console: Console) -> int:
    try:
        questions = await asyncio.to_thread(evaluation.load, path)
    except (LibraryInvalid, OSError) as error:
        raise console.fail("cli.eval.unreadable", file=path.name, detail=error) from error
    with ingest_progress(console) as progress:
        knowledge = await open_knowledge(settings, console.texts, progress)
    results = await evaluation.evaluate(questions, knowledge.served.advisor)
    groups = evaluation.groups(results)
    misses = [result for result in results if not evaluation.right(result)][:worst]
    if console.json:
        console.data(
            {
                "generation": knowledge.served.state.generation,
                "scores": {name: asdict(scores) for name, scores in groups.items()},
                "misses": [_miss(result) for result in misses],
            }
        )
        return 0
    for line in table(_header(console), [_row(name, scores) for name, scores in groups.items()]):
        console.line(line)
    _show(misses, console)
    return 0


def _header(console: Console) -> tuple[str, ...]:
    keys = ("group", "questions", "recall", "contains", "cited", "refused", "wrongly", "ms")
    return tuple(console.say(f"cli.eval.column.{key}") for key in keys)


def _row(name: str, scores: Scores) -> tuple[object, ...]:
    shares = (scores.recall_at_5, scores.contains, scores.cited, scores.refusal_recall, scores.false_refusals)
    return (name, scores.questions, *(round(share, 3) for share in shares), round(scores.milliseconds, 1))


def _miss(result: Result) -> dict[str, object]:
    return {
        "id": result.question.id,
        "class": result.question.kind,
        "question": result.question.question,
        "status": result.answer.status.value,
        "found": result.found,
        "contains": result.contains,
        "cited": result.cited,
        "answer": result.answer.text,
    }


def _show(misses: Sequence[Result], console: Console) -> None:
    for result in misses:
        answer = " ".join(result.answer.text.split())
        console.line(f"\n{result.question.id} ({result.question.kind}): {result.question.question}\n  {answer[:300]}")
