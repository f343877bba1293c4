"""The concepts of a question: each content word with every term that would count as the same thing in a text."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from knowledge.kinds import Kind
from knowledge.ports import Index
from knowledge.question import GENERIC, Question, Synonyms
from knowledge.swedish.analysis import Term, analyse, term_of
from knowledge.swedish.steps import Step
from knowledge.swedish.tokens import TokenKind

SYNONYM = 0.7
PHRASE = 0.9
PART = 0.4
ONLY_PART = 0.7
INSIDE = 0.5
SPELLED = 0.95
CORRECTED = 0.8
BACKGROUND = 0.35
FOREIGN = 0.25
OF_NAME = 0.2
"""Strength of a term that is a synonym, what a whole phrase means (`digital council`), a compound's part (of a known
compound, of an unknown one), inside a longer compound, another spelling, a correction, carried over from an earlier
turn, a word of what an English phrase means (`allmän handling`), or of a name in several words (`AI Act`)."""

MAX_CONCEPTS = 40
"""Content words of one question that are looked at, the first ones."""

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
        surface: _meanings(forms, index, foreign=question.language == "en")
        for surface, forms in synonyms.alternatives(question.standalone).items()
    }
    asked = _as_written(question.text, question.terms[:MAX_CONCEPTS], index)
    own = [
        replace(concept, generic=True, weight=0.15) if concept.surface in _SHAPE_WORDS[question.kind] else concept
        for concept in (_concept(term, index, equals, generic=generic) for term, generic in asked)
    ]
    before = [(_alone(term, index), term.main in GENERIC) for term in question.background[:MAX_CONCEPTS]]
    carried = [_concept(term, index, equals, generic=generic, carried=True) for term, generic in before]
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


@dataclass(frozen=True, slots=True)
class _Meanings:
    """What stands for a phrase: terms that mean the same, and words of longer forms, which count `share` each."""

    terms: tuple[str, ...]
    words: tuple[str, ...]
    share: float


def _meanings(forms: Iterable[str], index: Index, *, foreign: bool) -> _Meanings:
    """A single word of `organisatoriskt hinder` does not mean the same as the whole.

    So of forms in several words only names are looked for by their words, where the index holds every one; and any
    form for a foreign question, of which the texts hold no word at all.
    """
    terms: list[str] = []
    words: list[str] = []
    for form in forms:
        analysed = [term.main for term in analyse(form, index.split, index.steps)]
        if len(analysed) == 1:
            terms += analysed
        elif (foreign or form[:1].isupper()) and all(index.document_frequency(term) for term in analysed):
            words += (term for term in analysed if term not in GENERIC)
    return _Meanings(tuple(terms), tuple(words), FOREIGN if foreign else OF_NAME)


def _as_written(text: str, terms: tuple[Term, ...], index: Index) -> list[tuple[Term, bool]]:
    """The same terms as this index writes them, compounds split by its vocabulary; and whether each is generic."""
    by_start = {term.token.start: term for term in analyse(text, index.split, index.steps)}
    found = [(term, by_start.get(term.token.start, term)) for term in terms]
    return [(Term(own.token, other.main, other.parts), own.main in GENERIC) for own, other in found]


def _alone(term: Term, index: Index) -> Term:
    """A term whose text is not at hand, as this index writes it."""
    return term_of(term.token, index.split, index.steps) or term


def _concept(
    term: Term, index: Index, equals: Mapping[str, _Meanings], *, generic: bool, carried: bool = False
) -> Concept:
    strengths: dict[str, float] = {term.main: 1.0}
    whole_known = index.document_frequency(term.main) > 0
    for part in term.parts:
        strengths.setdefault(part, PART if whole_known else ONLY_PART)
    for surface, alternatives in equals.items():
        # `NIS 2` is one term, `nis2`.
        whole = term.token.text in (surface, surface.replace(" ", ""))
        if whole or term.token.text in surface.split():
            share = SYNONYM if whole else PHRASE
            for alternative in alternatives.terms:
                strengths.setdefault(alternative, share)
            for word in alternatives.words:
                strengths.setdefault(word, alternatives.share)
    corrected = False
    if term.token.kind is TokenKind.WORD and not whole_known:
        corrected = _add_neighbours(term, strengths, index)
    # `NIS` does not make `NIS 3` known, nor `digital` the `Digital Markets Act`.
    numbered = term.parts if term.token.kind is TokenKind.CODE else ()
    known_by = {other for other, strength in strengths.items() if strength > OF_NAME and other not in numbered}
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


def _add_neighbours(term: Term, strengths: dict[str, float], index: Index) -> bool:
    """Add what a word that the index does not hold may mean in it; whether that took correcting the word."""
    spelling, compounds = Step.SPELLING in index.steps, Step.COMPOUNDS in index.steps
    vocabulary = index.vocabulary
    for other in vocabulary.plain(term.main) if spelling else ():
        strengths.setdefault(other, SPELLED)
    inside = vocabulary.longer(term.main) if compounds else ()
    for longer in inside:
        strengths.setdefault(longer, INSIDE)
    if not spelling or inside or any(index.document_frequency(other) for other in strengths):
        return False
    # A slip can look like an ending, and be lost with the stem: `incidnet` gives `incidn`.
    corrections = vocabulary.corrections(term.main) or vocabulary.corrections(term.token.text)
    for near in corrections:
        strengths.setdefault(near, CORRECTED)
        for part in index.split(near):
            strengths.setdefault(part, CORRECTED * PART)
    return bool(corrections)
