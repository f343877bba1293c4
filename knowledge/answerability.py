"""Does the evidence cover what is asked? A calibrated decision instead of a similarity threshold.

Similarity alone accepts any question that is about the right subject. What separates `hur många kommuner deltog` from
`hur många invånare har Tanum` is whether one place in the text holds all that the question demands: its rare words,
the names and years in it, and a number where a number is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

from knowledge.concepts import Concept
from knowledge.evidence import Evidence
from knowledge.question import Question
from knowledge.retrieval import Retrieval


@dataclass(frozen=True, slots=True)
class Features:
    """What the decision rests on; each is 0-1.

    `coverage`: share of the question's meaning at the best place. `own`: the same, in the sentence alone.
    `rarest`, `rarest_own`: how fully the place, and the sentence alone, cover the question's rarest concept.
    `least`: the least covered concept of weight. `unknown`: share of meaning in words the index does not hold in any
    form. `missing`: a demanded name, municipality or year is not there. `shape`: the question demands a number, sum,
    date or person and the sentence has none. `lexical`: BM25 against its ceiling. `dense`: the best cosine's distance
    to the pool's middle, in tenths. `semantic`: the best sentence's cosine above the pool's floor (second look only).
    `agreement`: both legs put the same passage among their best three. `english`: the question is in English, so that
    words can be covered only through the glossary.
    """

    coverage: float
    own: float
    rarest: float
    rarest_own: float
    least: float
    unknown: float
    missing: float
    shape: float
    lexical: float
    dense: float
    semantic: float
    agreement: float
    english: float


@dataclass(frozen=True, slots=True)
class Weights:
    """Logistic regression: the intercept and one weight a feature."""

    intercept: float
    features: Features


DEFAULT = Weights(
    -4.0,
    Features(
        coverage=3.5,
        own=1.5,
        rarest=1.0,
        rarest_own=0.5,
        least=0.5,
        unknown=-1.0,
        missing=-2.0,
        shape=-1.0,
        lexical=0.5,
        dense=2.0,
        semantic=0.5,
        agreement=0.7,
        english=0.5,
    ),
)
OPERATING_POINT = 0.5
"""Probability from which an answer is given."""


def features(question: Question, retrieval: Retrieval, evidence: Sequence[Evidence]) -> Features:
    """Features of the best evidence; all zero but `unknown` where nothing was found."""
    total = sum(concept.weight for concept in retrieval.concepts) or 1.0
    unknown = sum(concept.weight for concept in retrieval.concepts if not concept.known) / total
    english = float(question.language == "en")
    if not evidence or not retrieval.hits:
        return Features(0.0, 0.0, 0.0, 0.0, 0.0, unknown, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, english)
    best = max(evidence[:8], key=lambda one: one.coverage - 0.3 * bool(one.missing) + 0.1 * one.fits)
    weighty = [concept for concept in retrieval.concepts if not concept.generic and not concept.carried]
    rarest = max(weighty, key=lambda concept: concept.weight, default=None)
    return Features(
        coverage=best.coverage,
        own=best.own,
        rarest=_of(rarest, best.covered),
        rarest_own=_of(rarest, best.alone),
        least=min((_of(concept, best.covered) for concept in weighty if concept.weight >= 0.5), default=1.0),
        unknown=unknown,
        missing=float(bool(best.missing)),
        shape=float(not best.fits),
        lexical=min(1.0, max(hit.lexical for hit in retrieval.hits)),
        dense=min(1.0, max(0.0, retrieval.dense_lift / 0.1)),
        semantic=min(1.0, max(0.0, max(one.semantic for one in evidence) / 0.1)),
        agreement=float(_agree(retrieval)),
        english=english,
    )


def probability(found: Features, weights: Weights = DEFAULT) -> float:
    """Probability (0-1) that the evidence answers the question."""
    pairs = zip(astuple(weights.features), astuple(found), strict=True)
    z = weights.intercept + sum(weight * value for weight, value in pairs)
    return 1.0 / (1.0 + math.exp(-z))


def _of(concept: Concept | None, strengths: Mapping[str, float]) -> float:
    return 1.0 if concept is None else strengths.get(concept.surface, 0.0)


def _agree(retrieval: Retrieval) -> bool:
    by_lexical = sorted(retrieval.hits, key=lambda hit: -hit.lexical)[:3]
    by_dense = sorted(retrieval.hits, key=lambda hit: -hit.dense)[:3]
    return bool(
        {hit.passage.id for hit in by_lexical if hit.lexical} & {hit.passage.id for hit in by_dense if hit.dense}
    )
