"""What a survey is made of: scales, items, options with shares and counts, and its errors that are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from knowledge.model import Bar, Figure, Unit

DONT_KNOW = "dk"
"""Code of the option of those who do not know; a scale may have it without every item offering it."""


class Form(StrEnum):
    """How an item was put to people; REFERENCE is a figure from another study."""

    QUESTION = "question"
    STATEMENT = "statement"
    REFERENCE = "reference"


class Baseline(StrEnum):
    """How far the report's result of an item may be held against later results.

    OK: as it stands. CAVEAT: with its errors said beside it. BOUNDS_ONLY: as an interval, since too few shares are
    printed. TEXT_ONLY: in words, since no shares are. NONE: not at all, since it is no result of this survey.
    """

    OK = "ok"
    CAVEAT = "caveat"
    BOUNDS_ONLY = "bounds_only"
    TEXT_ONLY = "text_only"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Level:
    """A step of a scale; `forms` are its label as it is inflected after other nouns."""

    code: str
    label: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """An answer option. `percent` is as printed (None: not printed), `corrected` what is probably meant instead.

    `count` is how many respondents probably chose it: the whole number that gives the percentage at the item's number
    of respondents (None: not to be worked out; ticks have none). `says` continues the item's claim
    ("portföljstyrningen i kommunen är" + "ostrukturerad"); `level` describes the level in our own words. `differs`
    says why the label is another than the scale's.
    """

    code: str
    label: str
    says: str
    percent: float | None
    corrected: float | None = None
    count: int | None = None
    level: str = ""
    differs: str = ""


@dataclass(frozen=True, slots=True)
class Combined:
    """A share that the report prints for several options together, its count, and the sentence that says so."""

    codes: tuple[str, ...]
    percent: float
    text: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the survey, or one reference figure from another study.

    `source` is the report's title; `answers` are questions that the item answers, in readers' words, searched only.
    `level_pages` are the pages that describe the levels where these are others than the item's own `pages`.
    """

    id: str
    number: str | None
    section: str
    topic: str
    pages: tuple[int, ...]
    area: str
    form: Form
    question: str
    unit: Unit
    baseline: Baseline
    claim: str = ""
    link: str = ""
    subject: str = ""
    group: str = ""
    municipalities: int | None = None
    respondents: int | None = None
    respondents_inferred: bool = False
    scale: str = ""
    options: tuple[Option, ...] = ()
    combined: tuple[Combined, ...] = ()
    level_pages: tuple[int, ...] = ()
    extra: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    source: str = ""
    answers: tuple[str, ...] = ()

    @property
    def figure_label(self) -> str:
        """`Figur 3`, or nothing for items without a figure."""
        return f"Figur {self.number}" if self.number else ""

    @property
    def figure(self) -> Figure | None:
        """The distribution as a figure; None where the report prints fewer than two shares."""
        if self.number is None or sum(option.percent is not None for option in self.options) < 2:
            return None
        return Figure(
            number=self.number,
            question=self.question,
            unit=self.unit,
            bars=tuple(_bars(self)),
            id=self.id,
            title=self.topic,
            source=self.source,
            pages=self.pages,
        )


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey file; `scales` are the ordered levels by the scale's id."""

    document: str
    title: str
    source: str
    as_of: str | None
    aliases: tuple[str, ...]
    scales: Mapping[str, tuple[Level, ...]]
    items: tuple[Item, ...]


def _bars(item: Item) -> Iterator[Bar]:
    """One bar an option; options whose shares the report prints only together are one bar."""
    options = {option.code: option for option in item.options}
    together = [group for group in item.combined if all(options[code].percent is None for code in group.codes)]
    group_of = {code: group for group in together for code in group.codes}
    for option in item.options:
        group = group_of.get(option.code)
        if group is None:
            yield Bar(option.label, option.percent, option.corrected)
        elif option.code == group.codes[0]:
            yield Bar(" + ".join(options[code].label for code in group.codes), group.percent)
