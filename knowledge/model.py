"""The words of the knowledge base: Document, Passage, Hit, Citation, Answer.

Frozen values without behaviour of their own; every other module speaks in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class DocumentKind(StrEnum):
    """What sort of source a document is."""

    REPORT = "report"
    REGULATION = "regulation"
    INITIATIVE = "initiative"
    GUIDE = "guide"
    OTHER = "other"


class Origin(StrEnum):
    """Where a document came from; pruning one origin never touches the other."""

    LIBRARY = "library"
    INGESTED = "ingested"


class PassageKind(StrEnum):
    """The shape of a passage, which decides how it may be quoted."""

    TEXT = "text"
    LIST = "list"
    TABLE = "table"
    FIGURE = "figure"
    DEFINITION = "definition"


class Unit(StrEnum):
    """What one hundred percent of a survey figure is made of."""

    RESPONDENT = "respondent"
    MUNICIPALITY = "municipality"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class Bar:
    """One answer option of a survey figure; `percent` is None where the source prints no number.

    `corrected` is what the source probably means, where its number is a known misprint.
    """

    label: str
    percent: float | None
    corrected: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A survey distribution as the source prints it: figure number, question, unit and bars.

    `id` tells figures apart that share a printed number; it is empty in generations made before there was one. `title`
    says in a few words what was asked about; `source` and `pages` say where the figure stands.
    """

    number: str
    question: str
    unit: Unit
    bars: tuple[Bar, ...]
    id: str = ""
    title: str = ""
    source: str = ""
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in the words of those who ask, and which sentences, items or rows of its passage answer it.

    Without `answers` the passage answers as a whole.
    """

    text: str
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A state of affairs that is another today than in the report, which a passage tells in two sentences.

    `names` are what the subject is called; `pages` are where the report tells it; `document` holds the present state.
    """

    names: tuple[str, ...]
    pages: tuple[int, ...]
    document: str


@dataclass(frozen=True, slots=True)
class Document:
    """One ingested file. Several files may be parts of the same document and then share `id`.

    `path` is relative to the folder that was given to ingest, with forward slashes, and is unique within `origin`.
    `as_of` is an ISO date: the day the facts held. `checksum` is the SHA-256 of the file's bytes,
    with a mark behind it where the same file is to be read again once more of it can be (see `ingest.reading`).
    `notes` are reservations shown beside every answer from this file. `owner` is the key of the one municipality whose
    people may retrieve it; empty for a document of the federation's, which is open to everybody.

    `valid_from` and `valid_until` are ISO dates, the first and last day on which the text is in force; `review_by` is
    the day until which `responsible` (a person or an office) is to have looked it over. None where that is not told.

    `hidden`, `unread`, `recognised` and `flagged` are what its reading told of it (see `ingest.model.LoadedDocument`),
    for whoever sends the same file again; nothing in generations from before they were kept.
    """

    id: str
    path: str
    title: str
    kind: DocumentKind
    origin: Origin
    checksum: str
    source: str = ""
    as_of: str | None = None
    url: str | None = None
    aliases: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    owner: str = ""
    valid_from: str | None = None
    valid_until: str | None = None
    review_by: str | None = None
    responsible: str | None = None
    hidden: int = 0
    unread: tuple[int, ...] = ()
    recognised: tuple[int, ...] = ()
    flagged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable piece of one document.

    `headings` is the path from the section down to the nearest heading; `pages` lists the page numbers it stands on
    (empty where the source has none). `notes` are known errors of exactly this passage. `questions` are what it
    answers, in the words of those who ask: they are searched and never quoted. `weight` (above 0, at most 1) is what it
    counts for in a search; generations made before there was one have 1 throughout.
    """

    id: str
    document: str
    path: str
    origin: Origin
    title: str
    headings: tuple[str, ...]
    pages: tuple[int, ...]
    kind: PassageKind
    text: str
    notes: tuple[str, ...] = ()
    figure: Figure | None = None
    questions: tuple[Asked, ...] = ()
    change: Change | None = None
    weight: float = 1.0

    @property
    def section(self) -> str:
        """The heading path as readers see it: `3.2.2 Styrning > Portföljstyrning`."""
        return " > ".join(self.headings)

    @property
    def context(self) -> str:
        """Title, heading path and text: what is embedded and what a reader would need to place the text."""
        head = " > ".join((self.title, *self.headings))
        return f"{head}\n{self.text}"


def embedded_texts(passages: Sequence[Passage]) -> list[str]:
    """The texts of which an index holds vectors, in the order of its rows: every passage, then all their questions."""
    return [passage.context for passage in passages] + [each.text for passage in passages for each in passage.questions]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. `rank` starts at 1; `score` is comparable within one result list only.

    `lexical` and `dense` are what the searches by words and by vector gave it. `asked` are its own questions that are
    nearest to the one asked, nearest first, each with its nearness: 1 for the nearest of all, 0 for the last compared.
    """

    rank: int
    score: float
    passage: Passage
    lexical: float = 0.0
    dense: float = 0.0
    asked: tuple[tuple[Asked, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """Marker `[n]` of an answer, the passage it points at, and the quote that supports the marked text."""

    n: int
    passage: Passage
    quote: str
    url: str | None = None


class Status(StrEnum):
    """Whether the knowledge base held an answer."""

    ANSWERED = "answered"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds spent on one question."""

    retrieve: float
    answer: float
    total: float


OPERATING_POINT = 0.4
"""Confidence from which an answer is given, by default."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Fyren says to one question.

    `text` carries the markers; `notes` are reservations (a known error of the source, "as of" dates); `suggestions`
    are questions that the knowledge base can answer; `generator` is `extractive` or a model's name; `generation`
    names the index the answer came from; `confidence` is the probability (0-1) that the evidence found answers the
    question, also of a refusal, and None where none was worked out.
    """

    question: str
    status: Status
    language: str
    text: str
    citations: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    figure: Figure | None = None
    generator: str = "extractive"
    generation: str = ""
    timing: Timing = field(default_factory=lambda: Timing(0.0, 0.0, 0.0))
    confidence: float | None = None
