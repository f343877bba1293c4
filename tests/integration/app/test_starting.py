"""Every kind of command starts from nothing: it imports what it needs by itself, and says what is agreed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.app.commands import Fyren

pytestmark = pytest.mark.slow  # every command is a process of its own


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("ingest", "documents"), "generation"),
        (("documents", "list"), "documents"),
        (("search", "båtar"), "hits"),
        (("ask", "Hur många båtar?"), "answer"),
        (("feedback",), "feedback"),
        (("maturity", "instruments"), "instruments"),
        (("doctor",), "checks"),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else None,
)
def test_a_command_needs_nothing_but_its_own_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], told: str
) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "hamnar.md").write_text("# Hamnar\n\nHamnen har plats för 400 båtar.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = Fyren(tmp_path / "var").started(*command, "--json")
    assert done.code == 0, done.err
    assert told in done.data
