"""An open generation: what every search goes through, whole or as far as somebody may read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.access import Audience
from knowledge.adapters.dense import starts_of
from knowledge.adapters.readable_part import Part
from knowledge.adapters.search_server import VectorSearch, WordSearch
from knowledge.adapters.stored_passages import ChosenPassages
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
        changes: ChosenPassages,
        figures: ChosenPassages,
        index: WordSearch,
        vectors: VectorSearch | None,
        splits: StoredSplits,
        questions: NDArray[np.int64],
        numbers: NDArray[np.int64],
        whole: OpenGeneration | None = None,
    ) -> None:
        """`questions` says how many come before each passage's own, and last how many there are.

        `numbers` say which of the documents each passage is of. `whole` is the generation that this is a part of.
        """
        self.generation = generation
        self.embedding_model = embedding_model
        self.steps = steps
        self.documents = documents
        self.passages = passages
        self.changes = changes
        self.figures = figures
        self.owners = frozenset(document.owner for document in documents if document.owner)
        self.vocabulary = Vocabulary(index.terms)
        self._lexical = index
        self._vectors = vectors
        self._splits = splits
        self._questions = questions
        self._numbers = numbers
        # Not itself where it is the whole: a generation that nobody serves any more is to be gone at once.
        self._whole = whole

    def readable_by(self, audience: Audience) -> OpenGeneration:
        """The same generation as if it held only what the audience may read; itself where that is everything.

        Places of passages are other ones than in the whole, so that none can be taken for a place in the other.
        """
        owners = audience.among(self.owners)
        return self if owners == self.owners else (self._whole or self)._only(Audience(owners))

    def _only(self, audience: Audience) -> OpenGeneration:
        open_to = np.array([audience.may_read(document.owner) for document in self.documents], dtype=np.bool_)
        chosen = np.flatnonzero(open_to[self._numbers])
        kept = ChosenPassages(self.passages, chosen.tolist())
        places = set(kept.positions)
        part = Part(audience.owners, chosen)
        return OpenGeneration(
            generation=self.generation,
            embedding_model=self.embedding_model,
            steps=self.steps,
            documents=tuple(document for document in self.documents if audience.may_read(document.owner)),
            passages=kept,
            changes=_those_in(self.changes, places, self.passages),
            figures=_those_in(self.figures, places, self.passages),
            index=self._lexical.only(part),
            vectors=self._vectors.only(part) if self._vectors is not None else None,
            splits=self._splits.only(audience.owners),
            questions=starts_of(np.diff(self._questions)[chosen]),
            numbers=(np.cumsum(open_to) - 1)[self._numbers[chosen]],
            whole=self,
        )

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
        """The k best positions and BM25 scores. Raises IndexUnavailable where a server does not answer."""
        return self._lexical.search(terms, k)

    def look_up(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """The same from the files alone, wherever searches are done otherwise."""
        return self._lexical.look_up(terms, k)

    def dense(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """The k best positions and cosine similarities; empty where the generation has no vectors."""
        return self._vectors.dense(vector, k) if self._vectors is not None else []

    def asked(self, vector: Vectors, k: int) -> list[tuple[int, Asked, float]]:
        """The k nearest of the passages' own questions; empty where the generation has no vectors."""
        found = self._vectors.asked(vector, k) if self._vectors is not None else []
        return [(position, self.passages[position].questions[which], cosine) for position, which, cosine in found]


def _those_in(marked: ChosenPassages, places: Collection[int], passages: Sequence[Passage]) -> ChosenPassages:
    """The marked passages that stand in one of the places."""
    return ChosenPassages(passages, [place for place in marked.positions if place in places])
