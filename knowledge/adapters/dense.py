"""Dense vectors in FAISS: exact inner product over normalised vectors, which is cosine similarity."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np

from knowledge.errors import EmbeddingFailed
from knowledge.ports import Vectors


class DenseIndex:
    """A flat FAISS index; exact, and fast enough well beyond a hundred thousand passages."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> DenseIndex:
        """From one row a passage."""
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
        """All vectors, one row a passage."""
        rows: Vectors = self._index.reconstruct_n(0, self.size)
        return rows
