"""Questions with the evidence found for them, and whether it answers: what the decision to refuse is fitted on.

Beside questions that people wrote to be refused there are two sorts that cost no writing: a question whose right
passages are taken out of the index, and a question put to texts about something else.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.answerability import Features, features
from knowledge.editions import Editions
from knowledge.evaluation import EvaluationQuestion
from knowledge.evaluation.judging import holds_facts, is_right
from knowledge.evidence import weigh
from knowledge.model import Asked, Passage
from knowledge.pieces import PieceReader
from knowledge.ports import Index, Vectors
from knowledge.question import understand
from knowledge.retrieval import retrieve
from tests.bench.retrieval.corpora import DEVELOPING, Corpus
from tests.bench.retrieval.systems import Engine

READ = 12
"""Passages that an answer is made from, as `AdvisorOptions.passages` says."""
STRANGERS = 250
"""Questions about something else that are put to a set of texts."""
MOST_TAKEN = 0.25
"""Share of the passages that may be taken out at most: more would leave other texts, not the same ones."""


class Sort(StrEnum):
    """How it is known whether the question can be answered."""

    WRITTEN = "written"
    TAKEN_OUT = "taken out"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Example:
    """One question put to one set of texts. `question` holds its id: all examples of one are fitted on together."""

    texts: str
    sort: Sort
    question: str
    answerable: bool
    found: Features
    vector: Vectors


class Without:
    """An index with some passages taken out; everything else is asked of the whole one."""

    def __init__(self, index: Index, taken: frozenset[int]) -> None:
        self._index = index
        self._taken = taken

    def __getattr__(self, name: str) -> object:
        return getattr(self._index, name)

    def lexical(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """The k best of what is left."""
        return [one for one in self._index.lexical(terms, k + len(self._taken)) if one[0] not in self._taken][:k]

    def dense(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """The k nearest of what is left."""
        return [one for one in self._index.dense(vector, k + len(self._taken)) if one[0] not in self._taken][:k]

    def asked(self, vector: Vectors, k: int) -> list[tuple[int, Asked, float]]:
        """The k nearest questions that what is left answers."""
        most = sum(len(self._index.passages[position].questions) for position in self._taken)
        return [one for one in self._index.asked(vector, k + most) if one[0] not in self._taken][:k]


class Examiner:
    """Puts questions to one set of texts."""

    def __init__(self, texts: str, index: Index, engine: Engine) -> None:
        self._texts = texts
        self._index = index
        self._engine = engine
        self._reader = PieceReader(index.split, steps=index.steps)
        self._editions = Editions(index.documents)

    async def put(
        self, asked: EvaluationQuestion, sort: Sort, answerable: bool, taken: frozenset[int] = frozenset()
    ) -> Example | None:
        """The example that a question makes; None where nothing is found that could answer."""
        question = understand(asked.question, asked.context)
        if question.is_empty:
            return None
        index: Index = Without(self._index, taken) if taken else self._index  # type: ignore[assignment]  # delegates
        found = await retrieve(
            question, index, self._engine.embedder, self._engine.synonyms, k=READ, editions=self._editions
        )
        there = features(question, found, weigh(question, found.concepts, found.hits, self._reader))
        if there is None or found.vector is None:
            return None
        return Example(self._texts, sort, asked.id, answerable, there, found.vector)

    def holding(self, is_held: Callable[[Passage], bool]) -> frozenset[int]:
        """Which passages to take out; none where there would be too many."""
        taken = frozenset(position for position, passage in enumerate(self._index.passages) if is_held(passage))
        return taken if len(taken) <= MOST_TAKEN * len(self._index.passages) else frozenset()


async def of_set(
    examiner: Examiner,
    questions: Sequence[EvaluationQuestion],
    document: str | None,
    strangers: Sequence[EvaluationQuestion],
) -> AsyncIterator[Example | None]:
    """Examples of the development questions; with a `document`, only its questions count as answerable."""
    for asked in questions:
        own = document is None or asked.documents == (document,)
        answerable = asked.must_refuse is False
        if answerable and not own:
            yield await examiner.put(asked, Sort.STRANGER, False)
            continue
        yield await examiner.put(asked, Sort.WRITTEN, answerable)
        taken = examiner.holding(_answering(asked, whole=document is None)) if answerable else frozenset()
        if taken:
            yield await examiner.put(asked, Sort.TAKEN_OUT, False, taken)
    for asked in strangers:
        yield await examiner.put(asked, Sort.STRANGER, False)


async def of_authorities(
    examiner: Examiner, corpus: Corpus, strangers: Sequence[EvaluationQuestion]
) -> AsyncIterator[Example | None]:
    """Examples of the half of the public questions that may be developed on."""
    right = corpus.judges["document or same text"]
    for case in authority_questions(corpus):
        yield await examiner.put(case, Sort.WRITTEN, True)
        taken = examiner.holding(lambda passage, case=case: right(case, corpus.found(passage)))  # type: ignore[misc]
        if taken:
            yield await examiner.put(case, Sort.TAKEN_OUT, False, taken)
    for asked in strangers:
        yield await examiner.put(asked, Sort.STRANGER, False)


def authority_questions(corpus: Corpus) -> list[EvaluationQuestion]:
    """The half that may be developed on, each question once."""
    return list({case.asked.question: case.asked for case in corpus.cases if case.group == DEVELOPING}.values())


def some(questions: Sequence[EvaluationQuestion]) -> list[EvaluationQuestion]:
    """A sample, the same every time."""
    return random.Random(0).sample(list(questions), min(STRANGERS, len(questions)))


def _answering(asked: EvaluationQuestion, *, whole: bool) -> Callable[[Passage], bool]:
    """Passages of the right place, and others that hold all the facts."""

    def holds(passage: Passage) -> bool:
        right = whole and bool(asked.documents) and is_right(asked, passage)
        return right or (bool(asked.facts) and holds_facts(asked, passage.text))

    return holds
