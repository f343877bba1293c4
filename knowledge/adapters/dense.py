"""Dense vectors searched by FAISS: exact inner product over normalised vectors, which is cosine similarity.

The rows are a plain NumPy file that FAISS's search reads where it lies. Opening one copies nothing and takes no time,
whatever its size; and no parser of FAISS's own format ever sees a file.
"""

from __future__ import annotations

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.adapters.readable_part import Part
from knowledge.errors import EmbeddingFailed
from knowledge.ports import Vectors


class DenseIndex:
    """Rows to search, one a text; exact, and one pass over them a question: 5 ms for 100,000 rows of 384 numbers.

    With `chosen` rows it is as if there were no others: FAISS passes over them, and the rest are told under their
    places among the chosen.
    """

    def __init__(self, rows: Vectors, chosen: NDArray[np.int64] | None = None) -> None:
        """`rows` may be a view of a file; float32 in the usual order is not copied. `chosen` are places, in order."""
        self.rows: Vectors = np.ascontiguousarray(rows, dtype=np.float32)
        self._chosen = chosen
        self._selector: faiss.IDSelectorBitmap | None = None
        if chosen is not None:
            is_chosen = np.zeros(len(rows), dtype=np.bool_)
            is_chosen[chosen] = True
            self._bits = np.packbits(is_chosen, bitorder="little")  # kept: the selector only points at them
            self._selector = faiss.IDSelectorBitmap(len(self._bits), faiss.swig_ptr(self._bits))

    @property
    def size(self) -> int:
        """How many vectors it holds."""
        return len(self.rows) if self._chosen is None else len(self._chosen)

    def search(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """The k nearest (position, cosine), best first. Raises EmbeddingFailed for a vector of another width."""
        if self.size == 0:
            return []
        if vector.size != self.rows.shape[1]:
            raise EmbeddingFailed(f"the question's vector has {vector.size} dimensions, the index {self.rows.shape[1]}")
        # A single query over flat rows is slower with several OpenMP threads; the number is a thread's own setting.
        faiss.omp_set_num_threads(1)
        question = np.ascontiguousarray(vector.reshape(1, -1), dtype=np.float32)
        count = min(k, self.size)
        if self._chosen is None:
            found, near = faiss.knn(question, self.rows, count, faiss.METRIC_INNER_PRODUCT)
            scores, positions = found[0], near[0]
        else:
            scores, positions = self._among_chosen(question, count)
            positions = np.searchsorted(self._chosen, positions)
        return [(int(p), float(s)) for p, s in zip(positions, scores, strict=True) if p >= 0]

    def _among_chosen(self, question: Vectors, k: int) -> tuple[Vectors, NDArray[np.int64]]:
        """What `faiss.knn` does, which takes no selector; never more than there are chosen rows."""
        scores, positions = np.empty(k, dtype=np.float32), np.empty(k, dtype=np.int64)
        pointers = [faiss.swig_ptr(array) for array in (question, self.rows)]
        results = [faiss.swig_ptr(array) for array in (scores, positions)]
        rows, width = self.rows.shape
        faiss.knn_inner_product(*pointers, width, 1, rows, k, *results, self._selector)  # type: ignore[call-arg]  # C++
        return scores, positions


class PassageVectors:
    """The rows of `embedded_texts(passages)` as two indexes: the passages, and the questions that they answer."""

    def __init__(
        self, rows: Vectors, first_questions: NDArray[np.int64], chosen: NDArray[np.int64] | None = None
    ) -> None:
        """`first_questions` says where each passage's questions begin among all questions, and last how many.

        With `chosen` passages (positions, in order) it is as if there were no others.
        """
        passages = len(first_questions) - 1
        if len(rows) != passages + int(first_questions[-1]):
            raise ValueError(f"{len(rows)} vectors for {passages} passages with {int(first_questions[-1])} questions")
        self._rows = rows
        self._all_first = first_questions
        self._texts = DenseIndex(rows[:passages], chosen)
        if chosen is None:
            self._questions = DenseIndex(rows[passages:])
            self._first = first_questions
        else:
            counts = np.diff(first_questions)
            is_chosen = np.zeros(passages, dtype=np.bool_)
            is_chosen[chosen] = True
            self._questions = DenseIndex(rows[passages:], np.flatnonzero(np.repeat(is_chosen, counts)))
            self._first = starts_of(counts[chosen])

    def only(self, part: Part) -> PassageVectors:
        """The same rows, of which these passages' alone are searched."""
        return PassageVectors(self._rows, self._all_first, part.positions)

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
    return starts_of(np.array(counts, dtype=np.int64))


def starts_of(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same, from an array."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts, dtype=np.int64)))
