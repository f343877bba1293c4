"""The searches of a generation that a server holds: what is asked of it, and what its answers mean here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.adapters.lexical import LexicalArrays, LexicalIndex
from knowledge.adapters.readable_part import Part
from knowledge.adapters.search_server import Gain, SearchServer
from knowledge.errors import EmbeddingFailed, IndexDamaged
from knowledge.ports import Vectors


class ServedPassages:
    """A generation on a server, as far as it may be read; `owners` are all of those whose passages that is."""

    def __init__(
        self, server: SearchServer, generation: str, owners: frozenset[str], part: NDArray[np.int64] | None = None
    ) -> None:
        self.server = server
        self.generation = generation
        self.owners = sorted({"", *owners})
        self._part = part

    def only(self, part: Part) -> ServedPassages:
        """The same, and nothing but the part."""
        return ServedPassages(self.server, self.generation, part.owners, part.positions)

    def places(self, positions: Sequence[int]) -> list[int]:
        """Places among what may be read. Raises IndexDamaged where the server found something else."""
        if self._part is None:
            return list(positions)
        wanted = np.asarray(positions, dtype=np.int64)
        found = np.searchsorted(self._part, wanted)
        if len(wanted) and (found.max() >= len(self._part) or (self._part[found] != wanted).any()):
            raise IndexDamaged(f"the search server found passages of {self.generation} that it was not asked for")
        places: list[int] = found.tolist()
        return places


class ServedWords:
    """Implements `knowledge.adapters.search_server.WordSearch`: weights come from the files, the server sums up."""

    def __init__(self, local: LexicalIndex, passages: ServedPassages) -> None:
        self._local = local
        self._passages = passages

    @property
    def arrays(self) -> LexicalArrays:
        """The postings in the generation's files."""
        return self._local.arrays

    @property
    def terms(self) -> Sequence[str]:
        """The terms that the passages hold, sorted."""
        return self._local.terms

    def document_frequency(self, term: str) -> int:
        """How many passages hold the term."""
        return self._local.document_frequency(term)

    def idf(self, term: str) -> float:
        """Inverse document frequency of the term."""
        return self._local.idf(term)

    def search(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """The k best positions and BM25 scores. Raises IndexUnavailable."""
        gains = [Gain(row, self.arrays.terms[row], gain) for row, gain in sorted(self._local.gains(terms).items())]
        if not gains or k < 1:
            return []
        served = self._passages
        found = served.server.words(served.generation, gains, served.owners, k)
        return list(zip(served.places([each for each, _ in found]), (score for _, score in found), strict=True))

    def look_up(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """The same from the files."""
        return self._local.search(terms, k)

    def only(self, part: Part) -> ServedWords:
        """As if there were no other passages."""
        return ServedWords(self._local.only(part), self._passages.only(part))


class ServedVectors:
    """Implements `knowledge.adapters.search_server.VectorSearch`."""

    def __init__(self, passages: ServedPassages, width: int) -> None:
        self._passages = passages
        self._width = width

    def dense(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """The k nearest passages. Raises EmbeddingFailed, IndexUnavailable."""
        served = self._passages
        found = served.server.texts(served.generation, self._fitting(vector), served.owners, k)
        return list(zip(served.places([each for each, _ in found]), (near for _, near in found), strict=True))

    def asked(self, vector: Vectors, k: int) -> list[tuple[int, int, float]]:
        """The k nearest questions. Raises EmbeddingFailed, IndexUnavailable."""
        served = self._passages
        found = served.server.questions(served.generation, self._fitting(vector), served.owners, k)
        places = served.places([position for position, _, _ in found])
        return [(place, which, near) for place, (_, which, near) in zip(places, found, strict=True)]

    def only(self, part: Part) -> ServedVectors:
        """As if there were no other passages."""
        return ServedVectors(self._passages.only(part), self._width)

    def _fitting(self, vector: Vectors) -> Vectors:
        if vector.size != self._width:
            raise EmbeddingFailed(f"the question's vector has {vector.size} dimensions, the index {self._width}")
        return np.ascontiguousarray(vector.reshape(-1), dtype=np.float32)
