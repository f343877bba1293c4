"""Publications: going back to one, the history, what two of them differ in, and what is removed from all of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.difference import between
from ingest.drafts import difference, prepare, rollback
from ingest.errors import DraftOutdated, NoSuchGeneration
from ingest.lock import only_one
from ingest.merging import files_of
from ingest.model import FileStatus
from ingest.pipeline import ingest, remove, revise
from ingest.publications import publications
from ingest.upkeep import LockedStore, tidy
from knowledge.adapters.generation import FORMAT, GenerationStore
from knowledge.adapters.history import Action
from knowledge.errors import IndexUnavailable
from knowledge.model import Origin
from knowledge.retention import Retention
from tests.fakes.knowledge import RecordingEmbedder
from tests.integration.ingest.publishing.waste_plan import names, texts, write


async def test_i11_an_older_format_is_rewritten_under_the_lock_of_writers(
    store: GenerationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would take a publication back that came in between."""
    before, served = await asyncio.to_thread(store.current), LockedStore(store, wait=0.05)
    assert await asyncio.to_thread(served.refresh) is None
    monkeypatch.setattr("knowledge.adapters.generation_reading.FORMAT", FORMAT + 1)
    async with only_one(store):
        with pytest.raises(IndexUnavailable, match="another ingest"):
            await asyncio.to_thread(served.refresh)
    assert await asyncio.to_thread(served.current) == before
    assert await asyncio.to_thread(served.refresh) not in (None, before)
    [*_, line] = await asyncio.to_thread(store.history)
    assert (line.action, line.note) == (Action.REWRITTEN, "")


async def test_going_back_and_back_again(store: GenerationStore, folder: Path) -> None:
    first = await asyncio.to_thread(store.current) or ""
    second = (await ingest([folder], store=store, embedder=None)).generation or ""
    write(folder, "Ny text.")
    third = (await ingest([folder], store=store, embedder=None)).generation or ""
    with pytest.raises(DraftOutdated):
        await rollback(store, author="Anna", instead_of=second)
    assert await rollback(store, author="Anna", note="Fel fil", instead_of=third) == second
    assert await rollback(store, author="Bo") == first
    with pytest.raises(NoSuchGeneration):
        await rollback(store, author="Bo")
    assert await rollback(store, third, author="Bo") == third
    with pytest.raises(NoSuchGeneration):
        await rollback(store, "finns-inte", author="Bo")
    history = await asyncio.to_thread(store.history)
    told = [(each.generation, each.replaced, each.action, each.author) for each in history]
    assert told[-3:] == [
        (second, third, Action.ROLLED_BACK, "Anna"),
        (first, second, Action.ROLLED_BACK, "Bo"),
        (third, first, Action.ROLLED_BACK, "Bo"),
    ]


async def test_the_history_outlives_the_files(store: GenerationStore, folder: Path) -> None:
    made = []
    for number in range(4):
        write(folder, f"Version {number}.")
        made.append((await ingest([folder], store=store, embedder=None, author="Anna", note=f"nr {number}")).generation)
    assert await asyncio.to_thread(store.generations) == made[1:]
    told = await asyncio.to_thread(publications, store)
    assert [(each.generation, each.note) for each in told[1:]] == [(name, f"nr {n}") for n, name in enumerate(made)]


async def test_what_two_states_differ_in_is_told_of_any_two(store: GenerationStore, folder: Path) -> None:
    first = await asyncio.to_thread(store.current)
    draft = await prepare([folder], store=store, embedder=None, author="Anna")
    found = await asyncio.to_thread(difference, store, first, draft.generation)
    assert found == draft.difference
    back = await asyncio.to_thread(difference, store, draft.generation, None)
    assert [each.path for each in back.removed] == ["avfall.md"]
    whole = await asyncio.to_thread(store.contents)
    assert not await asyncio.to_thread(lambda: between(files_of(whole.files()), files_of(store.contents().files())))


async def test_other_facts_are_published_without_embedding_and_outlive_a_new_version(
    store: GenerationStore, folder: Path
) -> None:
    embedder = RecordingEmbedder()
    write(folder, "Planen gäller.", front="valid_from: 2026-01-01\nreview_by: 2026-06-30")
    await ingest([folder], store=store, embedder=embedder)
    asked = len(embedder.batches)
    report = await revise(
        ["avfall.md"],
        lambda one: replace(one, valid_until="2026-12-31", responsible="Kansliet"),
        store=store,
        author="Bo",
    )
    assert ([each.status for each in report.outcomes], report.embedded) == ([FileStatus.UPDATED], 0)
    contents = await asyncio.to_thread(store.contents)
    assert (contents.model, contents.vectors is not None, len(embedder.batches)) == (embedder.model, True, asked)
    again = await revise(["avfall.md"], lambda one: replace(one, valid_until="2026-12-31"), store=store)
    assert again.generation == report.generation, "nothing else, nothing written"
    write(folder, "Planen gäller, i ny lydelse.", front="review_by: 2027-06-30")
    await ingest([folder], store=store, embedder=embedder)
    [document] = [each for each in (await asyncio.to_thread(store.contents)).documents if each.path == "avfall.md"]
    assert (document.valid_from, document.valid_until) == ("2026-01-01", "2026-12-31")
    assert (document.review_by, document.responsible) == ("2027-06-30", "Kansliet")


async def test_i15_a_removed_document_is_in_no_generation_after_the_grace(store: GenerationStore, folder: Path) -> None:
    secret = "Handläggaren Zebedeus bestämmer."
    write(folder, secret)
    await ingest([folder], store=store, embedder=RecordingEmbedder())
    await remove(["avfall.md"], store=store, author="Anna")
    assert secret not in await texts(store)
    assert await holders(store, "Zebedeus"), "an earlier generation can still be gone back to"
    later = GenerationStore(store.root, retention=Retention(days=0))
    await tidy(later)
    assert await holders(store, "Zebedeus") == []
    assert len(await asyncio.to_thread(store.generations)) == 1


async def test_i15_at_once_leaves_nothing_of_a_document(store: GenerationStore, folder: Path) -> None:
    write(folder, "Handläggaren Zebedeus bestämmer.")
    await ingest([folder], store=store, embedder=RecordingEmbedder())
    write(folder, "Handläggaren Zebedeus bestämmer inte längre.")
    await prepare([folder], store=store, embedder=RecordingEmbedder(), author="Anna")
    await remove(["avfall.md"], store=store, author="Anna", at_once=True)
    assert await holders(store, "Zebedeus") == []
    assert not (store.root / "embeddings.sqlite3").exists()
    assert await names(store) == []
    assert {each.origin for each in (await asyncio.to_thread(store.contents)).documents} == {Origin.INGESTED}


async def holders(store: GenerationStore, word: str) -> list[Path]:
    """Files below the store that hold a word, as texts or analysed terms."""

    def look() -> list[Path]:
        files = [path for path in store.root.rglob("*") if path.is_file()]
        return [path for path in files if word.lower().encode() in path.read_bytes().lower()]

    return await asyncio.to_thread(look)
