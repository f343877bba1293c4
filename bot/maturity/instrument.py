"""What is asked: an instrument with its areas, roles, organisations and items. `instrument_file` reads one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """How an item is answered: one step of a scale, one option without order, any number of options, or words."""

    LEVEL = "level"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"


class Null(StrEnum):
    """Why an item has no answer; three different things, none of which is ever counted as zero."""

    DONT_KNOW = "dk"
    NOT_APPLICABLE = "na"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in both languages."""

    sv: str
    en: str

    def say(self, language: str) -> str:
        """The text in a language; Swedish where the language is unknown."""
        return self.en if language == "en" else self.sv


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to an item. `code` is stored; on a LEVEL item codes are "0", "1" and so on, worst first.

    `level` describes it in a sentence; `forms` are other words for the same, which a typed answer may use; an
    `exclusive` option of a CHOICES item ("none of these") goes with no other.
    """

    code: str
    label: Wording
    level: Wording | None = None
    forms: tuple[str, ...] = ()
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only where the answer to an earlier `item` has one of these `codes`."""

    item: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `topic` names it in a word or two; `help` explains what is meant.

    `roles` are those that are asked (empty: everybody). `security` marks answers that are stored encrypted.
    `baseline` is the id of the same item in the survey of 2024, or empty.
    """

    id: str
    area: str
    kind: Kind
    topic: Wording
    question: Wording
    options: tuple[Option, ...] = ()
    help: Wording | None = None
    roles: frozenset[str] = frozenset()
    when: Condition | None = None
    security: bool = False
    baseline: str = ""

    def option(self, code: str) -> Option | None:
        """The option with this code."""
        return next((option for option in self.options if option.code == code), None)

    @property
    def fingerprint(self) -> str:
        """Changes when an answer would no longer mean the same: question, kind, options."""
        parts = [self.id, self.kind, self.question.sv, [[option.code, option.label.sv] for option in self.options]]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Area:
    """What items are grouped by, and indices computed for."""

    id: str
    title: Wording


@dataclass(frozen=True, slots=True)
class Role:
    """From which side a person sees things; decides which items are asked.

    Whoever answers in an `official` role, of which a municipality has one or few, speaks for the organisation: what
    only such roles are asked is its statement, and no answer of a person among others.
    """

    id: str
    title: Wording
    help: Wording | None = None
    official: bool = False


@dataclass(frozen=True, slots=True)
class Organisation:
    """What a person answers for: a municipality, or an IT organisation of several."""

    id: str
    title: str
    municipalities: tuple[str, ...]

    @property
    def shared(self) -> bool:
        """Whether it serves several municipalities."""
        return len(self.municipalities) > 1


@dataclass(frozen=True, slots=True)
class Operation:
    """An area of operation, such as social services."""

    id: str
    title: Wording


@dataclass(frozen=True, slots=True)
class Instrument:
    """A version of a questionnaire. `minutes` is how long it takes; `source` is the text of its file, kept with rounds.

    Roles, organisations and operations that are empty are not asked for.
    """

    id: str
    version: str
    title: Wording
    minutes: int
    areas: tuple[Area, ...]
    items: tuple[Item, ...]
    roles: tuple[Role, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    operations: tuple[Operation, ...] = ()
    source: str = field(default="", repr=False)

    @property
    def digest(self) -> str:
        """Names exactly this text of the instrument."""
        return hashlib.sha256(self.source.encode()).hexdigest()[:16]

    def item(self, item_id: str) -> Item | None:
        """The item with this id."""
        return next((item for item in self.items if item.id == item_id), None)

    def area(self, area_id: str) -> Area:
        """The area with this id. Raises StopIteration where there is none, which reading a file rules out."""
        return next(area for area in self.areas if area.id == area_id)

    def organisation(self, organisation_id: str | None) -> Organisation | None:
        """The organisation with this id."""
        return next((each for each in self.organisations if each.id == organisation_id), None)

    @property
    def official_roles(self) -> frozenset[str]:
        """The ids of the official roles."""
        return frozenset(role.id for role in self.roles if role.official)

    def is_official(self, item: Item) -> bool:
        """Whether the answer to an item is its organisation's statement: it is asked, and of official roles only."""
        return bool(item.roles) and item.roles <= self.official_roles

    def routed(self, roles: Collection[str], codes: Mapping[str, Collection[str]]) -> tuple[Item, ...]:
        """The items that these roles are asked, in order, given the codes answered so far by item.

        An item with a condition belongs to them as soon as the condition holds.
        """
        return tuple(item for item in self.items if _for(item, roles) and _holds(item.when, codes))


def _for(item: Item, roles: Collection[str]) -> bool:
    return not item.roles or not item.roles.isdisjoint(roles)


def _holds(condition: Condition | None, codes: Mapping[str, Collection[str]]) -> bool:
    return condition is None or not condition.codes.isdisjoint(codes.get(condition.item, ()))
