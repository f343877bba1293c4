"""Pointing readers at a generation on disk, and dropping those that nobody will open again.

Whoever publishes or drops holds the lock of writers. A process that is killed in the middle leaves either the old
publication or the new one; what else it left is finished by the next one, with `settle` and `prune`.
"""

from __future__ import annotations

import logging
import shutil
from datetime import UTC, datetime, timedelta

from knowledge.adapters import generation_files
from knowledge.adapters.generation_reading import GenerationReading
from knowledge.adapters.history import Action, Publication, publication_of, replaced_at
from knowledge.adapters.manifest import Manifest, sha256, sync, verify
from knowledge.adapters.pointer import Published
from knowledge.adapters.whole_folder import clear_unfinished
from knowledge.errors import IndexUnavailable
from knowledge.retention import Retention, outlived

_log = logging.getLogger(__name__)


class GenerationPublishing(GenerationReading):
    """Publishes generations and drafts that have been written, and drops what outlived its retention."""

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
