"""One question's judgement -> its measures; many questions' measures -> scores."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from knowledge.evaluation.judging import Judgement, Result

Values = NDArray[np.float64]
"""A row a question and a column a measure; NaN where a measure does not apply."""


def _recall_at_5(one: Judgement) -> float | None:
    """Whether a right passage is among the five best."""
    return float(one.rank is not None and one.rank <= 5) if one.sought else None


def _hit_at_1(one: Judgement) -> float | None:
    """Whether the best passage is right."""
    return float(one.rank == 1) if one.sought else None


def _mrr_at_10(one: Judgement) -> float | None:
    """1 / rank of the first right passage; 0 where none of ten is right."""
    if not one.sought:
        return None
    return 1.0 / one.rank if one.rank is not None else 0.0


def _ndcg_at_10(one: Judgement) -> float | None:
    """Of the first right passage, 1 / log2(1 + rank); 0 where none of ten is right.

    Relevance is binary and a question has one target, however many passages hold it: the ideal is one right passage
    in the first place, whose gain is 1, and a second right one adds nothing.
    """
    if not one.sought:
        return None
    return 1.0 / math.log2(1 + one.rank) if one.rank is not None else 0.0


def _contains(one: Judgement) -> float | None:
    return None if one.contains is None else float(one.contains)


def _cited(one: Judgement) -> float | None:
    return None if one.cited is None else float(one.cited)


def _refusal_recall(one: Judgement) -> float | None:
    return float(one.refused) if one.must_refuse is True else None


def _false_refusals(one: Judgement) -> float | None:
    return float(one.refused) if one.must_refuse is False else None


MEASURES: Mapping[str, Callable[[Judgement], float | None]] = MappingProxyType(
    {
        "recall_at_5": _recall_at_5,
        "hit_at_1": _hit_at_1,
        "mrr_at_10": _mrr_at_10,
        "ndcg_at_10": _ndcg_at_10,
        "contains": _contains,
        "cited": _cited,
        "citation_precision": lambda one: one.precision,
        "refusal_recall": _refusal_recall,
        "false_refusals": _false_refusals,
        "refused": lambda one: float(one.refused),
    }
)
"""Every measure of a question, from 0 to 1; None where it does not apply."""
FEWER_IS_BETTER = frozenset({"false_refusals"})
NEUTRAL = frozenset({"refused"})
"""Neither good nor bad by itself, so nothing is compared by it."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Means of the measures, between 0 and 1; None where the measure applies to no question.

    `contains` and `cited` count refused questions as wrong; `citation_precision` is of answered questions only.
    `refused` is the share of all questions. Times are milliseconds of the whole answer.
    """

    questions: int
    recall_at_5: float | None
    hit_at_1: float | None
    mrr_at_10: float | None
    ndcg_at_10: float | None
    contains: float | None
    cited: float | None
    citation_precision: float | None
    refusal_recall: float | None
    false_refusals: float | None
    refused: float | None
    ms_p50: float
    ms_p95: float


def score(results: Iterable[Result]) -> Scores:
    """The scores of these results."""
    every = list(results)
    found = means(measured([one.judgement for one in every]))
    times = [one.answer.timing.total for one in every] or [0.0]
    p50, p95 = (float(np.percentile(times, share)) for share in (50, 95))
    return Scores(questions=len(every), **dict(zip(MEASURES, found, strict=True)), ms_p50=p50, ms_p95=p95)


def measured(judgements: Sequence[Judgement]) -> Values:
    """The measures of each."""
    rows = [[measure(one) for measure in MEASURES.values()] for one in judgements]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(MEASURES))


def means(values: Values) -> list[float | None]:
    """The mean of each column; None where none of its questions has a value."""
    columns = (column[~np.isnan(column)] for column in values.T)
    return [float(known.mean()) if known.size else None for known in columns]


def grouped(results: Sequence[Result]) -> dict[str, list[Result]]:
    """All results, then those of each class, part of the library, reason to refuse and, where several, language."""
    found = {"all": list(results)}
    for of in (_class, _part, _reason, _language):
        names = list(dict.fromkeys(filter(None, map(of, results))))
        if of is _language and len(names) < 2:
            continue
        for name in names:
            found[name] = [one for one in results if of(one) == name]
    return found


def groups(results: Sequence[Result]) -> dict[str, Scores]:
    """The scores of each group."""
    return {name: score(members) for name, members in grouped(results).items()}


def _class(result: Result) -> str:
    return result.question.kind


def _part(result: Result) -> str:
    return result.question.part


def _reason(result: Result) -> str:
    return result.question.reason


def _language(result: Result) -> str:
    return result.answer.language
