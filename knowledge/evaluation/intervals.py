"""How sure a score is: percentile bootstrap, questions resampled, always with the same seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from knowledge.evaluation.metrics import Values

RESAMPLES = 2000
SEED = 20241123
LEVEL = 0.95
CHUNK = 4_000_000
"""Most draws held at a time, so that a set of ten thousand questions takes tens of megabytes and not hundreds."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a score lies with 95 % confidence, as far as these questions can tell."""

    low: float
    high: float


def of_means(values: Values) -> list[Interval | None]:
    """An interval for the mean of each column; NaN is a question that the measure does not apply to."""
    return _percentiles(values, resampled_means(values))


def of_differences(before: Values, now: Values) -> list[Interval | None]:
    """An interval for each column's mean `now` less its mean `before`, of the same questions in the same order.

    Paired: each resample draws the same questions from both runs, so that how hard they are cancels out.
    """
    return _percentiles(before, resampled_means(now) - resampled_means(before))


def resampled_means(values: Values, resamples: int = RESAMPLES, seed: int = SEED) -> Values:
    """A row a resample: the mean of each column over as many questions, drawn with replacement.

    NaN where a resample holds no question that the measure applies to.
    """
    count = len(values)
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    random = np.random.default_rng(seed)
    rows = max(1, CHUNK // max(count, 1))
    parts = []
    for start in range(0, resamples, rows):
        drawn = _times_drawn(random, min(rows, resamples - start), count)
        with np.errstate(invalid="ignore"):  # nothing divided by nothing is NaN, as promised
            parts.append((drawn @ filled) / (drawn @ known.astype(np.float64)))
    return np.concatenate(parts)


def _times_drawn(random: np.random.Generator, resamples: int, count: int) -> Values:
    """How often each resample holds each question."""
    drawn = random.integers(0, count, size=(resamples, count)) if count else np.zeros((resamples, 0), dtype=np.int64)
    place = drawn + np.arange(resamples)[:, None] * count
    return np.bincount(place.ravel(), minlength=resamples * count).reshape(resamples, count).astype(np.float64)


def _percentiles(values: Values, resampled: Values) -> list[Interval | None]:
    """None where fewer than two questions have a value: one question says nothing of how sure its score is."""
    tail = (1.0 - LEVEL) / 2 * 100
    found: list[Interval | None] = []
    for column, means in zip(values.T, resampled.T, strict=True):
        known = means[~np.isnan(means)]
        if np.count_nonzero(~np.isnan(column)) < 2 or not known.size:
            found.append(None)
            continue
        low, high = np.percentile(known, (tail, 100 - tail))
        found.append(Interval(float(low), float(high)))
    return found
