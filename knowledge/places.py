"""The evidence by passage: which places speak to the question best, and what each of their units is worth quoting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge import facets
from knowledge.evidence import Evidence
from knowledge.kinds import Kind, question_word
from knowledge.model import Passage, PassageKind
from knowledge.pieces import Role
from knowledge.question import Question
from knowledge.swedish.tokens import fold

CONSIDERED = 6
"""How many of the best places an answer is made of, at most."""
BEST_UNIT = 2.0
HEADED = 0.5
ASKED = 0.8
"""What a heading adds that holds at least the second share of the question: its passage was written to answer it."""
DEFINED = 0.5
"""What a glossary entry loses where no definition is asked for: it holds the question's word and never its answer."""
FIGURE = 1.2
"""What a survey figure gains where a share or the state of things is asked for: it tells the whole distribution."""
OWN = 1.0
"""What a passage gains whose own question this is: suggestions are such questions, and lead to their answers."""
_DEFINED = frozenset((Kind.DEFINITION, Kind.COMPARISON, Kind.OTHER))


@dataclass(frozen=True, slots=True)
class Place:
    """A passage with its weighed units, best unit first.

    `behind` is how far its score lies behind the best place's, `share` how large (0-1) it is beside that.
    """

    units: tuple[Evidence, ...]
    rank: int
    behind: float
    share: float

    @property
    def best(self) -> Evidence:
        """The unit that speaks most to the question."""
        return self.units[0]

    @property
    def passage(self) -> Passage:
        """The passage that all units stand in."""
        return self.units[0].hit.passage


def ranked(question: Question, usable: Sequence[Evidence]) -> list[Place]:
    """The best places, best first. `usable` is sorted, best first."""
    grouped: dict[str, list[Evidence]] = {}
    for one in usable:
        grouped.setdefault(one.hit.passage.id, []).append(one)
    scored = sorted(((_score(question, units[0]), units) for units in grouped.values()), key=lambda pair: -pair[0])
    top = scored[0][0] if scored else 0.0
    return [
        Place(tuple(units), rank, behind=top - score, share=score / max(top, 1e-6))
        for rank, (score, units) in enumerate(scored[:CONSIDERED])
    ]


def _score(question: Question, best: Evidence) -> float:
    """A passage counts as a whole, by the one unit of it that speaks to the question, and by its heading."""
    headed = best.headed if best.headed >= ASKED and asked_alike(question, best) else 0.0
    beside = best.hit.passage.kind is PassageKind.DEFINITION and question.kind not in _DEFINED
    figure = best.hit.passage.kind is PassageKind.FIGURE and question.kind in (Kind.NUMBER, Kind.STATE)
    own = any(same_question(asked.text, question.standalone) for asked, _ in best.hit.asked)
    return best.hit.score + BEST_UNIT * best.score + HEADED * headed + FIGURE * figure + OWN * own - DEFINED * beside


def same_question(one: str, other: str) -> bool:
    """Whether two questions are the same but for capitals and the mark at the end."""
    return fold(one).strip(" ?.") == fold(other).strip(" ?.")


def asked_alike(question: Question, best: Evidence) -> bool:
    """Whether the nearest heading begins with the question's own question word."""
    headings = best.hit.passage.headings
    asked = question_word(question.standalone)
    return asked is not None and bool(headings) and question_word(headings[-1]) == asked


def signs(question: Question, place: Place, one: Evidence) -> tuple[float, ...]:
    """What tells of a unit whether it holds what is asked for, in the order of WORTH."""
    text = one.piece.text
    asks, states = facets.demands(question.kind), facets.states(question.kind, text)
    return (
        place.behind,
        place.rank,
        one.score,
        place.best.score - one.score,
        one.told,
        one.own,
        one.coverage,
        one.headed,
        one.asked,
        one.fits,
        asks and states,
        asks and not states,
        bool(one.missing),
        question.kind is Kind.REASON and facets.has_cause(text),
        len(text) / 100,
        one.piece.role is Role.LEAD,
        one.piece.role is Role.ROW,
        one.piece.position / max(1, len(place.units)),
    )


WORTH_BASE = -2.17
WORTH = (
    -0.41,
    -0.12,
    0.77,
    -3.3,
    1.18,
    0.45,
    2.15,
    -0.48,
    -1.54,
    -0.19,
    -0.03,
    -2.11,
    0.19,
    0.35,
    0.33,
    -1.08,
    0.67,
    -0.26,
)
"""Logistic regression on the development questions of tests/evals (`make fit`): which units of the best places hold the
fact that an answer must contain. On questions that it was not fitted on, whole answers chosen by it contain the fact
one to three times in a hundred more often than answers filled place by place."""


def worth(question: Question, place: Place, one: Evidence) -> float:
    """Probability (0-1) that a unit holds what is asked for."""
    z = WORTH_BASE + sum(weight * sign for weight, sign in zip(WORTH, signs(question, place, one), strict=True))
    return 1.0 / (1.0 + math.exp(-z))
