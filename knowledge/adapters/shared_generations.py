"""Generations that several machines share: what is published is in an archive, and each machine has copies of it.

A copy is fetched when it is first needed. A publication is one transaction of the archive, so every machine sees
either the old one or the new one, and a writer that dies at any point has published or has not.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from knowledge.adapters.contents import Contents
from knowledge.adapters.draft_files import DraftFiles
from knowledge.adapters.generation import NOTE, GenerationStore
from knowledge.adapters.generation_files import SEARCH_FILES
from knowledge.adapters.history import FILE as HISTORY
from knowledge.adapters.history import History, Publication
from knowledge.adapters.manifest import Manifest, sha256, verify
from knowledge.adapters.open_generation import OpenGeneration
from knowledge.adapters.pointer import Pointer, Published, is_name
from knowledge.adapters.search_server import SearchServer
from knowledge.adapters.shared_files import SharedFiles
from knowledge.archive import Archive, Kept
from knowledge.errors import IndexDamaged, IndexUnavailable
from knowledge.retention import Retention
from knowledge.swedish.steps import ALL, Steps

Result = TypeVar("Result")

_log = logging.getLogger(__name__)


class SharedGenerations(GenerationStore):
    """The same store over an archive; what raises OSError there may raise `knowledge.archive.ArchiveFailed` here.

    What a store below the same `root` has published before it was shared is taken over by the first writer, where the
    archive is still empty.
    """

    def __init__(
        self,
        root: Path,
        archive: Archive,
        steps: Steps = ALL,
        retention: Retention = Retention(),  # noqa: B008 - a frozen value
        server: SearchServer | None = None,
    ) -> None:
        super().__init__(root, steps, retention, server)
        self._alone = GenerationStore(root, steps, retention)
        self._archive = archive
        self._files = SharedFiles(root, archive)
        self._pointer = _SharedPointer(root, archive)
        self._history = _SharedHistory(root, archive)
        self.drafts = _SharedDrafts(archive, self._files)
        self._changes: int | None = None

    def current(self) -> str | None:
        """The published generation's id, or None. Also keeps up with what other machines have deleted."""
        state = self._archive.state()
        if state.changes != self._changes:
            self._files.keep_only([each.name for each in self._archive.kept()])
            if state.erasures > self._files.erased():
                self._embeddings.unlink(missing_ok=True)
                self._files.note_erased(state.erasures)
            self._changes = state.changes
        return state.generation

    def open(self, model: str | None, generation: str | None = None) -> OpenGeneration:
        """As in GenerationStore. A copy that is damaged is fetched again."""
        return self._undamaged(generation, lambda: super(SharedGenerations, self).open(model, generation))

    def contents(self, generation: str | None = None) -> Contents:
        """As in GenerationStore. A copy that is damaged is fetched again."""
        return self._undamaged(generation, lambda: super(SharedGenerations, self).contents(generation))

    def generations(self) -> list[str]:
        """Ids of all complete generations but drafts, oldest first: those of the archive, and what was written here."""
        kept = {each.name for each in self._archive.kept() if each.record is None}
        return sorted(kept.union(path.name for path in self._files.written.glob("[!.]*")))

    def settle(self) -> None:
        """Clear what a writer that was killed has left, and take over what was published before it was shared.

        To be called by whoever holds the lock of writers and has written nothing yet; a publication leaves nothing to
        finish. Raises IndexDamaged.
        """
        self._files.clear()
        if self._alone.current() is None:
            return
        if self._archive.state().generation is not None:
            if set(self._alone.generations()) <= {each.name for each in self._archive.kept()}:
                self._forget_unshared()
            else:
                _log.warning("the generations below %s are from before they were shared, and are not used", self.root)
            return
        self._alone.settle()
        drafts = set(self._alone.drafts.names())
        for name in (*self._alone.generations(), *drafts):
            folder = self._alone.drafts.directory(name) or self._generations / name
            record = self._alone.drafts.record(name) if name in drafts else None
            self._archive.put(name, sha256(folder / "manifest.json"), folder, record)
        published = self._alone.manifest().generation
        self._archive.remember([each.model_dump_json() for each in self._alone.history()])
        self._archive.keep_note(self._alone.note())
        self._archive.publish(published, sha256(self._generations / published / "manifest.json"), None, None)
        self._forget_unshared()
        _log.info("generation %s and the history are shared from now on", published)

    def erase(self) -> None:
        """As in GenerationStore; every other machine deletes what it keeps for itself, too."""
        super().erase()
        self._forget_unshared()
        self._archive.erased()

    def note(self) -> str:
        """As in GenerationStore."""
        return self._archive.state().note

    def keep_note(self, note: str) -> None:
        """As in GenerationStore."""
        self._archive.keep_note(note)

    @contextmanager
    def writing(self, wait: float) -> Iterator[None]:
        """As in GenerationStore."""
        with self._archive.locked(wait):
            yield

    def close(self) -> None:
        """Close the archive, and what the other store closes."""
        super().close()
        self._archive.close()

    def _undamaged(self, generation: str | None, act: Callable[[], Result]) -> Result:
        try:
            return act()
        except IndexDamaged as error:
            name = generation or self.current()
            if name is None:
                raise
            _log.warning("the copy of generation %s is fetched again: %s", name, error)
            self._files.drop([name])
            return act()

    def _manifest(self, name: str, checksum: str | None = None) -> Manifest:
        return self._undamaged(name, lambda: super(SharedGenerations, self)._manifest(name, checksum))

    def _point(self, manifest: Manifest, line: Publication | None) -> None:
        name = manifest.generation
        if any(each.name == name for each in self._archive.kept()):
            self._undamaged(name, lambda: verify(self._directory(name), manifest, SEARCH_FILES))
        else:  # there is no other copy to be fetched
            verify(self._directory(name), manifest, SEARCH_FILES)
        folder = self._directory(name)
        checksum = sha256(folder / "manifest.json")
        self._files.put(name, checksum)
        published = line.replaced if line is not None else name
        self._archive.publish(name, checksum, published, line.model_dump_json() if line is not None else None)

    def _directory(self, name: str) -> Path:
        if not is_name(name):
            raise IndexUnavailable(f"generation {name!r} does not exist")
        if (here := self._files.here(name)) is not None:
            return here
        found = next((each for each in self._archive.kept() if each.name == name), None)
        if found is None:
            raise IndexUnavailable(f"generation {name} does not exist")
        return self._files.fetched(found)

    def _drop(self, name: str) -> None:
        self._archive.drop([name])
        self._files.drop([name])

    def _clear(self) -> None:
        self._archive.sweep()

    def _place(self, name: str, *, draft: bool) -> Path:
        return (self._files.drafted if draft else self._files.written) / name

    def _forget_unshared(self) -> None:
        """Delete what is below the root from before it was shared."""
        for name in ("current", HISTORY, NOTE):
            (self.root / name).unlink(missing_ok=True)
        for folder in (self._generations, self._alone.drafts.folder):
            if folder.is_dir():
                shutil.rmtree(folder)


class _SharedPointer(Pointer):
    def __init__(self, root: Path, archive: Archive) -> None:
        super().__init__(root)
        self._archive = archive

    def read(self) -> Published | None:
        state = self._archive.state()
        if state.generation is None or state.checksum is None:
            return None
        return Published(state.generation, state.checksum)


class _SharedHistory(History):
    def __init__(self, root: Path, archive: Archive) -> None:
        super().__init__(root)
        self._archive = archive

    def read(self) -> tuple[Publication, ...]:
        return tuple(Publication.model_validate_json(line) for line in self._archive.history())


class _SharedDrafts(DraftFiles):
    """Drafts of the archive."""

    def __init__(self, archive: Archive, files: SharedFiles) -> None:
        super().__init__(files.drafted)
        self._archive = archive
        self._files = files

    def names(self) -> list[str]:
        return sorted(each.name for each in self._archive.kept() if each.record is not None)

    def keep(self, name: str, record: bytes) -> None:
        folder = self._files.here(name)
        if folder is None:
            raise IndexUnavailable(f"draft {name} does not exist")
        self._files.put(name, sha256(folder / "manifest.json"), record)

    def record(self, name: str) -> bytes:
        found = self._found(name)
        if found is None or found.record is None:
            raise IndexUnavailable(f"draft {name} does not exist")
        return found.record

    def kept_since(self, name: str) -> datetime:
        found = self._found(name)
        return found.since if found is not None else datetime.now(UTC)

    def _found(self, name: str) -> Kept | None:
        return next((each for each in self._archive.kept() if each.name == name), None)
