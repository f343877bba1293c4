"""No text is embedded twice: not in an unchanged folder, not after a break, nor when a document comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from ingest.model import FileStatus, IngestReport
from ingest.pipeline import ingest, remove
from knowledge.adapters.generation import GenerationStore
from knowledge.errors import EmbeddingFailed
from knowledge.model import embedded_texts
from knowledge.ports import Vectors
from tests.fakes.knowledge import RecordingEmbedder, vectors_of


class TiringEmbedder(RecordingEmbedder):
    """Gives up after so many batches."""

    def __init__(self, batches: int) -> None:
        super().__init__()
        self._left = batches

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if self._left == 0:
            raise EmbeddingFailed("tired")
        self._left -= 1
        return await super().embed_passages(texts)


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return GenerationStore(tmp_path / "index")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    (folder / "rapporter").mkdir(parents=True)
    for number in range(50):
        (folder / f"plan{number:02}.md").write_text(plan(number), encoding="utf-8")
        (folder / "rapporter" / f"{number:02}.txt").write_text(f"Rapport {number}\n\nOm år {number}.", encoding="utf-8")
    return folder


def plan(number: int, text: str = "Planen är antagen.") -> str:
    asked = f"Svarar på: Vad kostar plan {number}? (1) Vem betalar planen?"
    return f"# Plan {number}\n\n{text}\n\n## Kostnad\n\n{asked}\n\nDen kostar {number} kronor.\n"


def texts_of(embedder: RecordingEmbedder) -> list[str]:
    return [text for batch in embedder.batches for text in batch]


async def check(store: GenerationStore) -> None:
    """Every row is the vector of its text."""
    contents = await asyncio.to_thread(store.contents)
    assert contents.vectors is not None
    np.testing.assert_array_equal(contents.vectors, vectors_of(embedded_texts(tuple(contents.passages))))


def statuses(report: IngestReport) -> set[FileStatus]:
    return {outcome.status for outcome in report.outcomes}


async def test_a_hundred_unchanged_documents_are_not_embedded(store: GenerationStore, folder: Path) -> None:
    first = await ingest([folder], store=store, embedder=RecordingEmbedder())
    assert (len(first.outcomes), first.passages) == (100, 150)
    assert first.embedded == 150 + 51, "every passage, every plan's own question, and the one that all of them share"
    await check(store)
    counting = RecordingEmbedder()
    again = await ingest([folder], store=store, embedder=counting)
    assert (statuses(again), again.embedded, counting.batches) == ({FileStatus.UNCHANGED}, 0, [])
    assert (again.generation, again.passages) == (first.generation, first.passages)
    pruned = await ingest([folder], store=store, embedder=counting, prune=True)
    assert (pruned.generation, counting.batches) == (first.generation, [])


async def test_one_changed_document_among_a_hundred_is_embedded_alone(store: GenerationStore, folder: Path) -> None:
    await ingest([folder], store=store, embedder=RecordingEmbedder())
    await asyncio.to_thread(
        (folder / "plan07.md").write_text, "# Plan 7\n\nNy plan.\n\n## Kostnad\n\nDen kostar 7 kronor."
    )
    counting = RecordingEmbedder()
    report = await ingest([folder], store=store, embedder=counting)
    assert texts_of(counting) == ["Plan 7\nNy plan."]
    assert report.embedded == 1
    await check(store)


async def test_a_renamed_document_is_not_embedded_again(store: GenerationStore, folder: Path) -> None:
    await ingest([folder], store=store, embedder=RecordingEmbedder())
    (store.root / "embeddings.sqlite3").unlink()
    await asyncio.to_thread((folder / "plan07.md").rename, folder / "plan-sju.md")
    counting = RecordingEmbedder()
    report = await ingest([folder], store=store, embedder=counting, prune=True)
    assert statuses(report) == {FileStatus.UNCHANGED, FileStatus.ADDED, FileStatus.REMOVED}
    assert (report.embedded, counting.batches) == (0, []), "the generation before held the same texts"
    await check(store)


async def test_an_interrupted_ingest_goes_on_where_it_was(store: GenerationStore, folder: Path) -> None:
    tired = TiringEmbedder(batches=4)
    with pytest.raises(EmbeddingFailed):
        await ingest([folder], store=store, embedder=tired)
    rested = RecordingEmbedder()
    report = await ingest([folder], store=store, embedder=rested)
    assert not set(texts_of(tired)) & set(texts_of(rested))
    assert report.embedded == len(texts_of(rested)) == 150 + 51 - len(texts_of(tired))
    await check(store)


async def test_a_document_that_comes_back_costs_nothing(store: GenerationStore, folder: Path) -> None:
    await ingest([folder], store=store, embedder=RecordingEmbedder())
    for number in range(3):
        await remove([f"plan{number:02}.md"], store=store)
        await check(store)
    counting = RecordingEmbedder()
    report = await ingest([folder], store=store, embedder=counting)
    assert statuses(report) == {FileStatus.UNCHANGED, FileStatus.ADDED}
    assert (report.embedded, counting.batches) == (0, [])
    await check(store)


async def test_a_model_that_was_used_before_finds_its_vectors_again(store: GenerationStore, folder: Path) -> None:
    for model in ("a", "b"):
        await ingest([folder], store=store, embedder=RecordingEmbedder(model))
    counting = RecordingEmbedder("a")
    report = await ingest([folder], store=store, embedder=counting)
    assert (report.embedded, counting.batches) == (0, [])
    assert (await asyncio.to_thread(store.manifest)).model == "a"
    await check(store)


async def test_a_damaged_cache_hinders_no_ingest(store: GenerationStore, folder: Path) -> None:
    await ingest([folder], store=store, embedder=RecordingEmbedder())
    (store.root / "embeddings.sqlite3").write_bytes(b"lost" * 5000)
    (folder / "ny.md").write_text("# Ny\n\nHelt ny text.\n", encoding="utf-8")
    report = await ingest([folder], store=store, embedder=RecordingEmbedder())
    assert report.embedded == 1
    await check(store)
