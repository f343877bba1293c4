"""What `fyren ingest --watch` publishes is in the audit log, as what is published in any other way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from bot.access.audit import Action
from bot.cli import ingest
from bot.cli.console import Console
from bot.storage.database import open_database
from bot.storage.engine import sqlite_url
from ingest.watching import Batch, Watch
from tests.databases import put_migrated
from tests.integration.app.in_process import InProcess


async def at_once(_: float) -> None:
    await asyncio.sleep(0)


async def one_batch(paths: Sequence[Path], _: Console, take: Callable[[Batch], Awaitable[None]]) -> None:
    """The watch as it is, stopped after what it finds first."""
    await take(await Watch(paths, sleep=at_once).next())


async def published(folder: Path) -> list[str]:
    database = await open_database(*(sqlite_url(folder / name) for name in ("fyren.sqlite3", "identity.sqlite3")))
    entries = await database.audit.entries()
    await database.close()
    return [each.event.subject for each in entries if each.event.action == Action.DOCUMENTS_PUBLISHED]


def test_what_a_watch_publishes_is_in_the_audit_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ingest, "keep_watching", one_batch)
    data, folder = tmp_path / "var", tmp_path / "documents"
    put_migrated(data)
    folder.mkdir()
    fyren = InProcess(data, monkeypatch, capsys)
    monkeypatch.setenv("FYREN_BUILTIN_LIBRARY", "false")
    monkeypatch.setenv("FYREN_EMBEDDING_PROVIDER", "off")
    generations = []
    for text in ("Fyren tändes 1842.", "Fyren tändes 1843.", "Fyren tändes 1843."):
        (folder / "fyr.md").write_text(f"# Hållö\n\n{text}\n", encoding="utf-8")
        told = fyren("ingest", folder, "--watch", "--json")
        assert told.code == 0, told.err
        generations.append(told.data["generation"])
    assert generations[1] == generations[2]  # nothing had changed
    assert asyncio.run(published(data)) == [generations[1], generations[0]]
