"""Runs `fyren` inside the test's own process: the same commands on the same databases, without a start each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from bot.conversation.texts import Texts
from bot.settings import Settings
from tests.fakes.check_talk import TEXTS
from tests.integration.app.commands import Finished


class InProcess:
    """`fyren` on one data folder."""

    def __init__(self, data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        for name in Settings.model_fields:
            monkeypatch.delenv(f"FYREN_{name.upper()}", raising=False)
        monkeypatch.setenv("FYREN_DATA_DIR", str(data_dir))
        monkeypatch.setattr(Texts, "load", lambda: TEXTS)  # read once is enough
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Finished:
        self._capsys.readouterr()
        try:
            code = main(list(map(str, arguments)))
        except SystemExit as ended:  # wrong usage
            code = int(ended.code or 0)
        told = self._capsys.readouterr()
        return Finished(code, told.out, told.err)
