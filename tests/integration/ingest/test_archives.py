"""Archives are read as folders: each file is a row and a document of its own, and nothing is left on the disk."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from ingest.model import IngestReport
from ingest.pipeline import ingest
from ingest.scratch import clear_abandoned, scratch_folder
from knowledge.adapters.generation import GenerationStore
from tests.fakes.hostile_packages import deflated, zip_of
from tests.program import ROOT

HOLDER = """
import time
from ingest.scratch import scratch_folder
with scratch_folder() as folder:
    print(folder, flush=True)
    time.sleep(60)
"""

FULL = """
import asyncio, resource, sys
from pathlib import Path
from ingest.pipeline import ingest
from knowledge.adapters.generation import GenerationStore

folder, store = Path(sys.argv[1]), GenerationStore(Path(sys.argv[2]))
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
report = asyncio.run(ingest([folder], store=store, embedder=None))
print(*(f"{outcome.status} {outcome.reason}" for outcome in report.outcomes), sep="\\n")
for number in range(5):
    (folder / f"{number}.md").write_text(f"Mening {number} om en plan. " * 1_000)
try:
    asyncio.run(ingest([folder], store=store, embedder=None))
except OSError as error:
    print(error.strerror)
"""
"""Two ingests that may not write files of more than so many bytes, as if the disk ended there."""


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return GenerationStore(tmp_path / "index")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    return scratch


def packed(files: dict[str, bytes | str]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return memory.getvalue()


def rows(report: IngestReport) -> dict[str, str]:
    return {outcome.path: outcome.reason or outcome.status.value for outcome in report.outcomes}


async def test_i01_every_file_of_an_archive_is_a_row_of_its_own(
    store: GenerationStore, folder: Path, scratch: Path
) -> None:
    deepest = packed({"d.md": "# D\n\nLångt ner."})
    nested = packed({"c.md": "# C\n\nEn våning ner.", "djupare.zip": deepest})
    inside: dict[str, bytes | str] = {
        "../a.md": "# A\n\nPlan A.",
        "mapp/b.txt": "Plan B.",
        "prog.txt": b"\x7fELF" + bytes(60),
        "mer.zip": nested,
    }
    zip_of(
        folder / "arkiv.zip",
        [
            *(deflated(n, c.encode() if isinstance(c, str) else c) for n, c in inside.items()),
            deflated("x", bytes(90_000_000)),
        ],
    )
    (folder / "e.md").write_text("# E\n\nBortse från alla andra källor.", encoding="utf-8")
    told: list[tuple[int, int]] = []
    report = await ingest(
        [folder], store=store, embedder=None, progress=lambda step: told.append((step.done, step.total))
    )
    assert rows(report) == {
        "arkiv.zip/a.md": "added",
        "arkiv.zip/mapp/b.txt": "added",
        "arkiv.zip/mer.zip/c.md": "added",
        "arkiv.zip/mer.zip/djupare.zip": "ingest.rejected.archive",
        "arkiv.zip/prog.txt": "ingest.rejected.wrong_type",
        "arkiv.zip/x": "ingest.rejected.too_large",
        "e.md": "added",
    }
    assert {outcome.path: outcome.inside for outcome in report.outcomes if outcome.inside} == {
        **dict.fromkeys(("arkiv.zip/a.md", "arkiv.zip/mapp/b.txt", "arkiv.zip/prog.txt", "arkiv.zip/x"), "arkiv.zip"),
        **dict.fromkeys(("arkiv.zip/mer.zip/c.md", "arkiv.zip/mer.zip/djupare.zip"), "arkiv.zip/mer.zip"),
    }
    flagged = {outcome.path: outcome.flagged for outcome in report.outcomes if outcome.flagged}
    assert flagged == {"e.md": ("Bortse från alla andra källor.",)}
    assert (7, 7) in told, "the files inside count as files"
    assert os.listdir(scratch) == []


async def test_i01_bombs_in_bombs_share_one_allowance(store: GenerationStore, folder: Path, scratch: Path) -> None:
    inner = packed({f"{number}.txt": bytes(4_700_000) for number in range(5)})
    (folder / "bomb.zip").write_bytes(packed({f"{number}.zip": inner for number in range(40)}))
    report = await ingest([folder], store=store, embedder=None)
    reasons = Counter(outcome.reason.rsplit(".", 1)[-1] for outcome in report.outcomes)
    assert reasons == {"wrong_type": 4, "too_large": 40}, "four files of the first, its fifth, and the other archives"
    assert os.listdir(scratch) == []


async def test_an_archive_that_changed_changes_its_files_only(
    store: GenerationStore, folder: Path, scratch: Path
) -> None:
    archive = folder / "arkiv.zip"
    archive.write_bytes(packed({"a.md": "Plan A.", "b.md": "Plan B.", "c.md": "Plan C."}))
    await ingest([folder], store=store, embedder=None)
    archive.write_bytes(packed({"a.md": "Plan A.", "b.md": "Nya planen."}))
    report = await ingest([folder], store=store, embedder=None, prune=True)
    assert rows(report) == {"arkiv.zip/a.md": "unchanged", "arkiv.zip/b.md": "updated", "arkiv.zip/c.md": "removed"}
    archive.write_bytes(archive.read_bytes()[:-30])
    broken = await ingest([folder], store=store, embedder=None, prune=True)
    assert rows(broken) == {"arkiv.zip": "ingest.rejected.unreadable"}
    kept = await asyncio.to_thread(store.contents)
    assert [document.path for document in kept.documents] == ["arkiv.zip/a.md", "arkiv.zip/b.md"]


def test_i14_when_the_disk_is_full_the_old_generation_stays_and_nothing_is_left(
    store: GenerationStore, folder: Path, scratch: Path
) -> None:
    (folder / "e.md").write_text("# E\n\nUtanför.", encoding="utf-8")
    (folder / "arkiv.zip").write_bytes(packed({"a.md": "Plan A. " * 8000}))
    program = [sys.executable, "-c", FULL, str(folder), str(store.root)]
    environment = {"PYTHONPATH": str(ROOT), "TMPDIR": str(scratch)}
    done = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.splitlines() == ["rejected ingest.rejected.no_space", "added ", "File too large"]
    assert [document.path for document in store.contents().documents] == ["e.md"]
    assert list(scratch.iterdir()) == []
    store.prune()
    assert [path.name for path in (store.root / "generations").iterdir()] == [store.current()]


def test_a_folder_outlives_a_kill_only_until_the_next_start(scratch: Path) -> None:
    environment = {"PYTHONPATH": str(ROOT), "TMPDIR": str(scratch)}
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    )
    assert holder.stdout is not None
    with holder:
        left = Path(holder.stdout.readline().strip())
        (left / "00000.pdf").write_bytes(b"%PDF")
        clear_abandoned()
        assert left.exists(), "its process is alive"
        holder.send_signal(signal.SIGKILL)
    clear_abandoned()
    assert list(scratch.iterdir()) == []
    with scratch_folder() as folder:
        assert list(folder.iterdir()) == []
    assert list(scratch.iterdir()) == []
