"""The index that is served where nothing is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.access import Audience
from knowledge.model import Asked, Document, Passage
from knowledge.ports import Vectors
from knowledge.swedish.steps import ALL
from knowledge.swedish.vocabulary import Vocabulary


class EmptyIndex:
    """A knowledge base without documents; implements `knowledge.ports.Index`."""

    generation = "empty"
    embedding_model: str | None = None
    documents: Sequence[Document] = ()
    passages: Sequence[Passage] = ()
    changes: Sequence[Passage] = ()
    figures: Sequence[Passage] = ()
    steps = ALL
    vocabulary = Vocabulary(())
    owners: frozenset[str] = frozenset()

    def readable_by(self, audience: Audience) -> EmptyIndex:
        """Nothing is kept from anybody."""
        return self

    def is_asked(self, position: int) -> bool:
        """No passage answers a question."""
        return False

    def split(self, word: str) -> tuple[str, ...]:
        """No word has parts."""
        return ()

    def document_frequency(self, term: str) -> int:
        """No passage holds any term."""
        return 0

    def idf(self, term: str) -> float:
        """Every term is as rare as any other."""
        return 1.0

    def lexical(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """Nothing is found."""
        return []

    def look_up(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """Nothing is found."""
        return []

    def dense(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Nothing is found."""
        return []

    def asked(self, vector: Vectors, k: int) -> list[tuple[int, Asked, float]]:
        """Nothing is found."""
        return []
