"""What has changed since the status report, as data: what it said then, what holds now, how the subject is called."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from knowledge.datafile import Fields, read


class Confidence(StrEnum):
    """How well a later fact is known: read in its primary text, in someone's summary of it, or not looked up."""

    CONFIRMED = "confirmed"
    SECONDARY = "secondary"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """One state of affairs before and now; both texts are whole sentences that begin with their date.

    `names` are what the subject is called in questions and texts. `section` and `pages` say where the report tells
    it, `document` which document of the library holds the present state, `source` where that was read. `answers` are
    questions that it answers, in readers' words.
    """

    id: str
    topic: str
    names: tuple[str, ...]
    then: str
    section: str
    pages: tuple[int, ...]
    now: str
    document: str
    source: str
    confidence: Confidence
    answers: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What the report said, then what holds now."""
        return f"{self.then} {self.now}"


@dataclass(frozen=True, slots=True)
class Changes:
    """A file of changes."""

    document: str
    title: str
    source: str
    as_of: str | None
    aliases: tuple[str, ...]
    facts: tuple[ChangedFact, ...]


def load(path: Path) -> Changes:
    """Read a file of changes. Raises LibraryInvalid naming file and field."""
    top = read(path)
    top.only("changes", "items")
    head = top.inner("changes")
    head.only("document", "title", "source", "as_of", "aliases")
    facts = tuple(_fact(fields) for fields in top.distinct("items", "id"))
    return Changes(
        document=head.text("document"),
        title=head.text("title"),
        source=head.optional_text("source"),
        as_of=head.date("as_of"),
        aliases=head.texts("aliases"),
        facts=facts,
    )


def _fact(fields: Fields) -> ChangedFact:
    fields.only("id", "topic", "names", "then", "now", "answers")
    then, now = fields.inner("then"), fields.inner("now")
    then.only("text", "section", "pages")
    now.only("text", "document", "source", "confidence")
    names = fields.texts("names")
    if not names:
        raise fields.fail("names", "at least one name is needed, to know which answers the change concerns")
    return ChangedFact(
        id=fields.text("id"),
        topic=fields.text("topic"),
        names=names,
        then=then.text("text"),
        section=then.text("section"),
        pages=then.wholes("pages"),
        now=now.text("text"),
        document=now.text("document"),
        source=now.text("source"),
        confidence=now.one_of("confidence", Confidence),
        answers=fields.texts("answers"),
    )
