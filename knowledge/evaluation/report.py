"""All that one run of a question set tells, and its form as JSON, which is part of the command line's contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from knowledge.evaluation.baseline import Baseline, Change, Comparison, compare
from knowledge.evaluation.intervals import Interval, of_means
from knowledge.evaluation.judging import Result
from knowledge.evaluation.metrics import MEASURES, Scores, grouped, measured, score
from knowledge.evaluation.misses import Why, why, worst
from knowledge.evaluation.model_judging import MODEL_MEASURES, ModelScores, NotRun
from knowledge.evaluation.reliability import Reliability, reliability

DIGITS = 4
"""Decimals in JSON; the last ones of a mean say nothing."""


@dataclass(frozen=True, slots=True)
class Report:
    """One run. `scores` and `intervals` are by group, `all` first; `misses` are the worst; `generation` names the
    index that was asked. `comparison` is None where no baseline was given. `model` is what a language model says of the
    answers, or why none was asked."""

    generation: str | None
    results: tuple[Result, ...]
    scores: Mapping[str, Scores]
    intervals: Mapping[str, Mapping[str, Interval | None]]
    reliability: Reliability | None
    misses: tuple[Result, ...]
    comparison: Comparison | None
    model: ModelScores | NotRun

    @property
    def answered_wrongly(self) -> tuple[Result, ...]:
        """What was answered though it must be refused."""
        return tuple(one for one in self.results if why(one) is Why.ANSWERED)

    @property
    def unjudged(self) -> tuple[Result, ...]:
        """Questions of which the set says nothing, not even that there is an answer."""
        return tuple(one for one in self.results if one.judgement.must_refuse is None)


def report(
    results: Sequence[Result],
    *,
    generation: str | None = None,
    most: int = 10,
    baseline: Baseline | None = None,
    model: ModelScores | NotRun | None = None,
) -> Report:
    """Scores, intervals and the rest of a run; at most `most` misses. Takes about a second for a thousand questions."""
    members = grouped(results)
    return Report(
        generation=generation,
        results=tuple(results),
        scores={name: score(group) for name, group in members.items()},
        intervals={name: _intervals(group) for name, group in members.items()},
        reliability=reliability(results),
        misses=tuple(worst(results, most)),
        comparison=compare(baseline, results) if baseline is not None else None,
        model=model or NotRun("extractive"),
    )


def data(report: Report) -> dict[str, Any]:
    """The report as JSON; what its keys mean stands in deploy/evaluation.md."""
    return {
        "generation": report.generation,
        "scores": {name: _rounded(asdict(scores)) for name, scores in report.scores.items()},
        "intervals": {
            group: {name: _bounds(interval) for name, interval in found.items()}
            for group, found in report.intervals.items()
        },
        "reliability": _rounded(asdict(report.reliability)) if report.reliability is not None else None,
        "answered_wrongly": [one.question.id for one in report.answered_wrongly],
        "misses": [_miss(one) for one in report.misses],
        "results": [_result(one) for one in report.results],
        "comparison": _comparison(report.comparison) if report.comparison is not None else None,
        "model": _model(report.model),
    }


def _model(model: ModelScores | NotRun) -> dict[str, Any]:
    if isinstance(model, NotRun):
        nothing = dict.fromkeys(MODEL_MEASURES)
        return {"judge": None, "reason": model.reason, "scores": nothing, "intervals": nothing}
    return {
        "judge": model.judge,
        "reason": None,
        "scores": _rounded(model.scores),
        "intervals": {name: _bounds(interval) for name, interval in model.intervals.items()},
        "failures": dict(model.failures),
        "generators": dict(model.generators),
        "results": [_rounded(asdict(one)) for one in model.judgements],
    }


def _intervals(results: Sequence[Result]) -> dict[str, Interval | None]:
    found = of_means(measured([one.judgement for one in results]))
    return dict(zip(MEASURES, found, strict=True))


def _result(result: Result) -> dict[str, Any]:
    one, answer = result.judgement, result.answer
    return {
        "id": result.question.id,
        "class": result.question.kind,
        "question": result.question.question,
        "status": answer.status.value,
        "language": answer.language,
        "confidence": _rounded(answer.confidence),
        "rank": one.rank,
        "found": result.found,
        "contains": one.contains,
        "cited": one.cited,
        "citation_precision": _rounded(one.precision),
        "ms": _rounded(answer.timing.total),
        "answer": answer.text,
    }


def _miss(result: Result) -> dict[str, Any]:
    question = result.question
    reason = why(result)
    return {
        **_result(result),
        "why": reason.value if reason is not None else None,
        "reason": question.reason,
        "context": list(question.context),
        "expected": {
            "refuse": question.must_refuse,
            "facts": [list(forms) for forms in question.facts],
            "documents": list(question.documents),
            "pages": list(question.pages) if question.pages else None,
            "passage": list(question.passage),
        },
        "citations": [
            {"document": one.passage.document, "page": list(one.passage.pages) or None, "quote": one.quote}
            for one in result.answer.citations
        ],
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "compared": comparison.compared,
        "scores": {change.score: _change(change) for change in comparison.changes},
        "fell": list(comparison.fell),
        "worse": [{"id": one.id, "scores": list(one.scores)} for one in comparison.worse],
        "better": [{"id": one.id, "scores": list(one.scores)} for one in comparison.better],
        "unknown": list(comparison.unknown),
        "gone": list(comparison.gone),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "before": _rounded(change.before),
        "now": _rounded(change.now),
        "difference": _rounded(change.difference),
        "interval": _bounds(change.interval),
        "fell": change.fell,
        "rose": change.rose,
    }


def _bounds(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [_rounded(interval.low), _rounded(interval.high)]


def _rounded(value: Any) -> Any:
    """Every number in it with so many decimals."""
    if isinstance(value, float):
        return round(value, DIGITS) + 0.0  # no -0.0
    if isinstance(value, Mapping):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value
