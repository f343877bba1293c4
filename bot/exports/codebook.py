"""What the columns, codes and items of an export mean, in the words of the catalogue and of the instrument."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.conversation.texts import Texts
from bot.exports.csv_file import COLUMNS
from bot.exports.names import Names
from bot.exports.rows import Counted, Group
from bot.maturity.instrument import Instrument, Item, Kind, Null
from bot.maturity.ports import Visibility
from bot.results.model import State

CODED: Final[dict[str, type[StrEnum]]] = {
    "group": Group,
    "unit": Counted,
    "state": State,
    "kind": Kind,
    "no_answer": Null,
    "visibility": Visibility,
}
"""The columns whose values are codes of ours."""


@dataclass(frozen=True, slots=True)
class CodebookColumn:
    """A column: its name, what it is called, and what it means."""

    name: str
    title: str
    meaning: str


@dataclass(frozen=True, slots=True)
class CodebookCode:
    """A value of a column, and what it means."""

    column: str
    code: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class CodebookOption:
    """An answer to an item; `level` is its place on the scale from 0, None where there is no scale."""

    code: str
    label: str
    meaning: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class CodebookItem:
    """An item as it was asked, word for word. `roles` are the ids of those that were asked, none for everybody.

    `baseline` is its id in the survey of 2024, or empty.
    """

    id: str
    area: str
    area_name: str
    topic: str
    question: str
    help: str
    kind: Kind
    roles: tuple[str, ...]
    role_names: tuple[str, ...]
    official: bool
    security: bool
    baseline: str
    options: tuple[CodebookOption, ...]


@dataclass(frozen=True, slots=True)
class Codebook:
    """A version of an instrument with the columns and codes that its results come in. `digest` names its exact text."""

    instrument: str
    version: str
    digest: str
    language: str
    columns: tuple[CodebookColumn, ...]
    codes: tuple[CodebookCode, ...]
    items: tuple[CodebookItem, ...]


def codebook(instrument: Instrument, texts: Texts, language: str, *, security: bool = True) -> Codebook:
    """The code book in a language; without `security` it leaves out the items that are never published."""
    names = Names(instrument, language)
    return Codebook(
        instrument=instrument.id,
        version=instrument.version,
        digest=instrument.digest,
        language=language,
        columns=tuple(columns(texts, language)),
        codes=tuple(_codes(texts, language)),
        items=tuple(
            _item(each, instrument, names, language) for each in instrument.items if security or not each.security
        ),
    )


def columns(texts: Texts, language: str) -> Iterator[CodebookColumn]:
    """Every column of the long table."""
    for name in COLUMNS:
        title = texts.say(f"exports.column.{name}.title", language)
        yield CodebookColumn(name, title, texts.say(f"exports.column.{name}.help", language))


def code_label(column: str, code: str, texts: Texts, language: str) -> str:
    """What a code is called, for people."""
    return texts.say(f"exports.code.{column}.{code}.label", language)


def _codes(texts: Texts, language: str) -> Iterator[CodebookCode]:
    for column, codes in CODED.items():
        for code in codes:
            meaning = texts.say(f"exports.code.{column}.{code}.meaning", language)
            yield CodebookCode(column, code, code_label(column, code, texts, language), meaning)


def _item(item: Item, instrument: Instrument, names: Names, language: str) -> CodebookItem:
    asked = tuple(role.id for role in instrument.roles if role.id in item.roles)
    return CodebookItem(
        id=item.id,
        area=item.area,
        area_name=names.area(item.area),
        topic=item.topic.say(language),
        question=item.question.say(language),
        help=item.help.say(language) if item.help else "",
        kind=item.kind,
        roles=asked,
        role_names=tuple(names.role(role) for role in asked),
        official=instrument.is_official(item),
        security=item.security,
        baseline=item.baseline,
        options=tuple(
            CodebookOption(
                option.code,
                option.label.say(language),
                option.level.say(language) if option.level else "",
                place if item.kind is Kind.LEVEL else None,
            )
            for place, option in enumerate(item.options)
        ),
    )
