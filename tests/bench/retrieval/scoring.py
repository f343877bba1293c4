"""Ranked hits -> scores with intervals, differences between systems, and bars that they must reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.evaluation.intervals import Interval, of_differences, of_means
from knowledge.evaluation.judging import Judgement
from knowledge.evaluation.metrics import MEASURES, Values, measured
from tests.bench.retrieval.corpora import Case, Found, Judge

SHOWN = {"hit_at_1": "hit@1", "recall_at_5": "hit@5", "mrr_at_10": "MRR@10", "ndcg_at_10": "nDCG@10"}
"""The measures of retrieval among all, with the names that reports use. A question has one target: the first right hit
counts, so that recall is whether there is one."""
HIT_AT_5, NDCG = list(SHOWN).index("recall_at_5"), list(SHOWN).index("ndcg_at_10")
_COLUMNS = [list(MEASURES).index(name) for name in SHOWN]


@dataclass(frozen=True, slots=True)
class Score:
    """A mean, or a difference of means, and where it lies with 95 % confidence (of one question: where it is)."""

    value: float
    low: float
    high: float

    @property
    def is_beyond_noise(self) -> bool:
        """Whether a difference has the same sign throughout its interval."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Bar:
    """A score that must be reached."""

    name: str
    measured: float
    limit: float

    @property
    def holds(self) -> bool:
        """Whether it is reached; a score that equals its bar but for how floating-point numbers are added up, is."""
        return self.measured >= self.limit - 1e-9

    def __str__(self) -> str:
        return f"{self.name}: {self.measured:.3f} ≥ {self.limit:.3f} {'ok' if self.holds else 'MISSED'}"


def rank(case: Case, found: Sequence[Found], judge: Judge) -> int | None:
    """The place, from 1, of the first right hit; None where none is right."""
    return next((place for place, hit in enumerate(found, start=1) if judge(case.asked, hit)), None)


def values(cases: Sequence[Case], ranked: Sequence[Sequence[Found]], judge: Judge) -> Values:
    """A row a question, a column a measure of `SHOWN`."""
    ranks = (rank(case, found, judge) for case, found in zip(cases, ranked, strict=True))
    return measured([Judgement(False, False, sought=True, rank=place) for place in ranks])[:, _COLUMNS]


def scores(of: Values) -> list[Score]:
    """The mean of each measure."""
    return _scores(of.mean(axis=0), of_means(of))


def differences(before: Values, now: Values) -> list[Score]:
    """What the second brings beside the first, measure by measure; paired, as both answer the same questions."""
    return _scores((now - before).mean(axis=0), of_differences(before, now))


def _scores(means: Values, intervals: Sequence[Interval | None]) -> list[Score]:
    return [
        Score(float(mean), *((interval.low, interval.high) if interval is not None else (mean, mean)))
        for mean, interval in zip(means.tolist(), intervals, strict=True)
    ]
