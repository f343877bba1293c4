"""The files of one generation: how they are written, and how they are opened.

    documents.json    every document
    passages.jsonl    a passage a line, in the order of their positions
    passages.npy      the table that says where each line begins (see `stored_passages`)
    marked.json       positions of the passages that tell of changes or hold figures
    words.txt         what compounds are split into, sorted: words of the documents that everybody may read
    splits.txt        how each long word of theirs is split, sorted (see `stored_splits`)
    owned.json        the words and splits that only a municipality's own documents add, by owner, where there are any
    terms.txt         the analysed terms, sorted
    starts.npy, positions.npy, impacts.npy    the postings of each term (see `lexical`)
    vectors.npy       the rows of `embedded_texts(passages)`, where there are vectors

No file is unpickled: JSON, plain lines, and NumPy arrays without objects, each used only after its checksum agreed with
the manifest. A file that the manifest does not list is never read. What grows with the passages is mapped into memory
or looked up line by line, so that an opening takes about as long as the checksums do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from knowledge.adapters import lexical
from knowledge.adapters.contents import Contents
from knowledge.adapters.dense import PassageVectors
from knowledge.adapters.lexical import LexicalArrays, LexicalIndex
from knowledge.adapters.manifest import Manifest, damaged, sha256, verify
from knowledge.adapters.open_generation import OpenGeneration
from knowledge.adapters.search_server import SearchServer, VectorSearch, WordSearch
from knowledge.adapters.served_search import ServedPassages, ServedVectors, ServedWords
from knowledge.adapters.server_rows import Held, ServerRows
from knowledge.adapters.stored_passages import DOCUMENT, QUESTIONS, ChosenPassages, PassageWriter, StoredPassages, Table
from knowledge.adapters.stored_splits import NOBODYS, SplitLines, StoredSplits, lines_of
from knowledge.adapters.term_counts import TermCounts
from knowledge.model import Document, Passage
from knowledge.ports import Vectors
from knowledge.swedish.compounds import CompoundSplitter
from knowledge.swedish.lexicon import NO_LEXICON, load_lexicon
from knowledge.swedish.steps import Step, Steps

_DOCUMENTS = TypeAdapter(tuple[Document, ...])
_OWNED = TypeAdapter(dict[str, SplitLines])
_VECTORS = "vectors.npy"
_OWNED_WORDS = "owned.json"
CONTENT_FILES = ("documents.json", "passages.jsonl", "passages.npy")
SEARCH_FILES = (
    *CONTENT_FILES, "marked.json", "words.txt", "splits.txt", "terms.txt", "starts.npy", "positions.npy",
    "impacts.npy",
)  # fmt: skip
"""What a manifest must list for the contents to be read, and for a generation to be searched."""


def write_files(
    directory: Path, documents: Sequence[Document], passages: Iterable[Passage], vectors: Vectors | None, steps: Steps
) -> int:
    """All files of a generation but its manifest; how many passages there were.

    Passages are gone through once, and none is held on to. Raises ValueError for a passage of a document that is not
    among `documents`, for text that no file can hold, and for vectors that are not one row a text.
    """
    (directory / "documents.json").write_bytes(_DOCUMENTS.dump_json(tuple(documents)))
    counts = TermCounts(documents, steps)
    with (directory / "passages.jsonl").open("wb") as file:
        writer = PassageWriter(file, documents)
        for passage in passages:
            writer.add(passage)
            counts.add(passage)
    table = writer.table
    np.save(directory / "passages.npy", table)
    _write_json(directory / "marked.json", {"changes": writer.changes, "figures": writer.figures})
    if vectors is not None:
        _write_vectors(directory / _VECTORS, vectors, writer.count + int(table[-1, QUESTIONS]))
    _write_words(directory, counts, steps)
    return writer.count


def _write_vectors(path: Path, vectors: Vectors, texts: int) -> None:
    if vectors.ndim != 2:
        raise ValueError(f"vectors must be rows of equal length, not of shape {vectors.shape}")
    if len(vectors) != texts:
        raise ValueError(f"{len(vectors)} vectors for {texts} texts")
    if len(vectors):
        np.save(path, np.ascontiguousarray(vectors, dtype=np.float32))


def _write_words(directory: Path, counts: TermCounts, steps: Steps) -> None:
    words, splits = _splits(counts, steps, NOBODYS, {})
    _write_lines(directory / "words.txt", words)
    _write_lines(directory / "splits.txt", lines_of(splits))
    own: dict[str, dict[str, tuple[str, ...]]] = {}
    owned: dict[str, SplitLines] = {}
    for owner in counts.owners:
        more, added = _splits(counts, steps, owner, splits, words)
        own[owner] = splits | added
        owned[owner] = SplitLines(tuple(more), tuple(lines_of(added)))
    if owned:
        (directory / _OWNED_WORDS).write_bytes(_OWNED.dump_json(owned))
    arrays = counts.arrays(splits.__getitem__, {owner: known.__getitem__ for owner, known in own.items()})
    _write_lines(directory / "terms.txt", arrays.terms)
    np.save(directory / "starts.npy", arrays.starts)
    np.save(directory / "positions.npy", arrays.positions)
    np.save(directory / "impacts.npy", arrays.impacts)


def _splits(
    counts: TermCounts,
    steps: Steps,
    owner: str,
    known: Mapping[str, tuple[str, ...]],
    common: Sequence[str] = (),
) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    """The words that an owner's passages add to the `common` ones, and how the long ones are split that are not `known`
    yet: into words that the owner's people may read, and no others.
    """
    compounds = [word for word in counts.long_words(owner) if word not in known]
    there = set(common)
    words = [word for word in counts.standalone_words(owner) if word not in there]
    lexicon = load_lexicon() if compounds and Step.LEXICON in steps else NO_LEXICON
    splitter = CompoundSplitter([*common, *words], lexicon=lexicon, steps=steps)
    return words, {word: splitter.split(word) for word in compounds}


def _write_lines(path: Path, lines: Sequence[str]) -> None:
    path.write_text("\n".join(lines), encoding="utf-8", newline="")


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def read_contents(directory: Path, manifest: Manifest) -> Contents:
    """What a generation was made of. Raises IndexDamaged."""
    verify(directory, manifest, CONTENT_FILES)
    with damaged(manifest.generation):
        table = _table(directory, manifest)
        vectors = _vectors(directory, manifest, table)
        return Contents(
            generation=manifest.generation,
            model=manifest.model,
            documents=_documents(directory),
            passages=StoredPassages(directory / "passages.jsonl", table),
            vectors=vectors,
            owners=table[:-1, DOCUMENT],
            questions=table[:, QUESTIONS],
        )


def held(directory: Path, manifest: Manifest) -> Held:
    """What a server of searches says that it holds, if it is this. Looks at no more than sizes. Raises IndexDamaged."""
    with damaged(manifest.generation):
        table = _table(directory, manifest)
        vectors = _vectors(directory, manifest, table)
        return Held(
            generation=manifest.generation,
            checksum=sha256(directory / "manifest.json"),
            passages=manifest.passages,
            questions=int(table[-1, QUESTIONS]) if vectors is not None else 0,
            width=vectors.shape[1] if vectors is not None else 0,
        )


def server_rows(directory: Path, manifest: Manifest) -> ServerRows:
    """What a server that searches is given of a generation. Raises IndexDamaged."""
    verify(directory, manifest, SEARCH_FILES)
    with damaged(manifest.generation):
        table = _table(directory, manifest)
        owners = [document.owner for document in _documents(directory)]
        return ServerRows(
            held=held(directory, manifest),
            arrays=_lexical(directory, len(table) - 1),
            owners=[owners[number] for number in table[:-1, DOCUMENT].tolist()],
            vectors=_vectors(directory, manifest, table),
            first_questions=table[:, QUESTIONS],
        )


def open_files(directory: Path, manifest: Manifest, steps: Steps, server: SearchServer | None = None) -> OpenGeneration:
    """A generation, ready to search, on a server where one is given that holds it. Raises IndexDamaged."""
    verify(directory, manifest, SEARCH_FILES)
    with damaged(manifest.generation):
        table = _table(directory, manifest)
        documents = _documents(directory)
        passages = StoredPassages(directory / "passages.jsonl", table)
        marked = _read_json(directory / "marked.json")
        rows = _vectors(directory, manifest, table)
        local = LexicalIndex(_lexical(directory, len(passages)))
        words: WordSearch = local
        vectors: VectorSearch | None = PassageVectors(rows, table[:, QUESTIONS]) if rows is not None else None
        if server is not None:
            served = ServedPassages(server, manifest.generation, frozenset(each.owner for each in documents))
            words = ServedWords(local, served)
            vectors = ServedVectors(served, rows.shape[1]) if rows is not None else None
        return OpenGeneration(
            generation=manifest.generation,
            embedding_model=manifest.model,
            steps=steps,
            documents=documents,
            passages=passages,
            changes=ChosenPassages(passages, marked["changes"]),
            figures=ChosenPassages(passages, marked["figures"]),
            index=words,
            vectors=vectors,
            splits=StoredSplits(
                _read_lines(directory / "words.txt"),
                _read_lines(directory / "splits.txt"),
                steps,
                _owned(directory, manifest),
            ),
            questions=table[:, QUESTIONS],
            numbers=table[:-1, DOCUMENT],
        )


def _owned(directory: Path, manifest: Manifest) -> dict[str, SplitLines]:
    """What each owner's documents add; nothing where every document is the federation's."""
    if _OWNED_WORDS not in manifest.files:
        return {}
    return _OWNED.validate_json((directory / _OWNED_WORDS).read_bytes())


def _documents(directory: Path) -> tuple[Document, ...]:
    return _DOCUMENTS.validate_json((directory / "documents.json").read_bytes())


def _table(directory: Path, manifest: Manifest) -> Table:
    table: Table = _array(directory / "passages.npy", np.int64, 2)
    if len(table) != manifest.passages + 1:
        raise ValueError(f"the table has {len(table) - 1} passages, the manifest {manifest.passages}")
    return table


def _vectors(directory: Path, manifest: Manifest, table: Table) -> Vectors | None:
    """None where the manifest lists none: without a model, or without texts."""
    if _VECTORS not in manifest.files:
        return None
    rows: Vectors = _array(directory / _VECTORS, np.float32, 2)
    texts = len(table) - 1 + int(table[-1, QUESTIONS])
    if len(rows) != texts:
        raise ValueError(f"{len(rows)} vectors for {texts} texts")
    return rows


def _lexical(directory: Path, passages: int) -> LexicalArrays:
    arrays = LexicalArrays(
        terms=_read_lines(directory / "terms.txt"),
        starts=_array(directory / "starts.npy", np.int64, 1),
        positions=_array(directory / "positions.npy", np.int32, 1),
        impacts=_array(directory / "impacts.npy", np.float32, 1),
        passages=passages,
    )
    lexical.check(arrays)
    return arrays


def _array(path: Path, kind: type[np.generic], dimensions: int) -> NDArray[Any]:
    """A view of the file. Raises ValueError for one of another kind."""
    # As a plain array over the mapping: `memmap` itself makes every slice several times slower.
    view: NDArray[Any] = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    if view.dtype != kind or view.ndim != dimensions:
        raise ValueError(f"{path.name} holds {view.dtype} in {view.ndim} dimensions")
    return view


def _read_lines(path: Path) -> list[str]:
    """Split at line feeds only: other ends of lines may stand in a word."""
    content = path.read_bytes().decode("utf-8")
    return content.split("\n") if content else []


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
