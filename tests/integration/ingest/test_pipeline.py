"""Files and folders into a published generation, on a real disk with a real store."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from ingest.errors import IngestInterrupted
from ingest.model import Advance, FileStatus, IngestReport, Phase
from ingest.pipeline import ingest, remove
from knowledge.adapters.generation import Contents, GenerationStore
from knowledge.errors import EmbeddingFailed
from knowledge.model import Origin
from tests.contract.loaders import files
from tests.fakes.knowledge import RecordingEmbedder


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return GenerationStore(tmp_path / "index")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "documents"
    path.mkdir()
    for number, name in enumerate(("avfall", "bygglov", "skola")):
        write(path, name, f"Planen för {name} antogs år 20{20 + number} av nämnden.")
    return path


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.md").write_text(f"# Om {name}\n\n{text}\n", encoding="utf-8")


def rows(report: IngestReport) -> dict[str, str]:
    return {outcome.path: outcome.status.value for outcome in report.outcomes}


async def contents_of(store: GenerationStore) -> Contents:
    return await asyncio.to_thread(store.contents)


async def texts(store: GenerationStore) -> list[str]:
    return [passage.text for passage in (await contents_of(store)).passages]


class Milestone:
    """A progress listener; `reached` is set when a phase has begun."""

    def __init__(self, phase: Phase) -> None:
        self.phase = phase
        self.reached = asyncio.Event()

    def __call__(self, step: Advance) -> None:
        if step.phase is self.phase:
            self.reached.set()


async def test_every_file_becomes_searchable_with_its_vector(store: GenerationStore, folder: Path) -> None:
    embedder = RecordingEmbedder()
    report = await ingest([folder], store=store, embedder=embedder)
    contents = await contents_of(store)
    assert rows(report) == dict.fromkeys(("avfall.md", "bygglov.md", "skola.md"), "added")
    assert (report.generation, report.passages, report.embedded) == (contents.generation, 3, 3)
    assert (contents.model, contents.vectors is not None and contents.vectors.shape[0]) == (embedder.model, 3)
    assert [document.title for document in contents.documents] == ["Om avfall", "Om bygglov", "Om skola"]


async def test_nothing_new_writes_nothing(store: GenerationStore, folder: Path) -> None:
    embedder = RecordingEmbedder()
    first = await ingest([folder], store=store, embedder=embedder)
    second = await ingest([folder], store=store, embedder=embedder)
    assert second.generation == first.generation
    assert set(rows(second).values()) == {"unchanged"}
    assert len(embedder.batches) == 1


async def test_only_new_text_is_embedded_again(store: GenerationStore, folder: Path) -> None:
    embedder = RecordingEmbedder()
    await ingest([folder], store=store, embedder=embedder)
    before = await contents_of(store)
    write(folder, "skola", "Planen för skola antogs år 2022 av nämnden.\n\n## Nytt\n\nNu gäller en annan plan.")
    report = await ingest([folder], store=store, embedder=embedder)
    after = await contents_of(store)
    assert rows(report)["skola.md"] == "updated"
    assert report.embedded == 1
    assert embedder.batches[1] == ("Om skola > Nytt\nNu gäller en annan plan.",)
    kept = {passage.id: row for row, passage in enumerate(before.passages)}
    assert before.vectors is not None
    assert after.vectors is not None
    for row, passage in enumerate(after.passages):
        if passage.id in kept:
            assert (after.vectors[row] == before.vectors[kept[passage.id]]).all()


async def test_another_model_embeds_everything_anew(store: GenerationStore, folder: Path) -> None:
    await ingest([folder], store=store, embedder=RecordingEmbedder("fake/a"))
    report = await ingest([folder], store=store, embedder=RecordingEmbedder("fake/b"))
    assert (report.embedded, (await contents_of(store)).model) == (3, "fake/b")


async def test_without_an_embedder_the_generation_has_no_vectors(store: GenerationStore, folder: Path) -> None:
    report = await ingest([folder], store=store, embedder=None)
    contents = await contents_of(store)
    assert (contents.vectors, contents.model, report.embedded) == (None, None, 0)
    later = await ingest([folder], store=store, embedder=RecordingEmbedder())
    assert (later.embedded, set(rows(later).values())) == (3, {"unchanged"})


async def test_a_dry_run_tells_and_does_nothing(store: GenerationStore, folder: Path) -> None:
    report = await ingest([folder], store=store, embedder=RecordingEmbedder(), dry_run=True)
    assert set(rows(report).values()) == {"added"}
    assert (report.generation, store.root.exists()) == (None, False)


async def test_pruning_removes_what_is_gone_and_leaves_the_library(store: GenerationStore, folder: Path) -> None:
    library = folder.parent / "library"
    library.mkdir()
    write(library, "ordning", "Det här hör till biblioteket.")
    (library / "ord.yaml").write_text("everyday: []\n", encoding="utf-8")
    built = await ingest([library], store=store, embedder=None, origin=Origin.LIBRARY)
    assert rows(built) == {"ordning.md": "added"}, "data that is no document is passed over in the library"
    await ingest([folder], store=store, embedder=None)
    (folder / "skola.md").unlink()
    assert "skola.md" not in rows(await ingest([folder], store=store, embedder=None))
    report = await ingest([folder], store=store, embedder=None, prune=True)
    assert rows(report)["skola.md"] == "removed"
    assert [document.path for document in (await contents_of(store)).documents] == [
        "avfall.md",
        "bygglov.md",
        "ordning.md",
    ]


async def test_a_document_can_be_taken_out(store: GenerationStore, folder: Path) -> None:
    embedder = RecordingEmbedder()
    await ingest([folder], store=store, embedder=embedder)
    report = await remove(["skola.md", "finns-inte.md"], store=store)
    contents = await contents_of(store)
    assert rows(report) == {"skola.md": "removed"}
    assert (len(contents.passages), contents.model) == (2, embedder.model)
    assert contents.vectors is not None
    assert len(contents.vectors) == 2


async def test_i16_one_poison_file_among_a_hundred_is_reported_and_the_rest_goes_on(
    store: GenerationStore, folder: Path
) -> None:
    for number in range(96):
        (folder / f"{number}.txt").write_text(f"Fil nummer {number} handlar om ärenden.", encoding="utf-8")
    (folder / "gift.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)
    report = await ingest([folder], store=store, embedder=None)
    rejected = [outcome for outcome in report.outcomes if outcome.status is FileStatus.REJECTED]
    assert [(outcome.path, outcome.reason) for outcome in rejected] == [("gift.pdf", "ingest.rejected.unreadable")]
    assert (len(report.outcomes), len((await contents_of(store)).documents)) == (100, 99)


async def test_i04_a_name_in_an_older_encoding_costs_only_its_file(store: GenerationStore, folder: Path) -> None:
    (folder / os.fsdecode(b"\xe4rende.md")).write_text("# Ärende\n\nText om ärendet.", encoding="utf-8")
    report = await ingest([folder], store=store, embedder=None)
    assert rows(report).pop("\ufffdrende.md") == "rejected"
    assert (len(report.outcomes), len((await contents_of(store)).documents)) == (4, 3)


async def test_i06_encrypted_and_scanned_files_say_why_in_their_row(store: GenerationStore, folder: Path) -> None:
    files.encrypted_pdf(folder / "låst.pdf", password="hemligt")
    files.scanned_pdf(folder / "bild.pdf")
    (folder / "tom.txt").touch()
    (folder / "program.txt").write_bytes(b"\x7fELF" + b"\x00" * 50)
    report = await ingest([folder], store=store, embedder=None)
    reasons = {outcome.path: outcome.reason for outcome in report.outcomes if outcome.reason}
    assert reasons == {
        "bild.pdf": "ingest.rejected.no_text_layer",
        "låst.pdf": "ingest.rejected.encrypted",
        "program.txt": "ingest.rejected.wrong_type",
        "tom.txt": "ingest.rejected.empty",
    }


async def test_i11_two_ingests_are_serialised_and_both_are_in_the_result(store: GenerationStore, folder: Path) -> None:
    other = folder.parent / "other"
    other.mkdir()
    write(other, "vatten", "Planen för vatten gäller tills vidare.")
    slow = RecordingEmbedder()
    slow.gate = asyncio.Event()
    loading = Milestone(Phase.LOAD)
    first = asyncio.create_task(ingest([folder], store=store, embedder=slow, progress=loading))
    await loading.reached.wait()
    with pytest.raises(IngestInterrupted, match="another ingest is running"):
        await ingest([other], store=store, embedder=RecordingEmbedder(), lock_wait=0.2)
    second = asyncio.create_task(ingest([other], store=store, embedder=RecordingEmbedder()))
    slow.gate.set()
    reports = await asyncio.gather(first, second)
    assert [report.passages for report in reports] == [3, 4]
    assert await asyncio.to_thread(store.current) == reports[1].generation


async def test_i11_removing_during_an_ingest_waits_for_it(store: GenerationStore, folder: Path) -> None:
    slow = RecordingEmbedder()
    await ingest([folder], store=store, embedder=slow)
    slow.gate = asyncio.Event()
    write(folder, "skola", "Ny text om skolan.")
    loading = Milestone(Phase.LOAD)
    changing = asyncio.create_task(ingest([folder], store=store, embedder=slow, progress=loading))
    await loading.reached.wait()
    removing = asyncio.create_task(remove(["avfall.md"], store=store))
    await asyncio.sleep(0.05)
    slow.gate.set()
    await asyncio.gather(changing, removing)
    assert [document.path for document in (await contents_of(store)).documents] == ["bygglov.md", "skola.md"]
    assert "Ny text om skolan." in await texts(store)


async def test_i14_when_embedding_fails_the_old_generation_serves_on(store: GenerationStore, folder: Path) -> None:
    embedder = RecordingEmbedder()
    first = await ingest([folder], store=store, embedder=embedder)
    write(folder, "skola", "Något helt annat.")
    embedder.error = EmbeddingFailed("server gone")
    with pytest.raises(EmbeddingFailed):
        await ingest([folder], store=store, embedder=embedder)
    assert await asyncio.to_thread(store.current) == first.generation
    embedder.error = None
    assert rows(await ingest([folder], store=store, embedder=embedder))["skola.md"] == "updated"


async def test_progress_is_told_for_every_file_and_batch(store: GenerationStore, folder: Path) -> None:
    for number in range(20):
        write(folder, f"extra{number:02}", f"Stycke nummer {number} om något.")
    told: list[Advance] = []
    await ingest([folder], store=store, embedder=RecordingEmbedder(), progress=told.append)
    assert [(step.done, step.total) for step in told if step.phase is Phase.LOAD] == [(n, 23) for n in range(1, 24)]
    assert [(step.done, step.total) for step in told if step.phase is Phase.EMBED] == [(16, 23), (23, 23)]
    assert told[-1].phase is Phase.PUBLISH


async def test_only_the_last_generations_are_kept(store: GenerationStore, folder: Path) -> None:
    for number in range(5):
        write(folder, "skola", f"Version {number} av planen.")
        await ingest([folder], store=store, embedder=None)
    assert len(await asyncio.to_thread(store.generations)) == 3
    assert "Version 4 av planen." in await texts(store)


async def test_i08_nothing_is_fetched_from_elsewhere(
    store: GenerationStore, folder: Path, unused_tcp_port: int
) -> None:
    hits: list[bytes] = []

    async def canary(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hits.append(await reader.read(100))
        writer.close()

    server = await asyncio.start_server(canary, "127.0.0.1", unused_tcp_port)
    address = f"http://127.0.0.1:{unused_tcp_port}"
    write(folder, "spion", f"![x]({address}/a.png) <img src='{address}/b'> [länk]({address}/c)\n\nText.")
    async with server:
        await ingest([folder], store=store, embedder=None)
        await asyncio.sleep(0.1)
    assert hits == []
