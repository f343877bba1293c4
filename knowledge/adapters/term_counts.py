"""What an index of words is made of: every passage analysed once, its terms counted in flat arrays.

How compounds are split is known only when every passage has been read, as it depends on the words that stand on their
own. So each word that may be one is counted under a mark, and what the mark stands for is filled in at the end: once a
word, not once an occurrence.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.adapters.lexical import LexicalArrays
from knowledge.model import Document, Passage
from knowledge.swedish.analysis import PART_WEIGHT, Split, Term, analyse, weights
from knowledge.swedish.compounds import MIN_PART, MIN_WORD
from knowledge.swedish.steps import ALL, Steps
from knowledge.swedish.tokens import Token, TokenKind

K1 = 1.2
B = 0.6
HEADING_WEIGHT = 1.0
TITLE_WEIGHT = 0.5
ASKED_WEIGHT = 0.5
"""What a word counts in the heading path, in the title, and in a question that the passage answers."""

_MARK = "\0"
_NOWHERE = Token("", TokenKind.WORD, 0, 0)
_BLOCK = 4096
"""Passages whose terms are summed up together: bounds what is held at a time."""


class TermCounts:
    """Takes passages one by one; holds twelve bytes for every different word of each."""

    def __init__(self, documents: Iterable[Document], steps: Steps = ALL) -> None:
        self._steps = steps
        self._aliases = {(each.origin, each.path): " ; ".join(each.aliases) for each in documents if each.aliases}
        self._shapes: dict[tuple[str, tuple[str, ...]], int] = {}
        self._alone: set[int] = set()
        self._titles: dict[tuple[str, str], tuple[Sequence[int], Sequence[int]]] = {}
        self._ends = array("q")
        self._ids = array("i")
        self._weights = array("f")

    def add(self, passage: Passage) -> None:
        """The next passage: body, headings, title, the document's other names and the passage's questions."""
        title, aliases = self._title(passage)
        body, headings = self._read(passage.text), self._read(" ; ".join(passage.headings))
        asked = self._read(" ; ".join(asked.text for asked in passage.questions)) if passage.questions else ()
        self._alone.update(body, headings, title)
        counts: dict[int, float] = {}
        fields = ((1.0, body), (HEADING_WEIGHT, headings), (TITLE_WEIGHT, title), (TITLE_WEIGHT, aliases))
        for weight, shapes in (*fields, (ASKED_WEIGHT, asked)):
            for shape in shapes:
                counts[shape] = counts.get(shape, 0.0) + weight
        self._ids.extend(counts)
        self._weights.extend(counts.values())
        self._ends.append(len(self._ids))

    def standalone_words(self) -> list[str]:
        """The terms that stand on their own somewhere in the passages, sorted: what compounds may be split into."""
        mains = list(self._shapes)
        words = {mains[shape][0] for shape in self._alone}
        return sorted(word for word in words if len(word) >= MIN_PART and word.isalpha())

    def long_words(self) -> list[str]:
        """Every word that may be a compound, sorted."""
        return sorted({part[1:] for _, parts in self._shapes for part in parts if part.startswith(_MARK)})

    def arrays(self, split: Split) -> LexicalArrays:
        """The index of words, with compounds split by `split`."""
        rows = [list(_expanded(main, parts, split).items()) for main, parts in self._shapes]
        terms = sorted({term for row in rows for term, _ in row})
        number = {term: place for place, term in enumerate(terms)}
        starts = np.zeros(len(rows) + 1, dtype=np.int64)
        starts[1:] = np.cumsum([len(row) for row in rows])
        columns = np.array([number[term] for row in rows for term, _ in row], dtype=np.int32)
        shares = np.array([share for row in rows for _, share in row], dtype=np.float32)
        blocks = list(self._blocks(starts, columns, shares, len(terms)))
        return _sorted_by_term(terms, blocks, len(self._ends))

    def _blocks(
        self, starts: NDArray[np.int64], columns: NDArray[np.int32], shares: NDArray[np.float32], terms: int
    ) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]]:
        """Passage, term and frequency of every posting, a block of passages at a time."""
        ends = np.concatenate(([0], np.frombuffer(self._ends, dtype=np.int64)))
        ids, counted = np.frombuffer(self._ids, dtype=np.int32), np.frombuffer(self._weights, dtype=np.float32)
        for first in range(0, len(self._ends), _BLOCK):
            last = min(first + _BLOCK, len(self._ends))
            shapes = ids[ends[first] : ends[last]]
            owners = np.repeat(np.arange(first, last), np.diff(ends[first : last + 1]))
            sizes = starts[shapes + 1] - starts[shapes]
            inside = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            places = np.repeat(starts[shapes], sizes) + inside
            keys = np.repeat(owners, sizes) * terms + columns[places]
            gains = np.repeat(counted[ends[first] : ends[last]], sizes) * shares[places]
            found, where = np.unique(keys, return_inverse=True)
            sums = np.bincount(where, weights=gains, minlength=len(found)).astype(np.float32)
            yield (found // max(terms, 1)).astype(np.int32), (found % max(terms, 1)).astype(np.int32), sums

    def _title(self, passage: Passage) -> tuple[Sequence[int], Sequence[int]]:
        """Title and other names are the same for all passages of a document: read once."""
        other = self._aliases.get((passage.origin, passage.path), "")
        known = self._titles.get((passage.title, other))
        if known is None:
            known = self._titles[passage.title, other] = self._read(passage.title), self._read(other)
        return known

    def _read(self, text: str) -> list[int]:
        shapes = self._shapes
        terms = analyse(text, _marked, self._steps)
        return [shapes.setdefault((term.main, term.parts), len(shapes)) for term in terms]


def _marked(word: str) -> tuple[str, ...]:
    return (_MARK + word,) if len(word) >= MIN_WORD and word.isalpha() else ()


def _expanded(main: str, parts: Sequence[str], split: Split) -> dict[str, float]:
    """The terms of one analysed word and what each counts, with the marks resolved."""
    known: dict[str, None] = {}
    for part in parts:
        known.update(dict.fromkeys(split(part[1:]) if part.startswith(_MARK) else (part,)))
    return weights((Term(_NOWHERE, main, tuple(known)),), PART_WEIGHT)


def _sorted_by_term(
    terms: Sequence[str],
    blocks: Sequence[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]],
    passages: int,
) -> LexicalArrays:
    nothing = (np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32))
    owners, columns, frequencies = (np.concatenate(parts) for parts in zip(*(blocks or [nothing]), strict=True))
    lengths = np.bincount(owners, weights=frequencies, minlength=passages).astype(np.float32)
    average = float(lengths.mean()) if passages else 1.0
    norms = np.asarray(K1 * (1 - B + B * lengths / max(average, 1e-6)), dtype=np.float32)
    order = np.argsort(columns, kind="stable")  # passages stay in order within a term
    starts = np.zeros(len(terms) + 1, dtype=np.int64)
    starts[1:] = np.cumsum(np.bincount(columns, minlength=len(terms)))
    positions = owners[order]
    counted = frequencies[order]
    impacts = counted * np.float32(K1 + 1) / (counted + norms[positions])
    return LexicalArrays(terms, starts, positions, impacts, passages)


def counted(passages: Iterable[Passage], documents: Iterable[Document] = (), steps: Steps = ALL) -> TermCounts:
    """All passages, counted."""
    counts = TermCounts(documents, steps)
    for passage in passages:
        counts.add(passage)
    return counts
