"""A generation in memory: what every search goes through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.adapters.dense import PassageVectors
from knowledge.adapters.generation_files import Contents, Manifest
from knowledge.adapters.lexical import LexicalIndex
from knowledge.model import Asked, Document, Passage
from knowledge.ports import Vectors
from knowledge.swedish.compounds import CompoundSplitter


class OpenGeneration:
    """A generation in memory, ready to search; implements `knowledge.ports.Index`."""

    def __init__(
        self,
        manifest: Manifest,
        contents: Contents,
        index: LexicalIndex,
        splitter: CompoundSplitter,
    ) -> None:
        self.generation = manifest.generation
        self.embedding_model = manifest.model
        self.documents: Sequence[Document] = contents.documents
        self.passages: Sequence[Passage] = contents.passages
        self._lexical = index
        self._vectors = PassageVectors(contents.passages, contents.vectors) if contents.vectors is not None else None
        self._splitter = splitter

    def split(self, word: str) -> tuple[str, ...]:
        """Parts of a compound, by this generation's vocabulary."""
        return self._splitter.split(word)

    def terms(self) -> tuple[str, ...]:
        """The vocabulary of analysed terms, sorted."""
        return self._lexical.arrays.terms

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
        return self._vectors.asked(vector, k) if self._vectors is not None else []
