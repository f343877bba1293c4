"""`fyren pause`, on a database of its own."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.cli import pause
from bot.cli.console import Console
from bot.cli.parser import build_parser
from bot.conversation.texts import Texts
from bot.settings import Settings
from bot.storage.database import open_database
from tests.databases import put_migrated

TENANT = "3B1D0C7A-0000-4000-8000-00000000A001"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    put_migrated(tmp_path / "var")
    return Settings.read(data_dir=tmp_path / "var")


def run(settings: Settings, *arguments: str) -> int:
    given = build_parser().parse_args(["pause", *arguments])
    return pause.run(given, settings, Console(Texts.load(), json=given.json))


def test_w14_a_pause_is_begun_shown_and_ended_and_the_audit_log_tells_who(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(settings, "on", "--note", "Åter kl. 15.") == 0
    assert run(settings, "on", "--tenant", TENANT) == 0
    assert run(settings, "show") == 0
    shown = capsys.readouterr().out
    assert "Fyren är pausad för alla" in shown
    assert "Åter kl. 15." in shown
    assert TENANT.lower() in shown
    assert run(settings, "off") == 0
    assert run(settings, "off") == 1
    capsys.readouterr()
    assert run(settings, "off", "--json") == 1
    assert json.loads(capsys.readouterr().out) == {"paused": False, "tenant": "", "changed": False}
    assert run(settings, "show", "--json") == 0
    [kept] = json.loads(capsys.readouterr().out)["pauses"]
    assert (kept["tenant"], kept["note"]) == (TENANT.lower(), "")

    async def recorded() -> list[tuple[str, str, str]]:
        database = await open_database(settings.database, settings.identity_database)
        try:
            return [
                (each.event.action, each.event.subject, each.event.actor) for each in await database.audit.entries()
            ]
        finally:
            await database.close()

    assert asyncio.run(recorded()) == [
        ("bot_resumed", "", "command line"),
        ("bot_paused", TENANT.lower(), "command line"),
        ("bot_paused", "", "command line"),
    ]


@pytest.mark.parametrize("arguments", [["on", "--tenant", ""], ["off", "--tenant", "hem"], ["on", "--note", "x" * 501]])
def test_nobody_is_paused_by_a_slip(settings: Settings, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(settings, *arguments)
    assert ended.value.code == 2
