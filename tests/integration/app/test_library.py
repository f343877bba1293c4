"""The built-in library is taken in when it has changed, and only then."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.knowledge_base import keep_library
from ingest.model import Advance, FileStatus, IngestReport, Phase, Progress
from knowledge.adapters.generation import GenerationStore
from knowledge.model import Origin
from knowledge.ports import Embedder
from tests.fakes.knowledge import RecordingEmbedder

PAGE = "---\ndocument: {name}\ntitle: Om {name}\nkind: guide\n---\n\n## Om {name}\n\nEn {name} ligger vid havet.\n"


def keep(
    store: GenerationStore, embedder: Embedder | None, progress: Progress | None, library: Path | None
) -> IngestReport | None:
    """One start; the tests look at the files between starts, which must not happen in a running loop."""
    return asyncio.run(keep_library(store, embedder, progress, library))


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    for name in ("fyr", "hamn"):
        (folder / f"{name}.md").write_text(PAGE.format(name=name), encoding="utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return GenerationStore(tmp_path / "index")


def test_the_first_start_takes_it_in_and_tells_how_far_it_is(store: GenerationStore, library: Path) -> None:
    told: list[Advance] = []
    embedder = RecordingEmbedder()
    report = keep(store, embedder, told.append, library)
    assert report
    assert [outcome.status for outcome in report.outcomes] == [FileStatus.ADDED] * 2
    assert [document.origin for document in store.contents().documents] == [Origin.LIBRARY] * 2
    assert {advance.phase for advance in told} == set(Phase) - {Phase.FETCH, Phase.RECOGNISE}
    assert keep(store, embedder, None, library) is None


def test_a_changed_file_alone_is_embedded_again(store: GenerationStore, library: Path) -> None:
    embedder = RecordingEmbedder()
    keep(store, embedder, None, library)
    (library / "fyr.md").write_text(PAGE.format(name="fyrplats"), encoding="utf-8")
    report = keep(store, embedder, None, library)
    assert report
    assert {outcome.path: outcome.status for outcome in report.outcomes} == {
        "fyr.md": FileStatus.UPDATED,
        "hamn.md": FileStatus.UNCHANGED,
    }
    assert report.embedded == 1


def test_another_model_means_other_vectors(store: GenerationStore, library: Path) -> None:
    keep(store, RecordingEmbedder(), None, library)
    other = RecordingEmbedder("fake/other")
    report = keep(store, other, None, library)
    assert report
    assert report.embedded == 2
    assert store.manifest().model == "fake/other"


def test_a_rollback_stays_in_force_until_the_library_changes(store: GenerationStore, library: Path) -> None:
    keep(store, None, None, library)
    first = store.current()
    assert first
    (library / "slump.md").write_text(PAGE.format(name="slump"), encoding="utf-8")
    keep(store, None, None, library)
    store.publish(first)
    assert keep(store, None, None, library) is None
    assert store.current() == first


def test_a_file_that_cannot_be_read_is_an_error_in_the_log_and_the_rest_is_served(
    store: GenerationStore, library: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (library / "trasig.md").write_bytes(b"")
    keep(store, None, None, library)
    assert "trasig.md" in caplog.text
    assert len(store.contents().documents) == 2


def test_turned_off_it_is_taken_out_and_nothing_else_is_touched(store: GenerationStore, library: Path) -> None:
    assert keep(store, None, None, None) is None
    assert store.current() is None
    keep(store, None, None, library)
    keep(store, None, None, None)
    assert store.contents().documents == ()
    assert keep(store, None, None, None) is None
