"""Passages read one by one are those that were written, and what was written before is carried over."""

from __future__ import annotations

import gc
import os
import threading
import warnings
from array import array
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.adapters import stored_passages
from knowledge.adapters.generation import FORMAT, GenerationStore
from knowledge.adapters.stored_passages import ChosenPassages, PassageWriter, StoredPassages
from knowledge.errors import IndexDamaged, IndexUnavailable
from knowledge.model import Change, Passage, embedded_texts
from knowledge.swedish.stems import stem
from knowledge.swedish.steps import ALL, Step
from tests.contract.knowledge.test_generations import resealed
from tests.fakes.knowledge import DOCUMENTS, FIGURE, GOALS, METHOD, PASSAGES, passage, vector_of, vectors_of
from tests.fakes.older import publish_older

MODEL = "fake/words"
ASKED = passage("Hajar lever.", "Hajar", questions=("vad heter fisken med fena", "finns det farliga fiskar"))
CHANGED = passage("Då gällde ett. Nu gäller två.", "Läget", change=Change(("läget",), (4,), "e-arkiv"))
MIXED: tuple[Passage, ...] = (ASKED, *PASSAGES[:3], CHANGED, *PASSAGES[3:])
"""Passages of four documents that do not stand together."""


def published(store: GenerationStore, *passages: Passage) -> Path:
    vectors = vectors_of(embedded_texts(passages))
    generation = store.write(documents=DOCUMENTS, passages=iter(passages), vectors=vectors, model=MODEL)
    store.publish(generation)
    return store.root / "generations" / generation


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    return GenerationStore(tmp_path / "index")


def test_a_passage_is_the_same_whichever_way_it_is_reached(store: GenerationStore) -> None:
    published(store, *MIXED)
    read = store.open(MODEL).passages
    assert len(read) == len(MIXED)
    assert [read[at] for at in range(len(MIXED))] == list(read) == list(MIXED)
    assert [read[-at] for at in range(1, len(MIXED) + 1)] == list(reversed(read)) == list(reversed(MIXED))
    parts: tuple[slice, ...] = (slice(2, 5), slice(None, None, 2), slice(-3, None), slice(4, 1), slice(None, None, -1))
    for part in parts:
        assert tuple(read[part]) == MIXED[part]
        assert tuple(read[part][:2]) == MIXED[part][:2]
    assert METHOD in read
    assert read.index(METHOD) == MIXED.index(METHOD)
    for beyond in (len(MIXED), -len(MIXED) - 1):
        with pytest.raises(IndexError):
            read[beyond]


def test_opening_reads_no_passage(store: GenerationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    published(store, *MIXED)
    read: list[int] = []
    original = stored_passages._read

    def noted(lines: bytes, begins: array[int], generation: str, position: int) -> Passage:
        read.append(position)
        return original(lines, begins, generation, position)

    monkeypatch.setattr(stored_passages, "_read", noted)
    opened, contents = store.open(MODEL), store.contents()
    assert opened.lexical({stem("enkäten"): 1.0}, 3)
    assert opened.dense(vector_of(METHOD.context), 1)
    assert (len(opened.changes), len(opened.figures), len(contents.passages)) == (1, 1, len(MIXED))
    assert [len(passages) for _, passages, _ in contents.files()] == [7, 3, 1, 1]
    assert read == []
    assert opened.passages[2] == opened.passages[2]
    assert read == [2]


def test_what_is_looked_for_often_needs_no_look_at_every_passage(store: GenerationStore) -> None:
    published(store, *MIXED)
    opened = store.open(MODEL)
    assert tuple(opened.changes) == (CHANGED,)
    assert tuple(opened.figures) == (GOALS,)


def test_contents_tell_files_apart_and_where_their_vectors_are(store: GenerationStore) -> None:
    published(store, *MIXED)
    contents = store.contents()
    assert contents.vectors is not None
    files = list(contents.files())
    assert [document for document, _, _ in files] == list(DOCUMENTS)
    for document, passages, positions in files:
        assert tuple(passages) == tuple(one for one in MIXED if one.path == document.path)
        assert [MIXED[at] for at in positions] == list(passages)
        texts = [one.context for one in passages]
        np.testing.assert_array_equal(contents.vectors[positions], vectors_of(texts))
        asked = [each.text for one in passages for each in one.questions]
        np.testing.assert_array_equal(contents.vectors[contents.question_rows(positions)], vectors_of(asked))


def test_many_threads_read_one_open_generation(store: GenerationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_passages, "KEPT", 4)  # what is kept is thrown out all the time
    passages = [passage(f"Text {number} om planen.", id=f"p{number}") for number in range(60)]
    published(store, *passages)
    opened = store.open(MODEL)
    begin = threading.Barrier(6)

    def read(seed: int) -> bool:
        begin.wait(10)
        order = np.random.default_rng(seed).integers(0, len(passages), 400)
        right = all(opened.passages[int(at)] == passages[at] for at in order)
        near = [opened.dense(vector_of(passages[at].context), 1)[0][1] > 0.999 for at in order[:20]]
        return right and all(near)

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(read, range(6)))


def test_files_are_let_go_with_the_generation(store: GenerationStore) -> None:
    def mapped() -> int:
        return Path("/proc/self/maps").read_text(encoding="ascii").count(str(store.root))

    if not Path("/proc/self/maps").exists():
        pytest.skip("this system does not tell what is mapped")
    published(store, *MIXED)
    descriptors = len(os.listdir("/proc/self/fd"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        opened = store.open(MODEL)
        assert mapped() >= 4
        del opened
        gc.collect()
    assert mapped() == 0
    assert len(os.listdir("/proc/self/fd")) <= descriptors


def test_a_line_that_is_no_passage_is_found_when_it_is_read(store: GenerationStore) -> None:
    directory = published(store, *MIXED)
    path = directory / "passages.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[1] = b'{"id": 1' + b" " * (len(lines[1]) - 9) + b"\n"
    path.write_bytes(b"".join(lines))
    resealed(directory, path.name)  # as somebody with access to the files would
    store.publish(directory.name)
    opened = store.open(MODEL)
    assert opened.passages[0] == MIXED[0]
    with pytest.raises(IndexDamaged, match="passage 1"):
        opened.passages[1]


@pytest.mark.parametrize("fault", ["longer", "order", "columns", "rows", "kind"])
def test_a_table_that_does_not_fit_is_found_at_once(store: GenerationStore, fault: str) -> None:
    directory = published(store, *MIXED)
    table = np.load(directory / "passages.npy")
    if fault == "longer":
        table[-1, 0] += 1
    elif fault == "order":
        table[2, 0] = table[3, 0]
    changed = {"columns": table[:, :2], "rows": np.delete(table, 3, axis=0), "kind": table.astype(np.int32)}
    np.save(directory / "passages.npy", changed.get(fault, table))
    resealed(directory, "passages.npy")
    store.publish(directory.name)
    with pytest.raises(IndexDamaged, match="not readable"):
        store.open(MODEL)


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_passages_are_written_and_chosen(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("lines") / "passages.jsonl"
    passages = [passage(text, text, id=f"p{number}") for number, text in enumerate(texts)]
    with path.open("wb") as file:
        writer = PassageWriter(file, DOCUMENTS)
        for one in passages:
            writer.add(one)
    read = StoredPassages(path, writer.table)
    assert list(read) == passages
    odd = ChosenPassages(read, range(1, len(passages), 2))
    assert list(odd) == passages[1::2] == [odd[at] for at in range(len(odd))]


def test_a_generation_of_format_2_is_rewritten_with_its_vectors(store: GenerationStore) -> None:
    vectors = vectors_of(embedded_texts(MIXED))
    old = publish_older(store.root, DOCUMENTS, MIXED, vectors, MODEL)
    with pytest.raises(IndexUnavailable, match="format 2"):
        store.open(MODEL)
    before = store.contents()
    assert [tuple(passages) for _, passages, _ in before.files()] == [
        tuple(one for one in MIXED if one.path == document.path) for document in DOCUMENTS
    ]
    assert store.refresh() not in (None, old.name)
    opened, contents = store.open(MODEL), store.contents()
    assert tuple(opened.passages) == MIXED
    assert contents.vectors is not None
    np.testing.assert_array_equal(contents.vectors, vectors)
    assert store.manifest().format == FORMAT
    assert opened.asked(vector_of(ASKED.questions[1].text), 1)[0][:2] == (0, ASKED.questions[1])
    assert store.refresh() is None


def test_a_generation_of_format_2_without_vectors_is_rewritten_too(store: GenerationStore) -> None:
    publish_older(store.root, DOCUMENTS, MIXED, None, None)
    assert store.refresh() is not None
    assert store.open(MODEL).embedding_model is None
    assert tuple(store.open(MODEL).passages) == MIXED


@pytest.mark.parametrize("name", ["documents.json", "passages.json", "vectors.faiss", "lexical.npz"])
def test_a_damaged_generation_of_format_2_is_not_rewritten(store: GenerationStore, name: str) -> None:
    old = publish_older(store.root, DOCUMENTS, MIXED, vectors_of(embedded_texts(MIXED)), MODEL)
    content = bytearray((old / name).read_bytes())
    content[len(content) // 2] ^= 1
    (old / name).write_bytes(content)
    with pytest.raises(IndexDamaged, match=name):
        store.refresh()
    assert store.current() == old.name


def test_a_figure_from_before_it_had_a_name_is_read_as_it_was(store: GenerationStore) -> None:
    figured = passage("11 procent.", "Figur 3", figure=FIGURE)
    publish_older(store.root, DOCUMENTS, [figured], None, None, leave_out=("id", "title", "source", "pages"))
    assert tuple(store.contents().passages) == (figured,)


def test_another_analysis_is_not_searched_but_rewritten_with_its_vectors(tmp_path: Path) -> None:
    store = GenerationStore(tmp_path)
    directory = published(store, *MIXED)
    assert store.manifest().steps == ("stems", "compounds", "lexicon")
    assert store.open(MODEL).document_frequency("enkäten") == 0
    plain = GenerationStore(tmp_path, ALL - {Step.STEMS, Step.SPELLING})
    with pytest.raises(IndexUnavailable, match="stems"):
        plain.open(MODEL)
    assert plain.refresh() not in (None, directory.name)
    opened = plain.open(MODEL)
    assert opened.steps == ALL - {Step.STEMS, Step.SPELLING}
    assert opened.document_frequency("enkäten") > 0
    again = plain.contents().vectors
    assert again is not None
    np.testing.assert_array_equal(again, vectors_of(embedded_texts(MIXED)))
    assert plain.refresh() is None
    assert store.refresh() is not None, "and back"


def test_a_step_that_acts_on_questions_only_needs_no_rewriting(tmp_path: Path) -> None:
    published(GenerationStore(tmp_path), *MIXED)
    other = GenerationStore(tmp_path, ALL - {Step.SYNONYMS})
    assert other.refresh() is None
    assert other.open(MODEL).steps == ALL - {Step.SYNONYMS}


def test_passages_keep_their_weight_and_those_written_before_there_was_one_have_one(
    store: GenerationStore, tmp_path: Path
) -> None:
    directory = published(store, replace(METHOD, weight=0.6), ASKED)
    assert [each.weight for each in store.open(MODEL).passages] == [0.6, 1.0]
    lines = (directory / "passages.jsonl").read_bytes().splitlines(keepends=True)
    older = [line.replace(b',"weight":0.6', b"").replace(b',"weight":1.0', b"") for line in lines]
    assert b"weight" not in b"".join(older)
    (tmp_path / "passages.jsonl").write_bytes(b"".join(older))
    begins = (0, len(older[0]), len(b"".join(older)))
    table = np.array([(begin, 0, 0) for begin in begins], dtype=np.int64)
    assert [each.weight for each in StoredPassages(tmp_path / "passages.jsonl", table)] == [1.0, 1.0]
