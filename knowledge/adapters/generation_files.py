"""The files of one generation: what a manifest records of them, how they are written, and how they are read.

No file is unpickled: JSON, plain text, NumPy arrays without objects, and FAISS's own format, each read only after its
checksum agreed with the manifest. A file that the manifest does not list is never read.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, TypeAdapter

from knowledge.adapters import lexical
from knowledge.adapters.dense import DenseIndex
from knowledge.adapters.lexical import LexicalArrays
from knowledge.errors import IndexDamaged
from knowledge.model import Document, Passage, embedded_texts
from knowledge.ports import Vectors
from knowledge.swedish.compounds import CompoundSplitter

_DOCUMENTS = TypeAdapter(tuple[Document, ...])
_PASSAGES = TypeAdapter(tuple[Passage, ...])
_VECTORS = "vectors.faiss"
CONTENT_FILES = ("documents.json", "passages.json")
SEARCH_FILES = (*CONTENT_FILES, "words.json", "terms.json", "lexical.npz")
"""What a manifest must list for the contents to be read, and for a generation of this format to be searched."""


class Manifest(BaseModel):
    """What a generation says of itself."""

    model_config = ConfigDict(frozen=True)

    generation: str
    format: int
    created: datetime
    note: str
    model: str | None
    documents: int
    passages: int
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a generation was made of; the rows of `vectors` are those of `embedded_texts(passages)`."""

    generation: str | None
    model: str | None
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    vectors: Vectors | None


def check(
    documents: Sequence[Document], passages: Sequence[Passage], vectors: Vectors | None, model: str | None
) -> None:
    """Raises ValueError, saying what is wrong, for contents that no reader could use."""
    if vectors is not None and model is None:
        raise ValueError("vectors need the name of the model that made them")
    if vectors is not None and len(vectors) != len(embedded_texts(passages)):
        raise ValueError(f"{len(vectors)} vectors for {len(embedded_texts(passages))} texts")
    if vectors is not None and vectors.ndim != 2:
        raise ValueError(f"vectors must be rows of equal length, not of shape {vectors.shape}")
    listed = {(document.origin, document.path) for document in documents}
    stray = next((passage for passage in passages if (passage.origin, passage.path) not in listed), None)
    if stray is not None:
        raise ValueError(f"passage {stray.id} is of {stray.path}, which is not among the documents")


_UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, RuntimeError, EOFError, zipfile.BadZipFile)
"""What JSON, NumPy and FAISS raise for content that is not theirs."""


@contextmanager
def _damaged(generation: str) -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        raise IndexDamaged(f"generation {generation} is not readable: {error}") from error


def read_contents(directory: Path, manifest: Manifest, needed: Sequence[str]) -> Contents:
    """What a generation was made of, after comparing every file with the manifest, which must list the `needed` ones.

    Raises IndexDamaged.
    """
    unlisted = [name for name in needed if name not in manifest.files]
    if unlisted:
        raise IndexDamaged(f"generation {manifest.generation}: the manifest does not list {', '.join(unlisted)}")
    for name, checksum in manifest.files.items():
        path = directory / name
        if not path.is_file():
            raise IndexDamaged(f"generation {manifest.generation}: {name} is missing")
        if sha256(path) != checksum:
            raise IndexDamaged(f"generation {manifest.generation}: {name} differs from its checksum")
    with _damaged(manifest.generation):
        documents = _DOCUMENTS.validate_json((directory / "documents.json").read_bytes())
        passages = _PASSAGES.validate_json((directory / "passages.json").read_bytes())
        dense = DenseIndex.read(directory / _VECTORS) if _VECTORS in manifest.files else None
        if dense is not None and dense.size != len(embedded_texts(passages)):
            raise ValueError(f"{dense.size} vectors for {len(embedded_texts(passages))} texts")
    vectors = dense.vectors() if dense is not None else None
    return Contents(manifest.generation, manifest.model, documents, passages, vectors)


def write_files(
    directory: Path, documents: Sequence[Document], passages: Sequence[Passage], vectors: Vectors | None
) -> None:
    """All files of a generation but its manifest."""
    (directory / "documents.json").write_bytes(_DOCUMENTS.dump_json(tuple(documents)))
    (directory / "passages.json").write_bytes(_PASSAGES.dump_json(tuple(passages)))
    words = lexical.standalone_words(passages)
    splits = lexical.splits(passages, CompoundSplitter(words))
    _write_json(directory / "words.json", {"words": words, "splits": splits})
    arrays = lexical.build(passages, documents, CompoundSplitter(words, splits)).arrays
    _write_json(directory / "terms.json", arrays.terms)
    np.savez(
        directory / "lexical.npz",
        starts=arrays.starts,
        positions=arrays.positions,
        impacts=arrays.impacts,
        passages=np.array([arrays.passages], dtype=np.int64),
    )
    if vectors is not None and len(vectors):
        DenseIndex.build(vectors).write(directory / _VECTORS)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def read_splitter(directory: Path) -> CompoundSplitter:
    """What splits compounds by this generation's vocabulary. Raises IndexDamaged."""
    with _damaged(directory.name):
        stored = json.loads((directory / "words.json").read_text(encoding="utf-8"))
        return CompoundSplitter(stored["words"], {word: tuple(parts) for word, parts in stored["splits"].items()})


def read_lexical(directory: Path) -> LexicalArrays:
    """The index of words. Raises IndexDamaged."""
    with _damaged(directory.name), np.load(directory / "lexical.npz", allow_pickle=False) as stored:
        arrays = LexicalArrays(
            terms=tuple(json.loads((directory / "terms.json").read_text(encoding="utf-8"))),
            starts=stored["starts"],
            positions=stored["positions"],
            impacts=stored["impacts"],
            passages=int(stored["passages"][0]),
        )
        lexical.check(arrays)
    return arrays


def sha256(path: Path) -> str:
    """The checksum of a file's content, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Force a file's or directory's content to disk, so that a rename never outlives what it points at."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
