"""`fyren feedback --evaluation-questions` on a real database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.questions.model import EvaluationRow
from bot.storage.database import open_database
from knowledge.evaluation.questions import load
from tests.integration.app.in_process import InProcess


def test_picked_questions_are_lines_that_an_evaluation_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def pick() -> None:
        urls = (f"sqlite:///{tmp_path / name}.sqlite3" for name in ("fyren", "identity"))
        database = await open_database(*urls)
        at = datetime(2026, 11, 2, 12, tzinfo=UTC)
        store = database.evaluation_questions
        await store.keep(EvaluationRow("a", "Vad är SML-IT?", False, ("sml-it",), (), "f-1", at))
        await store.keep(EvaluationRow("b", "Vem vann?", True, (), (), "f-1", at))
        await database.close()

    asyncio.run(pick())
    told = InProcess(tmp_path, monkeypatch, capsys)("feedback", "--evaluation-questions")
    assert told.code == 0
    file = tmp_path / "picked.jsonl"
    file.write_text(told.out, "utf-8")
    assert [(each.id, each.kind) for each in load(file)] == [("a", "answerable"), ("b", "refuse")]
    assert "f-1" not in told.out
