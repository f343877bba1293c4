"""Evidence to quotes: which sentences, list items or figures make up the answer, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.concepts import Concept
from knowledge.evidence import Evidence
from knowledge.kinds import Kind
from knowledge.model import Passage, PassageKind
from knowledge.pieces import Piece, PieceReader, Role
from knowledge.question import Question

MAX_LENGTH = 820
"""Characters of quoted text in one answer; with lead and markers it stays below about 900."""
MAX_SENTENCES = 3
MAX_PLACES = 3
MAX_LIST = 12
SHORT = 300
"""Characters below which the first place is quoted further."""
MAX_FURTHER = 4
CLOSE = 0.6
NEXT = 0.6
"""A further sentence of the same place, of another place, must weigh at least this share of the best one's score."""
SAME = 0.6
"""From this share of common terms on, two sentences say the same."""
_ONE_FACT = frozenset((Kind.NUMBER, Kind.MONEY, Kind.TIME, Kind.PERSON))


@dataclass(frozen=True, slots=True)
class Quote:
    """Adjacent units of one passage, in the source's order."""

    passage: Passage
    pieces: tuple[Piece, ...]

    @property
    def is_list(self) -> bool:
        """Whether it is a list or table rather than running text."""
        return len(self.pieces) > 1 and any(piece.role in (Role.ITEM, Role.ROW) for piece in self.pieces)

    @property
    def length(self) -> int:
        """Characters, markers included."""
        return sum(len(piece.text) + 5 for piece in self.pieces)


def choose(
    question: Question, concepts: Sequence[Concept], evidence: Sequence[Evidence], reader: PieceReader
) -> tuple[Quote, ...]:
    """The quotes that answer, best place first; further places only where nearly as good and saying something else.

    A comparison quotes one place for each of the things compared.
    """
    usable = [one for one in evidence if one.piece.role is not Role.RESERVATION] or list(evidence)
    if question.kind is Kind.COMPARISON:
        sides = _sides(concepts, usable)
        if len(sides) > 1:
            return _within([Quote(one.hit.passage, (one.piece,)) for one in sides])
    best = usable[0]
    first = _around(question, best, usable, reader)
    return _within([first, *_further(best, usable, first, reader)])


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
                found.append(piece.text.removeprefix("Obs:").strip())
    return tuple(dict.fromkeys(found))[:2]


def _around(question: Question, best: Evidence, usable: Sequence[Evidence], reader: PieceReader) -> Quote:
    """The quote around the best evidence: a whole list, a table's rows, or neighbouring sentences that also speak."""
    passage = best.hit.passage
    pieces = reader.read(passage).pieces
    if passage.kind is PassageKind.FIGURE:
        return Quote(passage, _distribution(best.piece, pieces))
    if passage.kind is PassageKind.DEFINITION:
        return Quote(passage, pieces[:1])
    if best.piece.role is Role.ROW:
        return Quote(passage, _rows(best, usable, pieces))
    if best.piece.role is Role.LEAD or (best.piece.role is Role.ITEM and _wants_list(question, best, usable)):
        return Quote(passage, _list_around(best.piece, pieces))
    own = {one.piece.position: one for one in usable if one.hit.passage.id == passage.id}
    chosen = [best.piece]
    for position in sorted(own, key=lambda other: (abs(other - best.piece.position), other)):
        one = own[position]
        if len(chosen) == MAX_SENTENCES or one.piece in chosen or one.piece.role is not Role.SENTENCE:
            continue
        beside = min(abs(position - piece.position) for piece in chosen) == 1
        if one.score >= CLOSE * best.score or (beside and one.own >= max(0.2, 0.5 * best.own)):
            chosen.append(one.piece)
    return Quote(passage, _filled(sorted(chosen, key=lambda piece: piece.position), pieces))


def _distribution(best: Piece, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """A figure's sentences with percentages: the whole distribution, never one bar of it alone."""
    shares = tuple(piece for piece in pieces if "procent" in piece.text and piece.role is Role.SENTENCE)
    return shares[:MAX_SENTENCES] or (best,)


def _filled(chosen: list[Piece], pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """A lone short sentence gets the sentences after it, which usually say why and how."""
    while sum(len(piece.text) for piece in chosen) < SHORT:
        following = chosen[-1].position + 1
        if following >= len(pieces) or pieces[following].role is not Role.SENTENCE:
            break
        chosen.append(pieces[following])
    return tuple(chosen)


def _wants_list(question: Question, best: Evidence, usable: Sequence[Evidence]) -> bool:
    """Whether the items answer together: a list is asked for, or several of them are about equally good."""
    equals = [one for one in usable if _same_place(one, best) and one.score >= 0.9 * best.score]
    several = sum(one.piece.role is Role.ITEM for one in equals) >= 3
    return several if question.kind in _ONE_FACT else several or question.kind is Kind.LIST


def _same_place(one: Evidence, other: Evidence) -> bool:
    return one.hit.passage.id == other.hit.passage.id


def _list_around(piece: Piece, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    start = piece.position
    while start > 0 and pieces[start].role is Role.ITEM:
        start -= 1
    chosen = [pieces[start]]
    for following in pieces[start + 1 :]:
        if following.role not in (Role.ITEM, Role.ROW) or len(chosen) > MAX_LIST:
            break
        chosen.append(following)
    return tuple(chosen)


def _rows(best: Evidence, usable: Sequence[Evidence], pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The rows that speak, under their header and the sentence that introduces the table."""
    rows = [piece for piece in pieces if piece.role is Role.ROW]
    good = {one.piece.position for one in usable if _same_place(one, best) and one.score >= 0.9 * best.score}
    body = [piece for piece in rows[1:] if piece.position in good] or rows[1:]
    intro = [piece for piece in pieces if piece.position == rows[0].position - 1]
    return (*intro, rows[0], *body[:MAX_LIST])


def compared(concepts: Sequence[Concept]) -> tuple[Concept, ...]:
    """The things that a comparison compares: its first weighty concepts; empty where there is only one."""
    weighty = tuple(one for one in concepts if not one.generic and one.known)[:3]
    return weighty if len(weighty) > 1 else ()


def _sides(concepts: Sequence[Concept], usable: Sequence[Evidence]) -> list[Evidence]:
    """For each thing compared the best unit that holds it, each place once."""
    found: list[Evidence] = []
    for concept in compared(concepts):
        holding = [one for one in usable if one.alone.get(concept.surface, 0.0) >= 0.7]
        if holding and all(not _same_place(holding[0], other) for other in found):
            found.append(holding[0])
    return found


def _further(best: Evidence, usable: Sequence[Evidence], first: Quote, reader: PieceReader) -> list[Quote]:
    """The best sentences of the next places, as long as they are nearly as good and say something else."""
    said = [piece.terms for piece in first.pieces]
    chosen: dict[str, list[Evidence]] = {}
    for one in usable:
        place = one.hit.passage.id
        if one.score < NEXT * best.score or sum(map(len, chosen.values())) == MAX_FURTHER:
            break
        if place == first.passage.id or one.piece.role is Role.LEAD or len(one.missing) > len(best.missing):
            continue
        if len(chosen) == MAX_PLACES - 1 and place not in chosen:
            continue
        if any(_overlap(one.piece.terms, terms) > SAME for terms in said):
            continue
        chosen.setdefault(place, []).append(one)
        said.append(one.piece.terms)
    return [_next(same, reader) for same in chosen.values()]


def _next(same: Sequence[Evidence], reader: PieceReader) -> Quote:
    passage = same[0].hit.passage
    pieces = reader.read(passage).pieces
    if passage.kind is PassageKind.FIGURE:
        return Quote(passage, _distribution(same[0].piece, pieces))
    if passage.kind is PassageKind.DEFINITION:
        return Quote(passage, pieces[:1])
    return Quote(passage, tuple(sorted((one.piece for one in same), key=lambda piece: piece.position)))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def _within(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """As much as a chat reader reads; the first unit always stays, and a list loses items from its end only."""
    kept: list[Quote] = []
    left = MAX_LENGTH
    for quote in quotes:
        pieces: list[Piece] = []
        for piece in quote.pieces:
            left -= len(piece.text) + 5
            if left < 0 and (pieces or kept):
                break
            pieces.append(piece)
        if pieces:
            kept.append(Quote(quote.passage, tuple(pieces)))
        if left < 0:
            break
    return tuple(kept)
