"""Quality as numbers: runs a question set through the advisor and scores retrieval, answers, citations and refusals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from knowledge.errors import LibraryInvalid
from knowledge.model import Answer, Hit, Passage, Status

Class = Literal["answerable", "refuse", "followup", "english", "noisy"]
Part = Literal["", "report", "regulation", "initiative", "glossary"]
Reason = Literal["", "unknowable", "related", "unrelated"]
_SPACE = re.compile(r"\s+")


class EvaluationQuestion(BaseModel):
    """One line of a question set.

    `facts`: every inner list holds spellings of one fact, and an answer must contain one of each. `documents`: ids, any
    of which is a right source. `pages`: pages, any of which is right; None where the source has no pages. `part`: which
    part of the library answers. `reason`: why a question must be refused; what it asks cannot be known, lies beside
    what the library covers, or has nothing to do with it. `section`: the report's section, for whoever reads the set.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: Class = Field(alias="class")
    question: str
    context: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    documents: tuple[str, ...] = ()
    pages: tuple[int, ...] | None = None
    part: Part = ""
    reason: Reason = ""
    section: str = ""
    note: str = ""


class Answering(Protocol):
    """What is evaluated; `knowledge.advisor.Advisor` is one."""

    async def ask(self, question: str, context: Sequence[str] = ()) -> Answer:
        """An answer or a refusal."""

    async def find(self, question: str, context: Sequence[str] = (), k: int = 10) -> Sequence[Hit]:
        """The passages found for a question."""


@dataclass(frozen=True, slots=True)
class Result:
    """How one question went; the three judgements are None where they do not apply (a question to be refused)."""

    question: EvaluationQuestion
    answer: Answer
    found: bool | None
    contains: bool | None
    cited: bool | None

    @property
    def refused(self) -> bool:
        """Whether no answer was given."""
        return self.answer.status is Status.REFUSED


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares between 0 and 1. `contains` and `cited` count refused questions as wrong."""

    questions: int
    recall_at_5: float
    contains: float
    cited: float
    refusal_recall: float
    false_refusals: float
    milliseconds: float


def load(path: Path) -> tuple[EvaluationQuestion, ...]:
    """A question set from JSON lines. Raises LibraryInvalid naming the file and, where one is wrong, the line."""
    adapter = TypeAdapter(EvaluationQuestion)
    found: list[EvaluationQuestion] = []
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LibraryInvalid(f"{path.name}: {error}") from error
    # Not `splitlines`: JSON strings may hold other line separators than the one that ends a line of the file.
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(adapter.validate_json(line))
        except ValidationError as error:
            raise LibraryInvalid(f"{path.name}, line {number}: {error.errors()[0]['msg']}") from error
    return tuple(found)


async def evaluate(
    questions: Sequence[EvaluationQuestion], advisor: Answering, progress: Callable[[int], None] = lambda done: None
) -> list[Result]:
    """Ask every question; `progress` is told how many are done."""
    results: list[Result] = []
    for question in questions:
        answer = await advisor.ask(question.question, question.context)
        if question.kind == "refuse":
            results.append(Result(question, answer, None, None, None))
        else:
            hits = await advisor.find(question.question, question.context, k=5)
            results.append(
                Result(
                    question,
                    answer,
                    found=any(_right(question, hit.passage) for hit in hits),
                    contains=_contains(question, answer),
                    cited=any(_right(question, citation.passage) for citation in answer.citations),
                )
            )
        progress(len(results))
    return results


def score(results: Iterable[Result]) -> Scores:
    """Totals over all results; shares of nothing are 1, so that a class without questions never fails a gate."""
    every = list(results)
    asked = [one for one in every if one.question.kind != "refuse"]
    refuse = [one for one in every if one.question.kind == "refuse"]
    times = sorted(one.answer.timing.total for one in every)
    return Scores(
        questions=len(every),
        recall_at_5=_share(one.found for one in asked),
        contains=_share(one.contains for one in asked),
        cited=_share(one.cited for one in asked),
        refusal_recall=_share(one.refused for one in refuse),
        false_refusals=1.0 - _share(not one.refused for one in asked),
        milliseconds=times[len(times) // 2] if times else 0.0,
    )


def groups(results: Sequence[Result]) -> dict[str, Scores]:
    """Scores of all results, then of each class, each part of the library and each reason to refuse."""
    found = {"all": score(results)}
    for of in (_class_of, _part_of, _reason_of):
        for name in dict.fromkeys(filter(None, map(of, results))):
            found[name] = score(result for result in results if of(result) == name)
    return found


def _class_of(result: Result) -> str:
    return result.question.kind


def _part_of(result: Result) -> str:
    return result.question.part


def _reason_of(result: Result) -> str:
    return result.question.reason


def right(result: Result) -> bool:
    """Whether the question went as it should: refused where it must be, else answered with the fact and its source."""
    return result.refused if result.question.kind == "refuse" else bool(result.contains and result.cited)


def _share(judgements: Iterable[bool | None]) -> float:
    known = [bool(one) for one in judgements if one is not None]
    return sum(known) / len(known) if known else 1.0


def _right(question: EvaluationQuestion, passage: Passage) -> bool:
    if passage.document not in question.documents:
        return False
    return not question.pages or not passage.pages or bool(set(question.pages) & set(passage.pages))


def _contains(question: EvaluationQuestion, answer: Answer) -> bool:
    text = _SPACE.sub(" ", answer.text).casefold()
    return all(any(_SPACE.sub(" ", form).casefold() in text for form in forms) for forms in question.facts)
