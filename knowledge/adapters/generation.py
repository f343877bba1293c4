"""Generations of the index on disk: immutable, checksummed, written beside the old one, published by a rename.

    <root>/current                  the published generation's id
    <root>/generations/<id>/        manifest.json with a SHA-256 a file, documents, passages, terms, vectors

Nothing in a published generation ever changes, so a reader needs no lock. No file is unpickled: JSON, plain text,
NumPy arrays without objects, and FAISS's own format, each read only after its checksum agreed.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from knowledge.adapters import lexical
from knowledge.adapters.dense import DenseIndex
from knowledge.adapters.lexical import LexicalArrays, LexicalIndex
from knowledge.errors import IndexDamaged, IndexMismatch, IndexUnavailable
from knowledge.model import Document, Passage
from knowledge.ports import Vectors
from knowledge.swedish.compounds import CompoundSplitter

FORMAT = 1
"""Raised whenever the files' layout or the Swedish analysis changes; `GenerationStore.refresh` rewrites older ones."""

_DOCUMENTS = TypeAdapter(tuple[Document, ...])
_PASSAGES = TypeAdapter(tuple[Passage, ...])
_TMP = ".tmp-"


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
    """What a generation was made of; row i of `vectors` belongs to `passages[i]`."""

    generation: str | None
    model: str | None
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    vectors: Vectors | None


class OpenGeneration:
    """A generation in memory, ready to search; implements `knowledge.ports.Index`."""

    def __init__(
        self,
        manifest: Manifest,
        contents: Contents,
        index: LexicalIndex,
        dense: DenseIndex | None,
        splitter: CompoundSplitter,
    ) -> None:
        self.generation = manifest.generation
        self.embedding_model = manifest.model
        self.documents: Sequence[Document] = contents.documents
        self.passages: Sequence[Passage] = contents.passages
        self._lexical = index
        self._dense = dense
        self._splitter = splitter

    def split(self, word: str) -> tuple[str, ...]:
        """Parts of a compound, by this generation's vocabulary."""
        return self._splitter.split(word)

    def terms(self) -> tuple[str, ...]:
        """The vocabulary of analysed terms, sorted."""
        return self._lexical.arrays.terms

    def document_frequency(self, term: str) -> int:
        """How many passages hold the analysed term."""
        return self._lexical.document_frequency(term)

    def idf(self, term: str) -> float:
        """Inverse document frequency of the analysed term."""
        return self._lexical.idf(term)

    def lexical(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """The k best positions and BM25 scores."""
        return self._lexical.search(terms, k)

    def dense(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """The k best positions and cosine similarities; empty where the generation has no vectors."""
        return self._dense.search(vector, k) if self._dense is not None else []


class GenerationStore:
    """Writes, publishes and opens generations below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._pointer = root / "current"
        self._generations = root / "generations"

    def current(self) -> str | None:
        """The published generation's id, or None."""
        try:
            return self._pointer.read_text(encoding="ascii").strip() or None
        except FileNotFoundError:
            return None

    def manifest(self, generation: str | None = None) -> Manifest:
        """The manifest of a generation, the published one by default. Raises IndexUnavailable, IndexDamaged."""
        name = generation or self.current()
        if name is None:
            raise IndexUnavailable("no generation is published")
        path = self._generations / name / "manifest.json"
        try:
            return Manifest.model_validate_json(path.read_bytes())
        except FileNotFoundError as error:
            raise IndexDamaged(f"generation {name} has no manifest") from error
        except ValidationError as error:
            raise IndexDamaged(f"generation {name}: the manifest is not readable") from error

    def contents(self) -> Contents:
        """All that the published generation was made of; empty where none is. Raises IndexDamaged."""
        if self.current() is None:
            return Contents(None, None, (), (), None)
        manifest = self.manifest()
        contents, _ = self._read(manifest)
        return contents

    def open(self, model: str | None) -> OpenGeneration:
        """The published generation, for questions embedded by `model` (None: lexical search only).

        Raises IndexUnavailable (none, or made by another version), IndexDamaged, and IndexMismatch where its vectors
        come from another model: comparing vectors of two models gives numbers without meaning.
        """
        manifest = self.manifest()
        if manifest.format != FORMAT:
            raise IndexUnavailable(f"generation {manifest.generation} has format {manifest.format}, not {FORMAT}")
        if model is not None and manifest.model is not None and model != manifest.model:
            raise IndexMismatch(
                f"generation {manifest.generation} was embedded with {manifest.model}, the service is set to {model}"
            )
        contents, dense = self._read(manifest)
        directory = self._generations / manifest.generation
        return OpenGeneration(
            manifest, contents, LexicalIndex(_read_lexical(directory)), dense, _read_splitter(directory)
        )

    def write(
        self,
        *,
        documents: Sequence[Document],
        passages: Sequence[Passage],
        vectors: Vectors | None,
        model: str | None,
        note: str = "",
    ) -> str:
        """Write a new generation beside the others and return its id; it is not published yet."""
        if vectors is not None and len(vectors) != len(passages):
            raise ValueError(f"{len(vectors)} vectors for {len(passages)} passages")
        generation = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        self._generations.mkdir(parents=True, exist_ok=True)
        directory = self._generations / f"{_TMP}{generation}"
        directory.mkdir()
        try:
            _write_files(directory, documents, passages, vectors)
            files = {path.name: _sha256(path) for path in sorted(directory.iterdir())}
            manifest = Manifest(
                generation=generation,
                format=FORMAT,
                created=datetime.now(UTC),
                note=note,
                model=model if vectors is not None else None,
                documents=len(documents),
                passages=len(passages),
                files=files,
            )
            (directory / "manifest.json").write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
            for path in directory.iterdir():
                _sync(path)
            _sync(directory)
            directory.rename(self._generations / generation)
        except BaseException:
            shutil.rmtree(directory, ignore_errors=True)
            raise
        _sync(self._generations)
        return generation

    def publish(self, generation: str) -> None:
        """Make a written generation the one that readers open; a crash leaves either the old or the new pointer."""
        if not (self._generations / generation / "manifest.json").is_file():
            raise IndexUnavailable(f"generation {generation} does not exist")
        draft = self._pointer.with_suffix(".new")
        draft.write_text(generation, encoding="ascii")
        _sync(draft)
        draft.replace(self._pointer)
        _sync(self.root)

    def refresh(self) -> str | None:
        """Rewrite a published generation of an older format, keeping its vectors; the new id, or None if current."""
        if self.current() is None or self.manifest().format == FORMAT:
            return None
        contents = self.contents()
        generation = self.write(
            documents=contents.documents,
            passages=contents.passages,
            vectors=contents.vectors,
            model=contents.model,
            note="rewritten for a new format",
        )
        self.publish(generation)
        return generation

    def generations(self) -> list[str]:
        """Ids of all complete generations, oldest first."""
        if not self._generations.is_dir():
            return []
        return sorted(path.name for path in self._generations.iterdir() if not path.name.startswith(_TMP))

    def prune(self, keep: int) -> None:
        """Drop all but the `keep` newest generations and what interrupted writers left; never the published one."""
        current = self.current()
        for name in self.generations()[: -keep or None]:
            if name != current:
                shutil.rmtree(self._generations / name)
        for orphan in self._generations.glob(f"{_TMP}*"):
            shutil.rmtree(orphan)

    def _read(self, manifest: Manifest) -> tuple[Contents, DenseIndex | None]:
        directory = self._generations / manifest.generation
        for name, checksum in manifest.files.items():
            path = directory / name
            if not path.is_file():
                raise IndexDamaged(f"generation {manifest.generation}: {name} is missing")
            if _sha256(path) != checksum:
                raise IndexDamaged(f"generation {manifest.generation}: {name} differs from its checksum")
        with _damaged(manifest.generation):
            documents = _DOCUMENTS.validate_json((directory / "documents.json").read_bytes())
            passages = _PASSAGES.validate_json((directory / "passages.json").read_bytes())
        vectors_file = directory / "vectors.faiss"
        dense = DenseIndex.read(vectors_file) if vectors_file.exists() else None
        vectors = dense.vectors() if dense is not None else None
        return Contents(manifest.generation, manifest.model, documents, passages, vectors), dense


@contextmanager
def _damaged(generation: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise IndexDamaged(f"generation {generation} is not readable: {error}") from error


def _write_files(
    directory: Path, documents: Sequence[Document], passages: Sequence[Passage], vectors: Vectors | None
) -> None:
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
        DenseIndex.build(vectors).write(directory / "vectors.faiss")


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def _read_splitter(directory: Path) -> CompoundSplitter:
    with _damaged(directory.name):
        stored = json.loads((directory / "words.json").read_text(encoding="utf-8"))
    return CompoundSplitter(stored["words"], {word: tuple(parts) for word, parts in stored["splits"].items()})


def _read_lexical(directory: Path) -> LexicalArrays:
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


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Force a file's or directory's content to disk, so that a rename never outlives what it points at."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
