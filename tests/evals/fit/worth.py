"""What a unit is worth quoting: the regression behind `knowledge.places.worth`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from knowledge.evaluation import EvaluationQuestion
from knowledge.evaluation.judging import holds_facts
from knowledge.evidence import weigh
from knowledge.pieces import PieceReader, Role
from knowledge.places import ranked, signs
from knowledge.ports import Index
from knowledge.question import understand
from knowledge.retrieval import retrieve
from tests.bench.retrieval.systems import Engine
from tests.evals.fit.examples import READ

STRENGTH = 0.03
"""Inverse of the regularisation, for signs of equal spread; cross-validated answers hardly depend on it."""


async def worth(index: Index, engine: Engine, questions: Sequence[EvaluationQuestion]) -> tuple[float, list[float]]:
    """The base and the weights of WORTH, from the units found for questions whose facts are known."""
    reader = PieceReader(index.split, steps=index.steps)
    rows: list[tuple[float, ...]] = []
    holding: list[bool] = []
    for asked in questions:
        question = understand(asked.question, asked.context)
        if not asked.facts or question.is_empty:
            continue
        found = await retrieve(question, index, engine.embedder, engine.synonyms, k=READ)
        evidence = weigh(question, found.concepts, found.hits, reader)
        usable = [one for one in evidence if one.piece.role is not Role.RESERVATION] or evidence
        for place in ranked(question, usable):
            for one in place.units:
                rows.append(signs(question, place, one))
                holding.append(_holds_one(asked, one.piece.text))
    return _regression(np.array(rows, dtype=np.float64), np.array(holding))


def _holds_one(asked: EvaluationQuestion, text: str) -> bool:
    """Whether a unit holds at least one of the facts: of several, each may stand in another unit."""
    return any(holds_facts(asked.model_copy(update={"facts": (fact,)}), text) for fact in asked.facts)


def _regression(rows: np.ndarray, holding: np.ndarray) -> tuple[float, list[float]]:
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit((rows - middle) / spread, holding)
    slopes = model.coef_[0] / spread
    base = float(model.intercept_[0] - middle @ slopes)
    return round(base, 2), [round(float(slope), 2) for slope in slopes]
