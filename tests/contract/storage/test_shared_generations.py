"""Generations behave the same on one machine and shared; and what one machine publishes, every other one serves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.storage.documents.generations import SqlArchive
from bot.storage.engine import open_engine
from knowledge.adapters.generation import GenerationStore
from knowledge.adapters.history import Action
from knowledge.adapters.shared_generations import SharedGenerations
from knowledge.archive import ArchiveBusy, ArchiveFailed, ArchiveOutdated
from knowledge.errors import IndexUnavailable
from knowledge.retention import Retention
from tests.fakes.archive import MemoryArchive
from tests.fakes.knowledge import DOCUMENTS, PASSAGES, passage, vectors_of

MODEL = "fake/words"
Machine = Callable[[str], SharedGenerations]


def write(store: GenerationStore, text: str = "enkät", *, draft: bool = False) -> str:
    one = passage(text)
    vectors = vectors_of([one.context])
    return store.write(documents=DOCUMENTS, passages=[one], vectors=vectors, model=MODEL, draft=draft)


def published(store: GenerationStore, text: str = "enkät") -> str:
    generation = write(store, text)
    store.publish(generation)
    return generation


def texts_of(store: GenerationStore, generation: str | None = None) -> list[str]:
    return [each.text for each in store.open(MODEL, generation).passages]


@pytest.fixture(params=["files", "memory", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GenerationStore]:
    """A store whose lock of writers is held."""
    if request.param == "files":
        yield GenerationStore(tmp_path)
        return
    archive = (
        SqlArchive(request.getfixturevalue("postgresql_url")) if request.param == "postgresql" else MemoryArchive()
    )
    made = SharedGenerations(tmp_path, archive)
    with made.writing(1):
        yield made
    made.close()


@pytest.fixture
def machine(postgresql_url: str, tmp_path: Path) -> Iterator[Machine]:
    """Makes stores of machines that have nothing in common but the database."""
    with ExitStack() as stack:

        def made(name: str) -> SharedGenerations:
            store = SharedGenerations(tmp_path / name, SqlArchive(postgresql_url))
            stack.callback(store.close)
            return store

        yield made


class TestWhereverTheyAreKept:
    def test_nothing_is_published_at_first(self, store: GenerationStore) -> None:
        assert (store.current(), store.generations(), store.history(), store.drafts.names()) == (None, [], (), [])
        assert store.contents().generation is None
        with pytest.raises(IndexUnavailable):
            store.open(MODEL)

    def test_what_is_published_is_what_is_opened(self, store: GenerationStore) -> None:
        vectors = vectors_of([one.context for one in PASSAGES])
        generation = store.write(documents=DOCUMENTS, passages=PASSAGES, vectors=vectors, model=MODEL, author="oid-1")
        assert (store.current(), store.generations()) == (None, [generation])
        store.publish(generation, note="first")
        opened = store.open(MODEL)
        assert (opened.generation, tuple(opened.passages), tuple(opened.documents)) == (generation, PASSAGES, DOCUMENTS)
        assert store.manifest() == store.manifest(generation)
        [line] = store.history()
        assert (line.generation, line.replaced, line.author, line.note) == (generation, None, "oid-1", "first")
        store.publish(generation)
        assert len(store.history()) == 1

    def test_a_draft_is_kept_until_it_is_published_or_discarded(self, store: GenerationStore) -> None:
        published(store)
        first, second = write(store, "ett", draft=True), write(store, "två", draft=True)
        assert store.drafts.names() == []
        for each in (first, second):
            store.drafts.keep(each, each.encode())
        assert store.drafts.names() == sorted((first, second))
        assert store.drafts.record(first) == first.encode()
        assert texts_of(store, first) == ["ett"]
        assert first not in store.generations()
        store.discard(second)
        with pytest.raises(IndexUnavailable):
            store.discard(second)
        store.publish(first)
        assert (store.drafts.names(), store.current(), texts_of(store)) == ([], first, ["ett"])
        with pytest.raises(IndexUnavailable):
            store.drafts.record(first)

    def test_earlier_ones_are_dropped_and_the_published_one_is_not(self, store: GenerationStore) -> None:
        made = [published(store, str(number)) for number in range(4)]
        store.publish(made[1], action=Action.ROLLED_BACK)
        store.prune(Retention(generations=1))
        assert store.generations() == [made[1], made[3]]
        assert [each.generation for each in store.history()] == [*made, made[1]]
        with pytest.raises(IndexUnavailable):
            store.publish(made[0])

    def test_i15_erasing_leaves_the_published_one_alone(self, store: GenerationStore) -> None:
        old = published(store)
        draft = write(store, "ett", draft=True)
        store.drafts.keep(draft, b"{}")
        (store.root / "embeddings.sqlite3").write_bytes(b"vectors")
        new = published(store, "två")
        store.erase()
        assert (store.generations(), store.drafts.names()) == ([new], [])
        assert not (store.root / "embeddings.sqlite3").exists()
        assert [path for path in store.root.rglob("*") if path.name in (old, draft)] == []

    def test_a_note_is_kept(self, store: GenerationStore) -> None:
        assert store.note() == ""
        store.keep_note("Å")
        assert store.note() == "Å"


def test_what_one_machine_publishes_another_serves(machine: Machine) -> None:
    one, other = machine("one"), machine("other")
    with one.writing(0):
        first = published(one)
    assert (other.current(), texts_of(other)) == (first, ["enkät"])
    with other.writing(0):
        second = published(other, "arkiv")
        draft = write(other, "ett", draft=True)
        other.drafts.keep(draft, b"{}")
    assert (one.current(), texts_of(one)) == (second, ["arkiv"])
    assert texts_of(one, draft) == ["ett"]
    assert one.history() == other.history()


def test_i15_what_one_machine_erases_is_gone_from_every_other(machine: Machine) -> None:
    one, other = machine("one"), machine("other")
    with one.writing(0):
        first = published(one)
    assert texts_of(other) == ["enkät"]
    (other.root / "embeddings.sqlite3").write_bytes(b"vectors")
    with one.writing(0):
        published(one, "arkiv")
        one.erase()
    other.current()
    assert not [path for path in other.root.rglob("*") if path.name in (first, "embeddings.sqlite3")]


def test_a_copy_that_is_damaged_is_fetched_again(machine: Machine) -> None:
    one, other = machine("one"), machine("other")
    with one.writing(0):
        generation = published(one)
    assert texts_of(other) == ["enkät"]
    for name in ("terms.txt", "passages.jsonl", "manifest.json"):
        (other.root / "shared" / "copies" / generation / name).write_bytes(b"lost")
        assert not other.is_older()
        assert texts_of(other) == ["enkät"]
        (other.root / "shared" / "copies" / generation / name).write_bytes(b"lost")
        assert [each.text for each in other.contents().passages] == ["enkät"]


async def test_what_is_damaged_in_the_database_is_not_served(machine: Machine, postgresql_url: str) -> None:
    one, other = machine("one"), machine("other")

    def publish() -> None:
        with one.writing(0):
            published(one)

    await asyncio.to_thread(publish)
    engine = open_engine(postgresql_url)
    damage = "UPDATE index_files SET content = 'lost' WHERE file = 'terms.txt'"
    await engine.write(lambda connection: connection.execute(text(damage)))
    await engine.close()
    with pytest.raises(IndexUnavailable):
        await asyncio.to_thread(other.open, MODEL)
    assert await asyncio.to_thread(texts_of, one) == ["enkät"]


def test_one_machine_writes_at_a_time(machine: Machine) -> None:
    one, other = machine("one"), machine("other")
    with one.writing(0), pytest.raises(ArchiveBusy), other.writing(0):
        pass
    with other.writing(0):
        published(other)


def test_a_machine_that_was_taken_for_dead_changes_nothing_any_more(postgresql_url: str, tmp_path: Path) -> None:
    slow = SharedGenerations(tmp_path / "slow", SqlArchive(postgresql_url, lease=0.0, beat=3600))
    quick = SharedGenerations(tmp_path / "quick", SqlArchive(postgresql_url))
    with slow.writing(0):
        written = write(slow)
        with quick.writing(1):
            first = published(quick, "arkiv")
            with pytest.raises(ArchiveOutdated):
                slow.publish(written)
            with pytest.raises(ArchiveOutdated):
                slow.prune(Retention(generations=0, days=0))
    assert (slow.current(), quick.generations(), texts_of(quick)) == (first, [first], ["arkiv"])
    for each in (slow, quick):
        each.close()


def test_a_publication_that_another_came_before_is_refused(postgresql_url: str, tmp_path: Path) -> None:
    archive = SqlArchive(postgresql_url)
    store = SharedGenerations(tmp_path, archive)
    with store.writing(0):
        first, second = published(store), published(store, "arkiv")
        with pytest.raises(ArchiveOutdated):
            archive.publish(first, "0" * 64, None, "{}")
        with pytest.raises(ArchiveFailed):
            archive.publish("20260101T000000-abcdef", "0" * 64, second, "{}")
        archive.drop([first, second])
    with pytest.raises(ArchiveOutdated):  # and of one who does not hold the lock
        archive.publish(second, "0" * 64, second, None)
    assert (store.current(), store.generations(), texts_of(store)) == (second, [second], ["arkiv"])
    assert [each.generation for each in store.history()] == [first, second]
    store.close()


def test_a_writer_says_that_it_is_alive(postgresql_url: str, tmp_path: Path) -> None:
    store = SharedGenerations(tmp_path / "one", SqlArchive(postgresql_url, lease=0.4, beat=0.05))
    other = SharedGenerations(tmp_path / "other", SqlArchive(postgresql_url))
    with store.writing(0):
        time.sleep(0.8)
        with pytest.raises(ArchiveBusy), other.writing(0):
            pass
        published(store)
    for each in (store, other):
        each.close()


def test_what_was_published_before_it_was_shared_is_taken_over(machine: Machine, tmp_path: Path) -> None:
    before = GenerationStore(tmp_path / "one")
    first, second = published(before), published(before, "arkiv")
    draft = write(before, "ett", draft=True)
    before.drafts.keep(draft, b"{}")
    before.keep_note("library")
    history = before.history()
    one, other = machine("one"), machine("other")
    with one.writing(0):
        one.settle()
        one.settle()
    assert (other.current(), texts_of(other), other.generations()) == (second, ["arkiv"], [first, second])
    assert (other.history(), other.drafts.names(), other.note()) == (history, [draft], "library")
    assert not [path for path in one.root.iterdir() if path.name not in ("shared", "ingest.lock")]


def test_a_server_that_cannot_be_reached_is_told_as_such(postgresql_url: str, tmp_path: Path) -> None:
    store = SharedGenerations(
        tmp_path,
        SqlArchive(make_url(postgresql_url).set(query={"host": str(tmp_path)}).render_as_string(hide_password=False)),
    )
    with pytest.raises(ArchiveFailed):
        store.current()
    store.close()


def test_large_files_come_in_parts(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.documents.generations.PART", 100)
    one, other = machine("one"), machine("other")
    with one.writing(0):
        generation = published(one, "enkät " * 100)
    assert texts_of(other) == [("enkät " * 100)]
    for path in (one.root / "shared" / "copies" / generation).iterdir():
        assert (other.root / "shared" / "copies" / generation / path.name).read_bytes() == path.read_bytes()
