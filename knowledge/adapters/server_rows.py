"""What a server is given of a generation: a row a passage and a row a question, read from the files in blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.adapters.lexical import LexicalArrays
from knowledge.ports import Vectors

BLOCK = 2000
"""Rows that are sent together."""
_INVERTED = 50_000
"""Passages whose postings are turned around together: bounds what is held, and how often all postings are read."""


@dataclass(frozen=True, slots=True)
class PassageRow:
    """One passage: the numbers of its terms in order, what each counts, and the vector of its text."""

    position: int
    owner: str
    terms: NDArray[np.int64]
    impacts: NDArray[np.float32]
    vector: Vectors | None


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question that a passage answers; `number` counts all of them, `which` the passage's own."""

    number: int
    position: int
    which: int
    owner: str
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Held:
    """Which generation a server holds, and how much that is.

    `checksum` is the manifest's, so it vouches for every file. `questions` and `width`, the numbers in a vector, are 0
    where there are no vectors.
    """

    generation: str
    checksum: str
    passages: int
    questions: int
    width: int


@dataclass(frozen=True, slots=True)
class ServerRows:
    """A generation as a server takes it in.

    `owners` is the owner of each passage, `first_questions` where each passage's questions begin and last how many.
    """

    held: Held
    arrays: LexicalArrays
    owners: Sequence[str]
    vectors: Vectors | None
    first_questions: NDArray[np.int64]

    @property
    def generation(self) -> str:
        """The generation's id."""
        return self.held.generation

    def passage_blocks(self, first: int = 0) -> Iterator[list[PassageRow]]:
        """Blocks of passages in order, from a position on."""
        for begin in range(first, self.held.passages, _INVERTED):
            end = min(begin + _INVERTED, self.held.passages)
            starts, terms, impacts = _inverted(self.arrays, begin, end)
            for block in range(begin, end, BLOCK):
                yield [
                    PassageRow(
                        position,
                        self.owners[position],
                        terms[starts[position - begin] : starts[position - begin + 1]],
                        impacts[starts[position - begin] : starts[position - begin + 1]],
                        self.vectors[position] if self.vectors is not None else None,
                    )
                    for position in range(block, min(block + BLOCK, end))
                ]

    def question_blocks(self, first: int = 0) -> Iterator[list[QuestionRow]]:
        """Blocks of questions in order, from a number on; nothing where there are no vectors."""
        if self.vectors is None:
            return
        for block in range(first, self.held.questions, BLOCK):
            numbers = np.arange(block, min(block + BLOCK, self.held.questions))
            positions = np.searchsorted(self.first_questions, numbers, side="right") - 1
            which = numbers - self.first_questions[positions]
            yield [
                QuestionRow(number, position, own, self.owners[position], self.vectors[self.held.passages + number])
                for number, position, own in zip(numbers.tolist(), positions.tolist(), which.tolist(), strict=True)
            ]


def _inverted(
    arrays: LexicalArrays, begin: int, end: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """The postings of some passages, by passage instead of by term: where each one's begin, terms, impacts."""
    there = np.flatnonzero((arrays.positions >= begin) & (arrays.positions < end))
    places = arrays.positions[there] - begin
    order = np.argsort(places, kind="stable")  # terms stay in order within a passage
    starts = np.concatenate(([0], np.cumsum(np.bincount(places, minlength=end - begin))))
    terms = np.searchsorted(arrays.starts, there[order], side="right") - 1
    return starts, terms, arrays.impacts[there[order]]
