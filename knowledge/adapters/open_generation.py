"""An open generation: what every search goes through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.adapters.dense import PassageVectors
from knowledge.adapters.lexical import LexicalIndex
from knowledge.adapters.stored_splits import StoredSplits
from knowledge.model import Asked, Document, Passage
from knowledge.ports import Vectors
from knowledge.swedish.steps import Steps
from knowledge.swedish.vocabulary import Vocabulary


class OpenGeneration:
    """A generation, ready to search; implements `knowledge.ports.Index`.

    Its files stay mapped for as long as it is held, also when their folder has been removed meanwhile.
    """

    def __init__(
        self,
        *,
        generation: str,
        embedding_model: str | None,
        steps: Steps,
        documents: Sequence[Document],
        passages: Sequence[Passage],
        changes: Sequence[Passage],
        figures: Sequence[Passage],
        index: LexicalIndex,
        vectors: PassageVectors | None,
        splits: StoredSplits,
        questions: NDArray[np.int64],
    ) -> None:
        """`questions` says how many come before each passage's own, and last how many there are."""
        self.generation = generation
        self.embedding_model = embedding_model
        self.steps = steps
        self.documents = documents
        self.passages = passages
        self.changes = changes
        self.figures = figures
        self.vocabulary = Vocabulary(index.arrays.terms)
        self._lexical = index
        self._vectors = vectors
        self._splits = splits
        self._questions = questions

    def is_asked(self, position: int) -> bool:
        """Whether the passage says which questions it answers."""
        return bool(self._questions[position + 1] > self._questions[position])

    def split(self, word: str) -> tuple[str, ...]:
        """Parts of a compound, by this generation's vocabulary."""
        return self._splits.split(word)

    def document_frequency(self, term: str) -> int:
        """How many passages hold the analysed term."""
        return self._lexical.document_frequency(term)

    def idf(self, term: str) -> float:
        """Inverse document frequency of the analysed term."""
        return self._lexical.idf(term)

    def lexical(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """The k best positions and BM25 scores."""
        return self._lexical.search(terms, k)

    def dense(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """The k best positions and cosine similarities; empty where the generation has no vectors."""
        return self._vectors.dense(vector, k) if self._vectors is not None else []

    def asked(self, vector: Vectors, k: int) -> list[tuple[int, Asked, float]]:
        """The k nearest of the passages' own questions; empty where the generation has no vectors."""
        found = self._vectors.asked(vector, k) if self._vectors is not None else []
        return [(position, self.passages[position].questions[which], cosine) for position, which, cosine in found]
