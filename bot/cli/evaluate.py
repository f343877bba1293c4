"""`fyren eval`: quality as numbers, from a question set in JSON lines."""

from __future__ import annotations

import argparse
import asyncio
import textwrap
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.cli.console import Console
from bot.cli.evaluation_files import write_report
from bot.cli.evaluation_sections import Section, sections
from bot.cli.progress import ingest_progress, question_progress
from bot.cli.table import table
from bot.composition import open_advice
from bot.knowledge_base import open_knowledge
from bot.serving import ServedKnowledge
from bot.settings import Settings
from knowledge import evaluation
from knowledge.errors import LibraryInvalid
from knowledge.evaluation import Baseline, EvaluationQuestion, ModelJudge, ModelScores, NotRun, Report, Result
from knowledge.model import Answer, Hit
from prompts.loader import Prompts

FELL = 1


def run(arguments: argparse.Namespace, settings: Settings, console: Console) -> int:
    """1 where a score fell beyond noise below the baseline.

    Raises CommandFailed where the question set or the baseline cannot be read, or a file not be written; what can be
    known of that beforehand is told before the first question is asked.
    """
    questions, before = _read(arguments, console)
    _make_room(arguments, console)
    results, generation, judged = asyncio.run(_ask(questions, arguments.generator, settings, console))
    report = evaluation.report(results, generation=generation, most=arguments.worst, baseline=before, model=judged)
    data = evaluation.data(report)
    if console.json:
        console.data(data)
    else:
        _show(report, console)
    fell = report.comparison.fell if report.comparison is not None else ()
    try:
        if arguments.report is not None:
            title = console.say("cli.eval.title.report", file=arguments.questions.name)
            write_report(arguments.report, title, report, data, console)
        if arguments.write_baseline is not None and not fell:
            arguments.write_baseline.write_text(evaluation.baseline_of(results).dump(), encoding="utf-8")
    except OSError as error:
        raise console.fail("cli.eval.unwritten", path=error.filename, detail=error.strerror) from error
    if fell:
        scores = ", ".join(console.say(f"cli.eval.measure.{name}") for name in fell)
        console.note(console.say("cli.eval.fell", file=arguments.baseline.name, scores=scores))
        if arguments.write_baseline is not None:
            console.note(console.say("cli.eval.kept", file=arguments.write_baseline.name))
    return FELL if fell else 0


def _read(arguments: argparse.Namespace, console: Console) -> tuple[Sequence[EvaluationQuestion], Baseline | None]:
    try:
        questions = evaluation.load(arguments.questions)
    except LibraryInvalid as error:
        raise console.fail("cli.eval.unreadable", file=arguments.questions.name, detail=error) from error
    if not questions:
        raise console.fail("cli.eval.empty", file=arguments.questions.name)
    unused = dict.fromkeys(name for one in questions for name in one.unknown_fields)
    if unused:
        console.note(console.say("cli.eval.unused", fields=", ".join(unused)))
    if arguments.baseline is None:
        return questions, None
    try:
        before = Baseline.read(arguments.baseline)
    except LibraryInvalid as error:
        raise console.fail("cli.eval.baseline", detail=error) from error
    if not any(one.id in before.questions for one in questions):
        raise console.fail("cli.eval.unrelated", file=arguments.baseline.name)
    return questions, before


def _make_room(arguments: argparse.Namespace, console: Console) -> None:
    """Make the folders that files go to: that it cannot be done is better known before the run than after it."""
    stored: Path | None = arguments.write_baseline
    try:
        for folder in filter(None, (arguments.report, stored.parent if stored is not None else None)):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise console.fail("cli.eval.unwritten", path=error.filename, detail=error.strerror) from error


@dataclass(frozen=True, slots=True)
class Worded:
    """Implements `knowledge.evaluation.Answering` with answers as people get them: worded by the language model."""

    served: ServedKnowledge

    async def ask(self, question: str, context: Sequence[str] = ()) -> Answer:
        """An answer or a refusal."""
        return await self.served.ask(question, context)

    async def find(self, question: str, context: Sequence[str] = (), k: int = 10) -> Sequence[Hit]:
        """The passages found for a question."""
        return await self.served.advisor.find(question, context, k)


async def _ask(
    questions: Sequence[EvaluationQuestion], generator: str, settings: Settings, console: Console
) -> tuple[list[Result], str | None, ModelScores | NotRun]:
    async with AsyncExitStack() as stack:
        with ingest_progress(console) as progress:
            if generator == "llm":
                knowledge = await stack.enter_async_context(open_advice(settings, console.texts, progress))
            else:
                knowledge = await open_knowledge(settings, console.texts, progress)
                stack.push_async_callback(knowledge.close)
        model = knowledge.model if generator == "llm" else None
        answering = Worded(knowledge.served) if model is not None else knowledge.served.advisor
        with question_progress(console, len(questions)) as told:
            results = await evaluation.evaluate(questions, answering, told)
        generation = knowledge.served.state.generation
        if model is None:
            return results, generation, NotRun("no_model" if generator == "llm" else "extractive")
        judge = ModelJudge(model, await asyncio.to_thread(Prompts.load), settings.model_deadline)
        with question_progress(console, sum(not one.refused for one in results)) as told:
            return results, generation, await judge.judge(results, told)


def _show(report: Report, console: Console) -> None:
    for number, section in enumerate(sections(report, console, brief=True)):
        if number:
            console.line()
        for line in _lines(section, console.width):
            console.line(line)


def _lines(section: Section, width: int) -> list[str]:
    """A section as a terminal shows it."""
    found = [section.title.upper()]
    for sentence in section.sentences:
        found += textwrap.wrap(sentence, width, break_long_words=False, break_on_hyphens=False)
    if section.head:
        found += table(section.head, section.rows, right=range(1, len(section.head)))
    for item in section.items:
        found += ["", item.title]
        for name, text in item.said:
            found += textwrap.wrap(
                f"{name}: {text}", width, initial_indent="  ", subsequent_indent="    ", break_long_words=False
            )
    return found
