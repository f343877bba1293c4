"""The words of ingest: blocks that loaders produce, loaded documents, and outcomes per file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.model import Asked, Change, DocumentKind, Figure, PassageKind


class BlockKind(StrEnum):
    """What a block of a loaded document is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"
    FIGURE = "figure"
    DEFINITION = "definition"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a document in reading order.

    `level` is 1-6 for headings. `pages` are the page numbers it stands on (empty where the format has none). A LIST
    block holds its lead-in sentence and its items, one line each, items starting with `- `; a TABLE block holds
    Markdown pipe rows with the header first. `questions` are what the block answers, in readers' words.
    """

    kind: BlockKind
    text: str
    level: int = 0
    pages: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    figure: Figure | None = None
    questions: tuple[Asked, ...] = ()
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """What a loader made of one file. `section` (when given) heads every passage's heading path."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    kind: DocumentKind = DocumentKind.OTHER
    source: str = ""
    section: str = ""
    as_of: str | None = None
    url: str | None = None
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class FileStatus(StrEnum):
    """What happened to one file."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of the ingest table. `reason` is a catalogue key for REJECTED, `detail` its technical addition."""

    path: str
    status: FileStatus
    reason: str = ""
    detail: str = ""
    passages: int = 0
    pages: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Result of one run. `generation` is the published one (the old one after a dry run or when nothing changed)."""

    generation: str | None
    outcomes: tuple[Outcome, ...] = field(default_factory=tuple)
    passages: int = 0
    embedded: int = 0
    seconds: float = 0.0


class Phase(StrEnum):
    """The steps of an ingest that take time."""

    LOAD = "load"
    EMBED = "embed"
    WRITE = "write"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Advance:
    """How far a phase has come: `done` of `total` files (LOAD), passages (EMBED) or steps; `path` is the last file."""

    phase: Phase
    done: int
    total: int
    path: str = ""


Progress = Callable[[Advance], None]
"""Told after every file and every batch of vectors; called in the event loop, so it must return at once."""


PASSAGE_KIND = {
    BlockKind.PARAGRAPH: PassageKind.TEXT,
    BlockKind.LIST: PassageKind.LIST,
    BlockKind.TABLE: PassageKind.TABLE,
    BlockKind.FIGURE: PassageKind.FIGURE,
    BlockKind.DEFINITION: PassageKind.DEFINITION,
}
