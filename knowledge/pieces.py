"""Passages cut into quotable units: sentences, lead-ins, list items, table rows, reservations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from itertools import pairwise

from knowledge.model import Passage, PassageKind
from knowledge.swedish.analysis import Term, analyse
from knowledge.swedish.steps import ALL, Steps
from knowledge.swedish.tokens import normalise, sentences

BULLETS = ("- ", "• ", "* ", "– ")
"""What a list item may begin with."""


class Role(StrEnum):
    """What a unit is within its passage."""

    SENTENCE = "sentence"
    LEAD = "lead"
    ITEM = "item"
    ROW = "row"
    RESERVATION = "reservation"


@dataclass(frozen=True, slots=True)
class Piece:
    """One quotable unit: its text as it stands in the passage, and its analysed terms."""

    text: str
    role: Role
    position: int
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Analysed:
    """A passage's units in reading order, and the terms of its heading path, its title and each of its questions.

    `pairs` are the words that follow each other in its headings and text, in alphabetical order.
    """

    pieces: tuple[Piece, ...]
    headings: frozenset[str]
    title: frozenset[str]
    questions: tuple[frozenset[str], ...] = ()
    pairs: frozenset[tuple[str, str]] = frozenset()

    def near(self, piece: Piece) -> frozenset[str]:
        """Terms of the units beside it; for a list item or row also of its lead-in."""
        terms = set(self.lead(piece).terms) if piece.role in (Role.ITEM, Role.ROW) else set()
        for other in self._beside(piece):
            terms |= other.terms
        return frozenset(terms)

    def beside(self, piece: Piece) -> str:
        """The text of the unit and of its neighbours."""
        return " ".join(other.text for other in (*self._beside(piece), piece))

    def lead(self, piece: Piece) -> Piece:
        """The lead-in above a list item or row; the unit itself where there is none."""
        return next(
            (other for other in reversed(self.pieces[: piece.position]) if other.role in (Role.LEAD, Role.SENTENCE)),
            piece,
        )

    def _beside(self, piece: Piece) -> Sequence[Piece]:
        around = self.pieces[max(0, piece.position - 1) : piece.position + 2]
        return [other for other in around if other is not piece]


def pairs(terms: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Terms that follow each other; which of the two comes first makes no difference."""
    return frozenset((min(pair), max(pair)) for pair in pairwise(terms))


Split = Callable[[str], tuple[str, ...]]
Terms = Callable[[str], frozenset[str]]


class PieceReader:
    """Cuts and analyses passages; results are kept, as the same passages return often."""

    def __init__(self, split: Split, keep: int = 4096, steps: Steps = ALL) -> None:
        self.split = split
        """Parts of a compound."""
        self._steps = steps
        terms = partial(_terms, split, steps)
        # Titles and headings are those of many passages, also of ones that are read for the first time. Neither cache
        # knows the reader: it goes, with the index behind it, when nobody holds it any more.
        shared = lru_cache(maxsize=keep)(terms)
        self.read = lru_cache(maxsize=keep)(partial(_read, split, steps, terms, shared))
        """Passage -> Analysed."""

    def pairs(self, text: str) -> frozenset[tuple[str, str]]:
        """The pairs of a text, analysed as those of the passages are."""
        return pairs([term.main for term in analyse(text, self.split, self._steps)])


def _read(split: Split, steps: Steps, terms: Terms, shared: Terms, passage: Passage) -> Analysed:
    pieces: list[Piece] = []
    heading = " ; ".join(passage.headings)
    order = [term.main for term in analyse(heading, steps=steps)]
    for text in sentences(normalise(passage.text)):
        role = _role(text, passage.kind)
        if role is Role.ROW and set(text) <= set("|-: "):
            continue
        found = analyse(text, split, steps)
        order.extend(term.main for term in found)
        pieces.append(Piece(text, role, len(pieces), _all(found)))
    return Analysed(
        tuple(pieces),
        shared(heading),
        shared(passage.title),
        tuple(terms(asked.text) for asked in passage.questions),
        pairs(order),
    )


def _terms(split: Split, steps: Steps, text: str) -> frozenset[str]:
    return _all(analyse(text, split, steps))


def _all(terms: Iterable[Term]) -> frozenset[str]:
    """The main terms and their parts."""
    found: set[str] = set()
    for term in terms:
        found.add(term.main)
        found.update(term.parts)
    return frozenset(found)


def _role(text: str, kind: PassageKind) -> Role:
    if text.startswith("Obs:"):
        return Role.RESERVATION
    if text.startswith("|"):
        return Role.ROW
    if text.startswith(BULLETS):
        return Role.ITEM
    if text.endswith(":") and kind is not PassageKind.DEFINITION:
        return Role.LEAD
    return Role.SENTENCE
