"""Evidence to quotes: which sentences, list items or figures make up the answer, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.bundles import bundle, opening
from knowledge.concepts import Concept
from knowledge.evidence import Evidence
from knowledge.kinds import Kind
from knowledge.model import PassageKind
from knowledge.pieces import Piece, PieceReader, Role
from knowledge.places import Place, ranked, worth
from knowledge.question import Question
from knowledge.quotes import MAX_LENGTH, Quote, fitted, length

MAX_PLACES = 5
SAME = 0.75
"""From this share of common terms on, sentences of two passages say the same."""
LEAST = 0.03
BESIDE = 0.1
"""Probability below which a unit is not quoted, even where there is room; and the same as a share of the best one's."""
NEXT = 0.5
"""A further place must score at least this share of what the best one does."""
LONG = 0.3
"""How much a unit's length counts against it, as an exponent: 0 not at all, 1 in full."""
HELD = 0.7
"""From this strength on, a unit holds one of the things that are compared."""


def choose(
    question: Question,
    concepts: Sequence[Concept],
    evidence: Sequence[Evidence],
    reader: PieceReader,
    room: int = MAX_LENGTH,
) -> tuple[Quote, ...]:
    """The quotes that answer, best place first, in `room` characters; what they open with may take all of MAX_LENGTH.

    The answer opens with the best unit of the best place, or its list, or, for a comparison, with one unit for each
    thing compared. Whatever of the best places is most likely to hold what is asked for fills it, unless it says the
    same as what is there.
    """
    usable = [one for one in evidence if one.piece.role is not Role.RESERVATION] or list(evidence)
    places = ranked(question, usable)
    if not places:
        return ()
    answer = _Answer(room)
    sides = _sides(concepts, places) if question.kind is Kind.COMPARISON else ()
    for place, one in sides:
        answer.add(place, bundle(place, one, reader))
    if not sides:
        answer.add(places[0], opening(question, places[0], reader))
    most = _most_places(question, places[0])
    units = [(worth(question, place, one), place, one) for place in places for one in place.units]
    least = max(LEAST, BESIDE * max(value for value, _, _ in units))
    for value, place, one in sorted(units, key=lambda unit: -unit[0] / len(unit[2].piece.text) ** LONG):
        new = place.passage.id not in answer.passages
        if new and (len(answer.passages) >= most or place.share < NEXT):
            continue
        if len(one.missing) > len(places[0].best.missing):
            continue
        if value >= least and not answer.says(place, one.piece):
            answer.add(place, bundle(place, one, reader))
    return fitted(answer.quotes())


class _Answer:
    """An answer in the making: units by passage, in the order in which the passages came in."""

    def __init__(self, room: int) -> None:
        self._room = room
        self.passages: dict[str, tuple[Place, dict[int, Piece]]] = {}

    def add(self, place: Place, pieces: Sequence[Piece]) -> None:
        """Take the pieces in, unless there is no room for them; the first ones always come in."""
        _, there = self.passages.get(place.passage.id, (place, {}))
        new = [piece for piece in pieces if piece.position not in there]
        if self.passages and length(new) > self._room - self._used():
            return
        there.update((piece.position, piece) for piece in new)
        self.passages[place.passage.id] = (place, there)

    def says(self, place: Place, piece: Piece) -> bool:
        """Whether the piece is in, or a unit of another passage says the same."""
        return any(
            piece.position in there if identity == place.passage.id else _is_said(piece, there.values())
            for identity, (_, there) in self.passages.items()
        )

    def quotes(self) -> tuple[Quote, ...]:
        """What is in, each passage's units in the source's order."""
        return tuple(
            Quote(place.passage, tuple(there[position] for position in sorted(there)))
            for place, there in self.passages.values()
        )

    def _used(self) -> int:
        return sum(length(tuple(there.values())) for _, there in self.passages.values())


def _is_said(piece: Piece, others: Iterable[Piece]) -> bool:
    return any(_overlap(piece.terms, other.terms) > SAME for other in others)


def _most_places(question: Question, first: Place) -> int:
    """A survey figure answers alone, with one place beside it; a definition needs few words, other questions more."""
    if first.passage.kind is PassageKind.FIGURE:
        return 2
    return MAX_PLACES - 1 if question.kind is Kind.DEFINITION else MAX_PLACES


def compared(concepts: Sequence[Concept]) -> tuple[Concept, ...]:
    """The things that a comparison compares: its first weighty concepts; empty where there is only one."""
    weighty = tuple(one for one in concepts if not one.generic and one.known)[:3]
    return weighty if len(weighty) > 1 else ()


def _sides(concepts: Sequence[Concept], places: Sequence[Place]) -> tuple[tuple[Place, Evidence], ...]:
    """For each thing compared the best unit that holds it; nothing where they cannot be told apart."""
    found: list[tuple[Place, Evidence]] = []
    for concept in compared(concepts):
        holding = (
            (place, one) for place in places for one in place.units if one.alone.get(concept.surface, 0.0) >= HELD
        )
        side = max(holding, key=lambda pair: pair[1].score, default=None)
        if side is not None and side not in found:
            found.append(side)
    return tuple(found) if len(found) > 1 else ()


def reservations(quotes: Sequence[Quote], reader: PieceReader) -> tuple[str, ...]:
    """The source's own `Obs:` sentences that stand right after a quoted unit, or share its passage with a number."""
    found: list[str] = []
    for quote in quotes:
        quoted = {piece.position for piece in quote.pieces}
        terms = frozenset(term for piece in quote.pieces for term in piece.terms)
        for piece in reader.read(quote.passage).pieces:
            if piece.role is not Role.RESERVATION or piece.position in quoted:
                continue
            if piece.position - 1 in quoted or _overlap(piece.terms, terms) >= 0.3:
                said = piece.text.removeprefix("Obs:").strip()
                found.append(said[:1].upper() + said[1:])
    return tuple(dict.fromkeys(found))[:2]


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))
