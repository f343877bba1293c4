"""Asks every question of a set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from knowledge.evaluation.judging import SOUGHT, Result, has_target, judge
from knowledge.evaluation.questions import EvaluationQuestion
from knowledge.model import Answer, Hit


class Answering(Protocol):
    """What is evaluated; `knowledge.advisor.Advisor` is one."""

    async def ask(self, question: str, context: Sequence[str] = ()) -> Answer:
        """An answer or a refusal."""

    async def find(self, question: str, context: Sequence[str] = (), k: int = 10) -> Sequence[Hit]:
        """The passages found for a question."""


async def evaluate(
    questions: Sequence[EvaluationQuestion], advisor: Answering, progress: Callable[[int], None] = lambda done: None
) -> list[Result]:
    """Ask every question, one after the other so that times mean something; `progress` is told how many are done.

    Raises what the advisor raises.
    """
    results: list[Result] = []
    for question in questions:
        answer = await advisor.ask(question.question, question.context)
        hits = await advisor.find(question.question, question.context, k=SOUGHT) if has_target(question) else ()
        results.append(Result(question, answer, judge(question, answer, hits)))
        progress(len(results))
    return results
