"""Dense vectors in FAISS: exact inner product over normalised vectors, which is cosine similarity."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np

from knowledge.errors import EmbeddingFailed
from knowledge.model import Asked, Passage
from knowledge.ports import Vectors


class DenseIndex:
    """A flat FAISS index; exact, and fast enough well beyond a hundred thousand passages."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> DenseIndex:
        """From one row a text."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def read(cls, path: Path) -> DenseIndex:
        """From a file whose checksum has been verified: FAISS itself would load a damaged file silently."""
        return cls(faiss.read_index(str(path)))

    def write(self, path: Path) -> None:
        """To a file that `read` opens."""
        faiss.write_index(self._index, str(path))

    @property
    def size(self) -> int:
        """How many vectors it holds."""
        return int(self._index.ntotal)

    def search(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """The k nearest (position, cosine), best first. Raises EmbeddingFailed for a vector of another width."""
        if self.size == 0:
            return []
        if vector.size != self._index.d:
            raise EmbeddingFailed(f"the question's vector has {vector.size} dimensions, the index {self._index.d}")
        # A single query over a flat index is slower with several OpenMP threads; the number is a thread's own setting.
        faiss.omp_set_num_threads(1)
        scores, positions = self._index.search(vector.reshape(1, -1), min(k, self.size))
        return [(int(p), float(s)) for p, s in zip(positions[0], scores[0], strict=True) if p >= 0]

    def vectors(self) -> Vectors:
        """All vectors, row by row."""
        rows: Vectors = self._index.reconstruct_n(0, self.size)
        return rows


class PassageVectors:
    """The rows of `embedded_texts(passages)` as two indexes: the passages, and the questions that they answer."""

    def __init__(self, passages: Sequence[Passage], rows: Vectors) -> None:
        self._texts = DenseIndex.build(rows[: len(passages)])
        self._questions = DenseIndex.build(rows[len(passages) :])
        self._asked = tuple((at, asked) for at, passage in enumerate(passages) for asked in passage.questions)

    def dense(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """The k nearest passages. Raises EmbeddingFailed for a vector of another width."""
        return self._texts.search(vector, k)

    def asked(self, vector: Vectors, k: int) -> list[tuple[int, Asked, float]]:
        """The k nearest questions, each with its passage and cosine. Raises EmbeddingFailed like `dense`."""
        return [(*self._asked[row], cosine) for row, cosine in self._questions.search(vector, k)]
