"""The report's challenges and what is connected with them, as data: survey items, regulations, initiatives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from knowledge.datafile import Fields, read


class Strength(StrEnum):
    """DIRECT solves or eases the challenge itself; INDIRECT gives knowledge or a part of a solution."""

    DIRECT = "direct"
    INDIRECT = "indirect"


@dataclass(frozen=True, slots=True)
class Regulation:
    """An act that touches a challenge. `document` is its sheet in the library, `law` the name of an act without one."""

    document: str
    law: str
    why: str


@dataclass(frozen=True, slots=True)
class Initiative:
    """An initiative that helps against a challenge; `document` is its sheet in the library."""

    document: str
    strength: Strength
    why: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """One of the 21 challenges that chapter 4.1 of the report sums up.

    `items` are the survey items that measure it, `related_items` those that say something about it. Every sentence
    (`summary`, `risk`, each `why`) names its subject, because answers quote sentences one by one. `answers` are
    questions that it answers, in readers' words.
    """

    id: str
    number: int
    name: str
    area: str
    section: str
    pages: tuple[int, ...]
    summary: str
    risk: str
    items: tuple[str, ...]
    related_items: tuple[str, ...]
    regulations: tuple[Regulation, ...]
    initiatives: tuple[Initiative, ...]
    answers: tuple[str, ...] = ()

    @property
    def named(self) -> str:
        """The name as it reads inside a sentence: small first letter, unless it is a name or an abbreviation."""
        is_name = self.name[1:2].isupper() or self.name.startswith("Säker Digital")
        return self.name if is_name else self.name[:1].lower() + self.name[1:]

    @property
    def question(self) -> str:
        """What is suggested to whoever reads about the challenge."""
        return f"Vad hjälper mot {self.named}?"

    @property
    def direct(self) -> tuple[Initiative, ...]:
        """The initiatives on which a recommendation may rest."""
        return tuple(one for one in self.initiatives if one.strength is Strength.DIRECT)


@dataclass(frozen=True, slots=True)
class FreeSection:
    """Something to say about the connections as a whole: a heading and Markdown text."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Relations:
    """A file of connections."""

    document: str
    title: str
    source: str
    as_of: str | None
    aliases: tuple[str, ...]
    sections: tuple[FreeSection, ...]
    challenges: tuple[Challenge, ...]

    def of_item(self, item: str) -> tuple[Challenge, ...]:
        """The challenges that a survey item measures."""
        return tuple(challenge for challenge in self.challenges if item in challenge.items)

    def of_document(self, document: str) -> tuple[Challenge, ...]:
        """The challenges that a regulation or initiative is about, those it helps directly against first."""
        direct = [one for one in self.challenges if document in {each.document for each in one.direct}]
        touched = [one for one in self.challenges if document in _documents(one) and one not in direct]
        return (*direct, *touched)


def load(path: Path) -> Relations:
    """Read a file of connections. Raises LibraryInvalid naming file and field."""
    top = read(path)
    top.only("relations", "sections", "challenges")
    head = top.inner("relations")
    head.only("document", "title", "source", "as_of", "aliases")
    challenges = tuple(_challenge(fields) for fields in top.distinct("challenges", "id"))
    return Relations(
        document=head.text("document"),
        title=head.text("title"),
        source=head.optional_text("source"),
        as_of=head.date("as_of"),
        aliases=head.texts("aliases"),
        sections=tuple(_section(fields) for fields in top.each("sections")),
        challenges=challenges,
    )


def _challenge(fields: Fields) -> Challenge:
    fields.only(
        *("id", "number", "name", "area", "section", "pages", "summary", "risk", "items", "related_items"),
        *("regulations", "initiatives", "answers"),
    )
    number = fields.whole("number")
    if number is None:
        raise fields.fail("number", "missing")
    return Challenge(
        id=fields.text("id"),
        number=number,
        name=fields.text("name"),
        area=fields.text("area"),
        section=fields.text("section"),
        pages=fields.wholes("pages"),
        summary=fields.text("summary"),
        risk=fields.text("risk"),
        items=fields.texts("items"),
        related_items=fields.texts("related_items"),
        regulations=tuple(_regulation(each) for each in fields.each("regulations")),
        initiatives=tuple(_initiative(each) for each in fields.each("initiatives")),
        answers=fields.texts("answers"),
    )


def _regulation(fields: Fields) -> Regulation:
    fields.only("document", "law", "why")
    document, law = fields.optional_text("document"), fields.optional_text("law")
    if bool(document) == bool(law):
        raise fields.fail("document", "either a document of the library or the name of a law is needed")
    return Regulation(document, law, fields.text("why"))


def _initiative(fields: Fields) -> Initiative:
    fields.only("document", "strength", "why")
    return Initiative(fields.text("document"), fields.one_of("strength", Strength), fields.text("why"))


def _section(fields: Fields) -> FreeSection:
    fields.only("heading", "text")
    text = fields.values.get("text")
    if not isinstance(text, str) or not text.strip():
        raise fields.fail("text", "a text is missing")
    return FreeSection(fields.text("heading"), text.strip())


def _documents(challenge: Challenge) -> Iterable[str]:
    return {*(one.document for one in challenge.regulations), *(one.document for one in challenge.initiatives)}
