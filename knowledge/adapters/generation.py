"""Generations of the index on disk: immutable, checksummed, written beside the old one, published by a rename.

    <root>/current                  the published generation's id and its manifest's SHA-256 (see `pointer`)
    <root>/generations/<id>/        manifest.json with a SHA-256 a file, and the files (see `generation_files`)
    <root>/drafts/                  generations that nobody has published yet (see `draft_files`)
    <root>/history.jsonl            every publication (see `history`)

Nothing in a published generation ever changes, so a reader needs no lock and may map its files; and whatever changes
all the same is found, as the pointer vouches for the manifest and the manifest for every file.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from knowledge.adapters import generation_files, generation_reading
from knowledge.adapters.contents import Contents
from knowledge.adapters.generation_publishing import GenerationPublishing
from knowledge.adapters.generation_reading import FORMAT
from knowledge.adapters.history import Action
from knowledge.adapters.manifest import DifferenceCounts, Manifest, sha256
from knowledge.adapters.open_generation import OpenGeneration
from knowledge.adapters.whole_folder import whole_folder
from knowledge.model import Document, Passage
from knowledge.ports import Vectors
from knowledge.swedish.steps import at_ingest

__all__ = ["FORMAT", "Contents", "GenerationStore", "Manifest", "OpenGeneration"]

NOTE = "library.json"
"""The file beside the generations that says what of the built-in library was taken in last."""


class GenerationStore(GenerationPublishing):
    """Writes, publishes and opens generations below `root`, analysed by `steps`; earlier ones stay for `retention`.

    Where there is a `server`, it holds every published generation before readers are pointed at it, and does the
    searches of the one that is served. Drafts, and what they are compared with, are searched in their files.
    """

    def write(
        self,
        *,
        documents: Sequence[Document],
        passages: Iterable[Passage],
        vectors: Vectors | None,
        model: str | None,
        note: str = "",
        author: str = "",
        base: str | None = None,
        difference: DifferenceCounts | None = None,
        draft: bool = False,
    ) -> str:
        """Write a new generation beside the others, or among the drafts, and return its id; it is not published yet.

        `passages` are gone through once. Ids sort by the time of writing. What is told of it is kept in its manifest.
        Raises ValueError for vectors without a model, vectors that are not one row a text, and passages of a document
        that is not among `documents`.
        """
        if vectors is not None and model is None:
            raise ValueError("vectors need the name of the model that made them")
        created = datetime.now(UTC)
        generation = f"{created:%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
        with whole_folder(self._place(generation, draft=draft)) as folder:
            count = generation_files.write_files(folder, documents, passages, vectors, self.steps)
            manifest = Manifest(
                generation=generation,
                format=generation_reading.FORMAT,
                created=created,
                note=note,
                model=model if vectors is not None else None,
                documents=len(documents),
                passages=count,
                files={path.name: sha256(path) for path in sorted(folder.iterdir())},
                steps=at_ingest(self.steps),
                author=author,
                base=base,
                difference=difference,
            )
            (folder / "manifest.json").write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
        return generation

    def refresh(self) -> str | None:
        """Rewrite a published generation of an older format or other steps; the new id, or None if there is no need.

        Its vectors are kept: they depend on the texts only. Raises what `is_older` does.
        """
        if not self.is_older():
            return None
        contents = self.contents()
        generation = self.write(
            documents=contents.documents,
            passages=contents.passages,
            vectors=contents.vectors,
            model=contents.model,
            base=contents.generation,
        )
        self.publish(generation, action=Action.REWRITTEN)
        return generation

    def hold(self) -> None:
        """Have the server of searches take in the published generation, for a server that is new or has lost it.

        Raises what `is_held` does.
        """
        if self.server is not None and not self.is_held():
            self.server.hold(self._rows(self.manifest()))

    def note(self) -> str:
        """What was kept with `keep_note`; empty where nothing was, or it is not readable."""
        try:
            return (self.root / NOTE).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""

    def keep_note(self, note: str) -> None:
        """Keep what a later start wants to know of what was taken in, beside the generations. Raises OSError."""
        draft = (self.root / NOTE).with_suffix(".new")
        draft.write_text(note, encoding="utf-8")
        draft.replace(self.root / NOTE)

    @contextmanager
    def writing(self, wait: float) -> Iterator[None]:
        """Be the one who writes, among those that share these generations on other machines: here there are none.

        `wait` is in seconds. Raises knowledge.archive.ArchiveBusy.
        """
        yield

    def close(self) -> None:
        """Close the connections to a server of searches, if there is one."""
        if self.server is not None:
            self.server.close()

    def _place(self, name: str, *, draft: bool) -> Path:
        """Where a new generation is written."""
        return (self.drafts.folder if draft else self._generations) / name
