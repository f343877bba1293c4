"""What an index of words is made of: every passage analysed once, its terms counted in flat arrays.

How compounds are split is known only when every passage has been read, as it depends on the words that stand on their
own. So each word that may be one is counted under a mark, and what the mark stands for is filled in at the end: once a
word, not once an occurrence.

What is counted of a document depends on nothing that its readers may not read: on the federation's documents, and for
a municipality's document on that municipality's others. So an index looks the same to somebody whether or not it also
holds what is not for them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

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
_ALIKE: Mapping[str, Split] = MappingProxyType({})
_NOWHERE = Token("", TokenKind.WORD, 0, 0)
_BLOCK = 4096
"""Passages whose terms are summed up together: bounds what is held at a time."""


class TermCounts:
    """Takes passages one by one; holds twelve bytes for every different word of each."""

    def __init__(self, documents: Iterable[Document], steps: Steps = ALL) -> None:
        self._steps = steps
        documents = tuple(documents)
        self._aliases = {(each.origin, each.path): " ; ".join(each.aliases) for each in documents if each.aliases}
        self._owners = {(each.origin, each.path): each.owner for each in documents if each.owner}
        self._shapes: dict[tuple[str, tuple[str, ...], str], int] = {}
        self._alone: dict[str, set[int]] = {"": set()}
        self._titles: dict[tuple[str, str, str], tuple[Sequence[int], Sequence[int]]] = {}
        self._of: list[str] = []
        self._ends = array("q")
        self._ids = array("i")
        self._weights = array("f")

    def add(self, passage: Passage) -> None:
        """The next passage: body, headings, title, the document's other names and the passage's questions."""
        owner = self._owners.get((passage.origin, passage.path), "")
        title, aliases = self._title(passage, owner)
        body, headings = self._read(passage.text, owner), self._read(" ; ".join(passage.headings), owner)
        asked = self._read(" ; ".join(asked.text for asked in passage.questions), owner) if passage.questions else ()
        self._alone.setdefault(owner, set()).update(body, headings, title)
        self._of.append(owner)
        counts: dict[int, float] = {}
        fields = ((1.0, body), (HEADING_WEIGHT, headings), (TITLE_WEIGHT, title), (TITLE_WEIGHT, aliases))
        for weight, shapes in (*fields, (ASKED_WEIGHT, asked)):
            for shape in shapes:
                counts[shape] = counts.get(shape, 0.0) + weight
        self._ids.extend(counts)
        self._weights.extend(counts.values())
        self._ends.append(len(self._ids))

    @property
    def owners(self) -> list[str]:
        """The municipalities that own some of the passages, sorted."""
        return sorted(filter(None, self._alone))

    def standalone_words(self, owner: str = "") -> list[str]:
        """The terms that stand on their own somewhere in an owner's passages, sorted: what compounds may be split into.

        Without an owner, those of the federation's.
        """
        mains = list(self._shapes)
        words = {mains[shape][0] for shape in self._alone[owner]}
        return sorted(word for word in words if len(word) >= MIN_PART and word.isalpha())

    def long_words(self, owner: str = "") -> list[str]:
        """Every word of an owner's passages that may be a compound, sorted."""
        whose = [parts for _, parts, of in self._shapes if of == owner]
        return sorted({part[1:] for parts in whose for part in parts if part.startswith(_MARK)})

    def arrays(self, split: Split, own: Mapping[str, Split] = _ALIKE) -> LexicalArrays:
        """The index of words, with compounds split by `split`, and those of an owner's passages as `own` says."""
        rows = [list(_expanded(main, parts, own.get(of, split)).items()) for main, parts, of in self._shapes]
        terms = sorted({term for row in rows for term, _ in row})
        number = {term: place for place, term in enumerate(terms)}
        starts = np.zeros(len(rows) + 1, dtype=np.int64)
        starts[1:] = np.cumsum([len(row) for row in rows])
        columns = np.array([number[term] for row in rows for term, _ in row], dtype=np.int32)
        shares = np.array([share for row in rows for _, share in row], dtype=np.float32)
        blocks = list(self._blocks(starts, columns, shares, len(terms)))
        return _sorted_by_term(terms, blocks, self._of)

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

    def _title(self, passage: Passage, owner: str) -> tuple[Sequence[int], Sequence[int]]:
        """Title and other names are the same for all passages of a document: read once."""
        other = self._aliases.get((passage.origin, passage.path), "")
        known = self._titles.get((passage.title, other, owner))
        if known is None:
            known = self._read(passage.title, owner), self._read(other, owner)
            self._titles[passage.title, other, owner] = known
        return known

    def _read(self, text: str, owner: str) -> list[int]:
        shapes = self._shapes
        terms = analyse(text, _marked, self._steps)
        return [shapes.setdefault((term.main, term.parts, owner), len(shapes)) for term in terms]


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
    passages_of: Sequence[str],
) -> LexicalArrays:
    nothing = (np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32))
    owners, columns, frequencies = (np.concatenate(parts) for parts in zip(*(blocks or [nothing]), strict=True))
    passages = len(passages_of)
    lengths = np.bincount(owners, weights=frequencies, minlength=passages).astype(np.float32)
    norms = np.zeros(passages, dtype=np.float32)
    federations = np.array([not owner for owner in passages_of], dtype=np.bool_)
    for owner in set(passages_of):
        own = np.array([each == owner for each in passages_of], dtype=np.bool_)
        average = float(lengths[federations | own].mean())
        norms[own] = np.asarray(K1 * (1 - B + B * lengths[own] / max(average, 1e-6)), dtype=np.float32)
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
