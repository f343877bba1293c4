"""`fyren ingest --watch` goes on through failures, and ends without one."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.cli.console import Console
from bot.cli.watch import keep_watching, until_stopped
from bot.conversation.texts import Texts
from ingest.errors import IngestInterrupted, IsolationUnavailable
from ingest.watching import Batch, Watch


async def at_once(_: float) -> None:
    await asyncio.sleep(0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.md").write_text("A", encoding="utf-8")
    return tmp_path


def watching(folder: Path, outcomes: list[Exception | None], taken: list[Batch], console: Console) -> int:
    async def take(batch: Batch) -> None:
        taken.append(batch)
        if not outcomes:
            raise KeyboardInterrupt
        error = outcomes.pop(0)
        if error is not None:
            raise error

    return until_stopped(keep_watching([folder], console, take, Watch([folder], sleep=at_once), retry=0), console)


def test_a_batch_that_failed_is_tried_again_and_ctrl_c_is_no_failure(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken: list[Batch] = []
    code = watching(folder, [IngestInterrupted("upptaget")], taken, Console(Texts.load(), json=False))
    said = capsys.readouterr().err.splitlines()
    assert (code, len(taken)) == (0, 2)
    assert said[0].startswith("Bevakar ")
    assert "upptaget" in said[1]
    assert said[2] == "Bevakningen är avslutad."


def test_what_no_waiting_mends_ends_it(folder: Path) -> None:
    with pytest.raises(IsolationUnavailable):
        watching(folder, [IsolationUnavailable("nät")], [], Console(Texts.load(), json=False))
