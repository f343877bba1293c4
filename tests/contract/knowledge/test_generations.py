"""Generations are immutable, checksummed and published whole: what is damaged, foreign or unpublished is not served."""

from __future__ import annotations

import hashlib
import json
import pickle  # noqa: TID251 - builds the trap that must never spring
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.adapters.generation import FORMAT, GenerationStore
from knowledge.errors import IndexDamaged, IndexMismatch, IndexUnavailable, KnowledgeError
from knowledge.model import Change, Passage
from knowledge.retention import Retention
from knowledge.swedish.stems import stem
from tests.fakes.knowledge import DOCUMENTS, FIGURE, METHOD, PASSAGES, passage, vectors_of

MODEL = "fake/words"
FIGURED = passage("11 procent.", "Figur 3", figure=FIGURE)
CHANGED = passage("Då gällde ett. Nu gäller två.", "Läget", change=Change(("läget",), (4,), "e-arkiv"))


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return GenerationStore(tmp_path / "index")


def write(store: GenerationStore, *passages: Passage, model: str | None = MODEL, note: str = "") -> str:
    chosen = passages or PASSAGES
    vectors = vectors_of([one.context for one in chosen]) if model else None
    return store.write(documents=DOCUMENTS, passages=chosen, vectors=vectors, model=model, note=note)


def published(store: GenerationStore, *passages: Passage, model: str | None = MODEL) -> Path:
    generation = write(store, *passages, model=model)
    store.publish(generation)
    return store.root / "generations" / generation


def test_what_is_written_and_published_is_what_is_opened(store: GenerationStore) -> None:
    directory = published(store)
    opened = store.open(MODEL)
    assert opened.generation == store.current() == directory.name
    assert tuple(opened.passages) == PASSAGES
    assert tuple(opened.documents) == DOCUMENTS
    contents = store.contents()
    assert (contents.generation, contents.model) == (directory.name, MODEL)
    assert tuple(contents.passages) == PASSAGES
    assert contents.vectors is not None
    np.testing.assert_array_equal(contents.vectors, vectors_of([one.context for one in PASSAGES]))


def test_every_file_of_a_generation_is_tried_below(store: GenerationStore) -> None:
    assert {path.name for path in published(store, FIGURED, CHANGED).iterdir()} == {*FILES, "manifest.json"}


def test_the_manifest_says_what_the_generation_is(store: GenerationStore) -> None:
    generation = write(store, note="first")
    store.publish(generation)
    manifest = store.manifest()
    assert manifest == store.manifest(generation)
    assert (manifest.generation, manifest.format, manifest.note, manifest.model) == (generation, FORMAT, "first", MODEL)
    assert (manifest.documents, manifest.passages) == (len(DOCUMENTS), len(PASSAGES))
    on_disk = {path.name for path in (store.root / "generations" / generation).iterdir()}
    assert on_disk == {*manifest.files, "manifest.json"}


def test_nothing_is_served_before_the_first_publication(store: GenerationStore) -> None:
    assert store.current() is None
    assert store.generations() == []
    assert tuple(store.contents().passages) == ()
    with pytest.raises(IndexUnavailable):
        store.open(MODEL)
    write(store)
    assert store.current() is None
    with pytest.raises(IndexUnavailable):
        store.open(MODEL)


def test_an_unpublished_generation_changes_nothing_for_readers(store: GenerationStore) -> None:
    directory = published(store, METHOD)
    write(store)
    assert store.open(MODEL).generation == directory.name
    assert tuple(store.open(MODEL).passages) == (METHOD,)


def test_an_earlier_generation_can_be_published_again(store: GenerationStore) -> None:
    first = published(store, METHOD)
    published(store)
    store.publish(first.name)
    assert tuple(store.open(MODEL).passages) == (METHOD,)


@pytest.mark.parametrize("name", ["20260101T000000-abcdef", "", "..", "../generations", "/"])
def test_what_was_never_written_cannot_be_published(store: GenerationStore, name: str) -> None:
    directory = published(store)
    with pytest.raises(IndexUnavailable):
        store.publish(name)
    assert store.current() == directory.name


def test_an_open_generation_outlives_its_files(store: GenerationStore) -> None:
    directory = published(store)
    opened = store.open(MODEL)
    shutil.rmtree(directory)
    assert opened.lexical({stem("enkäten"): 1.0}, 3)
    assert opened.dense(vectors_of([METHOD.context])[0], 1)


def test_r14_another_model_s_vectors_are_never_compared(store: GenerationStore) -> None:
    published(store)
    with pytest.raises(IndexMismatch, match=r"fake/words.*other/model"):
        store.open("other/model")


def test_any_generation_is_searched_by_words_where_there_is_no_embedder(store: GenerationStore) -> None:
    published(store)
    assert store.open(None).lexical({stem("enkäten"): 1.0}, 3)


def test_a_generation_without_vectors_is_opened_for_any_model(store: GenerationStore) -> None:
    directory = published(store, model=None)
    assert store.manifest().model is None
    assert not (directory / "vectors.npy").exists()
    opened = store.open(MODEL)
    assert opened.embedding_model is None
    assert opened.dense(vectors_of(["enkäten"])[0], 3) == []
    assert store.contents().vectors is None


def test_an_empty_generation_is_a_generation(store: GenerationStore) -> None:
    store.publish(store.write(documents=(), passages=(), vectors=vectors_of([]), model=MODEL))
    opened = store.open(MODEL)
    assert tuple(opened.passages) == ()
    assert opened.lexical({"enkät": 1.0}, 3) == []
    assert opened.dense(vectors_of(["enkät"])[0], 3) == []


def test_vectors_must_fit_the_passages(store: GenerationStore) -> None:
    with pytest.raises(ValueError, match="vectors"):
        store.write(documents=DOCUMENTS, passages=PASSAGES, vectors=vectors_of(["en"]), model=MODEL)
    assert store.generations() == []


def test_a_write_that_fails_leaves_nothing_behind(store: GenerationStore) -> None:
    directory = published(store)
    broken = passage("half a character: \ud800")  # which no file can hold
    with pytest.raises(ValueError, match="surrogate"):
        write(store, METHOD, broken, model=None)
    assert [path.name for path in directory.parent.iterdir()] == [directory.name]
    assert store.open(MODEL).generation == directory.name


def test_vectors_without_their_model_or_without_rows_are_refused(store: GenerationStore) -> None:
    with pytest.raises(ValueError, match="model"):
        store.write(documents=DOCUMENTS, passages=[METHOD], vectors=vectors_of(["a"]), model=None)
    flat = np.ones(len(PASSAGES), dtype=np.float32)  # one number a passage is no vector
    with pytest.raises(ValueError, match="rows"):
        store.write(documents=DOCUMENTS, passages=PASSAGES, vectors=flat, model=MODEL)
    assert store.generations() == []


def test_a_passage_of_an_unlisted_document_is_refused(store: GenerationStore) -> None:
    with pytest.raises(ValueError, match=METHOD.path):
        store.write(documents=(), passages=[METHOD], vectors=None, model=None)


def test_generations_written_within_a_second_are_listed_in_order_and_pruned_oldest_first(
    store: GenerationStore,
) -> None:
    written = [store.write(documents=(), passages=(), vectors=None, model=None) for _ in range(12)]
    assert store.generations() == written
    store.prune(Retention(1))
    assert store.generations() == written[-1:]


def test_stray_files_are_no_generations(store: GenerationStore) -> None:
    directory = published(store)
    (directory.parent / ".DS_Store").write_text("x")
    (directory.parent / ".tmp-file").write_text("x")
    (directory.parent / "notes.txt").write_text("x")
    store.prune(Retention(0))
    assert store.generations() == [directory.name]
    assert (directory.parent / "notes.txt").exists()


FILES = [
    "documents.json", "passages.jsonl", "passages.npy", "marked.json", "words.txt", "splits.txt", "terms.txt",
    "starts.npy", "positions.npy", "impacts.npy", "vectors.npy",
]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_i12_a_flipped_byte_is_found_wherever_it_is(store: GenerationStore, name: str) -> None:
    path = published(store) / name
    content = bytearray(path.read_bytes())
    for position in (0, len(content) // 2, len(content) - 1):
        content[position] ^= 1
        path.write_bytes(content)
        with pytest.raises(IndexDamaged, match=name):
            store.open(MODEL)
        with pytest.raises(IndexDamaged, match=name):
            store.contents()
        content[position] ^= 1
    path.write_bytes(content)
    assert tuple(store.open(MODEL).passages) == PASSAGES


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("how", ["removed", "emptied", "cut", "longer", "a folder"])
def test_i12_a_file_that_is_missing_or_of_another_length_is_found(store: GenerationStore, name: str, how: str) -> None:
    path = published(store) / name
    content = path.read_bytes()
    path.unlink()
    if how == "a folder":
        path.mkdir()
    elif how != "removed":
        path.write_bytes({"emptied": b"", "cut": content[:-1], "longer": content + b"\0"}[how])
    with pytest.raises(IndexDamaged, match=name):
        store.open(MODEL)


@pytest.mark.parametrize("name", FILES)
def test_i12_a_file_of_another_generation_is_found(store: GenerationStore, name: str) -> None:
    vectors = vectors_of([METHOD.context])
    other = store.write(documents=DOCUMENTS[:1], passages=[METHOD], vectors=vectors, model=MODEL)
    directory = published(store, *PASSAGES, CHANGED)
    shutil.copyfile(directory.parent / other / name, directory / name)
    with pytest.raises(IndexDamaged, match=name):
        store.open(MODEL)


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"generation": "x"}', b"\xff\xfe"])
def test_i12_a_manifest_that_is_missing_or_unreadable_is_found(store: GenerationStore, content: bytes | None) -> None:
    path = published(store) / "manifest.json"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    for read in (lambda: store.open(MODEL), store.manifest, store.contents):
        with pytest.raises(IndexDamaged, match="manifest"):
            read()


def test_i12_a_manifest_of_another_generation_is_found(store: GenerationStore) -> None:
    other, directory = published(store, METHOD), published(store)
    shutil.copyfile(other / "manifest.json", directory / "manifest.json")
    for read in (lambda: store.open(MODEL), store.manifest, store.contents, store.refresh):
        with pytest.raises(IndexDamaged, match="manifest"):
            read()
    with pytest.raises(IndexDamaged, match=other.name):
        store.publish(directory.name)


@pytest.mark.parametrize("field", ["model", "documents", "passages", "note", "created", "format"])
def test_i12_a_changed_manifest_is_found(store: GenerationStore, field: str) -> None:
    path = published(store) / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    changed = {
        "model": "other/model", "documents": 99, "passages": 99, "note": "x", "created": "2001-01-01T00:00:00Z",
        "format": FORMAT + 1,
    }  # fmt: skip
    path.write_text(json.dumps(manifest | {field: changed[field]}), encoding="utf-8")
    with pytest.raises(IndexDamaged, match="checksum"):
        store.open(None)


def test_i12_a_vector_file_that_the_manifest_does_not_list_is_not_read(store: GenerationStore) -> None:
    other, directory = published(store, METHOD), published(store, model=None)
    shutil.copyfile(other / "vectors.npy", directory / "vectors.npy")
    assert store.open(None).dense(vectors_of(["enkäten"])[0], 3) == []
    assert store.contents().vectors is None


def test_i12_a_manifest_that_lists_too_little_is_found(store: GenerationStore) -> None:
    directory = published(store)
    path = directory / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["files"]["words.txt"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    store.publish(directory.name)
    with pytest.raises(IndexDamaged, match=r"words\.txt"):
        store.open(None)


@pytest.mark.parametrize("byte", range(8))
@pytest.mark.parametrize("position", [0, 3, 20, 40, -1])
def test_i12_a_flipped_bit_in_the_pointer_is_found(store: GenerationStore, byte: int, position: int) -> None:
    published(store)
    pointer = store.root / "current"
    content = bytearray(pointer.read_bytes())
    content[position] ^= 1 << byte
    pointer.write_bytes(content)
    with pytest.raises(IndexDamaged):
        store.open(MODEL)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"20260101T000000-abcdef", b"../x " + b"0" * 64])
def test_i12_an_unreadable_pointer_is_found_and_nothing_is_dropped(store: GenerationStore, content: bytes) -> None:
    directory = published(store)
    write(store)
    (store.root / "current").write_bytes(content)
    for read in (store.current, store.manifest, store.contents, store.refresh, lambda: store.prune(Retention(0))):
        with pytest.raises(IndexDamaged, match="pointer"):
            read()
    assert len(store.generations()) == 2
    store.publish(directory.name)
    assert store.open(MODEL).generation == directory.name


def test_i12_a_pointer_to_nothing_is_found(store: GenerationStore) -> None:
    published(store)
    (store.root / "current").write_text(f"20260101T000000-abcdef {'0' * 64}", encoding="ascii")
    with pytest.raises(IndexDamaged, match="20260101T000000-abcdef"):
        store.open(MODEL)


def test_i12_an_earlier_generation_serves_after_damage(store: GenerationStore) -> None:
    first, second = published(store, METHOD), published(store)
    (second / "passages.jsonl").write_bytes(b"[]")
    with pytest.raises(IndexDamaged):
        store.open(MODEL)
    store.publish(first.name)
    assert tuple(store.open(MODEL).passages) == (METHOD,)


def test_every_fault_of_an_index_is_one_that_callers_catch_as_unavailable() -> None:
    assert issubclass(IndexDamaged, IndexUnavailable)
    assert issubclass(IndexMismatch, IndexUnavailable)
    assert issubclass(IndexUnavailable, KnowledgeError)


class Trap:
    """Unpickled, it leaves a file behind."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.touch, (self._mark,))


def test_i13_no_stored_file_is_a_pickle(store: GenerationStore) -> None:
    for path in published(store).iterdir():
        content = path.read_bytes()
        assert not content.startswith(b"\x80"), path.name
        assert b"pickle" not in content
        if path.suffix == ".json":
            json.loads(content)
        elif path.suffix == ".npy":
            assert np.load(path, allow_pickle=False).dtype != object
        else:
            assert path.suffix in (".jsonl", ".txt")


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_i13_a_pickle_in_place_of_a_file_is_never_loaded(store: GenerationStore, tmp_path: Path, name: str) -> None:
    mark = tmp_path / "sprung"
    trap = pickle.dumps(Trap(mark))  # the trap itself; nothing here loads it
    (published(store) / name).write_bytes(trap)
    with pytest.raises(IndexDamaged):
        store.open(MODEL)
    assert not mark.exists()


def test_i13_a_pickle_with_a_matching_checksum_is_not_loaded_either(store: GenerationStore, tmp_path: Path) -> None:
    mark = tmp_path / "sprung"
    directory = published(store)
    np.save(tmp_path / "trap.npy", np.array([Trap(mark)], dtype=object), allow_pickle=True)
    trap = (tmp_path / "trap.npy").read_bytes()
    for name in FILES:
        again = published(store)
        (again / name).write_bytes(trap)
        resealed(again, name)
        store.publish(again.name)
        with pytest.raises(IndexDamaged):
            store.open(MODEL)
        assert not mark.exists()
    assert directory.is_dir()


def resealed(directory: Path, name: str) -> None:
    """The manifest as somebody with access to the files would rewrite it."""
    path = directory / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"][name] = hashlib.sha256((directory / name).read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture
def upgrade(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """What a new version of the program changes: the format that it writes and opens."""
    return lambda: monkeypatch.setattr("knowledge.adapters.generation_reading.FORMAT", FORMAT + 1)


def test_a_generation_of_an_older_format_is_not_opened_but_rewritten_with_its_vectors(
    store: GenerationStore, upgrade: Callable[[], None]
) -> None:
    directory = published(store)
    vectors = store.contents().vectors
    upgrade()
    with pytest.raises(IndexUnavailable, match="format"):
        store.open(MODEL)
    refreshed = store.refresh()
    assert refreshed is not None
    assert store.current() == refreshed != directory.name
    assert tuple(store.open(MODEL).passages) == PASSAGES
    again = store.contents().vectors
    assert vectors is not None
    assert again is not None
    np.testing.assert_array_equal(again, vectors)
    assert (store.manifest().model, store.manifest().format) == (MODEL, FORMAT + 1)


def test_a_generation_of_a_newer_format_is_neither_opened_nor_rewritten(
    store: GenerationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = published(store)
    monkeypatch.setattr("knowledge.adapters.generation_reading.FORMAT", FORMAT - 1)
    for read in (lambda: store.open(MODEL), store.contents, store.refresh):
        with pytest.raises(IndexUnavailable, match="format"):
            read()
    assert store.generations() == [directory.name]


def test_a_current_generation_and_an_empty_store_need_no_refresh(store: GenerationStore) -> None:
    assert store.refresh() is None
    directory = published(store)
    assert store.refresh() is None
    assert store.current() == directory.name
    assert store.generations() == [directory.name]


def test_a_damaged_generation_is_not_refreshed_into_a_sound_one(
    store: GenerationStore, upgrade: Callable[[], None]
) -> None:
    directory = published(store)
    upgrade()
    (directory / "passages.jsonl").write_bytes(b"[]")
    with pytest.raises(IndexDamaged):
        store.refresh()
    assert store.current() == directory.name


@pytest.mark.parametrize("keep", [0, 1, 2, 10])
def test_pruning_keeps_the_published_generation_whatever_its_age(store: GenerationStore, keep: int) -> None:
    first = published(store, METHOD)
    for _ in range(3):
        write(store)
    store.prune(Retention(keep))
    assert first.name in store.generations()
    assert len(store.generations()) <= max(keep, 1) + 1
    assert tuple(store.open(MODEL).passages) == (METHOD,)


def test_pruning_removes_what_interrupted_writers_left_and_nothing_else(store: GenerationStore) -> None:
    directory = published(store)
    orphan = directory.parent / ".tmp-20260101T000000-abcdef"
    shutil.copytree(directory, orphan)
    assert store.generations() == [directory.name]
    store.prune(Retention(5))
    assert not orphan.exists()
    assert store.generations() == [directory.name]
    assert store.open(MODEL).generation == directory.name


def test_pruning_an_empty_store_is_nothing(store: GenerationStore) -> None:
    store.prune(Retention(1))
    assert store.generations() == []


def test_readers_see_one_whole_generation_or_another_while_publications_go_on(store: GenerationStore) -> None:
    """Every generation says its own name in its only passage; a mixture would show."""
    names = [f"generation-{n}" for n in range(3)]
    ids = [write(store, passage(f"Detta är {name}.", name, id=name)) for name in names]
    store.publish(ids[0])
    expected = dict(zip(ids, names, strict=True))
    stop = threading.Event()
    seen: list[tuple[str, str]] = []
    failures: list[KnowledgeError] = []

    def read() -> None:
        while not stop.is_set():
            try:
                opened = store.open(MODEL)
            except KnowledgeError as error:
                failures.append(error)
                return
            seen.append((opened.generation, opened.passages[0].id))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(120):
        store.publish(ids[turn % len(ids)])
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert seen
    assert all(expected[generation] == name for generation, name in seen)


def test_a_writer_that_died_before_the_rename_leaves_the_old_generation_serving(store: GenerationStore) -> None:
    directory = published(store, METHOD)
    half = directory.parent / ".tmp-20990101T000000-abcdef"
    half.mkdir()
    (half / "passages.jsonl").write_bytes(b"[")
    (store.root / "current.new").write_text("20990101T000000-abcdef", encoding="ascii")
    assert store.open(MODEL).generation == directory.name
    later = published(store)
    assert store.open(MODEL).generation == later.name


NAMES = st.text(max_size=20).filter(lambda text: text.isprintable())


@settings(max_examples=15, deadline=None)
@given(texts=st.lists(st.text(max_size=80), max_size=5), note=NAMES)
def test_any_text_is_stored_and_read_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], note: str
) -> None:
    store = GenerationStore(tmp_path_factory.mktemp("any"))
    passages = tuple(passage(text, id=f"p{n}") for n, text in enumerate(texts))
    store.publish(store.write(documents=DOCUMENTS, passages=passages, vectors=None, model=None, note=note))
    assert tuple(store.open(None).passages) == passages
    assert store.manifest().note == note
