"""What the desk, and its pages, need from the knowledge base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from bot.documents.facts import Facts
from ingest.difference import Difference
from ingest.gate_report import GateReport
from ingest.model import Outcome
from ingest.sources import Source
from knowledge.model import Document, Hit, Passage


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft: a generation that is written and not published (empty where nothing would change), made on `base`.

    `gate` is how known questions would be answered (None: none were asked).
    """

    generation: str
    base: str
    outcomes: tuple[Outcome, ...]
    difference: Difference
    gate: GateReport | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A document that is published, and how many passages it has."""

    document: Document
    passages: int


@dataclass(frozen=True, slots=True)
class Published:
    """One publication: `action` says how it came about; `is_kept` whether its files are still there."""

    generation: str
    at: datetime
    action: str
    author: str
    note: str
    documents: int
    passages: int
    is_current: bool
    is_kept: bool


class Tell(Protocol):
    """Told the phase, how much of how much of it is done, and the last file where it is about files.

    Called in the event loop, so it must return at once.
    """

    def __call__(self, phase: str, done: int, total: int, path: str = "") -> None: ...


GATE: Final = "gate"
"""The phase after those of an ingest: asking known questions."""


def untold(phase: str, done: int, total: int, path: str = "") -> None:
    """For callers that do not want to know."""


class Drafts(Protocol):
    """Makes drafts of files and publishes them; every method raises DraftFailed."""

    async def prepare(
        self,
        sources: Sequence[Source],
        *,
        owner: str,
        author: str,
        tell: Tell = untold,
        removed: Sequence[str] = (),
    ) -> Prepared:
        """Read files in beside what is published, and leave out this owner's documents at the `removed` paths; nothing
        is published."""

    async def prepare_facts(self, path: str, seen: Facts, facts: Facts, *, author: str) -> Prepared:
        """Other facts about a document; nothing is published. Raises DraftStale where it is gone, or has other facts
        than those that somebody has `seen`."""

    async def publish(self, generation: str, author: str, note: str) -> None:
        """Make a draft what people get answers from. Raises DraftStale where something else was published since."""

    async def discard(self, generation: str) -> None:
        """Throw a draft away; it does no harm where it is gone."""

    async def current(self) -> str:
        """The published generation; empty where none is."""

    async def exists(self, generation: str) -> bool:
        """Whether a generation is still kept."""

    async def restore(self, generation: str, instead_of: str, author: str) -> None:
        """Publish an earlier generation again. Raises DraftStale where another than `instead_of` is published."""


class Shelf(Protocol):
    """What there is to look at; every method raises DraftFailed, and DraftStale where a draft is gone."""

    async def documents(self) -> Sequence[Listed]:
        """Every document that is published, by title, those of the library last."""

    async def history(self, limit: int) -> Sequence[Published]:
        """The latest publications, newest first."""

    async def passages(self, generation: str, path: str, begin: int, limit: int) -> tuple[Sequence[Passage], int]:
        """Some passages of a document of a draft, as they would be cited, and how many there are."""

    async def search(self, generation: str, query: str, owner: str, k: int) -> Sequence[Hit]:
        """The k best passages of a draft for a question of one of the owner's people."""
