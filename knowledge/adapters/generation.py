"""Generations of the index on disk: immutable, checksummed, written beside the old one, published by a rename.

    <root>/current                  the published generation's id and its manifest's SHA-256
    <root>/generations/<id>/        manifest.json with a SHA-256 a file, and the files (see `generation_files`)

Nothing in a published generation ever changes, so a reader needs no lock and may map its files; and whatever changes
all the same is found, as the pointer vouches for the manifest and the manifest for every file.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from knowledge.adapters import generation_files, older_files
from knowledge.adapters.contents import Contents, contents_of
from knowledge.adapters.manifest import Manifest, sha256, sync
from knowledge.adapters.open_generation import OpenGeneration
from knowledge.errors import IndexDamaged, IndexMismatch, IndexUnavailable
from knowledge.model import Document, Passage
from knowledge.ports import Vectors
from knowledge.swedish.steps import ALL, Steps, at_ingest

__all__ = ["FORMAT", "Contents", "GenerationStore", "Manifest", "OpenGeneration"]

FORMAT = 3
"""Raised whenever the files' layout or the Swedish analysis changes; `GenerationStore.refresh` rewrites older ones."""

_TMP = ".tmp-"
_POINTER = re.compile(rb"(?P<generation>[0-9A-Za-z-]+) (?P<checksum>[0-9a-f]{64})\s*")


class GenerationStore:
    """Writes, publishes and opens generations below `root`, analysed by `steps`."""

    def __init__(self, root: Path, steps: Steps = ALL) -> None:
        self.root = root
        self.steps = steps
        self._pointer = root / "current"
        self._generations = root / "generations"

    def current(self) -> str | None:
        """The published generation's id, or None. Raises IndexDamaged where the pointer is not readable."""
        published = self._published()
        return published[0] if published is not None else None

    def manifest(self, generation: str | None = None) -> Manifest:
        """The manifest of a generation, the published one by default. Raises IndexUnavailable, IndexDamaged."""
        if generation is not None:
            return self._manifest(generation)
        published = self._published()
        if published is None:
            raise IndexUnavailable("no generation is published")
        return self._manifest(*published)

    def contents(self) -> Contents:
        """All that the published generation was made of; empty where none is.

        Raises IndexDamaged, and IndexUnavailable for a format that only a newer version of the program knows.
        """
        published = self._published()
        if published is None:
            return contents_of(None, None, (), (), None)
        manifest = self._manifest(*published)
        _refuse_newer(manifest)
        read = older_files.read_contents if manifest.format <= older_files.LAST else generation_files.read_contents
        return read(self._generations / manifest.generation, manifest)

    def open(self, model: str | None) -> OpenGeneration:
        """The published generation, for questions embedded by `model` (None: lexical search only).

        Raises IndexUnavailable (none, or made by another version or with other steps of the analysis), IndexDamaged,
        and IndexMismatch where its vectors come from another model: comparing vectors of two models gives numbers
        without meaning.
        """
        manifest = self.manifest()
        if manifest.format != FORMAT:
            raise IndexUnavailable(f"generation {manifest.generation} has format {manifest.format}, not {FORMAT}")
        if manifest.steps != at_ingest(self.steps):
            made, wanted = ", ".join(manifest.steps or ()) or "none", ", ".join(at_ingest(self.steps)) or "none"
            raise IndexUnavailable(f"generation {manifest.generation} was analysed by the steps {made}, not {wanted}")
        if model is not None and manifest.model is not None and model != manifest.model:
            raise IndexMismatch(
                f"generation {manifest.generation} was embedded with {manifest.model}, the service is set to {model}"
            )
        return generation_files.open_files(self._generations / manifest.generation, manifest, self.steps)

    def write(
        self,
        *,
        documents: Sequence[Document],
        passages: Iterable[Passage],
        vectors: Vectors | None,
        model: str | None,
        note: str = "",
    ) -> str:
        """Write a new generation beside the others and return its id; it is not published yet.

        `passages` are gone through once. Ids sort by the time of writing. Raises ValueError for vectors without a
        model, vectors that are not one row a text, and passages of a document that is not among `documents`.
        """
        if vectors is not None and model is None:
            raise ValueError("vectors need the name of the model that made them")
        created = datetime.now(UTC)
        generation = f"{created:%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
        self._generations.mkdir(parents=True, exist_ok=True)
        directory = self._generations / f"{_TMP}{generation}"
        directory.mkdir()
        try:
            count = generation_files.write_files(directory, documents, passages, vectors, self.steps)
            files = {path.name: sha256(path) for path in sorted(directory.iterdir())}
            manifest = Manifest(
                generation=generation,
                format=FORMAT,
                created=created,
                note=note,
                model=model if vectors is not None else None,
                documents=len(documents),
                passages=count,
                files=files,
                steps=at_ingest(self.steps),
            )
            (directory / "manifest.json").write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
            for path in directory.iterdir():
                sync(path)
            sync(directory)
            directory.rename(self._generations / generation)
        except BaseException:
            shutil.rmtree(directory, ignore_errors=True)
            raise
        sync(self._generations)
        return generation

    def publish(self, generation: str) -> None:
        """Make a written generation the one that readers open; a crash leaves either the old or the new pointer.

        Raises IndexUnavailable where it does not exist, and IndexDamaged where its manifest is not its own.
        """
        if generation not in self.generations():
            raise IndexUnavailable(f"generation {generation} does not exist")
        self._manifest(generation)
        checksum = sha256(self._generations / generation / "manifest.json")
        draft = self._pointer.with_suffix(".new")
        draft.write_text(f"{generation} {checksum}", encoding="ascii")
        sync(draft)
        draft.replace(self._pointer)
        sync(self.root)

    def refresh(self) -> str | None:
        """Rewrite a published generation of an older format or other steps; the new id, or None if there is no need.

        Its vectors are kept: they depend on the texts only.

        Raises IndexDamaged, and IndexUnavailable for a format that only a newer version of the program knows.
        """
        published = self._published()
        if published is None:
            return None
        manifest = self._manifest(*published)
        _refuse_newer(manifest)
        if manifest.format == FORMAT and manifest.steps == at_ingest(self.steps):
            return None
        contents = self.contents()
        generation = self.write(
            documents=contents.documents,
            passages=contents.passages,
            vectors=contents.vectors,
            model=contents.model,
            note="rewritten for a new format" if manifest.format < FORMAT else "rewritten for another analysis",
        )
        self.publish(generation)
        return generation

    def generations(self) -> list[str]:
        """Ids of all complete generations, oldest first."""
        if not self._generations.is_dir():
            return []
        return sorted(
            path.name for path in self._generations.iterdir() if path.is_dir() and not path.name.startswith(".")
        )

    def prune(self, keep: int) -> None:
        """Drop all but the `keep` newest generations and what interrupted writers left; never the published one.

        Raises IndexDamaged, and drops nothing, where it is not known which one is published.
        """
        current = self.current()
        for name in self.generations()[: -keep or None]:
            if name != current:
                shutil.rmtree(self._generations / name)
        for orphan in self._generations.glob(f"{_TMP}*"):
            if orphan.is_dir():
                shutil.rmtree(orphan)

    def _published(self) -> tuple[str, str] | None:
        """The published generation and its manifest's checksum, as the pointer has them. Raises IndexDamaged."""
        try:
            content = self._pointer.read_bytes()
        except FileNotFoundError:
            return None
        found = _POINTER.fullmatch(content)
        if found is None:
            raise IndexDamaged(f"the pointer to the published generation is not readable: {content[:120]!r}")
        return found["generation"].decode("ascii"), found["checksum"].decode("ascii")

    def _manifest(self, name: str, checksum: str | None = None) -> Manifest:
        path = self._generations / name / "manifest.json"
        try:
            content = path.read_bytes()
            manifest = Manifest.model_validate_json(content)
        except FileNotFoundError as error:
            raise IndexDamaged(f"generation {name} has no manifest") from error
        except (ValidationError, OSError) as error:
            raise IndexDamaged(f"generation {name}: the manifest is not readable") from error
        if checksum is not None and hashlib.sha256(content).hexdigest() != checksum:
            raise IndexDamaged(f"generation {name}: the manifest differs from its checksum")
        if manifest.generation != name:
            raise IndexDamaged(f"generation {name} has the manifest of {manifest.generation}")
        return manifest


def _refuse_newer(manifest: Manifest) -> None:
    if manifest.format > FORMAT:
        raise IndexUnavailable(
            f"generation {manifest.generation} has format {manifest.format}, newer than {FORMAT}: "
            "it was written by a newer version of the program"
        )
