"""Compares one answer, and the passages found for its question, with what the question set says is right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.evaluation.questions import EvaluationQuestion
from knowledge.model import Answer, Hit, Passage, Status

SOUGHT = 10
"""How many passages are looked at for the right one."""
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one question went; what does not apply to it is None.

    `must_refuse` is None where the set does not say. `sought`: the set tells which passages are right; `rank` is the
    place of the first of them among the ten best, None where it is not there. `precision`: share of the answer's
    citations that are right.
    """

    must_refuse: bool | None
    refused: bool
    sought: bool = False
    rank: int | None = None
    contains: bool | None = None
    cited: bool | None = None
    precision: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One question, what was said, and how that is judged."""

    question: EvaluationQuestion
    answer: Answer
    judgement: Judgement

    @property
    def refused(self) -> bool:
        """Whether no answer was given."""
        return self.judgement.refused

    @property
    def found(self) -> bool | None:
        """Whether a right passage is among the five best; None where the set does not say which is right."""
        return self.judgement.rank is not None and self.judgement.rank <= 5 if self.judgement.sought else None

    @property
    def contains(self) -> bool | None:
        """Whether the answer holds every fact; None where none is asked for."""
        return self.judgement.contains

    @property
    def cited(self) -> bool | None:
        """Whether a right source is cited; None where the set does not say which is right."""
        return self.judgement.cited


def judge(question: EvaluationQuestion, answer: Answer, hits: Sequence[Hit]) -> Judgement:
    """How the answer and the passages found, best first, compare with what is right."""
    refused = answer.status is Status.REFUSED
    if question.must_refuse is not False:
        return Judgement(question.must_refuse, refused)
    contains = holds_facts(question, answer.text) if question.facts else None
    if not has_target(question):
        return Judgement(False, refused, contains=contains)
    ranks = (place for place, hit in enumerate(hits[:SOUGHT], start=1) if is_right(question, hit.passage))
    cited = [is_right(question, citation.passage) for citation in answer.citations]
    return Judgement(
        must_refuse=False,
        refused=refused,
        sought=True,
        rank=next(ranks, None),
        contains=contains,
        cited=any(cited),
        precision=sum(cited) / len(cited) if cited else None,
    )


def is_right(question: EvaluationQuestion, passage: Passage) -> bool:
    """Whether a passage is one that the question is to be answered from."""
    if question.passage:
        return passage.id in question.passage
    if question.documents:
        if not {passage.document, passage.path} & set(question.documents):
            return False
        return not question.pages or not passage.pages or bool(set(question.pages) & set(passage.pages))
    return bool(question.facts) and holds_facts(question, f"{passage.section}\n{passage.text}")


def holds_facts(question: EvaluationQuestion, text: str) -> bool:
    """Whether a text holds one spelling of every fact; case and the width of spaces do not matter."""
    plain = _plain(text)
    return all(any(_plain(form) in plain for form in forms) for forms in question.facts)


def has_target(question: EvaluationQuestion) -> bool:
    """Whether the set says which passages the question is to be answered from."""
    return question.must_refuse is False and bool(question.passage or question.documents or question.facts)


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).casefold()
