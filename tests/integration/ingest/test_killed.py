"""A kill -9 at any point of an ingest leaves the old generation serving, and the next ingest finds a clean house."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ingest.model import FileStatus
from ingest.pipeline import ingest
from knowledge.adapters.generation import GenerationStore
from tests.contract.storage.processes import started
from tests.integration.ingest.telling import take_in

POINTS = (1, 7, 14, 20, 21, 22, 23, 24, 25)
"""Things told, after which to kill: among 20 files, after each of 2 batches, around writing, after publishing."""


def documents(folder: Path, version: str) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(20):
        text = f"# Fil {number}\n\nText {version} i fil {number} om planen.\n"
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    return folder


def run_and_kill(folder: Path, root: Path, after: int) -> list[str]:
    """Start an ingest, kill it after it has told so many things; those."""
    seen: list[str] = []
    with started(take_in, str(folder), str(root)) as running:
        while len(seen) < after and (told := running.next()) is not None:
            seen.append(told.decode())
    return seen


@pytest.mark.slow
def test_i09_a_kill_at_any_point_leaves_one_whole_generation(tmp_path: Path) -> None:
    folder, root = documents(tmp_path / "documents", "gammal"), tmp_path / "index"
    store = GenerationStore(root)
    asyncio.run(ingest([folder], store=store, embedder=None))
    documents(folder, "ny")
    for after in POINTS:
        seen = run_and_kill(folder, root, after)
        passages = store.contents().passages
        versions = {passage.text.split()[1] for passage in passages}
        assert len(passages) == 20, seen
        assert versions == {"ny" if "publish 1" in seen else "gammal"}, seen
    report = asyncio.run(ingest([folder], store=store, embedder=None))
    assert {outcome.status for outcome in report.outcomes} == {FileStatus.UNCHANGED}
    assert [path.name for path in (root / "generations").iterdir() if path.name.startswith(".")] == []
