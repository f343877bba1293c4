"""What a generation was made of: what an ingest and a rewriting start from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.adapters.dense import first_questions
from knowledge.adapters.stored_passages import ChosenPassages
from knowledge.model import Document, Passage
from knowledge.ports import Vectors


@dataclass(frozen=True, slots=True)
class Contents:
    """Documents, passages and vectors of one generation; the rows of `vectors` are those of `embedded_texts(passages)`.

    Passages are read from disk one by one, and `vectors` may be a view of a file, so holding contents costs little.
    `owners` is each passage's document by number; `questions` says where each passage's questions begin among all of
    them, and last how many there are.
    """

    generation: str | None
    model: str | None
    documents: Sequence[Document]
    passages: Sequence[Passage]
    vectors: Vectors | None
    owners: NDArray[np.int64]
    questions: NDArray[np.int64]

    def files(self) -> Iterator[tuple[Document, Sequence[Passage], Sequence[int]]]:
        """Each document with its passages, none of which is read yet, and with their positions among all."""
        order = np.argsort(self.owners, kind="stable")
        ends = np.cumsum(np.bincount(self.owners, minlength=len(self.documents)))
        for document, begin, end in zip(self.documents, (0, *ends), ends, strict=False):
            positions: list[int] = order[begin:end].tolist()
            yield document, ChosenPassages(self.passages, positions), positions

    def question_rows(self, positions: Sequence[int]) -> NDArray[np.int64]:
        """The rows of `vectors` that hold the questions of some passages, in order."""
        places = np.asarray(positions, dtype=np.int64)
        begins = self.questions[places]
        counts = self.questions[places + 1] - begins
        inside = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.asarray(len(self.passages) + np.repeat(begins, counts) + inside, dtype=np.int64)


def contents_of(
    generation: str | None,
    model: str | None,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    vectors: Vectors | None,
) -> Contents:
    """Contents whose passages are all at hand."""
    numbers = {(document.origin, document.path): number for number, document in enumerate(documents)}
    owners = np.array([numbers[passage.origin, passage.path] for passage in passages], dtype=np.int64)
    questions = first_questions([len(passage.questions) for passage in passages])
    return Contents(generation, model, documents, passages, vectors, owners, questions)
