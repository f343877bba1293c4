"""Dense vectors searched by FAISS: exact inner product over normalised vectors, which is cosine similarity.

The rows are a plain NumPy file that FAISS's search reads where it lies. Opening one copies nothing and takes no time,
whatever its size; and no parser of FAISS's own format ever sees a file.
"""

from __future__ import annotations

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.errors import EmbeddingFailed
from knowledge.ports import Vectors


class DenseIndex:
    """Rows to search, one a text; exact, and one pass over them a question: 5 ms for 100,000 rows of 384 numbers."""

    def __init__(self, rows: Vectors) -> None:
        """`rows` may be a view of a file; float32 in the usual order is not copied."""
        self.rows: Vectors = np.ascontiguousarray(rows, dtype=np.float32)

    @property
    def size(self) -> int:
        """How many vectors it holds."""
        return len(self.rows)

    def search(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """The k nearest (position, cosine), best first. Raises EmbeddingFailed for a vector of another width."""
        if self.size == 0:
            return []
        if vector.size != self.rows.shape[1]:
            raise EmbeddingFailed(f"the question's vector has {vector.size} dimensions, the index {self.rows.shape[1]}")
        # A single query over flat rows is slower with several OpenMP threads; the number is a thread's own setting.
        faiss.omp_set_num_threads(1)
        question = np.ascontiguousarray(vector.reshape(1, -1), dtype=np.float32)
        scores, positions = faiss.knn(question, self.rows, min(k, self.size), faiss.METRIC_INNER_PRODUCT)
        return [(int(p), float(s)) for p, s in zip(positions[0], scores[0], strict=True) if p >= 0]


class PassageVectors:
    """The rows of `embedded_texts(passages)` as two indexes: the passages, and the questions that they answer."""

    def __init__(self, rows: Vectors, first_questions: NDArray[np.int64]) -> None:
        """`first_questions` says where each passage's questions begin among all questions, and last how many."""
        passages = len(first_questions) - 1
        if len(rows) != passages + int(first_questions[-1]):
            raise ValueError(f"{len(rows)} vectors for {passages} passages with {int(first_questions[-1])} questions")
        self._texts = DenseIndex(rows[:passages])
        self._questions = DenseIndex(rows[passages:])
        self._first = first_questions

    def dense(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """The k nearest passages. Raises EmbeddingFailed for a vector of another width."""
        return self._texts.search(vector, k)

    def asked(self, vector: Vectors, k: int) -> list[tuple[int, int, float]]:
        """The k nearest questions: passage, which of its questions, cosine. Raises EmbeddingFailed like `dense`."""
        found = self._questions.search(vector, k)
        owners = np.searchsorted(self._first, [row for row, _ in found], side="right") - 1
        return [
            (int(owner), row - int(self._first[owner]), cosine)
            for owner, (row, cosine) in zip(owners, found, strict=True)
        ]


def first_questions(counts: list[int]) -> NDArray[np.int64]:
    """Where each passage's questions begin among all questions, from how many each has; the last is how many."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(np.array(counts, dtype=np.int64), dtype=np.int64)))
