"""Where several machines keep the generations that they share: what a shared store needs of a database server.

An archive holds whole generations and drafts by name, which of them is published, and every publication. Whoever
writes holds its lock, which a machine that dies loses after a while; after that nothing that it still does has any
effect, so that two writers never mix.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from knowledge.errors import IndexUnavailable


class ArchiveFailed(IndexUnavailable):
    """The archive could not be reached, or could not do what was asked."""


class ArchiveBusy(ArchiveFailed):
    """Another writer holds the lock."""


class ArchiveOutdated(ArchiveFailed):
    """Another generation was published in between, or the lock is somebody else's by now; nothing was changed."""


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """Which generation is published, with its manifest's SHA-256; None where none is.

    `changes` is another number after every change of what is kept, and `erasures` after everything that is not needed
    any more was erased on purpose. `note` is what was kept with `keep_note`.
    """

    generation: str | None
    checksum: str | None
    changes: int
    erasures: int
    note: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A generation that is wholly there, with its manifest's SHA-256. `record` is what was kept with a draft `since`
    then; None where it is no draft."""

    name: str
    checksum: str
    record: bytes | None
    since: datetime


class Archive(Protocol):
    """All of it may block, and raises ArchiveFailed. What changes something may be done by the lock's holder only."""

    def state(self) -> ArchiveState:
        """What is published. Quick: it is asked again and again."""

    def kept(self) -> Sequence[Kept]:
        """Every generation and draft that is wholly there."""

    def put(self, name: str, checksum: str, folder: Path, record: bytes | None = None) -> None:
        """Keep the files of a folder, wholly or not at all; as a draft where there is a `record`.

        One that is kept already keeps its files, and becomes a draft where there is a `record`.
        """

    def get(self, name: str, folder: Path) -> None:
        """Write a generation's files into an empty folder. Raises ArchiveFailed where it is not (wholly) there."""

    def publish(self, name: str, checksum: str, replaced: str | None, line: str | None) -> None:
        """Publish a generation that is kept, which is no draft any more, and add a line to the history: both or
        neither.

        Raises ArchiveOutdated where `replaced` is not what is published, ArchiveFailed where it is not kept.
        """

    def history(self) -> Sequence[str]:
        """The lines of all publications, oldest first."""

    def remember(self, lines: Sequence[str]) -> None:
        """Add lines to a history that is still empty: those of a store before it was shared."""

    def drop(self, names: Sequence[str]) -> None:
        """Delete generations and drafts for good; the published one stays."""

    def sweep(self) -> None:
        """Delete what writers that died have left of generations."""

    def erased(self) -> None:
        """Tell every machine to delete what it keeps for itself and does not need."""

    def keep_note(self, note: str) -> None:
        """Replace the note that `state` gives; this needs no lock."""

    def locked(self, wait: float) -> AbstractContextManager[None]:
        """Be the one who writes. Raises ArchiveBusy where somebody else still is after `wait` seconds."""

    def close(self) -> None:
        """Close every connection."""
