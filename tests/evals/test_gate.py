"""The gate: quality on questions that nothing is tuned on. A change that lowers it does not pass."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.integration.app import forked
from tests.program import FYREN, environment

QUESTIONS = Path(__file__).parent / "gate.jsonl"
BASELINE = Path(__file__).parent / "baseline.json"
# What is wanted is 0.92 of `contains`, 0.88 of `refusal_recall` and at most 0.04 of `false_refusals`. The first is not
# reached yet; what is reached is held, with two or three questions of slack, as processors differ in how they round
# vectors. The baseline holds what each question did.
AT_LEAST = {"recall_at_5": 0.95, "contains": 0.86, "cited": 0.91, "refusal_recall": 0.86}
AT_MOST = {"false_refusals": 0.05}
PARTS = {"report": 120, "regulation": 40, "initiative": 25, "glossary": 15}
REASONS = {"unknowable": 35, "related": 35, "unrelated": 20}
MISSING = f"tests/evals/{BASELINE.name} is missing, so there is nothing to compare with: `make baseline` stores a run"

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the gate: exit code, what it said as JSON, and the folder of its report.

    No test that fails may show the data: it holds the questions.
    """

    code: int
    folder: Path
    data: dict[str, Any] = field(repr=False)


@pytest.fixture(scope="module")
def run(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The gate, asked once for all that is tested of it; no question of it is shown."""
    folder = tmp_path_factory.mktemp("report")
    arguments = ["--json", "--worst", "0", "--report", str(folder)]
    if BASELINE.exists():
        arguments += ["--baseline", str(BASELINE)]
    done = subprocess.run(
        [*FYREN, "eval", str(QUESTIONS), *arguments],
        env=environment(library),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr[-2000:]
    assert done.stdout, done.stderr[-2000:]
    return Run(done.returncode, folder, json.loads(done.stdout))


@pytest.fixture(scope="module")
def report(run: Run) -> dict[str, Any]:
    """What the run says of the gate's questions as a whole."""
    return {name: run.data[name] for name in ("scores", "comparison")}


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


def test_nothing_fell_below_the_stored_run(run: Run) -> None:
    """Beyond noise, that is: the 95 % interval of the paired difference lies wholly on the bad side of zero."""
    comparison = run.data["comparison"]
    assert comparison is not None, MISSING
    assert comparison["fell"] == [], f"worse than before: {[one['id'] for one in comparison['worse']]}"
    assert run.code == 0


def test_the_stored_run_holds_these_questions_and_no_text(report: dict[str, Any]) -> None:
    assert report["comparison"] is not None, MISSING
    assert (report["comparison"]["unknown"], report["comparison"]["gone"]) == ([], [])
    stored = BASELINE.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    assert not any(one["question"] in stored for one in lines)


def test_the_report_tells_the_same_scores(run: Run) -> None:
    alike = json.loads((run.folder / "report.json").read_text(encoding="utf-8")) == run.data
    assert alike
    written = (run.folder / "report.md").read_text(encoding="utf-8")
    assert all(f"| {group} |" in written for group in run.data["scores"])
    assert (run.folder / "reliability.png").exists() is (run.data["reliability"] is not None)


def test_the_scores_are_told_as_a_table_with_the_misses_below(library: Path, tmp_path: Path) -> None:
    """In Swedish and in English, for a person; a question that must be missed stands below with its answer."""
    asked = {"id": "x1", "class": "refuse", "question": "Vad är portföljstyrning?"}
    questions = tmp_path / "questions.jsonl"
    questions.write_text(json.dumps(asked), encoding="utf-8")
    for language, column in (("sv", "rätt avböjda"), ("en", "rightly refused")):
        env = environment(library, {"FYREN_LANGUAGE": language})
        code, told, noted = forked.run(["eval", str(questions)], env, "", 120)
        assert code == 0, noted[-2000:]
        assert column in told
        assert "x1 (refuse): Vad är portföljstyrning?" in told
