"""The gate: quality on questions that nothing is tuned on. A change that lowers it does not pass."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.program import FYREN, environment

QUESTIONS = Path(__file__).parent / "gate.jsonl"
# What is wanted is 0.90 of `contains`, 0.95 of `cited` and 0.80 of `refusal_recall`. The first two are not reached yet;
# what is reached is held, with two or three questions of slack, as processors differ in how they round vectors.
AT_LEAST = {"recall_at_5": 0.97, "contains": 0.85, "cited": 0.91, "refusal_recall": 0.78}
AT_MOST = {"false_refusals": 0.05}
PARTS = {"report": 120, "regulation": 40, "initiative": 25, "glossary": 15}
REASONS = {"unknowable": 20, "related": 20, "unrelated": 20}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report(library: Path) -> dict[str, Any]:
    """What `fyren eval` says of the gate's questions, as JSON."""
    done = subprocess.run(
        [*FYREN, "eval", str(QUESTIONS), "--json", "--worst", "200"],
        env=environment(library),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


def test_the_set_is_as_large_as_promised(report: dict[str, Any]) -> None:
    sizes = {name: scores["questions"] for name, scores in report["scores"].items()}
    assert sum(sizes[part] for part in PARTS) >= 200
    assert {name for name, least in (PARTS | REASONS).items() if sizes[name] < least} == set()
    assert min(sizes["followup"], sizes["english"], sizes["noisy"]) >= 20


def test_nothing_that_judges_is_developed_on() -> None:
    """Questions are written independently of each other, so the same one may be written twice."""

    def asked(path: Path) -> set[tuple[str, ...]]:
        lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
        return {tuple(" ".join(turn.lower().split()) for turn in (*one["context"], one["question"])) for one in lines}

    assert asked(QUESTIONS) & asked(QUESTIONS.with_name("development.jsonl")) == set()


@pytest.mark.parametrize(("score", "bar"), AT_LEAST.items())
def test_quality_reaches_its_bar(report: dict[str, Any], score: str, bar: float) -> None:
    assert report["scores"]["all"][score] >= bar


@pytest.mark.parametrize(("score", "bar"), AT_MOST.items())
def test_errors_stay_below_their_bar(report: dict[str, Any], score: str, bar: float) -> None:
    assert report["scores"]["all"][score] <= bar


def test_the_scores_are_told_as_a_table_with_the_misses_below(library: Path, tmp_path: Path) -> None:
    """In Swedish and in English, for a person; a question that must be missed stands below with its answer."""
    asked = {"id": "x1", "class": "refuse", "question": "Vad är portföljstyrning?"}
    questions = tmp_path / "questions.jsonl"
    questions.write_text(json.dumps(asked), encoding="utf-8")
    for language, column in (("sv", "avböjda fel"), ("en", "refused wrongly")):
        done = subprocess.run(
            [*FYREN, "eval", str(questions)],
            env=environment(library, {"FYREN_LANGUAGE": language}),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        assert column in done.stdout.splitlines()[0]
        assert "x1 (refuse): Vad är portföljstyrning?" in done.stdout
