"""Examples to weights: logistic regression over the features and the numbers of the question's vector, calibrated."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from knowledge.answerability import Features, Weights
from tests.evals.fit.examples import Example, Sort

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

NAMES = tuple(field.name for field in fields(Features))
OF_COSINES = frozenset(("meant", "same", "agreement"))
"""Features that mean nothing for a model that was not fitted."""
FEATURES_FIRST = 3.0
"""How much easier than one number of a vector a feature gets its weight."""
STRENGTH = {True: 0.01, False: 0.1}
"""Inverse of the regularisation, with and without vectors; chosen by cross-validation on the development questions."""
FOLDS = 8
ANSWERABLE = 2.0
"""Answerable questions for one to refuse, for which probabilities are calibrated: about as the sets have them."""

COUNTS: Mapping[str, Mapping[tuple[str, Sort], float]] = {
    "asked": {
        ("library", Sort.WRITTEN): 1.0,
        ("library", Sort.TAKEN_OUT): 0.05,
        ("library", Sort.STRANGER): 0.1,
    },
    "plain": {
        ("report", Sort.WRITTEN): 1.0,
        ("report", Sort.TAKEN_OUT): 0.1,
        ("report", Sort.STRANGER): 0.1,
        ("authority", Sort.WRITTEN): 0.5,
        ("authority", Sort.TAKEN_OUT): 0.2,
        ("authority", Sort.STRANGER): 0.2,
    },
}
"""What all examples of a sort count together, the answerable ones and the others alike."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights, and how they did on questions that they were not fitted on (`scores` are logits)."""

    weights: Weights
    examples: tuple[Example, ...]
    scores: Numbers


def fitted(examples: Sequence[Example], texts: str, *, vectors: bool) -> Fit:
    """Weights for one sort of texts; without `vectors` for any embedding model.

    Regularised logistic regression; its scores on left-out folds of the texts that have questions of both sorts are
    calibrated by a second one with a single feature (Platt, 1999, Probabilistic outputs for support vector machines).
    """
    shares = COUNTS[texts]
    used = tuple(one for one in examples if (one.texts, one.sort) in shares)
    names = tuple(name for name in NAMES if vectors or name not in OF_COSINES)
    rows = _rows(used, names, vectors=vectors)
    answerable = np.array([one.answerable for one in used])
    counts = _counts(used, shares)
    folds = np.array([zlib.crc32(one.question.encode()) % FOLDS for one in used])
    scores = np.zeros(len(used))
    for fold in range(FOLDS):
        left = folds == fold
        intercept, slopes = _regression(rows[~left], answerable[~left], counts[~left], len(names))
        scores[left] = rows[left] @ slopes + intercept
    told = {one.texts for one in used if one.sort is Sort.WRITTEN and not one.answerable}
    judged = np.array([one.sort is Sort.WRITTEN and one.texts in told for one in used])
    shift, scale = _calibration(scores[judged], answerable[judged])
    intercept, slopes = _regression(rows, answerable, counts, len(names))
    weights = Weights(
        intercept=round(shift + scale * intercept, 3),
        features={name: round(scale * slope, 3) for name, slope in zip(names, slopes, strict=False)},
        vector=tuple(round(scale * slope, 3) for slope in slopes[len(names) :]),
    )
    return Fit(weights, used, shift + scale * scores)


def _rows(used: Sequence[Example], names: Sequence[str], *, vectors: bool) -> Numbers:
    found = np.array([[asdict(one.found)[name] for name in names] for one in used], dtype=np.float64)
    return np.hstack((found, np.stack([one.vector for one in used]))) if vectors else found


def _counts(used: Sequence[Example], shares: Mapping[tuple[str, Sort], float]) -> Numbers:
    """What each example counts: a sort's share, divided among those of it with the same answer."""
    kinds = [(one.texts, one.sort, one.answerable) for one in used]
    sizes = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    return np.array([1000.0 * shares[texts, sort] / sizes[texts, sort, yes] for texts, sort, yes in kinds])


def _regression(rows: Numbers, answerable: Flags, counts: Numbers, features: int) -> tuple[float, Numbers]:
    """Intercept and slopes for rows as they are; regularised as if all had the same spread."""
    spread = rows.std(axis=0) + 1e-6
    spread[:features] /= FEATURES_FIRST
    middle = rows.mean(axis=0)
    model = LogisticRegression(C=STRENGTH[rows.shape[1] > features], max_iter=2000)
    model.fit((rows - middle) / spread, answerable, sample_weight=counts)
    slopes = np.asarray(model.coef_[0] / spread, dtype=np.float64)
    return float(model.intercept_[0] - middle @ slopes), slopes


def _calibration(scores: Numbers, answerable: Flags) -> tuple[float, float]:
    counts = np.where(answerable, ANSWERABLE / answerable.sum(), 1.0 / (~answerable).sum()) * len(scores)
    model = LogisticRegression(C=1e6).fit(scores.reshape(-1, 1), answerable, sample_weight=counts)
    return float(model.intercept_[0]), float(model.coef_[0][0])
