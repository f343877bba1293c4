"""Does the answerability probability mean what it says? Calibration, and what refusing by it would bring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.evaluation.judging import Result

Numbers = NDArray[np.float64]

BINS = 10
FEW = 10 * BINS
"""Below so many questions bins are of equal count instead of equal width, so that none rests on one or two."""
BUDGETS = (0.02, 0.04, 0.05)
"""Shares of answerable questions that may be refused, for which the refusal recall is told."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions whose confidence lies from `low` to `high`: how many, their mean confidence, the answerable share."""

    low: float
    high: float
    count: int
    confidence: float
    answerable: float


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """Refuse below `threshold`: no more than `budget` of what can be answered is refused, `false_refusals` in fact."""

    budget: float
    threshold: float
    false_refusals: float
    refusal_recall: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Confidence against truth, of the questions that have both.

    `ece`: expected calibration error, the mean distance between a bin's confidence and its answerable share, weighted
    by count. `brier`: mean squared distance between confidence and truth. `auc`: how often an answerable question has
    a higher confidence than one to be refused, ties counting half. `auc` is None and `points` empty where all
    questions are of one sort.
    """

    questions: int
    answerable: int
    bins: tuple[Bin, ...]
    ece: float
    brier: float
    auc: float | None
    points: tuple[OperatingPoint, ...]


def reliability(results: Iterable[Result]) -> Reliability | None:
    """The reliability of these results' confidence; None where no question has both confidence and truth."""
    pairs = [
        (one.answer.confidence, not one.question.must_refuse)
        for one in results
        if one.answer.confidence is not None and one.question.must_refuse is not None
    ]
    return reliability_of([confidence for confidence, _ in pairs], [truth for _, truth in pairs]) if pairs else None


def reliability_of(confidences: Sequence[float], answerable: Sequence[bool]) -> Reliability:
    """The same from bare numbers: at least one confidence, and whether each question is answerable."""
    confidence = np.asarray(confidences, dtype=np.float64)
    truth = np.asarray(answerable, dtype=np.bool_)
    order = np.argsort(confidence, kind="stable")
    confidence, truth = confidence[order], truth[order]
    bins = tuple(_binned(confidence, truth))
    return Reliability(
        questions=len(truth),
        answerable=int(truth.sum()),
        bins=bins,
        ece=sum(one.count * abs(one.confidence - one.answerable) for one in bins) / len(truth),
        brier=float(np.mean((confidence - truth) ** 2)),
        auc=_auc(confidence[truth], confidence[~truth]),
        points=tuple(_points(confidence[truth], confidence[~truth])),
    )


def _binned(confidence: Numbers, truth: NDArray[np.bool_]) -> Iterable[Bin]:
    """Bins that hold anything, lowest first; both arrays in the order of confidence."""
    if len(truth) >= FEW:
        edges = np.arange(BINS + 1) / BINS
        cuts = np.searchsorted(confidence, edges[1:-1], side="left")
        bounds = list(pairwise(edges))
    else:
        number = max(1, len(truth) // BINS)
        cuts = np.array([len(truth) * each // number for each in range(1, number)], dtype=np.int64)
        parts = np.split(confidence, cuts)
        bounds = [(part[0], part[-1]) for part in parts]
    members = zip(bounds, np.split(confidence, cuts), np.split(truth, cuts), strict=True)
    for (low, high), sure, right in members:
        if len(sure):
            yield Bin(float(low), float(high), len(sure), float(sure.mean()), float(right.mean()))


def _auc(answerable: Numbers, other: Numbers) -> float | None:
    """Both in ascending order."""
    if not len(answerable) or not len(other):
        return None
    below = np.searchsorted(other, answerable, side="left")
    tied = np.searchsorted(other, answerable, side="right") - below
    return float((below + 0.5 * tied).sum() / (len(answerable) * len(other)))


def _points(answerable: Numbers, other: Numbers) -> Iterable[OperatingPoint]:
    """Both in ascending order; a question is refused where its confidence is below the threshold."""
    if not len(answerable) or not len(other):
        return
    for budget in BUDGETS:
        # A share such as 0.05 of 20 is a little less than 1 in binary; what is meant is 1.
        threshold = answerable[int(budget * len(answerable) + 1e-9)]
        yield OperatingPoint(
            budget=budget,
            threshold=float(threshold),
            false_refusals=float(np.mean(answerable < threshold)),
            refusal_recall=float(np.mean(other < threshold)),
        )
