"""The concepts of a question: each content word with every term that would count as the same thing in a text."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from knowledge.kinds import Kind
from knowledge.ports import Index
from knowledge.question import GENERIC, Question, Synonyms
from knowledge.swedish.analysis import Term, analyse
from knowledge.swedish.spelling import corrections, plain_spellings
from knowledge.swedish.tokens import TokenKind

SYNONYM = 0.7
PHRASE = 0.9
PART = 0.4
ONLY_PART = 0.7
INSIDE = 0.5
SPELLED = 0.95
CORRECTED = 0.8
BACKGROUND = 0.35
"""Strength of a term that is a synonym, what a whole phrase means (`digital council`), a compound's part (of a known
compound, of an unknown one), inside a longer compound, another spelling, a correction, or carried over from an earlier
turn."""

MAX_CONCEPTS = 40
"""Content words of one question that are looked at, the first ones; each costs a look through the whole vocabulary."""
_MAX_INSIDE = 12

# What only says which shape of answer is wanted (`vilket datum`) is met by the shape, not by the same word in a text.
_SHAPE_WORDS: Mapping[Kind, frozenset[str]] = defaultdict(
    frozenset,
    {
        Kind.TIME: frozenset(
            ("datum", "år", "årtal", "tid", "länge", "dag", "månad", "snabbt", "date", "year", "long")
        ),
        Kind.MONEY: frozenset(
            ("kostar", "kosta", "kostade", "kostnad", "kostnaden", "pris", "priset", "kronor", "cost")
        ),
        Kind.NUMBER: frozenset(
            ("andel", "andelen", "procent", "antal", "antalet", "share", "proportion", "percentage")
        ),
    },
)


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing a question is about.

    `terms` maps every analysed term that stands for it to a strength (1 = the word itself). `weight` is how much of
    the question's meaning hangs on it, from rarity in the index; generic and carried-over words weigh less. `known`
    is false where the index holds neither the word nor a part, synonym or correction of it. `start` is the word's place
    in the question, -1 for words carried over from earlier turns.
    """

    surface: str
    terms: Mapping[str, float]
    weight: float
    known: bool
    generic: bool = False
    carried: bool = False
    corrected: bool = False
    start: int = -1


def concepts(question: Question, index: Index, synonyms: Synonyms) -> tuple[Concept, ...]:
    """The question's concepts in reading order, then those carried over from earlier turns."""
    equals = {
        surface: _single_terms(forms, index) for surface, forms in synonyms.alternatives(question.standalone).items()
    }
    asked = _with_parts(question.text, question.terms[:MAX_CONCEPTS], index)
    own = [
        replace(concept, generic=True, weight=0.15) if concept.surface in _SHAPE_WORDS[question.kind] else concept
        for concept in (_concept(term, index, equals) for term in asked)
    ]
    before = _split(question.background[:MAX_CONCEPTS], index)
    carried = [_concept(term, index, equals, carried=True) for term in before]
    seen: set[str] = set()
    unique: list[Concept] = []
    for concept in (*own, *carried):
        key = next(iter(concept.terms))
        if key not in seen:
            seen.add(key)
            unique.append(concept)
    if all(concept.generic for concept in unique):
        # `Vem skrev rapporten?` is made of words that otherwise only steer a question; here they are all there is.
        return tuple(replace(concept, generic=False, weight=0.6) for concept in unique)
    return tuple(unique)


def search_terms(found: Iterable[Concept]) -> dict[str, float]:
    """What to look up in the lexical index: every term with its strength, generic words at a third."""
    weights: dict[str, float] = {}
    for concept in found:
        factor = (BACKGROUND if concept.carried else 1.0) * (0.35 if concept.generic else 1.0)
        for term, strength in concept.terms.items():
            weights[term] = max(weights.get(term, 0.0), strength * factor)
    return weights


def rarity(term: str, index: Index) -> float:
    """0 for a word in every passage, 1 for a word in one or none (normalised idf)."""
    total = max(len(index.passages), 2)
    frequency = index.document_frequency(term)
    return min(1.0, math.log((total + 1) / (frequency + 1)) / math.log(total + 1))


def _single_terms(forms: Iterable[str], index: Index) -> tuple[str, ...]:
    """Terms of the one-word forms: a single word of `organisatoriskt hinder` does not mean the same as the whole."""
    analysed = (analyse(form, index.split) for form in forms)
    return tuple(terms[0].main for terms in analysed if len(terms) == 1)


def _with_parts(text: str, terms: tuple[Term, ...], index: Index) -> tuple[Term, ...]:
    """The same terms, with compounds split by this index's vocabulary."""
    by_start = {term.token.start: term for term in analyse(text, index.split)}
    found = ((term, by_start.get(term.token.start, term)) for term in terms)
    return tuple(Term(own.token, other.main, other.parts) for own, other in found)


def _split(terms: tuple[Term, ...], index: Index) -> tuple[Term, ...]:
    return tuple(Term(term.token, term.main, term.parts or index.split(term.token.text)) for term in terms)


def _concept(term: Term, index: Index, equals: Mapping[str, tuple[str, ...]], *, carried: bool = False) -> Concept:
    strengths: dict[str, float] = {term.main: 1.0}
    whole_known = index.document_frequency(term.main) > 0
    for part in term.parts:
        strengths.setdefault(part, PART if whole_known else ONLY_PART)
    for surface, alternatives in equals.items():
        if term.token.text in surface.split() or term.token.text == surface:
            share = SYNONYM if term.token.text == surface else PHRASE
            for alternative in alternatives:
                strengths.setdefault(alternative, share)
    word = term.token.kind is TokenKind.WORD
    corrected = False
    if word and not whole_known:
        for spelling in plain_spellings(term.main, index.terms()):
            strengths.setdefault(spelling, SPELLED)
        inside = _inside(term.main, index)
        for longer in inside:
            strengths.setdefault(longer, INSIDE)
        if not inside and not any(index.document_frequency(other) for other in strengths):
            for near in corrections(term.main, index.terms()):
                strengths.setdefault(near, CORRECTED)
                for part in index.split(near):
                    strengths.setdefault(part, CORRECTED * PART)
                corrected = True
    generic = term.main in GENERIC
    # `NIS` does not make `NIS 3` known.
    known_by = strengths.keys() - set(term.parts) if term.token.kind is TokenKind.CODE else strengths.keys()
    frequent = max((rarity(other, index) for other in strengths if strengths[other] >= INSIDE), default=1.0)
    weight = (0.15 if generic else 0.3 + 0.7 * min(frequent, rarity(term.main, index))) * (0.5 if carried else 1.0)
    return Concept(
        surface=term.token.text,
        terms=strengths,
        weight=weight,
        known=any(index.document_frequency(other) > 0 for other in known_by),
        generic=generic,
        carried=carried,
        corrected=corrected,
        start=-1 if carried else term.token.start,
    )


def _inside(term: str, index: Index) -> tuple[str, ...]:
    """Longer words of the index that begin or end with a word which it does not hold on its own."""
    if len(term) < 5 or not term.isalpha():
        return ()
    found = [
        word for word in index.terms() if len(word) > len(term) + 2 and (word.startswith(term) or word.endswith(term))
    ]
    return tuple(sorted(found, key=len)[:_MAX_INSIDE])
