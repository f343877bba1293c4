"""What belongs with a unit when it is quoted: an item its lead-in, a row its header, a figure's bar all the others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from knowledge.evidence import Evidence
from knowledge.kinds import Kind
from knowledge.model import PassageKind
from knowledge.pieces import Piece, PieceReader, Role
from knowledge.places import ASKED, Place, asked_alike, worth
from knowledge.question import Question
from knowledge.quotes import length

MAX_LIST = 12
LISTED = 600
"""Items, and characters, of a list that an answer opens with."""
SHARES = 3
"""Sentences with percentages that tell a figure's distribution."""
BRIEF = 100
"""Characters below which a sentence in front of a list leaves the answer to the list."""
LEADS = 0.9
"""From this share of the best unit's coverage on, a lead-in answers with its list."""
ONE_FACT = frozenset((Kind.NUMBER, Kind.MONEY, Kind.TIME, Kind.PERSON))


def opening(question: Question, place: Place, reader: PieceReader) -> tuple[Piece, ...]:
    """What an answer opens with: the best unit of the best place, or the list that it belongs to or announces."""
    best = place.best
    pieces = reader.read(place.passage).pieces
    if place.passage.kind in (PassageKind.FIGURE, PassageKind.DEFINITION) or place.passage.change is not None:
        return bundle(place, best, reader)
    if best.piece.role is Role.ROW:
        return _rows(place, pieces)
    lead = next((piece for piece in pieces if piece.role is Role.LEAD), None)
    if lead is not None and _answers_by_heading(question, best):
        return _list_around(question, lead, pieces, place, LISTED)
    if lead is not None and question.kind is Kind.LIST and _leads_as_well(lead, place):
        return _list_around(question, lead, pieces, place, LISTED)
    if best.piece.role is Role.LEAD or (best.piece.role is Role.ITEM and question.kind is Kind.LIST):
        return _list_around(question, best.piece, pieces, place, LISTED)
    if lead is not None and best.piece.role is Role.SENTENCE and _announces(question, best.piece, lead):
        return (best.piece, *_list_around(question, lead, pieces, place, LISTED - len(best.piece.text)))
    return bundle(place, best, reader)


def bundle(place: Place, one: Evidence, reader: PieceReader) -> tuple[Piece, ...]:
    """The unit, and what it cannot be understood without, in the source's order."""
    analysed = reader.read(place.passage)
    pieces = analysed.pieces
    if place.passage.change is not None:
        return pieces
    if place.passage.kind is PassageKind.FIGURE:
        return _distribution(one.piece, pieces)
    if place.passage.kind is PassageKind.DEFINITION:
        return pieces[:1]
    if one.piece.role is Role.ROW:
        rows = [piece for piece in pieces if piece.role is Role.ROW]
        return _ordered((*_introduction(rows[0], pieces), rows[0], one.piece))
    if one.piece.role is Role.ITEM:
        return _ordered((analysed.lead(one.piece), one.piece))
    return (one.piece,)


def _ordered(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    return tuple(sorted(dict.fromkeys(pieces), key=lambda piece: piece.position))


def _answers_by_heading(question: Question, best: Evidence) -> bool:
    """Whether a passage's list is what its heading promises and the question asks: `Vad NIS 2 kräver av kommunen`."""
    return best.headed >= ASKED and best.own < ASKED and asked_alike(question, best)


def _leads_as_well(lead: Piece, place: Place) -> bool:
    """Whether a list's lead-in holds about as much of the question as the best unit: the list is what is asked for."""
    held = next((one.coverage for one in place.units if one.piece is lead), 0.0)
    return held >= LEADS * place.best.coverage


def _announces(question: Question, sentence: Piece, lead: Piece) -> bool:
    """Whether the sentence stands right before a list and leaves it to the list to answer."""
    if sentence.position != lead.position - 1:
        return False
    return question.kind is Kind.LIST or (question.kind not in ONE_FACT and len(sentence.text) < BRIEF)


def _list_around(
    question: Question, piece: Piece, pieces: Sequence[Piece], place: Place, room: int
) -> tuple[Piece, ...]:
    """The whole list under its lead-in; of one longer than `room`, the items that speak most to the question."""
    start = piece.position
    while start > 0 and pieces[start].role is Role.ITEM:
        start -= 1
    items = list(takewhile(lambda following: following.role in (Role.ITEM, Role.ROW), pieces[start + 1 :]))
    weight = {one.piece.position: worth(question, place, one) for one in place.units}
    chosen: list[Piece] = []
    for item in sorted(items, key=lambda one: -weight.get(one.position, 0.0)):
        if chosen and (length((pieces[start], *chosen, item)) > room or len(chosen) == MAX_LIST):
            break
        chosen.append(item)
    return _ordered((pieces[start], *chosen))


def _rows(place: Place, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The rows that speak, under their header and the sentence that introduces the table."""
    rows = [piece for piece in pieces if piece.role is Role.ROW]
    good = {one.piece.position for one in place.units if one.score >= 0.9 * place.best.score}
    body = [piece for piece in rows[1:] if piece.position in good] or rows[1:]
    return _ordered((*_introduction(rows[0], pieces), rows[0], *body[:MAX_LIST]))


def _introduction(header: Piece, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    return tuple(pieces[max(0, header.position - 1) : header.position])


def _distribution(best: Piece, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """A figure's sentences with percentages: the whole distribution, never one bar of it alone."""
    shares = [piece for piece in pieces if "procent" in piece.text and piece.role is Role.SENTENCE][:SHARES]
    if best.role is Role.SENTENCE:
        shares.append(best)
    return _ordered(shares) or (best,)
