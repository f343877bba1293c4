"""The quality gate: known questions asked of what is published and of what is to be, and the answers held together.

It warns and does not forbid: whether a question may be answered otherwise is for people to say.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from ingest.gate_report import BETTER, WORSE, AnswerChange, Cited, GateReport, Said, Verdict
from knowledge.evaluation.judging import Judgement, has_target, judge
from knowledge.evaluation.questions import EvaluationQuestion
from knowledge.model import Answer, Citation, Status

MOST = 200
"""Questions that are asked; the first of a larger set."""
SECONDS = 120.0
"""Time after which no further question is begun."""
AT_ONCE = 4
"""Questions asked side by side; their reading and weighing go to threads."""


class Asking(Protocol):
    """What is asked; `knowledge.advisor.Advisor` is one."""

    async def ask(self, question: str, context: Sequence[str] = ()) -> Answer:
        """An answer or a refusal."""


async def compare(
    questions: Sequence[EvaluationQuestion],
    before: Asking,
    after: Asking,
    *,
    most: int = MOST,
    seconds: float = SECONDS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> GateReport:
    """Ask every question of both; `progress` is told how many of how many are done.

    A question's expectations are those of `fyren eval`. Raises what is asked raises.
    """
    started = time.monotonic()
    chosen = questions[:most]
    found: dict[int, AnswerChange | None] = {}
    waiting = iter(enumerate(chosen))

    async def work() -> None:
        for place, question in waiting:
            if time.monotonic() - started >= seconds:
                return
            told = await before.ask(question.question, question.context)
            tells = await after.ask(question.question, question.context)
            found[place] = _change(question, told, tells)
            progress(len(found), len(chosen))

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(work())
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    changes = [change for _, change in sorted(found.items()) if change is not None]
    return GateReport(
        asked=len(found),
        better=tuple(change for change in changes if change.verdict in BETTER),
        worse=tuple(change for change in changes if change.verdict in WORSE),
        changed=tuple(change for change in changes if change.verdict is Verdict.CHANGED),
        skipped=len(questions) - len(found),
        seconds=time.monotonic() - started,
    )


def _change(question: EvaluationQuestion, before: Answer, after: Answer) -> AnswerChange | None:
    """None where the same is said from the same sources."""
    told, tells = _said(before), _said(after)
    if told == tells or (told.refused and tells.refused):
        return None
    verdict = _verdict(question, before, after)
    return AnswerChange(question.id, question.question, verdict, told, tells)


def _verdict(question: EvaluationQuestion, before: Answer, after: Answer) -> Verdict:
    was, now = judge(question, before, ()), judge(question, after, ())
    if was.refused != now.refused:
        return _decided(question, was, now)
    if has_target(question) and was.cited != now.cited:
        return Verdict.RIGHT_SOURCE if now.cited else Verdict.OTHER_SOURCE
    if was.contains != now.contains:
        return Verdict.FACT_TOLD if now.contains else Verdict.FACT_MISSING
    return Verdict.CHANGED


def _decided(question: EvaluationQuestion, was: Judgement, now: Judgement) -> Verdict:
    """One of the two is a refusal."""
    if question.must_refuse:
        return Verdict.REFUSED_RIGHTLY if now.refused else Verdict.ANSWERED_WRONGLY
    if has_target(question) and not (was.cited or now.cited):
        return Verdict.CHANGED  # a wrong answer, and none
    if now.refused:
        return Verdict.REFUSED
    return Verdict.ANSWERED if question.must_refuse is not None else Verdict.CHANGED


def _said(answer: Answer) -> Said:
    return Said(answer.status is Status.REFUSED, answer.text, tuple(map(_cited, answer.citations)))


def _cited(citation: Citation) -> Cited:
    passage = citation.passage
    return Cited(citation.n, passage.document, passage.title, passage.section, passage.pages, citation.quote)
