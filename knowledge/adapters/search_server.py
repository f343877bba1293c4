"""Where a generation's passages are searched: in its files, or on a server that holds them, PostgreSQL or Qdrant.

What a generation is made of stays in its files: passages, documents, splits, the vocabulary and how often its terms
occur. A server does the three searches that grow with the corpus, and is given nothing but numbers and terms for them.
Its statistics are therefore those of the files, for every audience, and so are its scores.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from knowledge.adapters.lexical import LexicalArrays
from knowledge.adapters.readable_part import Part
from knowledge.adapters.server_rows import Held, ServerRows
from knowledge.ports import Vectors


@dataclass(frozen=True, slots=True)
class Gain:
    """What one term of a question is worth in every passage that holds it, times what it counts there.

    `number` is its place among the generation's terms.
    """

    number: int
    term: str
    weight: float


class WordSearch(Protocol):
    """Searches words; all but `search` is quick and looks at nothing but files."""

    @property
    def arrays(self) -> LexicalArrays:
        """The postings in the generation's files."""

    @property
    def terms(self) -> Sequence[str]:
        """The terms that the passages hold, sorted."""

    def document_frequency(self, term: str) -> int:
        """How many passages hold the term."""

    def idf(self, term: str) -> float:
        """Inverse document frequency of the term, above zero."""

    def search(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """The k best positions and BM25 scores. Raises IndexUnavailable where a server does not answer."""

    def look_up(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """The same from the files, whoever searches otherwise: for the event loop."""

    def only(self, part: Part) -> WordSearch:
        """As if there were no other passages."""


class VectorSearch(Protocol):
    """Searches vectors. Raises EmbeddingFailed for a vector of another width, IndexUnavailable without an answer."""

    def dense(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """The k nearest passages: position, cosine."""

    def asked(self, vector: Vectors, k: int) -> list[tuple[int, int, float]]:
        """The k nearest questions: position of the passage, which of its questions, cosine."""

    def only(self, part: Part) -> VectorSearch:
        """As if there were no other passages."""


class SearchServer(Protocol):
    """A server that holds generations for searching. All of it blocks, and may be called from several threads.

    Raises IndexUnavailable where the server does not answer in time, refuses, or does not hold the generation.
    Positions are those of the whole generation. Owners are the municipalities whose passages are looked at; those of
    the federation have the owner "".
    """

    def hold(self, rows: ServerRows) -> None:
        """Take a generation in, if it is not held yet; goes on where an earlier attempt ended."""

    def holds(self, held: Held) -> bool:
        """Whether exactly this generation is held: by its checksum, and by how much of it there is."""

    def names(self) -> Sequence[str]:
        """The generations that are held, whole or in part, sorted."""

    def drop(self, generation: str) -> None:
        """Forget a generation; nothing happens where it is not held."""

    def words(self, generation: str, gains: Sequence[Gain], owners: Collection[str], k: int) -> list[tuple[int, float]]:
        """The k passages with the highest sum, over the terms, of what a term counts times its weight.

        `gains` are at least one, in the order of their numbers.
        """

    def texts(self, generation: str, vector: Vectors, owners: Collection[str], k: int) -> list[tuple[int, float]]:
        """The k passages whose texts are nearest: position, inner product."""

    def questions(
        self, generation: str, vector: Vectors, owners: Collection[str], k: int
    ) -> list[tuple[int, int, float]]:
        """The k nearest questions: position of the passage, which of its questions, inner product."""

    def check(self) -> None:
        """Whether it answers."""

    def close(self) -> None:
        """Let go of every connection."""
