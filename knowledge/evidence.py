"""Which sentences of the found passages speak to the question, and how much of it each one covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge import demands, facets
from knowledge.concepts import Concept
from knowledge.kinds import Kind, question_word
from knowledge.model import Hit, Passage, PassageKind
from knowledge.pieces import Analysed, Piece, PieceReader, Role
from knowledge.question import Question
from knowledge.swedish.tokens import fold

ALIKE = 0.12
"""What a heading that asks the same kind of question adds."""
NEAR = 0.5
HEADING = 0.85
TITLE = 0.6
ASKED = 0.75
"""How far a word counts that stands in a neighbouring sentence, in the heading path, in the document's title, or in the
passage's own question that is most like the one asked."""


SHARP = 4
"""How fast nearness loses weight: the nearest of all questions tells which sentence answers, the hundredth nothing."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """How the parts of a unit's score are weighed; chosen on development questions."""

    covered: float = 0.40
    own: float = 0.22
    rank: float = 0.25
    heading: float = 0.15
    shape: float = 0.10
    missing: float = 0.3
    asked: float = 0.3
    told: float = 0.15


@dataclass(frozen=True, slots=True)
class Evidence:
    """One unit weighed against the question.

    `coverage` is the share (0-1) of the question's meaning found in the unit, its heading path or beside it, or in the
    passage's question that is most like the one asked; `own` counts the unit alone. `missing` names what the question
    demands and this place does not hold. `covered` gives the strength (0-1) in the text for each concept's surface,
    `alone` the same within the unit.
    `headed` is the share that the heading path alone holds, `asked` the one of the passage's most alike question;
    `told` says how near (0-1) the nearest question is that the unit answers.
    """

    hit: Hit
    piece: Piece
    coverage: float
    own: float
    fits: bool
    missing: tuple[str, ...]
    score: float
    covered: Mapping[str, float]
    alone: Mapping[str, float]
    headed: float
    asked: float = 0.0
    told: float = 0.0


def weigh(
    question: Question,
    concepts: Sequence[Concept],
    hits: Sequence[Hit],
    reader: PieceReader,
    *,
    weighing: Weighing | None = None,
) -> list[Evidence]:
    """Every unit of the hits, best first."""
    top = max((hit.score for hit in hits), default=0.0) or 1.0
    asking = _Asking(question, concepts, demands.demands_of(question), weighing or Weighing())
    places = [_place(concepts, hit, reader.read(hit.passage), hit.score / top) for hit in hits]
    found = [_weigh_one(asking, place, piece) for place in places for piece in place.analysed.pieces]
    return sorted(found, key=lambda evidence: -evidence.score)


@dataclass(frozen=True, slots=True)
class _Asking:
    """What every unit is held against."""

    question: Question
    concepts: Sequence[Concept]
    demands: demands.Demands
    weighing: Weighing


@dataclass(frozen=True, slots=True)
class _Place:
    """What all units of one hit have in common.

    `alike` are the terms of the passage's own question that holds most of what is asked, and `asked` is how much weight
    that is; `told` maps the units that answer one of its questions to how near (0-1) that question is.
    """

    hit: Hit
    analysed: Analysed
    rank: float
    alike: frozenset[str]
    asked: float
    told: Mapping[str, float]


def _place(concepts: Sequence[Concept], hit: Hit, analysed: Analysed, rank: float) -> _Place:
    held = [(sum(one.weight * _strength(one.terms, terms) for one in concepts), terms) for terms in analysed.questions]
    asked, alike = max(held, key=lambda pair: pair[0], default=(0.0, frozenset()))
    told: dict[str, float] = {}
    for own, nearness in hit.asked:
        for answer in own.answers:
            told[_flat(answer)] = max(told.get(_flat(answer), 0.0), nearness**SHARP)
    return _Place(hit, analysed, rank, alike, asked, told)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _weigh_one(asking: _Asking, place: _Place, piece: Piece) -> Evidence:
    question, weighing, analysed = asking.question, asking.weighing, place.analysed
    near = analysed.near(piece)
    total = sum(concept.weight for concept in asking.concepts) or 1.0
    alone: dict[str, float] = {}
    covered: dict[str, float] = {}
    headed = meant = 0.0
    for concept in asking.concepts:
        inside = _strength(concept.terms, piece.terms)
        heading = _strength(concept.terms, analysed.headings)
        alone[concept.surface] = inside
        covered[concept.surface] = max(
            inside,
            HEADING * heading,
            NEAR * _strength(concept.terms, near),
            TITLE * _strength(concept.terms, analysed.title),
        )
        meant += concept.weight * max(covered[concept.surface], ASKED * _strength(concept.terms, place.alike))
        headed += concept.weight * heading
    own = sum(concept.weight * alone[concept.surface] for concept in asking.concepts) / total
    coverage = meant / total
    fits = facets.fits(question.kind, piece.text)
    passage = place.hit.passage
    around = f"{passage.title} {passage.section} {analysed.beside(piece)}"
    missing = asking.demands.missing(around, piece.text)
    told = place.told.get(_flat(piece.text), 0.0)
    score = (
        weighing.covered * coverage
        + weighing.own * own
        + weighing.rank * place.rank
        + weighing.heading * headed / total
        + weighing.asked * place.asked / total
        + weighing.told * told
        + weighing.shape * (fits and facets.demands(question.kind))
        - weighing.missing * bool(missing)
        + _shape(question, asking.concepts, passage, piece)
    )
    return Evidence(
        hit=place.hit,
        piece=piece,
        coverage=coverage,
        own=own,
        fits=fits,
        missing=missing,
        score=score,
        covered=covered,
        alone=alone,
        headed=headed / total,
        asked=place.asked / total,
        told=told,
    )


def _strength(terms: Mapping[str, float], present: frozenset[str]) -> float:
    if terms.keys().isdisjoint(present):  # nearly always, and much faster to find out
        return 0.0
    return max(strength for term, strength in terms.items() if term in present)


def _shape(question: Question, concepts: Sequence[Concept], passage: Passage, piece: Piece) -> float:
    """What the kind of question prefers: a definition that begins with the word, a list for `vilka`."""
    if piece.role is Role.RESERVATION:
        return -0.1
    return _asked_alike(question, passage) + _preferred(question.kind, concepts, passage, piece)


def _asked_alike(question: Question, passage: Passage) -> float:
    """Headings such as `När NIS 2 gäller` are questions themselves: the same question word is a good sign."""
    asked = question_word(question.standalone)
    if not asked or not passage.headings or question_word(passage.headings[-1]) != asked:
        return 0.0
    # `Vad NIS 2 är` answers `vad är NIS 2?`; `Vad rapporten säger om NIS 2` only begins alike.
    defines = question.kind is Kind.DEFINITION and passage.headings[-1].endswith(" är")
    return ALIKE + (ALIKE if defines else 0.0)


def _preferred(kind: Kind, concepts: Sequence[Concept], passage: Passage, piece: Piece) -> float:
    if kind in (Kind.DEFINITION, Kind.COMPARISON):
        own = [concept for concept in concepts if not concept.generic]
        begins = own and fold(piece.text).startswith(tuple(concept.surface[:6] for concept in own))
        says = any(f" {verb} " in f" {fold(piece.text)} " for verb in ("är", "betyder", "innebär"))
        return 0.12 * bool(begins and says) + 0.08 * (passage.kind is PassageKind.DEFINITION and len(own) <= 2)
    if kind is Kind.LIST:
        return 0.06 * (piece.role in (Role.LEAD, Role.ITEM)) + 0.04 * (piece.text.count(",") >= 2)
    if kind is Kind.STATE:
        return 0.15 * (passage.kind is PassageKind.FIGURE)
    if kind is Kind.NUMBER:
        # Level descriptions and figures share every word of `hur stor andel …`; only one of them states shares.
        return 0.1 * (passage.kind is PassageKind.FIGURE) + 0.1 * (" procent" in piece.text)
    return 0.0
