"""Generations of the index on disk: immutable, checksummed, written beside the old one, published by a rename.

    <root>/current                  the published generation's id and its manifest's SHA-256 (see `pointer`)
    <root>/generations/<id>/        manifest.json with a SHA-256 a file, and the files (see `generation_files`)
    <root>/drafts/                  generations that nobody has published yet (see `draft_files`)
    <root>/history.jsonl            every publication (see `history`)

Nothing in a published generation ever changes, so a reader needs no lock and may map its files; and whatever changes
all the same is found, as the pointer vouches for the manifest and the manifest for every file.
"""

from __future__ import annotations

import logging
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from knowledge.adapters import embedding_cache, generation_files, older_files
from knowledge.adapters.contents import Contents, contents_of
from knowledge.adapters.draft_files import DraftFiles
from knowledge.adapters.history import Action, History, Publication, publication_of, replaced_at
from knowledge.adapters.manifest import DifferenceCounts, Manifest, read_manifest, refuse_newer, sha256, sync, verify
from knowledge.adapters.open_generation import OpenGeneration
from knowledge.adapters.pointer import Pointer, Published, is_name
from knowledge.adapters.search_server import SearchServer
from knowledge.adapters.server_rows import Held, ServerRows
from knowledge.adapters.whole_folder import clear_unfinished, whole_folder
from knowledge.errors import IndexDamaged, IndexMismatch, IndexUnavailable
from knowledge.model import Document, Passage
from knowledge.ports import Vectors
from knowledge.retention import Retention, outlived
from knowledge.swedish.steps import ALL, Steps, at_ingest

_log = logging.getLogger(__name__)

__all__ = ["FORMAT", "Contents", "GenerationStore", "Manifest", "OpenGeneration"]

NOTE = "library.json"
"""The file beside the generations that says what of the built-in library was taken in last."""

FORMAT = 4
"""Raised whenever the files' layout or the Swedish analysis changes; `GenerationStore.refresh` rewrites older ones."""


class GenerationStore:
    """Writes, publishes and opens generations below `root`, analysed by `steps`; earlier ones stay for `retention`.

    Where there is a `server`, it holds every published generation before readers are pointed at it, and does the
    searches of the one that is served. Drafts, and what they are compared with, are searched in their files.
    """

    def __init__(
        self,
        root: Path,
        steps: Steps = ALL,
        retention: Retention = Retention(),  # noqa: B008 - a frozen value
        server: SearchServer | None = None,
    ) -> None:
        self.root = root
        self.steps = steps
        self.retention = retention
        self.server = server
        self.drafts = DraftFiles(root / "drafts")
        self._pointer = Pointer(root)
        self._history = History(root)
        self._generations = root / "generations"
        self._embeddings = root / embedding_cache.FILE

    def current(self) -> str | None:
        """The published generation's id, or None. Raises IndexDamaged where the pointer is not readable."""
        published = self._pointer.read()
        return published.generation if published is not None else None

    def manifest(self, generation: str | None = None) -> Manifest:
        """The manifest of a generation or draft, or the published one's. Raises IndexUnavailable, IndexDamaged."""
        if generation is not None:
            return self._manifest(generation)
        published = self._pointer.read()
        if published is None:
            raise IndexUnavailable("no generation is published")
        return self._manifest(published.generation, published.checksum)

    def contents(self, generation: str | None = None) -> Contents:
        """All that a generation or draft was made of, the published one by default; empty where none is.

        Raises IndexDamaged, and IndexUnavailable for a format that only a newer version of the program knows.
        """
        if generation is None and self._pointer.read() is None:
            return contents_of(None, None, (), (), None)
        manifest = self.manifest(generation)
        refuse_newer(manifest, FORMAT)
        read = older_files.read_contents if manifest.format <= older_files.LAST else generation_files.read_contents
        return read(self._directory(manifest.generation), manifest)

    def open(self, model: str | None, generation: str | None = None) -> OpenGeneration:
        """A generation or draft, the published one by default, for questions embedded by `model`.

        None: lexical search only. Raises IndexUnavailable (none, or made by another version or with other steps of the
        analysis), IndexDamaged, and IndexMismatch where its vectors come from another model: comparing vectors of two
        models gives numbers without meaning. Raises IndexUnavailable, too, where the server of searches does not
        answer, or does not hold the published generation.
        """
        manifest = self.manifest(generation)
        if manifest.format != FORMAT:
            raise IndexUnavailable(f"generation {manifest.generation} has format {manifest.format}, not {FORMAT}")
        if manifest.steps != at_ingest(self.steps):
            made, wanted = ", ".join(manifest.steps or ()) or "none", ", ".join(at_ingest(self.steps)) or "none"
            raise IndexUnavailable(f"generation {manifest.generation} was analysed by the steps {made}, not {wanted}")
        if model is not None and manifest.model is not None and model != manifest.model:
            raise IndexMismatch(
                f"generation {manifest.generation} was embedded with {manifest.model}, the service is set to {model}"
            )
        server = self.server if generation is None else None
        if server is not None and not server.holds(self._held(manifest)):
            raise IndexUnavailable(f"the search server does not hold generation {manifest.generation}")
        return generation_files.open_files(self._directory(manifest.generation), manifest, self.steps, server)

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
                format=FORMAT,
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

    def publish(self, generation: str, *, author: str = "", note: str = "", action: Action = Action.PUBLISHED) -> None:
        """Make a written generation or draft the one that readers open; a crash leaves either the old or the new one.

        `author` and `note` are for the history; by default they are those of the manifest. Raises IndexUnavailable
        where it does not exist or the server of searches cannot take it in, and IndexDamaged where its manifest, or a
        file of a draft, is not its own.
        """
        if generation not in (*self.generations(), *self.drafts.names()):
            raise IndexUnavailable(f"generation {generation} does not exist")
        manifest = self._manifest(generation)
        replaced = self._readable_current()
        line = publication_of(manifest, replaced, datetime.now(UTC), action, author, note)
        if self.server is not None:
            self.server.hold(self._rows(manifest))  # before anything moves: what fails here has changed nothing
        self._point(manifest, line if replaced != generation else None)

    def _point(self, manifest: Manifest, line: Publication | None) -> None:
        """Publish a generation or draft that exists; the line is for the history, where there is to be one."""
        generation = manifest.generation
        if (found := self.drafts.directory(generation)) is not None:
            # It may have lain for days, and nobody has opened it yet.
            verify(found, manifest, generation_files.SEARCH_FILES)
            self._generations.mkdir(exist_ok=True)
            found.rename(self._generations / generation)
            sync(self._generations)
            sync(self.drafts.folder)
        self._pointer.write(Published(generation, sha256(self._generations / generation / "manifest.json")))
        if line is not None:
            self._history.append(line)
        self.drafts.forget(generation)

    def is_held(self) -> bool:
        """Whether the server of searches, where there is one, holds the published generation, where there is one.

        Raises IndexDamaged, and IndexUnavailable where the server does not answer.
        """
        if self.server is None or self._pointer.read() is None or self.is_older():
            return True
        return self.server.holds(self._held(self.manifest()))

    def hold(self) -> None:
        """Have the server of searches take in the published generation, for a server that is new or has lost it.

        Raises what `is_held` does.
        """
        if self.server is not None and not self.is_held():
            self.server.hold(self._rows(self.manifest()))

    def is_older(self) -> bool:
        """Whether the published generation has to be rewritten before it can be opened.

        Raises IndexDamaged, and IndexUnavailable for a format that only a newer version of the program knows.
        """
        if self._pointer.read() is None:
            return False
        manifest = self.manifest()
        refuse_newer(manifest, FORMAT)
        return manifest.format != FORMAT or manifest.steps != at_ingest(self.steps)

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

    def generations(self) -> list[str]:
        """Ids of all complete generations but drafts, oldest first."""
        if not self._generations.is_dir():
            return []
        waiting = {*self.drafts.names()} - {self._readable_current()}
        names = (path.name for path in self._generations.iterdir() if path.is_dir() and not path.name.startswith("."))
        return sorted(name for name in names if name not in waiting)

    def history(self) -> tuple[Publication, ...]:
        """Every publication since there is a history, oldest first; also of generations that are gone."""
        return self._history.read()

    def settle(self) -> None:
        """Finish what a publication that was killed has left: its line of the history, its mark as a draft.

        To be called by whoever holds the lock of writers. Raises IndexDamaged.
        """
        current = self.current()
        if current is None:
            return
        history = self._history.read()
        if not history or history[-1].generation != current:
            manifest = self._manifest(current)
            before = history[-1].generation if history else manifest.base
            at = datetime.now(UTC) if history else manifest.created
            self._history.append(publication_of(manifest, before, at, Action.PUBLISHED))
        self.drafts.forget(current)

    def prune(self, retention: Retention | None = None) -> None:
        """Drop earlier generations and drafts that have outlived the retention, and what interrupted writers left.

        Never the published one. `retention` is another than the store's. To be called by whoever holds the lock of
        writers. Raises IndexDamaged, and drops nothing, where it is not known which one that is.
        """
        retention = retention or self.retention
        current, now = self.current(), datetime.now(UTC)
        for name in outlived(self.generations(), current, replaced_at(self._history.read()), retention, now):
            self._drop(name)
        for name in self.drafts.names():
            if name != current and now - self.drafts.kept_since(name) > timedelta(days=retention.draft_days):
                self.discard(name)
        self._clear()
        try:
            self._forget_served(current)
        except IndexUnavailable as error:
            # What was published stays so, and the next pruning, a day later at most, makes up for it.
            _log.warning("the search server keeps what is no longer kept here: %s", error)

    def erase(self) -> None:
        """Drop everything that the published generation does not need.

        Raises IndexDamaged, and IndexUnavailable where the server of searches keeps some of it.
        """
        self.prune(Retention(generations=0, days=0, draft_days=0))
        self._forget_served(self.current())
        self._embeddings.unlink(missing_ok=True)

    def discard(self, draft: str) -> None:
        """Drop a draft. Raises IndexUnavailable where there is none of this name."""
        if draft not in self.drafts.names() or draft == self.current():
            raise IndexUnavailable(f"draft {draft} does not exist")
        self._drop(draft)

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

    def _forget_served(self, current: str | None) -> None:
        """Have the server of searches drop what is no longer kept here."""
        if self.server is not None and current is not None:
            kept = {current, *self.generations(), *self.drafts.names()}
            for name in self.server.names():
                if name not in kept:
                    self.server.drop(name)

    def _drop(self, name: str) -> None:
        """Delete a generation or draft."""
        directory = self.drafts.directory(name) or self._generations / name
        self.drafts.forget(name)
        if directory.is_dir():
            shutil.rmtree(directory)

    def _clear(self) -> None:
        """Delete what writers that were killed have left."""
        self.drafts.clear()
        clear_unfinished(self._generations)

    def _place(self, name: str, *, draft: bool) -> Path:
        """Where a new generation is written."""
        return (self.drafts.folder if draft else self._generations) / name

    def _readable_current(self) -> str | None:
        """None also where the pointer is damaged: that must not keep anybody from publishing what is whole."""
        try:
            return self.current()
        except IndexDamaged:
            return None

    def _directory(self, name: str) -> Path:
        """Where a generation's files are: a draft's move when it is published."""
        if not is_name(name):
            raise IndexUnavailable(f"generation {name!r} does not exist")
        return self.drafts.directory(name) or self._generations / name

    def _held(self, manifest: Manifest) -> Held:
        return generation_files.held(self._directory(manifest.generation), manifest)

    def _rows(self, manifest: Manifest) -> ServerRows:
        return generation_files.server_rows(self._directory(manifest.generation), manifest)

    def _manifest(self, name: str, checksum: str | None = None) -> Manifest:
        return read_manifest(self._directory(name), name, checksum)
