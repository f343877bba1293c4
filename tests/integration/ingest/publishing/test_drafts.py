"""Drafts on a real disk with a real store: prepared, published, outdated, discarded, and two at once."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.amending import prepare_facts
from ingest.drafts import difference, discard, drafts, prepare, publish, rollback
from ingest.errors import DraftOutdated, IngestInterrupted, NoSuchGeneration
from ingest.model import FileStatus
from ingest.pipeline import ingest, remove
from ingest.publications import publications
from ingest.sources import Source
from ingest.upkeep import tidy
from knowledge.adapters.generation import GenerationStore
from knowledge.errors import IndexDamaged
from knowledge.model import Document
from tests.fakes.knowledge import RecordingEmbedder
from tests.integration.ingest.publishing.waste_plan import names, texts, write


async def test_a_draft_is_searched_apart_and_published_by_name(store: GenerationStore, folder: Path) -> None:
    before = await asyncio.to_thread(store.current)
    draft = await prepare([folder], store=store, embedder=None, author="Anna", note="Ny plan")
    assert draft.generation is not None
    assert (draft.base, draft.author, draft.note, draft.passages) == (before, "Anna", "Ny plan", 3)
    assert [each.status for each in draft.outcomes] == [FileStatus.ADDED]
    [added] = draft.difference.added
    assert (added.path, added.added, added.samples[0].after) == (
        "avfall.md",
        1,
        "Planen för avfall antogs år 2020 av nämnden.",
    )
    assert await asyncio.to_thread(drafts, store) == [draft], "a draft is read back as it was made"
    assert await asyncio.to_thread(store.generations) == [before], "and is none of those to go back to"
    assert "Planen för avfall antogs år 2020 av nämnden." in await texts(store, draft.generation)
    assert (await asyncio.to_thread(store.open, None, draft.generation)).generation == draft.generation
    assert "Planen för avfall antogs år 2020 av nämnden." not in await texts(store)

    assert await publish(store, draft.generation, author="Bo", note="Beslutat") == draft.generation
    assert await asyncio.to_thread(store.current) == draft.generation
    assert await publish(store, draft.generation, author="Bo") == draft.generation, "trying again does no harm"
    assert (await names(store), os.listdir(store.root / "drafts")) == ([], [])
    last = (await asyncio.to_thread(publications, store))[-1]
    assert (last.author, last.written_by, last.note, last.replaced) == ("Bo", "Anna", "Beslutat", before)
    assert last.difference is not None
    assert (last.difference.documents_added, last.difference.passages_added) == (1, 1)
    manifest = await asyncio.to_thread(store.manifest)
    assert (manifest.author, manifest.note, manifest.base) == ("Anna", "Ny plan", before)


async def test_a_draft_is_outdated_once_something_else_is_published(store: GenerationStore, folder: Path) -> None:
    draft = await prepare([folder], store=store, embedder=None, author="Anna")
    await remove(["prov.md"], store=store)
    published = await asyncio.to_thread(store.current)
    with pytest.raises(DraftOutdated, match="published now"):
        await publish(store, draft.generation or "", author="Anna")
    assert await asyncio.to_thread(store.current) == published
    again = await prepare([folder], store=store, embedder=None, author="Anna")
    await publish(store, again.generation or "", author="Anna")
    assert await texts(store) == ["Planen för avfall antogs år 2020 av nämnden."]


async def test_a_discarded_draft_is_gone(store: GenerationStore, folder: Path) -> None:
    draft = await prepare([folder], store=store, embedder=None, author="Anna")
    await discard(store, draft.generation or "")
    assert os.listdir(store.root / "drafts") == []
    current = await asyncio.to_thread(store.current) or ""
    for name in (draft.generation or "", current, "../generations", "finns-inte"):
        with pytest.raises(NoSuchGeneration):
            await discard(store, name)
        with pytest.raises(NoSuchGeneration):
            await asyncio.to_thread(difference, store, current, "../x")
    with pytest.raises(NoSuchGeneration):
        await publish(store, draft.generation or "", author="Anna")
    assert await asyncio.to_thread(store.current) == current


async def test_nothing_new_makes_no_draft(store: GenerationStore, folder: Path) -> None:
    await ingest([folder], store=store, embedder=None)
    draft = await prepare([folder], store=store, embedder=None, author="Anna")
    assert (draft.generation, draft.difference, await names(store)) == (None, type(draft.difference)(), [])


async def test_a_draft_that_was_changed_on_disk_is_not_published(store: GenerationStore, folder: Path) -> None:
    draft = await prepare([folder], store=store, embedder=None, author="Anna")
    path = store.root / "drafts" / (draft.generation or "") / "terms.txt"
    await asyncio.to_thread(path.write_bytes, b"x")
    current = await asyncio.to_thread(store.current)
    with pytest.raises(IndexDamaged):
        await publish(store, draft.generation or "", author="Anna")
    assert await asyncio.to_thread(store.current) == current


async def test_a_draft_with_vectors_keeps_them(store: GenerationStore, folder: Path) -> None:
    embedder = RecordingEmbedder()
    await ingest([folder], store=store, embedder=embedder)
    write(folder, "Planen för avfall antogs år 2024 av nämnden.")
    draft = await prepare([folder], store=store, embedder=embedder, author="Anna")
    assert draft.embedded == 1
    await publish(store, draft.generation or "", author="Anna")
    contents = await asyncio.to_thread(store.contents)
    assert (contents.model, contents.vectors is not None and len(contents.vectors)) == (embedder.model, 3)


async def test_files_with_names_of_their_own_are_an_owner_s_and_leave_others_alone(
    store: GenerationStore, folder: Path
) -> None:
    await ingest([folder], store=store, embedder=None)
    sent = Source(folder / "avfall.md", "Avfall i Tanum.md")
    draft = await prepare([sent], store=store, embedder=None, author="Anna", owner="tanum", prune=True)
    await publish(store, draft.generation or "", author="Anna")
    documents = (await asyncio.to_thread(store.contents)).documents
    assert {(each.path, each.owner) for each in documents} == {
        ("avfall.md", ""),
        ("prov.md", ""),
        ("@tanum/Avfall i Tanum.md", "tanum"),
    }
    gone = await prepare([], store=store, embedder=None, author="Anna", owner="tanum", prune=True)
    assert [each.path for each in gone.difference.removed] == ["@tanum/Avfall i Tanum.md"]


async def test_r07_a_draft_leaves_out_its_owners_documents_alone(store: GenerationStore) -> None:
    draft = await prepare([], store=store, embedder=None, author="Anna", owner="tanum", removed=["prov.md"])
    assert (draft.generation, draft.outcomes) == (None, ())


async def test_facts_become_a_draft_that_what_was_seen_may_forbid(store: GenerationStore) -> None:
    def until(document: Document) -> Document:
        if document.valid_until:
            raise DraftOutdated("somebody was faster")
        return replace(document, valid_until="2027-01-01")

    draft = await prepare_facts(["prov.md"], until, store=store, author="Anna")
    [change] = draft.difference.changed
    assert [(each.name, each.after) for each in change.facts] == [("valid_until", "2027-01-01")]
    assert (change.added, change.changed, change.removed) == (0, 0, 0)
    await publish(store, draft.generation or "", author="Anna")
    with pytest.raises(DraftOutdated):
        await prepare_facts(["prov.md"], until, store=store, author="Bo")
    assert await names(store) == []


async def test_a_draft_may_leave_documents_out(store: GenerationStore, folder: Path) -> None:
    draft = await prepare([folder], store=store, embedder=None, author="Anna", removed=["prov.md"])
    assert [each.path for each in draft.difference.removed] == ["prov.md"]
    assert {each.path: each.status for each in draft.outcomes} == {
        "avfall.md": FileStatus.ADDED,
        "prov.md": FileStatus.REMOVED,
    }
    await publish(store, draft.generation or "", author="Anna")
    assert await texts(store) == ["Planen för avfall antogs år 2020 av nämnden."]


async def test_old_drafts_and_what_nobody_finished_are_cleared(store: GenerationStore, folder: Path) -> None:
    draft = await prepare([folder], store=store, embedder=None, author="Anna")
    left = store.root / "drafts" / "20260101T000000-abcdef"
    await asyncio.to_thread(left.mkdir)
    await tidy(store)
    assert (await names(store), left.exists()) == ([draft.generation], False)
    record = store.root / "drafts" / f"{draft.generation}.json"
    week = time.time() - 8 * 86400
    await asyncio.to_thread(os.utime, record, (week, week))
    await tidy(store)
    assert os.listdir(store.root / "drafts") == []


class HeldBack(GenerationStore):
    """Publishes only once it may."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.begun, self.may = threading.Event(), threading.Event()

    def publish(self, generation: str, **told: Any) -> None:
        self.begun.set()
        assert self.may.wait(30)
        super().publish(generation, **told)


async def test_i11_a_publication_that_is_cancelled_keeps_others_out_until_it_has_ended(
    store: GenerationStore, folder: Path
) -> None:
    draft = await prepare([folder], store=store, embedder=None, author="Anna")
    held = HeldBack(store.root)
    publishing = asyncio.create_task(publish(held, draft.generation or "", author="Anna"))
    assert await asyncio.to_thread(held.begun.wait, 30)
    publishing.cancel()
    with pytest.raises(IngestInterrupted):
        await rollback(store, author="Bo", lock_wait=0.1)
    held.may.set()
    with pytest.raises(asyncio.CancelledError):
        await publishing
    assert await asyncio.to_thread(store.current) == draft.generation
    await rollback(store, author="Bo", instead_of=draft.generation)


async def test_i11_of_two_drafts_made_at_once_one_is_published_and_the_other_is_refused(
    store: GenerationStore, folder: Path
) -> None:
    other = folder.parent / "other"
    other.mkdir()
    write(other, "Planen för vatten gäller.")
    (other / "avfall.md").rename(other / "vatten.md")
    made = await asyncio.gather(
        *(prepare([path], store=store, embedder=RecordingEmbedder(), author="Anna") for path in (folder, other))
    )
    ends = await asyncio.gather(
        *(publish(store, each.generation or "", author="Anna") for each in made), return_exceptions=True
    )
    assert [type(end) for end in ends if not isinstance(end, str)] == [DraftOutdated]
    loser = [folder, other][[isinstance(end, str) for end in ends].index(False)]
    again = await prepare([loser], store=store, embedder=RecordingEmbedder(), author="Anna")
    await publish(store, again.generation or "", author="Anna")
    paths = [each.path for each in (await asyncio.to_thread(store.contents)).documents]
    assert paths == ["avfall.md", "prov.md", "vatten.md"]
