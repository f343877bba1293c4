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
    Markdown pipe rows with the header first. `questions` are what the block answers, in readers' words. `weight` is
    what the block counts for in a search beside others that say the same: below 1 for what only explains.
    """

    kind: BlockKind
    text: str
    level: int = 0
    pages: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    figure: Figure | None = None
    questions: tuple[Asked, ...] = ()
    change: Change | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class LoadedDocument:
    """What a loader made of one file. `section` (when given) heads every passage's heading path.

    `hidden` counts the characters that a reader of the file would not see, and which are left out; `unread` are pages
    (slides, sheets) that hold something but no text that could be read; `pages` is how many there are, where the
    format has any; `recognised` are pages whose text was read from a picture. `valid_from`, `valid_until` and
    `review_by` are ISO dates that the file states of itself, and `responsible` whom it names. `owner` is the
    municipality that the file says it belongs to; whoever takes it in as an owner's document overrules that. `flagged`
    is not a loader's to fill in: short quotes of text that reads like instructions to a language model. Nor is
    `remark`: why scanned pages are unread (`ingest.recognition.limits.Remark`), where more can be done about it.
    """

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
    hidden: int = 0
    unread: tuple[int, ...] = ()
    recognised: tuple[int, ...] = ()
    pages: int = 0
    valid_from: str | None = None
    valid_until: str | None = None
    review_by: str | None = None
    responsible: str | None = None
    owner: str = ""
    flagged: tuple[str, ...] = ()
    remark: str = ""


class FileStatus(StrEnum):
    """What happened to one file."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of the ingest table. `reason` is a catalogue key for REJECTED, `detail` its technical addition.

    `hidden`, `unread`, `recognised` and `flagged` are those of LoadedDocument, of files that were read in this run;
    `inside` is the archive that the file came from, `remark` the end of a catalogue key (`recognition.remark.<value>`)
    where scanned pages were not read although they might have been.
    """

    path: str
    status: FileStatus
    reason: str = ""
    detail: str = ""
    passages: int = 0
    pages: int = 0
    seconds: float = 0.0
    hidden: int = 0
    unread: tuple[int, ...] = ()
    recognised: tuple[int, ...] = ()
    flagged: tuple[str, ...] = ()
    inside: str = ""
    remark: str = ""


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

    FETCH = "fetch"
    LOAD = "load"
    RECOGNISE = "recognise"
    EMBED = "embed"
    WRITE = "write"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Advance:
    """How far a phase has come: `done` of `total` pages (FETCH), files (LOAD), passages (EMBED) or steps.

    `path` is the last one. RECOGNISE counts the scanned pages of the file `path`, and comes between the files of LOAD.
    """

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
