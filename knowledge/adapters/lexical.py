"""BM25 over Swedish terms, on sparse arrays: a query costs what its terms' postings cost, not what the corpus costs.

Robertson and Zaragoza (2009), The Probabilistic Relevance Framework, section 3.3 (BM25) and 3.6 (fields as weighted
term frequencies, BM25F).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.model import Document, Passage
from knowledge.swedish.analysis import PART_WEIGHT, Term, analyse, weights
from knowledge.swedish.compounds import MIN_PART, MIN_WORD, CompoundSplitter
from knowledge.swedish.tokens import normalise, tokenize

K1 = 1.2
B = 0.6
HEADING_WEIGHT = 1.0
TITLE_WEIGHT = 0.5
ASKED_WEIGHT = 0.5
"""What a word counts in the heading path, in the title, and in a question that the passage answers."""


@dataclass(frozen=True, slots=True)
class LexicalArrays:
    """The index as arrays: postings of term t are `positions[starts[t]:starts[t+1]]` with their `impacts`."""

    terms: tuple[str, ...]
    starts: NDArray[np.int64]
    positions: NDArray[np.int32]
    impacts: NDArray[np.float32]
    passages: int


class LexicalIndex:
    """Searches weighted terms; immutable and safe to share between threads."""

    def __init__(self, arrays: LexicalArrays) -> None:
        self.arrays = arrays
        self._row = {term: row for row, term in enumerate(arrays.terms)}

    def document_frequency(self, term: str) -> int:
        """How many passages hold the term."""
        row = self._row.get(term)
        return 0 if row is None else int(self.arrays.starts[row + 1] - self.arrays.starts[row])

    def idf(self, term: str) -> float:
        """Robertson's idf, kept above zero by the `1 +` of Lucene."""
        frequency = self.document_frequency(term)
        return float(np.log1p((self.arrays.passages - frequency + 0.5) / (frequency + 0.5)))

    def search(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """The k best (position, score), best first; positions without any term are left out."""
        scores = np.zeros(self.arrays.passages, dtype=np.float32)
        for term, weight in terms.items():
            row = self._row.get(term)
            if row is None:
                continue
            postings = slice(int(self.arrays.starts[row]), int(self.arrays.starts[row + 1]))
            scores[self.arrays.positions[postings]] += weight * self.idf(term) * self.arrays.impacts[postings]
        return best(scores, k)


def best(scores: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
    """The k highest positive scores with their positions, best first; ties keep reading order."""
    count = min(k, int(np.count_nonzero(scores > 0)))
    if count == 0:
        return []
    cut = np.partition(scores, len(scores) - count)[len(scores) - count]
    above, level = np.flatnonzero(scores > cut), np.flatnonzero(scores == cut)
    top = np.concatenate((above, level[: count - len(above)]))
    ordered = top[np.lexsort((top, -scores[top]))]
    return [(int(position), float(scores[position])) for position in ordered]


def standalone_words(passages: Sequence[Passage]) -> list[str]:
    """The terms that stand on their own somewhere in these passages: what compounds may be split into."""
    counts: Counter[str] = Counter()
    for passage in passages:
        counts.update(term.main for term in analyse(passage.context))
    return sorted(word for word in counts if len(word) >= MIN_PART and word.isalpha())


def splits(passages: Sequence[Passage], splitter: CompoundSplitter) -> dict[str, tuple[str, ...]]:
    """How every long word of these passages is split (empty: it is not), for `CompoundSplitter` to start with."""
    words = {
        piece
        for passage in passages
        for token in tokenize(normalise(" ".join((passage.context, _asked(passage)))))
        for piece in token.text.split("-")
        if len(piece) >= MIN_WORD and piece.isalpha()
    }
    return {word: splitter.split(word) for word in sorted(words)}


def build(passages: Sequence[Passage], documents: Sequence[Document], splitter: CompoundSplitter) -> LexicalIndex:
    """Index body, headings, title, the document's other names and the passage's questions, each with its weight."""
    aliases = {(document.origin, document.path): " ; ".join(document.aliases) for document in documents}
    frequencies: list[dict[str, float]] = []
    for passage in passages:
        title = f"{passage.title} ; {aliases.get((passage.origin, passage.path), '')}"
        frequencies.append(
            _fields(
                (1.0, analyse(passage.text, splitter.split)),
                (HEADING_WEIGHT, analyse(" ; ".join(passage.headings), splitter.split)),
                (TITLE_WEIGHT, analyse(title, splitter.split)),
                (ASKED_WEIGHT, analyse(_asked(passage), splitter.split)),
            )
        )
    return LexicalIndex(_arrays(frequencies))


def _asked(passage: Passage) -> str:
    return " ; ".join(asked.text for asked in passage.questions)


def _fields(*fields: tuple[float, list[Term]]) -> dict[str, float]:
    merged: dict[str, float] = {}
    for field_weight, terms in fields:
        for term, weight in weights(terms, PART_WEIGHT).items():
            merged[term] = merged.get(term, 0.0) + field_weight * weight
    return merged


def _arrays(frequencies: Sequence[Mapping[str, float]]) -> LexicalArrays:
    lengths = np.array([sum(frequency.values()) for frequency in frequencies], dtype=np.float32)
    average = float(lengths.mean()) if len(lengths) else 1.0
    postings: dict[str, list[tuple[int, float]]] = {}
    for position, frequency in enumerate(frequencies):
        norm = K1 * (1 - B + B * float(lengths[position]) / max(average, 1e-6))
        for term, count in frequency.items():
            postings.setdefault(term, []).append((position, count * (K1 + 1) / (count + norm)))
    terms = tuple(sorted(postings))
    starts = np.zeros(len(terms) + 1, dtype=np.int64)
    starts[1:] = np.cumsum([len(postings[term]) for term in terms])
    flat = [entry for term in terms for entry in postings[term]]
    return LexicalArrays(
        terms=terms,
        starts=starts,
        positions=np.array([position for position, _ in flat], dtype=np.int32),
        impacts=np.array([impact for _, impact in flat], dtype=np.float32),
        passages=len(frequencies),
    )


def check(arrays: LexicalArrays) -> None:
    """Raises ValueError where arrays read from disk do not fit together."""
    if len(arrays.starts) != len(arrays.terms) + 1 or len(arrays.positions) != len(arrays.impacts):
        raise ValueError("term and posting arrays differ in length")
    if any(later < earlier for earlier, later in pairwise(arrays.starts)):
        raise ValueError("posting starts are not in order")
