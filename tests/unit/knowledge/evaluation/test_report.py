"""The JSON of a run: of the shape that its documentation tells, and nothing but JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from knowledge.evaluation import MEASURES, EvaluationQuestion, Scores, baseline_of, data, report
from tests.fakes.evaluation import answerable, bare, refusable

HANDBOOK = Path(__file__).parents[4] / "deploy" / "evaluation.md"
RESULTS = [
    answerable("right", confidence=0.9, part="report"),
    answerable("wrong", cited=False, contains=False, confidence=0.8, precision=1 / 3, context=["Vad?"]),
    refusable("oops", refused=False, confidence=0.7, reason="related"),
    bare("who knows"),
]


def whole() -> dict[str, Any]:
    before = baseline_of([answerable("right", rank=2), answerable("wrong", context=["Vad?"])])
    found: dict[str, Any] = json.loads(json.dumps(data(report(RESULTS, generation="g1", baseline=before))))
    return found


def keys(value: object, skipped: frozenset[str]) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from () if name in skipped else (name,)
            yield from keys(inner, skipped)
    elif isinstance(value, list):
        for each in value:
            yield from keys(each, skipped)


def test_the_documentation_tells_every_key_every_score_and_every_field() -> None:
    told = set(re.findall(r"`([a-z_0-9]+)`", HANDBOOK.read_text(encoding="utf-8")))
    groups = frozenset(whole()["scores"])
    assert set(keys(whole(), groups)) - told == set()
    assert {field.name for field in fields(Scores)} - told == set()
    assert {field.alias or name for name, field in EvaluationQuestion.model_fields.items()} - told == set()


def test_what_a_run_tells() -> None:
    found = whole()
    assert found["generation"] == "g1"
    assert found["scores"]["all"]["questions"] == 4
    assert found["scores"]["all"]["contains"] == 0.5
    assert found["scores"]["related"]["contains"] is None
    assert found["intervals"]["all"]["contains"] == [0.0, 1.0]
    assert found["intervals"]["related"]["refusal_recall"] is None
    assert set(found["intervals"]["all"]) == set(MEASURES)
    assert found["answered_wrongly"] == ["oops"]
    assert [one["id"] for one in found["misses"]] == ["oops", "wrong"]
    assert [one["why"] for one in found["misses"]] == ["answered", "source"]
    assert [one["id"] for one in found["results"]] == ["right", "wrong", "oops", "who knows"]
    assert found["results"][1]["citation_precision"] == 0.3333
    assert found["reliability"]["questions"] == 3
    assert found["comparison"]["unknown"] == ["oops", "who knows"]
    assert found["comparison"]["worse"] == [{"id": "wrong", "scores": ["contains", "cited", "citation_precision"]}]
    assert found["comparison"]["better"] == [{"id": "right", "scores": ["hit_at_1", "mrr_at_10", "ndcg_at_10"]}]


def test_what_is_not_known_is_null() -> None:
    found = data(report([bare("a")], most=0))
    assert (found["reliability"], found["comparison"], found["misses"]) == (None, None, [])
    assert found["results"][0]["confidence"] is None


def test_the_same_results_give_the_same_report() -> None:
    assert whole() == whole()
