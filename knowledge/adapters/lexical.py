"""BM25 over Swedish terms, on sparse arrays: a query costs what its terms' postings cost, not what the corpus costs.

Robertson and Zaragoza (2009), The Probabilistic Relevance Framework, section 3.3 (BM25) and 3.6 (fields as weighted
term frequencies, BM25F).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.adapters.readable_part import Part


@dataclass(frozen=True, slots=True)
class LexicalArrays:
    """The index as arrays: postings of term t are `positions[starts[t]:starts[t+1]]` with their `impacts`.

    `terms` are sorted; the arrays may be views of files, of which a search reads only its terms' postings.
    """

    terms: Sequence[str]
    starts: NDArray[np.int64]
    positions: NDArray[np.int32]
    impacts: NDArray[np.float32]
    passages: int


class LexicalIndex:
    """Searches weighted terms; immutable and safe to share between threads.

    With `chosen` passages it is as if there were no others: they alone are counted, scored and told, under their places
    among the chosen.
    """

    def __init__(self, arrays: LexicalArrays, chosen: NDArray[np.int64] | None = None) -> None:
        """`chosen` are positions, in order."""
        self.arrays = arrays
        self._chosen = chosen
        self._passages = arrays.passages if chosen is None else len(chosen)
        self._frequencies = None if chosen is None else _frequencies(arrays, chosen)

    @property
    def terms(self) -> Sequence[str]:
        """The terms that the passages hold, sorted."""
        if self._frequencies is None:
            return self.arrays.terms
        return [self.arrays.terms[row] for row in np.flatnonzero(self._frequencies).tolist()]

    def document_frequency(self, term: str) -> int:
        """How many passages hold the term."""
        row = self._row(term)
        if row is None:
            return 0
        if self._frequencies is not None:
            return int(self._frequencies[row])
        return int(self.arrays.starts[row + 1] - self.arrays.starts[row])

    def idf(self, term: str) -> float:
        """Robertson's idf, kept above zero by the `1 +` of Lucene."""
        frequency = self.document_frequency(term)
        return float(np.log1p((self._passages - frequency + 0.5) / (frequency + 0.5)))

    def search(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """The k best (position, score), best first; positions without any term are left out."""
        scores = np.zeros(self.arrays.passages, dtype=np.float32)
        for row, gain in self.gains(terms).items():
            postings = slice(int(self.arrays.starts[row]), int(self.arrays.starts[row + 1]))
            np.add.at(scores, self.arrays.positions[postings], np.float32(gain) * self.arrays.impacts[postings])
        return best(scores if self._chosen is None else scores[self._chosen], k)

    def look_up(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """The same as `search`: here both look at files."""
        return self.search(terms, k)

    def gains(self, terms: Mapping[str, float]) -> dict[int, float]:
        """What each term that there is weighs, by its number: its weight times its idf."""
        rows = ((self._row(term), weight * self.idf(term)) for term, weight in terms.items())
        return {row: gain for row, gain in rows if row is not None}

    def only(self, part: Part) -> LexicalIndex:
        """The same arrays, of which these passages alone count."""
        return LexicalIndex(self.arrays, part.positions)

    def _row(self, term: str) -> int | None:
        row = bisect_left(self.arrays.terms, term)
        return row if row < len(self.arrays.terms) and self.arrays.terms[row] == term else None


def best(scores: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
    """The k highest positive scores with their positions, best first; ties keep reading order."""
    positive = np.flatnonzero(scores > 0)
    count = min(k, len(positive))
    if count == 0:
        return []
    gains = scores[positive]
    # NumPy selects the lowest in half a millisecond; the highest take twenty where most are equal.
    cut = -np.partition(-gains, count - 1)[count - 1]
    above, level = positive[gains > cut], positive[gains == cut]
    top = np.concatenate((above, level[: count - len(above)]))
    ordered = top[np.lexsort((top, -scores[top]))]
    return [(int(position), float(scores[position])) for position in ordered]


def _frequencies(arrays: LexicalArrays, chosen: NDArray[np.int64]) -> NDArray[np.int32]:
    """How many of the chosen passages hold each term."""
    is_chosen = np.zeros(arrays.passages, dtype=np.bool_)
    is_chosen[chosen] = True
    before = np.zeros(len(arrays.positions) + 1, dtype=np.int32)
    np.cumsum(is_chosen[arrays.positions], dtype=np.int32, out=before[1:])
    return np.asarray(np.diff(before[arrays.starts]), dtype=np.int32)


def check(arrays: LexicalArrays) -> None:
    """Raises ValueError where arrays read from disk do not fit together."""
    if len(arrays.starts) != len(arrays.terms) + 1 or len(arrays.positions) != len(arrays.impacts):
        raise ValueError("term and posting arrays differ in length")
    if arrays.starts[0] != 0 or arrays.starts[-1] != len(arrays.positions) or (np.diff(arrays.starts) < 0).any():
        raise ValueError("posting starts are not in order")
