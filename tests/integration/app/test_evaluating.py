"""`fyren eval` on a municipality's own documents and questions: scores, files, and a baseline that stops a fall."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.app.commands import Fyren

pytestmark = pytest.mark.slow  # every command is a process of its own

HARBOURS = """## Gästhamnar

Gästhamnen i Lysekil har plats för 400 båtar. Avgiften är 250 kronor per dygn.

## Fyrar

Fyren på Hållö tändes år 1842. Fyren drivs med solceller sedan 1998.
"""
QUESTIONS: tuple[dict[str, object], ...] = (
    {"id": "fee", "question": "Hur hög är avgiften i gästhamnen?", "facts": ["250 kronor"]},
    {"id": "room", "question": "Hur många båtar har gästhamnen i Lysekil plats för?", "documents": "hamnar.md"},
    {"id": "lunch", "question": "Vad blir det för lunch i skolan i dag?", "class": "refuse", "reason": "unrelated"},
)


def written(file: Path, *lines: dict[str, object]) -> Path:
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return file


@pytest.fixture
def fyren(tmp_path: Path) -> Fyren:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "hamnar.md").write_text(HARBOURS, encoding="utf-8")
    command = Fyren(tmp_path / "var")
    assert command("ingest", tmp_path / "documents").code == 0
    return command


def test_scores_a_report_and_a_baseline_come_from_one_run(fyren: Fyren, tmp_path: Path) -> None:
    questions = written(tmp_path / "q.jsonl", *QUESTIONS)
    folder, stored = tmp_path / "report" / "today", tmp_path / "kept" / "before.json"
    done = fyren("eval", questions, "--json", "--report", folder, "--write-baseline", stored)
    assert done.code == 0, done.err
    scores = done.data["scores"]["all"]
    assert (scores["questions"], scores["contains"], scores["refusal_recall"]) == (3, 1.0, 1.0)
    assert json.loads((folder / "report.json").read_text(encoding="utf-8")) == done.data
    assert (folder / "report.md").read_text(encoding="utf-8").startswith("# Kvalitet på q.jsonl")
    assert (folder / "reliability.png").exists() is (done.data["reliability"] is not None)
    again = fyren("eval", questions, "--json", "--baseline", stored)
    assert again.code == 0, again.err
    assert again.data["comparison"]["fell"] == again.data["comparison"]["worse"] == []


def test_a_fall_beyond_noise_fails_by_name_and_keeps_the_baseline(fyren: Fyren, tmp_path: Path) -> None:
    """As if answers had been right before: six questions ask for a fact that no text holds."""
    asked: dict[str, object] = {"question": "Hur hög är avgiften i gästhamnen?", "facts": ["251 kronor"]}
    questions = written(tmp_path / "q.jsonl", *({"id": f"q{number}", **asked} for number in range(6)))
    stored = tmp_path / "before.json"
    assert fyren("eval", questions, "--write-baseline", stored).code == 0
    stored.write_text(stored.read_text(encoding="utf-8").replace('"contains":false', '"contains":true'), "utf-8")
    kept = stored.read_bytes()
    done = fyren("eval", questions, "--worst", "0", "--baseline", stored, "--write-baseline", stored)
    assert done.code == 1
    assert "Sämre än before.json med mer än vad slumpen förklarar: rätt faktum i svaret." in done.err
    assert "q0 (rätt faktum), q1 (rätt faktum)" in done.out
    assert "VÄRSTA" not in done.out
    assert stored.read_bytes() == kept


def test_bare_questions_are_answered_and_counted(fyren: Fyren, tmp_path: Path) -> None:
    lines = [{"id": one["id"], "question": one["question"], "source": "enkät"} for one in QUESTIONS]
    done = fyren("eval", written(tmp_path / "q.jsonl", *lines))
    assert done.code == 0, done.err
    assert "Fält i frågorna som inte används: source." in done.err
    assert "avböjda" in done.out
    assert "250 kronor per dygn" in done.out
    assert "rätt källa" not in done.out


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "Det finns inga frågor i q.jsonl."),
        ('{"id": "a"}\n', "q.jsonl, line 1: question: Field required"),
    ],
)
def test_a_set_that_cannot_be_asked_is_told_in_one_line(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "q.jsonl").write_text(content, encoding="utf-8")
    done = Fyren(tmp_path / "var")("eval", tmp_path / "q.jsonl")
    assert (done.code, done.out) == (1, "")
    assert told in done.err


def test_what_would_fail_after_the_run_is_told_before_it(tmp_path: Path) -> None:
    questions = written(tmp_path / "q.jsonl", *QUESTIONS)
    (tmp_path / "other.json").write_text('{"format": 1, "questions": {}}', encoding="utf-8")
    (tmp_path / "file").write_text("", encoding="utf-8")
    fyren = Fyren(tmp_path / "var")
    for option, path, told in (
        ("--baseline", "none.json", "none.json: No such file or directory"),
        ("--baseline", "q.jsonl", "q.jsonl: "),
        ("--baseline", "other.json", "Ingen av frågorna finns i other.json"),
        ("--report", "file", "går inte att skriva"),
        ("--write-baseline", "file/b.json", "går inte att skriva"),
    ):
        done = fyren("eval", questions, option, tmp_path / path)
        assert (done.code, done.out) == (1, ""), (option, done.err)
        assert told in done.err
    assert not (tmp_path / "var" / "index").exists()
